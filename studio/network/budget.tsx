import type { JSX } from 'preact';
import { grouped } from '../../src/analysis/text.js';
import type { Design } from '../../src/network/design.js';
import type { LayerCost, Network, NetworkCost } from '../../src/network/types.js';
import { networkCommand } from '../graph/command.js';
import { view } from '../state/store.js';
import { Command, Term } from '../ui/parts.js';

/** What of a network's cost is relational, and what is dense whatever the graph. */
interface Parts {
  readonly relational: number;
  readonly dense: number;
}

function partsOf(network: Network, { layers, macs }: NetworkCost): Parts {
  const masked = new Set(
    network.layers.flatMap((layer) =>
      (layer.kind === 'linear' || layer.kind === 'conv') && layer.mask !== null ? [layer.id] : [],
    ),
  );
  const relational = layers
    .filter(({ layer }: LayerCost) => masked.has(layer))
    .reduce((sum, layer) => sum + layer.macs, 0);
  return { relational, dense: macs - relational };
}

/** The cost of the network beside that of the dense baseline, which it has to equal. */
export function Budget({ design }: { readonly design: Design }): JSX.Element {
  const { network, cost, baseline, target } = design;
  const parts = partsOf(network, cost);
  const { graph, arch, task } = view.value;
  const most = Math.max(cost.macs, baseline.macs);
  const over = target === null ? null : (100 * (cost.macs - target)) / target;
  return (
    <section class="panel budget">
      <div class="panel-head">
        <h2>
          <Term
            meaning={
              'Widths are enlarged until the sparse network costs the same multiply-adds as the ' +
              'dense baseline: one forward pass of one sample, absent blocks not counted.'
            }
          >
            Budget
          </Term>
        </h2>
        <Command line={networkCommand(graph, arch, task)} />
      </div>
      <dl class="bars">
        <Bar name="dense baseline" total={baseline.macs} most={most} parts={null} />
        <Bar name="this network" total={cost.macs} most={most} parts={parts} />
      </dl>
      <p class="key">
        <i class="relational" aria-hidden="true" /> relational {grouped(parts.relational)} MACs{' '}
        <i class="dense" aria-hidden="true" /> dense {grouped(parts.dense)} MACs
      </p>
      <dl class="facts">
        <Fact name="width" value={network.widths.join(', ')} />
        <Fact
          name="off the budget"
          value={over === null ? 'none' : `${over >= 0 ? '+' : '−'}${Math.abs(over).toFixed(2)} %`}
        />
        <Fact name="params" value={grouped(cost.params)} />
        <Fact name="params of the baseline" value={grouped(baseline.params)} />
      </dl>
    </section>
  );
}

function Bar({
  name,
  total,
  most,
  parts,
}: {
  readonly name: string;
  readonly total: number;
  readonly most: number;
  readonly parts: Parts | null;
}): JSX.Element {
  const width = (share: number): { width: string } => ({ width: `${(100 * share) / most}%` });
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="bar" aria-hidden="true">
          {parts === null ? (
            <i class="whole" style={width(total)} />
          ) : (
            <>
              <i class="relational" style={width(parts.relational)} />
              <i class="dense" style={width(parts.dense)} />
            </>
          )}
        </span>
        <span class="number">{grouped(total)} MACs</span>
      </dd>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt class="quiet">{name}</dt>
      <dd class="number">{value}</dd>
    </div>
  );
}
