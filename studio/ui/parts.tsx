import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announcement } from '../graph/current.js';

/** Pixels between an explanation and the edges of the window. */
const TIP_MARGIN = 12;

/** A word or number with what it means: shown under the pointer and where the keyboard is. */
export function Term({
  children,
  meaning,
}: {
  readonly children: ComponentChildren;
  readonly meaning: string;
}): JSX.Element {
  const id = useId();
  const [open, setOpen] = useState(false);
  const word = useRef<HTMLButtonElement>(null);
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!open || word.current === null || tip.current === null) return;
    const { left, top, bottom } = word.current.getBoundingClientRect();
    const { width, height } = tip.current.getBoundingClientRect();
    const most = document.documentElement.clientWidth - width - TIP_MARGIN;
    const below = bottom + 6 + height < innerHeight;
    tip.current.style.left = `${Math.max(TIP_MARGIN, Math.min(left, most))}px`;
    tip.current.style.top = `${below ? bottom + 6 : top - height - 6}px`;
  }, [open]);
  return (
    <span class="term" onPointerEnter={() => setOpen(true)} onPointerLeave={() => setOpen(false)}>
      <button
        type="button"
        class="term-word"
        ref={word}
        aria-describedby={id}
        onClick={() => setOpen(true)}
        onFocus={({ currentTarget }) => setOpen(currentTarget.matches(':focus-visible'))}
        onBlur={() => setOpen(false)}
        onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}
      >
        {children}
      </button>
      <span role="tooltip" id={id} class="tip" ref={tip} hidden={!open}>
        {meaning}
      </span>
    </span>
  );
}

/** Milliseconds that a button says what it has done. */
const SAID = 1600;

/** Copies a text. Its label says what; for a while after it, that it was done. */
export function CopyButton({
  text,
  label,
  icon = false,
  class: className = '',
}: {
  readonly text: () => string;
  readonly label: string;
  /** A sign instead of words, for many of them below each other. */
  readonly icon?: boolean;
  readonly class?: string;
}): JSX.Element {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      setCopied('yes');
      announcement.value = `Copied: ${text()}`;
    } catch {
      // The browser does not let pages write to the clipboard here: the text is shown to be copied.
      setCopied('failed');
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied('no'), copied === 'failed' ? 10 * SAID : SAID);
  };
  return (
    <>
      <button
        type="button"
        class={icon ? 'copy-icon' : `button ${className}`}
        title={icon ? label : undefined}
        aria-label={icon ? label : undefined}
        onClick={() => void copy()}
      >
        {copied === 'yes' ? icon ? <Tick /> : 'Copied' : icon ? <CopySign /> : label}
      </button>
      {copied === 'failed' && (
        <input
          class="copy-text"
          readOnly
          aria-label={label}
          value={text()}
          ref={(input) => input?.select()}
        />
      )}
    </>
  );
}

/** The command line that prints what is beside it. */
export function Command({ line }: { readonly line: string }): JSX.Element {
  return (
    <span class="command">
      <code>{line}</code>
      <CopyButton icon text={() => line} label={`Copy the command: ${line}`} />
    </span>
  );
}

function CopySign(): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" fill="none" stroke="currentColor" />
    </svg>
  );
}

function Tick(): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d="m3 8.5 3.5 3.5L13 4.5" fill="none" stroke="currentColor" stroke-width="1.6" />
    </svg>
  );
}

/** One of a few choices, as a row of buttons. */
export function Choice<const T extends string>({
  legend,
  values,
  value,
  onChoose,
}: {
  readonly legend: string;
  readonly values: readonly (readonly [value: T, label: string])[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}): JSX.Element {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class="unseen">{legend}</legend>
      {values.map(([each, label]) => (
        <label key={each}>
          <input
            type="radio"
            name={name}
            checked={each === value}
            onChange={() => onChoose(each)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A menu that opens under its button, and closes when it is left. */
export function Menu({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <div
      class="menu"
      ref={place}
      onFocusOut={({ relatedTarget }) =>
        !place.current?.contains(relatedTarget as Node | null) && setOpen(false)
      }
      onKeyDown={({ key }) => {
        if (key !== 'Escape') return;
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        type="button"
        class="button"
        ref={button}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {label}
        <svg viewBox="0 0 10 6" width="9" height="6" aria-hidden="true">
          <path d="m1 1 4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.4" />
        </svg>
      </button>
      {open && (
        <div class="menu-list" onClick={() => setOpen(false)}>
          {children}
        </div>
      )}
    </div>
  );
}
