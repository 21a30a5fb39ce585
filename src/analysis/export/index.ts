/** A study as one table for other programs, with its data dictionary. */
export {
  EXPORT_FORMATS,
  exportBytes,
  exportDictionary,
  exportTable,
  type ExportFormat,
  type ExportInput,
  type ExportRows,
  type ExportTable,
} from './export.js';
export type { ColumnMeaning } from './types.js';
