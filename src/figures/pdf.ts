import PdfDocument from 'pdfkit';
import svgToPdf from 'svg-to-pdfkit';
import { InternalError } from '../core/errors.js';
import { mapTuple } from '../core/tuples.js';
import { figureFonts } from './fonts.js';
import { separateHalos } from './outline-text.js';
import { formatSvg, parseSvg } from './svg-tree.js';

/** Points of a page (1/72 inch) for one pixel of CSS (1/96 inch). */
const POINTS = 72 / 96;

/**
 * A figure as a PDF of one page of its own size: vectors, text that can be selected and searched,
 * the fonts that it uses embedded as far as it uses them. The bytes depend on the figure alone: no
 * date.
 */
export async function pdfOf(svg: string): Promise<Uint8Array> {
  const picture = separateHalos(parseSvg(svg));
  const [width, height] = mapTuple(
    ['width', 'height'],
    (name) => Number(picture.attributes[name]) * POINTS,
  );
  if (!(width > 0 && height > 0))
    throw new InternalError('a figure without a size cannot be printed');
  const document = new PdfDocument({
    size: [width, height],
    margin: 0,
    displayTitle: true,
    lang: 'en',
    info: {
      Title: picture.attributes['aria-label'] ?? '',
      Creator: 'Plexus',
      Producer: 'PDFKit',
      CreationDate: new Date(0),
    },
  });
  // The document's number is made of it, and then depends on the title alone; hidden, it is not
  // written: dates are optional.
  Object.defineProperty(document.info, 'CreationDate', { enumerable: false });
  const fonts = figureFonts();
  document.registerFont('regular', fonts.regular.data);
  document.registerFont('bold', fonts.bold.data);
  svgToPdf(document, formatSvg(picture), 0, 0, {
    width,
    height,
    fontCallback: (_, bold) => (bold ? 'bold' : 'regular'),
    warningCallback: (message) => {
      throw new InternalError(`a figure cannot be printed: ${message}`);
    },
  });
  document.end();
  const pieces: Uint8Array[] = [];
  for await (const piece of document) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}
