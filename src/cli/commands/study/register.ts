import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { plural } from '../../../analysis/text.js';
import { UserError } from '../../../core/errors.js';
import { readText, withFileErrors } from '../../../platform/fs.js';
import { registerStudy } from '../../../store/register.js';
import { parseStudySpec } from '../../../store/spec-file.js';
import { type CliContext, outJson } from '../../context.js';

interface RegisterFlags {
  readonly out?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

const HELP = `
Writes registration.json into the directory of the study: what SPEC.yaml predicts, the frozen spec
that it is about, the time, and a SHA-256 over all of it. Publish that hash, and anyone can tell
that the predictions came first. plexus study run then runs this very spec in that directory; an
edit of either is refused. What a section predictions may say stands in docs/studies.md. A spec with
predictions that nobody registered is registered by plexus study run, before its first trial.

Exit status: 0 registered, now or before; 2 no predictions, or the directory holds a study without
them or another registration.

Examples:
  $ plexus study register my-study.yaml
  $ plexus study run studies/my-study`;

/** Adds `plexus study register` to `plexus study`. */
export function registerRegister(study: Command, context: CliContext): void {
  study
    .command('register')
    .description('Put on record what a study is expected to show, before its first trial.')
    .argument('<spec>', 'a study spec (YAML) with predictions')
    .option('--out <dir>', 'directory of the study (default: studies/NAME)')
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((path: string, flags: RegisterFlags) => register(context, path, flags));
}

function register(context: CliContext, path: string, { out, dataDir, json }: RegisterFlags): void {
  if (withFileErrors('read', path, () => statSync(path)).isDirectory()) {
    throw new UserError(
      `study register takes a study spec (YAML); ${path} is a directory; name the file`,
    );
  }
  const spec = parseStudySpec(readText(path), path);
  const directory = out ?? join('studies', spec.name);
  const data = { env: context.env, dataDir };
  const { registration, fresh } = registerStudy({
    directory,
    spec,
    data,
    note: (line) => context.note(line),
  });
  const { when, hash, specHash, predictions } = registration;
  if (json === true) {
    outJson(context, {
      study: spec.name,
      directory,
      fresh,
      when,
      predictions: predictions.length,
      specHash,
      hash,
    });
    return;
  }
  const what = fresh ? 'registered' : 'were registered before, just so';
  context.out(
    `${plural(predictions.length, 'prediction')} ${what}: ` +
      `${join(directory, 'registration.json')}, ${when}`,
  );
  context.out(`hash ${hash}`);
  context.out(`run the study with: plexus study run ${directory}`);
}
