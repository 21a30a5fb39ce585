import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { graphFamily } from '../../src/graph/registry.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import type { GraphParam, GraphParamInfo, GraphSpec } from '../../src/graph/types.js';
import { boundsOf } from '../graph/bounds.js';
import { basics, current } from '../graph/current.js';
import {
  beginWith,
  changeParam,
  type Changed,
  shownFamilies,
  typedSpec,
} from '../graph/families.js';
import { withFamilies } from '../graph/further.js';
import { sequenceNote } from '../graph/members.js';
import { endGesture, show, view } from '../state/store.js';
import { CopyButton, Term } from '../ui/parts.js';
import { OpenFile, OpenedNotes } from './open-file.js';
import { refusal } from './refusal.js';

/** Shows the graph of a spec, or says why there is none. */
function take(changed: Changed, gesture: string | null = null): void {
  refusal.value = changed.error;
  if (changed.line !== null) show({ graph: { kind: 'spec', line: changed.line } }, gesture);
}

/** Shows the graph of a spec that somebody typed. */
function takeTyped(text: string): void {
  withFamilies(
    [text],
    () => take(typedSpec(text)),
    (message) => (refusal.value = message),
  );
}

/** The family, the spec as a line, and a control for each of its parameters. */
export function Controls(): JSX.Element {
  const choice = view.value.graph;
  const spec = choice.kind === 'spec' ? parseGraphSpec(choice.line) : null;
  const note = spec === null ? null : sequenceNote(spec);
  const error = refusal.value ?? current.value.error;
  return (
    <section class="controls" aria-label="The graph">
      <div class="controls-line">
        <FamilyChoice spec={spec} />
        {choice.kind === 'spec' ? (
          <SpecLine line={choice.line} />
        ) : (
          <p class="own-name">
            Your graph <strong>{choice.name}</strong>
          </p>
        )}
        <OpenFile />
      </div>
      {spec !== null && (
        <div class="params">
          {graphFamily(spec.family).params.map((info) => (
            <Param key={`${spec.family} ${info.name}`} info={info} spec={spec} />
          ))}
        </div>
      )}
      <OpenedNotes />
      {note !== null && <p class="quiet">{note}</p>}
      {error !== null && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}

function FamilyChoice({ spec }: { readonly spec: GraphSpec | null }): JSX.Element {
  const id = useId();
  const family = spec === null ? null : graphFamily(spec.family);
  const choose = (name: string): void => {
    const { nodes, averageDegree } = basics.value;
    const { graph } = view.value;
    const line = graph.kind === 'spec' ? graph.line : `ws-flex:n=${nodes},k=8,p=0.1`;
    take({ line: beginWith(name, line, nodes, averageDegree), error: null });
  };
  return (
    <div class="field family">
      <label for={id}>Family</label>
      <div class="family-choice">
        <select
          id={id}
          value={family?.name ?? ''}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {family === null && <option value="">your own</option>}
          {family !== null && !shownFamilies.value.includes(family) && (
            <option value={family.name}>{family.name}</option>
          )}
          {shownFamilies.value.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        {family !== null && (
          <Term meaning={`${family.meaning} Source: ${family.reference}`}>
            <span class="unseen">What is </span>
            <span aria-hidden="true" class="sign">
              ?
            </span>
            <span class="unseen">{family.name}</span>
          </Term>
        )}
      </div>
    </div>
  );
}

function SpecLine({ line }: { readonly line: string }): JSX.Element {
  const id = useId();
  const [text, setText] = useState(line);
  useEffect(() => setText(line), [line]);
  return (
    <form
      class="field spec"
      onSubmit={(event) => {
        event.preventDefault();
        takeTyped(text);
      }}
    >
      <label for={id}>Spec</label>
      <div class="spec-line">
        <input
          id={id}
          type="text"
          value={text}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onChange={() => takeTyped(text)}
        />
        <CopyButton icon text={() => line} label="Copy the spec" />
      </div>
    </form>
  );
}

function Param({
  info,
  spec,
}: {
  readonly info: GraphParamInfo;
  readonly spec: GraphSpec;
}): JSX.Element {
  const value = spec.params[info.name] ?? '';
  const set = (next: GraphParam, gesture: string | null = null): void =>
    take(changeParam(spec, info.name, next), gesture);
  const label = (
    <Term meaning={`${sentence(info.meaning)} ${sentence(info.range)}`}>{info.name}</Term>
  );
  if (info.type === 'boolean')
    return (
      <div class="field param">
        <label class="tick">
          <input
            type="checkbox"
            checked={value === true}
            onChange={({ currentTarget }) => set(currentTarget.checked)}
          />
          {info.name}
        </label>
        <Term meaning={sentence(info.meaning)}>
          <span aria-hidden="true" class="sign">
            ?
          </span>
          <span class="unseen">What is {info.name}</span>
        </Term>
      </div>
    );
  if (info.type === 'integer' || info.type === 'real')
    return (
      <NumberParam
        {...{ info, spec, label, set }}
        value={typeof value === 'number' ? value : null}
      />
    );
  return <TextParam {...{ info, label, set }} value={String(value)} />;
}

function NumberParam({
  info,
  spec,
  value,
  label,
  set,
}: {
  readonly info: GraphParamInfo;
  readonly spec: GraphSpec;
  /** Null where the family chooses it. */
  readonly value: number | null;
  readonly label: JSX.Element;
  readonly set: (next: GraphParam, gesture?: string | null) => void;
}): JSX.Element {
  const bounds = boundsOf(info, spec.params);
  const step = bounds?.step ?? 1;
  return (
    <div class="field param">
      {label}
      {bounds !== null && (
        <input
          type="range"
          aria-label={`${info.name}, slider`}
          min={bounds.least}
          max={Math.max(bounds.most, value ?? bounds.most)}
          step={step}
          value={value ?? bounds.least}
          onInput={({ currentTarget }) => set(Number(currentTarget.value), info.name)}
          onChange={endGesture}
        />
      )}
      <input
        type="number"
        aria-label={info.name}
        step={info.type === 'real' ? 'any' : step}
        value={value ?? ''}
        placeholder={value === null ? 'auto' : undefined}
        onChange={({ currentTarget }) =>
          currentTarget.value !== '' && set(Number(currentTarget.value))
        }
      />
      {info.name === 'seed' && (
        <button
          type="button"
          class="button small"
          title="The next seed: another graph of the same kind"
          onClick={() => set((value ?? 1) + 1)}
        >
          Next
        </button>
      )}
    </div>
  );
}

function TextParam({
  info,
  value,
  label,
  set,
}: {
  readonly info: GraphParamInfo;
  readonly value: string;
  readonly label: JSX.Element;
  readonly set: (next: GraphParam) => void;
}): JSX.Element {
  // A list of words and nothing else is a choice.
  const words = /^[a-z-]+(, [a-z-]+)+$/.test(info.range) ? info.range.split(', ') : null;
  return (
    <div class={`field param${words === null ? ' wide' : ''}`}>
      {label}
      {words === null ? (
        <input
          type="text"
          aria-label={info.name}
          value={value}
          spellcheck={false}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        />
      ) : (
        <select
          aria-label={info.name}
          value={value}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        >
          {words.map((word) => (
            <option key={word}>{word}</option>
          ))}
        </select>
      )}
    </div>
  );
}

/** A phrase as a sentence. */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
