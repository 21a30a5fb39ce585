export { comparisonPage, type ComparisonPage } from './comparison-page.js';
export { biologicalPairFigure } from './biological-pair.js';
export { biologicalFigure } from './biological.js';
export { ellipseOf } from './ellipse.js';
export { familiesFigure, type FamiliesFigureInput } from './families.js';
export { familyPicture } from './family-picture.js';
export { FIGURE_FORMATS, writeFigures, type FigureFormat } from './files.js';
export { findingsFigures } from './findings/index.js';
export { courseFigure } from './courses.js';
export { graphDrawing } from './graph-drawing.js';
export { graphMatrixPicture, graphPicture, type GraphPictureOptions } from './graph-picture.js';
export { heatMap } from './heat-map.js';
export { learningCurves } from './learning-curves.js';
export { exampleGraph, measurePicture, type ExampleGraph } from './measure-picture.js';
export {
  renderFigures,
  renderReport,
  writeReport,
  type ReportInput,
  type WrittenReport,
  type FigureInput,
} from './report.js';
export { searchCourse } from './search-course.js';
export {
  searchFigure,
  type SearchFigureData,
  type SearchPoint,
  type SearchSpread,
} from './search.js';
export { predictionFigure } from './predictions.js';
export { publishedMap } from './published-map.js';
export { spikeFigure, type SpikePoint } from './spikes.js';
export { slice } from './slice.js';
export { spaceFigure, type SpaceFigureInput, type PlacedSpec } from './space.js';
export { strataFigure } from './strata.js';
export { surfaceFigure } from './surface.js';
export { trainingCurves, type CurveRecord } from './training-curves.js';
export { type LayoutName } from './graph-layout.js';
