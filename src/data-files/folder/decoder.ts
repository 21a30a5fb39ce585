import { readFile } from 'node:fs';
import { promisify } from 'node:util';
import type { default as Sharp, SharpOptions } from 'sharp';
import { messageOf, must, printable, UserError } from '../../core/errors.js';
import { errorCode, fileError } from '../../platform/fs.js';
import { jpegComponents, rgbOfInks } from './jpeg-head.js';
import type { Picture } from './picture.js';
import { decodeSmall, type JpegDecoder, SMALL_BYTES } from './small.js';

/** An image file that is no image, cut off or damaged. */
export class UnreadablePicture extends Error {
  override readonly name = 'UnreadablePicture';
}

/** Decodes image files in the threads of libuv (4 in a process, or `UV_THREADPOOL_SIZE`). */
export interface Decoder {
  /**
   * Throws `UnreadablePicture` where the file is no picture, is cut off or damaged; a `UserError`
   * where the system cannot read it.
   * @param bytes the file's bytes where they are known already
   */
  decode(path: string, bytes?: Uint8Array): Promise<Picture>;
  /** The size as it will be decoded, from the file's head alone. Throws as `decode` does. */
  size(path: string): Promise<Pick<Picture, 'width' | 'height'>>;
}

/**
 * Pictures of more pixels are refused: three bytes for each have to fit into memory several times.
 */
const MOST_PIXELS = 2 ** 27;

/**
 * A picture is taken as viewers show it (turned as its EXIF data says), in 8 bits, as RGB: grey and
 * CMYK are converted (see `rgbOfInks`), transparency is dropped and colour profiles are ignored, as
 * torchvision does.
 * Damage that leaves the size unclear or pixels out makes it unreadable; what decoders only warn of
 * does not.
 */
const OPTIONS = {
  failOn: 'error',
  ignoreIcc: true,
  autoOrient: true,
  limitInputPixels: MOST_PIXELS,
} as const satisfies SharpOptions;

/** The libraries that decode. */
interface Libraries {
  readonly sharp: typeof Sharp;
  readonly decodeJpeg: JpegDecoder;
}

let loaded: Promise<Libraries> | null = null;

/** The libraries are loaded when the first picture is wanted: nothing else needs them. */
function loadLibraries(): Promise<Libraries> {
  loaded ??= Promise.all([import('sharp'), import('@cwasm/jpeg-turbo')]).then(
    ([{ default: sharp }, { default: turbo }]) => {
      // Pictures are decoded side by side, each by one thread; none is decoded twice soon after.
      sharp.concurrency(1);
      sharp.cache(false);
      return { sharp, decodeJpeg: (bytes) => turbo.decode(bytes) };
    },
    (error: unknown) => {
      throw new UserError(
        'pictures are decoded by the packages sharp and @cwasm/jpeg-turbo, which cannot ' +
          `be loaded: ${printable(messageOf(error))}; install them with: npm install sharp ` +
          '@cwasm/jpeg-turbo',
        { cause: error },
      );
    },
  );
  return loaded;
}

/** A file's bytes. Twice as fast as the function of node:fs/promises for small files. */
export const readWhole = promisify(readFile);

/** Loads the libraries that decode. Throws a `UserError` where this platform has none. */
export async function openDecoder(): Promise<Decoder> {
  const { sharp, decodeJpeg } = await loadLibraries();
  return {
    decode: (path, known) =>
      readable(path, async () => {
        const bytes = known ?? (await readWhole(path));
        if (jpegComponents(bytes) === 4) return decodeInks(sharp, bytes);
        const small = bytes.length <= SMALL_BYTES ? decodeSmall(bytes, decodeJpeg) : null;
        return small ?? decodeAny(sharp, bytes);
      }),
    size: (path) =>
      readable(path, async () => {
        const { autoOrient } = await sharp(path, OPTIONS).metadata();
        return { width: autoOrient.width, height: autoOrient.height };
      }),
  };
}

/** Decodes any picture in a thread of libuv. */
async function decodeAny(sharp: typeof Sharp, bytes: Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(bytes, OPTIONS)
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it was decoded to ${info.channels} channels`);
  return { width: info.width, height: info.height, bytes: data };
}

/**
 * Decodes a JPEG file of four inks (CMYK or YCCK), with Pillow's formula for their colours. Adobe's
 * programs, and all others after them, write how much of an ink is left out; the decoder turns that
 * round, as Pillow, OpenCV and browsers do, with Adobe's marker and without.
 */
async function decodeInks(sharp: typeof Sharp, bytes: Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(bytes, OPTIONS)
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`it was decoded to ${info.channels} inks, not 4`);
  return { width: info.width, height: info.height, bytes: rgbOfInks(data) };
}

/**
 * Errors of the system (a file that may not be read, a disk that fails) are no property of the
 * picture and stop the work.
 */
async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) !== null) throw fileError('read', path, error);
    throw new UnreadablePicture(reasonOf(messageOf(error)), { cause: error });
  }
}

/**
 * The first line of a message. What the library adds to a corrupt header is the last complaint of
 * any decoder in the process, another one from run to run.
 */
function reasonOf(message: string): string {
  const line = must(message.split('\n')[0]);
  return printable(line.replace(/^(Input buffer has corrupt header):.*$/, '$1'));
}
