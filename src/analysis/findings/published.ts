/**
 * Figures of You et al. (ICML 2020): printed by their notebook (analyze_results.ipynb) or in the
 * paper's pictures and text.
 */
export interface PublishedFigures {
  /** Top-1 test error, %, mean of the seeds. */
  readonly baseline: number;
  readonly best: number;
  /** Edges of the sweet spot, C then L, two decimals. */
  readonly sweetSpot: readonly [number, number, number, number];
}

/** By architecture; of the MLP the sweet spot of cells, of the others that of single graphs. */
export const PUBLISHED: Readonly<Record<string, PublishedFigures>> = {
  mlp: { baseline: 33.34, best: 32.05, sweetSpot: [0.1, 0.5, 1.82, 2.75] },
  cnn: { baseline: 48.27, best: 46.73, sweetSpot: [0.3, 0.7, 1.57, 2.75] },
  resnet34: { baseline: 25.73, best: 24.57, sweetSpot: [0.1, 0.64, 1.58, 2.52] },
  'resnet34-sep': { baseline: 28.39, best: 27.17, sweetSpot: [0.1, 0.7, 1.57, 2.53] },
  resnet50: { baseline: 23.09, best: 22.42, sweetSpot: [0.43, 0.7, 1.57, 2.28] },
  'efficientnet-b0': { baseline: 25.59, best: 25.07, sweetSpot: [0.12, 0.7, 1.41, 2.31] },
};

/** What all six sweet spots have in common (section 5 of the paper). */
export const PUBLISHED_INTERSECTION = [0.43, 0.5, 1.82, 2.28] as const;

/**
 * Pearson's correlations between architectures over cells (the titles of the notebook's pictures,
 * from its saved arrays).
 */
export const PUBLISHED_CORRELATIONS: readonly {
  readonly a: string;
  readonly b: string;
  readonly r: number;
}[] = [
  { a: 'mlp', b: 'resnet34', r: 0.658 },
  { a: 'mlp', b: 'resnet34-sep', r: 0.715 },
  { a: 'resnet34-sep', b: 'resnet34', r: 0.931 },
  { a: 'resnet34-sep', b: 'resnet50', r: 0.797 },
];

/**
 * 52 graphs against all 3942 of the MLP, and ResNet-34 after 3 epochs against 100 (section 5 of the
 * paper).
 */
export const PUBLISHED_SUBSET = 0.9;
/**
 * What the paper says of early epochs: ResNet-34 after 3 epochs correlates with its end at r 0.93.
 */
export const PUBLISHED_EARLY = { arch: 'resnet34', epoch: 3, r: 0.93 } as const;
