import type { JSX } from 'preact';
import { plural } from '../../src/analysis/text.js';
import { show, view } from '../state/store.js';
import { Choice, CopyButton, Term } from '../ui/parts.js';
import { Confusion } from './confusion.js';
import { Nodes } from './nodes.js';
import { Examples } from './pictures.js';
import { evaluateCommandOf, sides } from './run.js';

const NAMES = [
  ['shown', 'This graph'],
  ['beside', 'Beside'],
] as const;

/** One of the two networks more closely: what it takes for what, and what its nodes do. */
export function Closer(): JSX.Element | null {
  const { look: name, confused } = view.value;
  const side = sides[name];
  const [facts, look] = [side.facts.value, side.look.value];
  if (facts === null || look === null) return null;
  return (
    <section class="closer" aria-label="A network more closely">
      <div class="closer-head">
        <Choice
          legend="Which network is looked at"
          values={NAMES}
          value={name}
          onChoose={(chosen) => show({ look: chosen })}
        />
        <span class="quiet">
          after {plural(look.epoch, 'epoch')}, update {look.update}
        </span>
      </div>
      <div class="closer-panels">
        <section class="panel">
          <div class="panel-head">
            <h2>
              <Term
                meaning={
                  'Rows: what test pictures are. Columns: what the network takes them for. Colours: ' +
                  'shares of a row. Choose a cell to see its pictures.'
                }
              >
                Confusion
              </Term>
            </h2>
            {confused !== null && (
              <button type="button" class="button small" onClick={() => show({ confused: null })}>
                All pictures
              </button>
            )}
            <CopyButton
              icon
              text={() => evaluateCommandOf(name)}
              label="Copy the commands that print it when all epochs are done"
            />
          </div>
          <Confusion confusion={look.confusion} classes={facts.classes} />
          <Examples facts={facts} look={look} />
        </section>
        <Nodes look={look} />
      </div>
    </section>
  );
}
