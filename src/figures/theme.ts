/**
 * Colours that stay apart for every common kind of colour blindness (Okabe & Ito 2008). In grey
 * some are close: figures tell what they mark apart by shape, dash, place or name as well
 * (`test/figures/colour-blind.test.ts`).
 */
export const COLOURS = {
  ink: '#1b1f24',
  quiet: '#5c6670',
  faint: '#9aa4ae',
  rule: '#e3e7eb',
  region: '#d5dbe1',
  best: '#0072b2',
  baseline: '#d55e00',
  frame: '#d7263d',
} as const;

export const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
export const FONT_SIZE = 12;

/** From the lowest (dark) to the highest (light); evenly perceived, also without colour vision. */
export const SCHEME = 'viridis';

export const LABELS = {
  clustering: 'Average clustering coefficient C',
  pathLength: 'Average path length L',
  density: 'Density (logarithmic)',
  error: 'Test error (%)',
  validation: 'Validation error (%)',
  meanError: 'Mean test error (%)',
} as const;
