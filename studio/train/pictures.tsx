import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { must } from '../../src/core/errors.js';
import { percent } from '../../src/analysis/text.js';
import { features } from '../../src/core/shape.js';
import { view } from '../state/store.js';
import type { Facts, Look, Pictures } from './messages.js';

/** Pictures of one kind that are shown. */
const MOST_SHOWN = 11;

/** Test pictures that the network takes for what they are, and others; or those of one cell. */
export function Examples({
  facts: { test, classes },
  look,
}: {
  readonly facts: Facts;
  readonly look: Look;
}): JSX.Element {
  const { confused: cell } = view.value;
  const kinds: readonly (readonly [string, readonly number[]])[] =
    cell !== null && cell[0] < classes.length && cell[1] < classes.length
      ? [[cellTitle(cell, classes), surest(test, look, (l, p) => l === cell[0] && p === cell[1])]]
      : [
          ['right, the surest first', surest(test, look, (label, taken) => label === taken)],
          ['wrong, the surest first', surest(test, look, (label, taken) => label !== taken)],
        ];
  return (
    <div class="examples">
      {kinds.map(([title, found]) => (
        <section key={title}>
          <h3>{title}</h3>
          {found.length === 0 ? (
            <p class="quiet">There are none among the pictures shown.</p>
          ) : (
            <ul>
              {found.map((index) => (
                <Example key={index} {...{ test, classes, look, index }} />
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}

function cellTitle([label, predicted]: readonly [number, number], classes: readonly string[]) {
  return label === predicted
    ? `${must(classes[label])}, and taken for it`
    : `${must(classes[label])}, taken for ${must(classes[predicted])}`;
}

/** The pictures of a kind, the network's surest first. */
function surest(
  { count, labels }: Pictures,
  { predicted, sureness }: Look,
  wanted: (label: number, predicted: number) => boolean,
): number[] {
  const sure = (index: number): number => must(sureness[index]);
  return Array.from({ length: Math.min(count, predicted.length) }, (_, index) => index)
    .filter((index) => wanted(must(labels[index]), must(predicted[index])))
    .sort((a, b) => sure(b) - sure(a))
    .slice(0, MOST_SHOWN);
}

function Example({
  test,
  classes,
  look,
  index,
}: {
  readonly test: Pictures;
  readonly classes: readonly string[];
  readonly look: Look;
  readonly index: number;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) paint(canvas.current, test, index);
  }, [test, index]);
  const taken = must(classes[must(look.predicted[index])]);
  const label = must(classes[must(test.labels[index])]);
  const sure = percent(must(look.sureness[index]));
  const words =
    label === taken ? `${label}, ${sure} sure` : `${label}, taken for ${taken}, ${sure} sure`;
  return (
    <li>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Test picture ${index}: ${words}`}
        title={words}
      />
      <span class="quiet" aria-hidden="true">
        {taken}
      </span>
    </li>
  );
}

/** A picture of one channel is grey, of three red, green and blue. */
function paint(canvas: HTMLCanvasElement, { shape, images }: Pictures, index: number): void {
  const { channels, width, height } = shape;
  const plane = width * height;
  const from = index * features(shape);
  const pixels = new Uint8ClampedArray(4 * plane);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++)
      pixels[4 * i + c] = must(images[from + (channels >= 3 ? c : 0) * plane + i]);
    pixels[4 * i + 3] = 255;
  }
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
}
