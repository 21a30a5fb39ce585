import { basename } from 'node:path';
import { onnxNetwork } from '../../../interop/onnx/layers.js';
import { readBytes } from '../../../platform/fs.js';
import { type CliContext, outJson } from '../../context.js';
import { formatCount, formatTable } from '../../format.js';

const DEFINITIONS = `MACs: multiply-adds of one forward pass of one sample, of linear layers and
convolutions, zeros included. params: numbers that are learnt, zeros included. density: share of a
layer's weights that are not 0.`;

/** The layers of a network in a file of ONNX, as `plexus network show` prints them. */
export function showOnnx(context: CliContext, file: string, json: boolean): void {
  const network = onnxNetwork(readBytes(file), file);
  const { input, layers, macs, params } = network;
  if (json) return outJson(context, { file, ...network });
  const columns = [
    { title: 'layer' },
    { title: 'operator' },
    { title: 'output' },
    ...['density', 'MACs', 'params'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = layers.map((layer) => [
    layer.id,
    layer.op,
    layer.output.join('x'),
    layer.density?.toFixed(4) ?? '',
    formatCount(layer.macs),
    formatCount(layer.params),
  ]);
  context.out(`${basename(file)}, samples of ${input.join('x')}`);
  context.out('');
  context.out(
    formatTable(columns, [...rows, ['total', '', '', '', formatCount(macs), formatCount(params)]]),
  );
  context.out('');
  context.out(DEFINITIONS);
}
