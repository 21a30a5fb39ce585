import { must, UserError, visible } from '../../../core/errors.js';
import { selectBackend } from '../../../engine/backends/registry.js';
import '../../../engine-native/register.js';
import { compile } from '../../../engine/compile.js';
import { readWeights } from '../../../engine/weights.js';
import type { Tensor } from '../../../core/tensor.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { GraphSpec } from '../../../graph/types.js';
import { blockWorth, pairWorth } from '../../../network/prune.js';
import type { Grouping, PruneTask } from '../../../network/regroup.js';
import type { Network } from '../../../network/types.js';
import { writeSafetensorsFile } from '../../../platform/safetensors-files.js';
import { packageVersion } from '../../../platform/version.js';
import { prunedDesign, prunedWeights, type PrunePlan } from '../../../train-files/prune-weights.js';
import {
  loadWeightsInto,
  type WeightsFile,
  WEIGHTS_KEY,
} from '../../../train-files/weights-file.js';
import type { CliContext } from '../../context.js';
import { checkEnding } from '../../endings.js';
import { weightedWriter, writeWeighted } from './write-weighted.js';

type Writer = ReturnType<typeof weightedWriter>;

/** Checks the names of the files before the search. Throws a `UserError`. */
export function checkPruneFiles({
  output,
  format,
  save,
}: {
  readonly output?: string;
  readonly format?: string;
  readonly save?: string;
}): Writer | null {
  if (save !== undefined) checkEnding('--save writes weights', save, ['.safetensors']);
  if (output !== undefined) return weightedWriter(output, format);
  if (format === undefined) return null;
  throw new UserError(`--format ${format} is of the file that is written; add -o FILE`);
}

/** Writes the one graph; its edges weigh the root of what they count, of `l2` the norm. */
export function writePrunedGraph(
  path: string,
  { task, grouping }: { readonly task: PruneTask; readonly grouping: Grouping },
  write: Writer,
  context: CliContext,
): void {
  const [graph] = grouping.graphs;
  const { nodes, offsets, targets } = must(graph);
  const blocks = task.layers.map((layer) =>
    blockWorth(
      layer,
      grouping.orders.get(layer.to) ?? null,
      grouping.orders.get(layer.from) ?? null,
    ),
  );
  const pairs = pairWorth(blocks, nodes);
  const weights = Float64Array.from(targets);
  for (let u = 0; u < nodes; u++)
    for (let at = must(offsets[u]); at < must(offsets[u + 1]); at++) {
      const v = must(targets[at]);
      weights[at] = Math.sqrt(must(pairs[Math.min(u, v) * nodes + Math.max(u, v)]));
    }
  writeWeighted(path, { graph: must(graph), weights }, write);
  context.note(`wrote ${must(graph).edges} edges to ${visible(path)}`);
}

/** Writes the network that is left. Its errors are not those that the file tells of. */
export async function savePruned(
  path: string,
  {
    file,
    plan,
    grouping,
    spec,
  }: {
    readonly file: WeightsFile;
    readonly plan: PrunePlan;
    readonly grouping: Grouping;
    readonly spec: GraphSpec;
  },
  context: CliContext,
): Promise<void> {
  const pruned = prunedDesign(plan, spec).network;
  const design = must(plan.design ?? undefined);
  const weights = await weightsOf(file, design.network, context);
  const { arch, widths, input, classes } = pruned;
  const { classNames, mean, std, data, testImages, seed } = file.facts;
  writeSafetensorsFile(path, prunedWeights(design, pruned, grouping, weights), {
    [WEIGHTS_KEY]: JSON.stringify({
      arch,
      stem: design.stem,
      graph: formatGraphSpec(spec),
      widths,
      input: [input.channels, input.height, input.width],
      classes,
      classNames,
      mean,
      std,
      data,
      testImages,
      seed,
      version: packageVersion(),
    }),
  });
  context.note(`wrote the weights that are left to ${visible(path)}`);
}

/** Every weight by the network's names, of checkpoints too. */
async function weightsOf(
  file: WeightsFile,
  network: Network,
  context: CliContext,
): Promise<Map<string, Tensor>> {
  const note = (line: string): void => context.note(line);
  const executable = await selectBackend('auto', note).prepare(
    compile(network, { batch: 1, inference: true }),
  );
  try {
    loadWeightsInto(executable, file, note);
    return await readWeights(executable);
  } finally {
    executable.dispose();
  }
}
