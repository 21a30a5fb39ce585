import type { JSX } from 'preact';
import { grouped } from '../../src/analysis/text.js';
import type { Design } from '../../src/network/design.js';
import type { Layer, Partition } from '../../src/network/types.js';
import { Term } from '../ui/parts.js';

/** Every layer with its channels and cost, as `network show` lists them. */
export function Layers({ design: { network, cost } }: { readonly design: Design }): JSX.Element {
  const most = Math.max(...cost.layers.map(({ macs }) => macs));
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>Layers</h2>
        <span class="quiet">{network.layers.length} of them</span>
      </div>
      <div class="scroll layers" tabIndex={0} role="region" aria-label="Layers of the network">
        <table>
          <Head />
          <tbody>
            {network.layers.map((layer, at) => {
              const { macs, params } = cost.layers[at] ?? { macs: 0, params: 0 };
              const mask = maskOf(layer);
              return (
                <tr key={layer.id}>
                  <th scope="row">{layer.id}</th>
                  <td>{layer.kind}</td>
                  <td>{`${layer.output.channels}×${layer.output.height}×${layer.output.width}`}</td>
                  <td class="number">{mask === null ? '' : sizesOf(mask.output)}</td>
                  <td class="number">{densityOf(layer)}</td>
                  <td class="number cost">
                    <i style={{ width: `${(100 * macs) / most}%` }} aria-hidden="true" />
                    {macs === 0 ? '0' : grouped(macs)}
                  </td>
                  <td class="number">{grouped(params)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The columns, each that needs it with what it means. */
function Head(): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col">layer</th>
        <th scope="col">kind</th>
        <th scope="col">output</th>
        <th scope="col" class="number">
          <Term
            meaning={
              "Channels that each node of the graph holds in the layer's output; sizes differ " +
              'by at most one. Dense layers have no nodes.'
            }
          >
            a node
          </Term>
        </th>
        <th scope="col" class="number">
          <Term
            meaning={
              "Share of a layer's pairs of input and output channels that exist, " +
              'self-connections included.'
            }
          >
            density
          </Term>
        </th>
        <th scope="col" class="number">
          <Term
            meaning={
              'Multiply-adds of one forward pass of one sample; absent blocks are not counted.'
            }
          >
            MACs
          </Term>
        </th>
        <th scope="col" class="number">
          <Term meaning="Learnable numbers that exist.">params</Term>
        </th>
      </tr>
    </thead>
  );
}

function maskOf(layer: Layer) {
  return layer.kind === 'linear' || layer.kind === 'conv' ? layer.mask : null;
}

function sizesOf({ channels, nodes }: Partition): string {
  const least = Math.floor(channels / nodes);
  return channels % nodes === 0 ? String(least) : `${least}–${least + 1}`;
}

function densityOf(layer: Layer): string {
  const mask = maskOf(layer);
  if (mask !== null)
    return (mask.nonzeros / (mask.input.channels * mask.output.channels)).toFixed(4);
  return layer.kind === 'linear' || layer.kind === 'conv' ? '1.0000' : '';
}
