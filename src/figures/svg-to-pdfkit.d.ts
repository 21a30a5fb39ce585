/**
 * What is used of svg-to-pdfkit; the declarations that exist for it take a document's class for a
 * document.
 */
declare module 'svg-to-pdfkit' {
  interface Options {
    readonly width: number;
    readonly height: number;
    /** The name under which the document knows the font. */
    fontCallback(family: string, bold: boolean): string;
    /** Called with what cannot be drawn. */
    warningCallback(message: string): void;
  }
  export default function svgToPdf(
    document: PDFKit.PDFDocument,
    svg: string,
    x: number,
    y: number,
    options: Options,
  ): void;
}
