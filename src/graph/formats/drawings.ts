import type { GraphFormat } from './types.js';

/** Formats that are only written: pictures. */
export const drawingFormats: readonly GraphFormat[] = [];
