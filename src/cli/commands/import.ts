import { plural } from '../../analysis/text.js';
import { readGraph2nn } from '../../interop/graph2nn/folder.js';
import { writeStudies } from '../../interop/graph2nn/study.js';
import { type CliContext, outJson, type RegisterCommand } from '../context.js';
import { failOnProblems } from './findings/problems.js';

interface ImportFlags {
  readonly output: string;
  readonly json?: boolean;
}

/** `plexus import graph2nn`: other people's results as studies. */
export const registerImport: RegisterCommand = (program, context) => {
  program
    .command('import')
    .description("Results of other programs as studies of one's own.")
    .command('graph2nn')
    .description(
      'Turn the published results of facebookresearch/graph2nn into studies, one for ' +
        'each experiment.',
    )
    .argument('<dir>', 'its analysis folder, or a part of it')
    .requiredOption('-o, --output <dir>', 'directory that the studies are written into')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ plexus import graph2nn graph2nn/analysis -o published\n  $ plexus ' +
        'study report published/mlp_cifar10\n\nExit status 1: some arrays were not sound; ' +
        'the rest was imported and they are named.',
    )
    .action((directory: string, flags: ImportFlags) => importGraph2nn(directory, flags, context));
};

function importGraph2nn(
  directory: string,
  { output, json }: ImportFlags,
  context: CliContext,
): void {
  const { tasks, arrays, problems } = readGraph2nn(directory);
  const studies = writeStudies(
    tasks.filter((task) => task.arch !== 'unknown'),
    output,
  );
  if (json)
    outJson(context, {
      arrays,
      problems,
      studies: studies.map(({ directory: path, spec, records, missing }) => ({
        path,
        arch: spec.arch,
        graphs: spec.graphs.length,
        seeds: spec.seeds,
        trials: records.length,
        missing,
      })),
    });
  else {
    context.out(`${plural(arrays, 'array')} read.`);
    for (const { task, spec, records, missing, directory: path } of studies) {
      const gaps = task.missing;
      const lacking =
        missing === 0 && gaps === 0
          ? 'nothing missing'
          : `${plural(missing, 'trial')} and ${gaps} of the (graph, seed, epoch) results missing`;
      context.out(
        `${path}: ${spec.arch}, ${plural(spec.graphs.length, 'graph')}, ` +
          `${plural(spec.seeds.length, 'seed')}, ${plural(records.length, 'trial')}, ` +
          `${plural(task.tables.length, 'epoch')}; ${lacking}`,
      );
    }
  }
  failOnProblems(problems, directory, context);
}
