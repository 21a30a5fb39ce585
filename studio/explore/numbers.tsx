import type { JSX } from 'preact';
import { basicMeasures } from '../../src/graph/measures/basic.js';
import type { GraphMeasures } from '../../src/graph/types.js';
import { basics } from '../graph/current.js';
import { measureCommand } from '../graph/command.js';
import { view } from '../state/store.js';
import { CopyButton, Term } from '../ui/parts.js';

/** The numbers that place a graph, in the order of their weight. */
const SHOWN = [
  ['clustering', 'C', 'clustering', 4],
  ['pathLength', 'L', 'path length', 4],
  ['averageDegree', 'degree', 'on average', 2],
  ['density', 'density', 'of all pairs', 4],
  ['nodes', 'nodes', '', 0],
  ['edges', 'edges', '', 0],
] as const satisfies readonly (readonly [keyof GraphMeasures, string, string, number])[];

/** C, L and the other numbers that every graph is told with, as `graph measure` prints them. */
export function Numbers(): JSX.Element {
  const measures = basics.value;
  return (
    <dl class="numbers" aria-label="The graph in numbers">
      {SHOWN.map(([name, title, under, digits]) => {
        const value = measures[name];
        return (
          <div key={name} class={name}>
            <dt>
              <Term meaning={meaningOf(name)}>{title}</Term>
              {under !== '' && <span class="quiet"> {under}</span>}
            </dt>
            <dd>
              {value === null ? (
                <span class="none">not connected</span>
              ) : (
                <span class="number">{value.toFixed(digits)}</span>
              )}
              <CopyButton
                icon
                label={`Copy the command that prints ${title}`}
                text={() => measureCommand(view.value.graph)}
              />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function meaningOf(name: string): string {
  return basicMeasures.find((measure) => measure.name === name)?.definition ?? '';
}
