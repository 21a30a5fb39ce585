import type { JSX } from 'preact';
import { fixed, signed } from '../../src/analysis/text.js';
import type { EpochRecord } from '../../src/train/types.js';
import { CopyButton, Term } from '../ui/parts.js';
import { sides } from './run.js';

const MEANINGS = {
  rate: "Learning rate of the epoch's last update.",
  train:
    'Share of the training pictures that are taken for another class, counted while the epoch ' +
    'trains: weights still moving, pictures mirrored and shifted.',
  loss: 'Cross-entropy in nats over all test pictures after the epoch.',
  test: 'Share of all test pictures that are taken for another class after the epoch (top-1).',
  difference:
    'Test error of this graph less that of the one beside it, in percentage points; below 0 this ' +
    'graph is better. One training of each says little: a study repeats it with other seeds.',
} as const;

/** The numbers after each epoch, as the command prints them. */
export function Epochs(): JSX.Element {
  const shown = sides.shown.records.value;
  const beside = sides.beside.records.value;
  const count = Math.max(shown.length, beside.length);
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>Epochs</h2>
        <span>
          <CopyButton
            class="plain small"
            label="Copy this graph’s records"
            text={() => linesOf(shown)}
          />
          <CopyButton
            class="plain small"
            label="Copy those beside it"
            text={() => linesOf(beside)}
          />
        </span>
      </div>
      <div class="scroll epochs" tabIndex={0} role="region" aria-label="Numbers after each epoch">
        <table>
          <Head />
          <tbody>
            {Array.from({ length: count }, (_, i) => count - 1 - i).map((i) => (
              <Row key={i} epoch={i + 1} shown={shown[i]} beside={beside[i]} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Records as the command prints them with `--json`: a line for each epoch. */
function linesOf(records: readonly EpochRecord[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}

function Head(): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col">epoch</th>
        <th scope="col" class="number">
          <Term meaning={MEANINGS.rate}>rate</Term>
        </th>
        <th scope="col" class="number">
          <Term meaning={MEANINGS.train}>training error</Term>
        </th>
        <th scope="col" class="number beside">
          beside
        </th>
        <th scope="col" class="number">
          <Term meaning={MEANINGS.loss}>test loss</Term>
        </th>
        <th scope="col" class="number beside">
          beside
        </th>
        <th scope="col" class="number">
          <Term meaning={MEANINGS.test}>test error</Term>
        </th>
        <th scope="col" class="number beside">
          beside
        </th>
        <th scope="col" class="number">
          <Term meaning={MEANINGS.difference}>difference</Term>
        </th>
      </tr>
    </thead>
  );
}

function Row({
  epoch,
  shown,
  beside,
}: {
  readonly epoch: number;
  readonly shown: EpochRecord | undefined;
  readonly beside: EpochRecord | undefined;
}): JSX.Element {
  const number = (value: number | undefined, digits: number): string =>
    value === undefined ? '' : fixed(value, digits);
  return (
    <tr>
      <th scope="row">{epoch}</th>
      <td class="number">{number((shown ?? beside)?.learningRate, 4)}</td>
      <td class="number">{number(shown?.trainError, 2)}</td>
      <td class="number beside">{number(beside?.trainError, 2)}</td>
      <td class="number">{number(shown?.testLoss, 4)}</td>
      <td class="number beside">{number(beside?.testLoss, 4)}</td>
      <td class="number">{number(shown?.testError, 2)}</td>
      <td class="number beside">{number(beside?.testError, 2)}</td>
      <td class="number">{shown && beside ? signed(shown.testError - beside.testError, 2) : ''}</td>
    </tr>
  );
}
