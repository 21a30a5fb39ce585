import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type ComparisonText, comparisonText } from '../../src/analysis/comparison-text.js';
import { shellWord } from '../graph/command.js';
import { BETWEEN, MOST_OTHERS } from '../state/fields.js';
import { show } from '../state/store.js';
import { Command } from '../ui/parts.js';
import { ApiError, fetchComparisons } from './api.js';
import { others as chosenOthers } from './chosen.js';
import { fetchWholeList, list } from './live.js';

/** This study beside others: settings that differ, differences graph by graph. */
export function Comparison({
  id,
  version,
}: {
  readonly id: string;
  readonly version: number;
}): JSX.Element {
  const others = chosenOthers.value;
  const [found, setFound] = useState<readonly ComparisonText[] | string | null>(null);
  useEffect(() => void fetchWholeList(), []);
  useEffect(() => {
    let gone = false;
    setFound(null);
    if (others.length > 0) void compare([id, ...others]).then((answer) => gone || setFound(answer));
    return () => {
      gone = true;
    };
  }, [id, version, others.join(BETWEEN)]);
  return (
    <section class="panel comparison" aria-labelledby="comparison-title">
      <div class="panel-head">
        <h2 id="comparison-title">Compared with other studies</h2>
        <Chooser id={id} others={others} />
      </div>
      {others.length === 0 && (
        <p class="quiet">Choose a study: differences are taken graph by graph, and seed by seed.</p>
      )}
      {typeof found === 'string' && (
        <p class="error" role="alert">
          {found}
        </p>
      )}
      {found !== null && typeof found !== 'string' && (
        <>
          {found.map((text, at) => (
            <Compared key={text.title} text={text} id={others[at] ?? ''} />
          ))}
          <p>
            <Command
              line={`npx plexus study compare ${[id, ...others].map(shellWord).join(' ')}`}
            />
          </p>
        </>
      )}
    </section>
  );
}

async function compare(ids: readonly string[]): Promise<readonly ComparisonText[] | string> {
  try {
    return (await fetchComparisons(ids)).comparisons.map(comparisonText);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.message;
  }
}

function Chooser({
  id,
  others,
}: {
  readonly id: string;
  readonly others: readonly string[];
}): JSX.Element | null {
  const open = (list.value?.studies ?? []).filter(
    (study) =>
      study.id !== id &&
      !others.includes(study.id) &&
      !study.id.includes(BETWEEN) &&
      (study.trials?.complete ?? 0) > 0,
  );
  if (open.length === 0 || others.length >= MOST_OTHERS) return null;
  return (
    <label class="chooser">
      <span class="unseen">Compare with</span>
      <select
        value=""
        onChange={({ currentTarget }) => show({ others: [...others, currentTarget.value] })}
      >
        <option value="">Compare with …</option>
        {open.map((study) => (
          <option key={study.id} value={study.id}>
            {study.id}
          </option>
        ))}
      </select>
    </label>
  );
}

function Compared({
  text,
  id,
}: {
  readonly text: ComparisonText;
  readonly id: string;
}): JSX.Element {
  const { title, settings, sentences, columns, rows } = text;
  return (
    <div class="compared">
      <h3>
        {title}{' '}
        <button
          type="button"
          class="button small"
          onClick={() => show({ others: chosenOthers.value.filter((other) => other !== id) })}
        >
          Put away
        </button>
      </h3>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {settings.length > 0 && (
        <ul class="quiet">
          {settings.map((setting) => (
            <li key={setting}>{setting}</li>
          ))}
        </ul>
      )}
      {rows.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={`Graph by graph: ${title}`}>
          <table>
            <thead>
              <tr>
                {columns.map((column, at) => (
                  <th key={column} scope="col" class={at === 0 ? '' : 'number'}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row[0]}>
                  {row.map((cell, at) => (
                    <td key={columns[at]} class={at === 0 ? '' : 'number'}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
