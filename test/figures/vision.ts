import { converter, differenceCiede2000, type Lrgb } from 'culori';

/** Kinds of sight: full, the three dichromacies, and light alone. */
export const SIGHTS = ['full', 'protanopia', 'deuteranopia', 'tritanopia', 'grey'] as const;
export type Sight = (typeof SIGHTS)[number];

type Matrix = readonly (readonly [number, number, number])[];

/** Relative luminance of linear RGB (IEC 61966-2-1). */
const LUMINANCE = [0.2126, 0.7152, 0.0722] as const;

/**
 * On linear RGB, severity 1.0: Machado, Oliveira, Fernandes, "A Physiologically-based Model for
 * Simulation of Color Vision Deficiency", 2009, table 1.
 */
const MATRICES: Readonly<Record<Sight, Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
  grey: [LUMINANCE, LUMINANCE, LUMINANCE],
};

const linear = converter('lrgb');
const ciede2000 = differenceCiede2000();

/** A colour of CSS as it is seen. */
function seen(colour: string, sight: Sight): Lrgb {
  const value = linear(colour);
  if (value === undefined) throw new Error(`no colour: ${colour}`);
  const [r, g, b] = MATRICES[sight].map(([x, y, z]) =>
    Math.min(1, Math.max(0, x * value.r + y * value.g + z * value.b)),
  );
  return { mode: 'lrgb', r, g, b };
}

/** How far apart two colours look: CIEDE2000; about 1 is just noticeable side by side. */
export function difference(a: string, b: string, sight: Sight): number {
  return ciede2000(seen(a, sight), seen(b, sight));
}

/** Relative luminance as seen, 0 to 1. */
export function luminance(colour: string, sight: Sight = 'full'): number {
  const { r, g, b } = seen(colour, sight);
  return LUMINANCE[0] * r + LUMINANCE[1] * g + LUMINANCE[2] * b;
}

/** Contrast by WCAG 2: 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
