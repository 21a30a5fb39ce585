export { graphDrawing } from './graph-drawing.js';
export { heatMap } from './heat-map.js';
export { learningCurves } from './learning-curves.js';
export { renderFigures, renderReport, writeReport, type ReportInput, type WrittenReport } from './report.js';
export { slice } from './slice.js';
