import { must, UserError } from '../../core/errors.js';
import { describeNpy, parseNpy } from '../../graph-formats/npy.js';
import { numberAt } from '../../graph-formats/numbers.js';

/** A table of float64 numbers, row after row. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** A table of texts, row after row. */
export interface TextArray {
  readonly shape: readonly number[];
  readonly values: readonly string[];
}

/**
 * The numbers of a .npy file with `dimensions` axes, whatever their type and order in the file.
 *
 * @throws UserError where it is damaged, or something else
 */
export function readNumbers(bytes: Uint8Array, dimensions: number): NumberArray {
  const array = parseNpy(bytes);
  const { run, shape, fortran } = array;
  if (run === null || shape.length !== dimensions || fortran) {
    throw new UserError(
      `numbers along ${dimensions} axes in C order are expected, got ` +
        `${describeNpy(array)}${fortran ? ' in Fortran order' : ''}`,
    );
  }
  return { shape, values: Float64Array.from({ length: run.count }, (_, i) => numberAt(run, i)) };
}

/**
 * The texts of a .npy file with two axes: fixed-width Unicode, `<U9` and the like, 4 bytes a
 * character, padded with NUL.
 *
 * @throws UserError where it is damaged, or something else
 */
export function readTexts(bytes: Uint8Array): TextArray {
  const array = parseNpy(bytes);
  const { shape, dtype, start, fortran } = array;
  const width = /^[<>|=]?U(\d{1,6})$/.exec(dtype)?.[1];
  if (width === undefined || shape.length !== 2 || fortran)
    throw new UserError(`a table of texts (<U9 or alike) is expected, got ${describeNpy(array)}`);
  const characters = Number(width);
  const count = must(shape[0]) * must(shape[1]);
  const needed = 4 * characters * count;
  if (bytes.length - start !== needed)
    throw new UserError(
      `${count} texts of ${characters} characters need ${needed} bytes after the header, ` +
        `got ${bytes.length - start}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, needed);
  return {
    shape,
    values: Array.from({ length: count }, (_, i) =>
      textAt(view, 4 * characters * i, characters, !dtype.startsWith('>')),
    ),
  };
}

function textAt(view: DataView, at: number, characters: number, little: boolean): string {
  let text = '';
  for (let i = 0; i < characters; i++) {
    const code = view.getUint32(at + 4 * i, little);
    if (code === 0) break;
    if (code > 0x10ffff)
      throw new UserError(`byte ${at + 4 * i} of the texts is no character (${code})`);
    text += String.fromCodePoint(code);
  }
  return text;
}
