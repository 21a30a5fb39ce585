import type { Columns } from './linear.js';

export interface LayerNormalisation {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly plane: number;
  readonly eps: number;
}

/**
 * Calls `visit(places, mean, invStd)` for each pixel of each sample: where its channels are, and
 * their moments (biased).
 */
function eachToken(
  { gamma, plane, eps }: LayerNormalisation,
  x: Float64Array,
  { batch, count }: Columns,
  visit: (places: readonly number[], mean: number, invStd: number) => void,
): void {
  const channels = gamma.length;
  for (let p = 0; p < plane; p++) {
    for (let s = 0; s < count; s++) {
      const places = Array.from({ length: channels }, (_, c) => (c * plane + p) * batch + s);
      const mean = places.reduce((sum, at) => sum + x[at], 0) / channels;
      const variance = places.reduce((sum, at) => sum + (x[at] - mean) ** 2, 0) / channels;
      visit(places, mean, 1 / Math.sqrt(variance + eps));
    }
  }
}

/**
 * y = gamma (x - mean) / sqrt(var + eps) + beta over the channels of each pixel (Ba, Kiros and
 * Hinton 2016).
 */
export function layerNorm(
  norm: LayerNormalisation,
  x: Float64Array,
  y: Float64Array,
  columns: Columns,
): void {
  eachToken(norm, x, columns, (places, mean, invStd) => {
    places.forEach((at, c) => (y[at] = norm.gamma[c] * (x[at] - mean) * invStd + norm.beta[c]));
  });
}

/**
 * With h = (x - mean) / sqrt(var + eps), g = gamma dy: dx = (g - mean(g) - h mean(g h)) / sqrt(var
 * + eps); gradients are added.
 */
export function layerNormGrad(
  norm: LayerNormalisation,
  x: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  grads: { readonly gamma: Float64Array; readonly beta: Float64Array },
  columns: Columns,
): void {
  const channels = norm.gamma.length;
  eachToken(norm, x, columns, (places, mean, invStd) => {
    let [sum, sumH] = [0, 0];
    places.forEach((at, c) => {
      const h = (x[at] - mean) * invStd;
      sum += norm.gamma[c] * dy[at];
      sumH += norm.gamma[c] * dy[at] * h;
      grads.gamma[c] += dy[at] * h;
      grads.beta[c] += dy[at];
    });
    places.forEach(
      (at, c) =>
        (dx[at] =
          invStd *
          (norm.gamma[c] * dy[at] - sum / channels - ((x[at] - mean) * invStd * sumH) / channels)),
    );
  });
}

/** Tokens, channels and heads of self-attention. */
export interface AttentionShape {
  readonly plane: number;
  readonly channels: number;
  readonly heads: number;
}

/** One sample and one head: place of (channel, token), its channels, the scale of its scores. */
interface Head {
  readonly at: (channel: number, token: number) => number;
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

function eachHead(
  { plane, channels, heads }: AttentionShape,
  { batch, count }: Columns,
  visit: (head: Head) => void,
): void {
  for (let s = 0; s < count; s++) {
    for (let h = 0; h < heads; h++) {
      const from = Math.floor((h * channels) / heads);
      const to = Math.floor(((h + 1) * channels) / heads);
      visit({
        at: (channel, token) => (channel * plane + token) * batch + s,
        from,
        to,
        scale: 1 / Math.sqrt(to - from),
      });
    }
  }
}

/** Sum over a head's channels of a[., t] b[., u]. */
function tokenDot(
  { at, from, to }: Head,
  a: Float64Array,
  t: number,
  b: Float64Array,
  u: number,
): number {
  let sum = 0;
  for (let c = from; c < to; c++) sum += a[at(c, t)] * b[at(c, u)];
  return sum;
}

/** softmax over tokens u of q_t . k_u scale. */
function weightsOf(
  head: Head,
  plane: number,
  q: Float64Array,
  k: Float64Array,
  t: number,
): Float64Array {
  const scores = Float64Array.from(
    { length: plane },
    (_, u) => head.scale * tokenDot(head, q, t, k, u),
  );
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** y_t = sum over u of softmax(q_t . k_u scale) v_u, head by head (Vaswani et al. 2017). */
export function attention(
  shape: AttentionShape,
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  y: Float64Array,
  columns: Columns,
): void {
  eachHead(shape, columns, (head) => {
    for (let t = 0; t < shape.plane; t++) {
      const weights = weightsOf(head, shape.plane, q, k, t);
      for (let c = head.from; c < head.to; c++)
        y[head.at(c, t)] = weights.reduce((sum, w, u) => sum + w * v[head.at(c, u)], 0);
    }
  });
}

export interface AttentionFlow {
  readonly q: Float64Array;
  readonly k: Float64Array;
  readonly v: Float64Array;
  readonly dy: Float64Array;
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
}

/**
 * With w = softmax, d_u = dy_t . v_u: dv_u += w_u dy_t, dscore_u = w_u (d_u - sum w d) scale, dq_t
 * += dscore_u k_u, dk_u += dscore_u q_t.
 */
export function attentionGrad(
  shape: AttentionShape,
  { q, k, v, dy, dq, dk, dv }: AttentionFlow,
  columns: Columns,
): void {
  const { plane } = shape;
  eachHead(shape, columns, (head) => {
    const { at, from, to, scale } = head;
    for (let c = from; c < to; c++)
      for (let t = 0; t < plane; t++) dq[at(c, t)] = dk[at(c, t)] = dv[at(c, t)] = 0;
    for (let t = 0; t < plane; t++) {
      const weights = weightsOf(head, plane, q, k, t);
      const dots = weights.map((_, u) => tokenDot(head, dy, t, v, u));
      const mean = dots.reduce((sum, d, u) => sum + d * weights[u], 0);
      for (let u = 0; u < plane; u++) {
        const slope = weights[u] * (dots[u] - mean) * scale;
        for (let c = from; c < to; c++) {
          dv[at(c, u)] += weights[u] * dy[at(c, t)];
          dq[at(c, t)] += slope * k[at(c, u)];
          dk[at(c, u)] += slope * q[at(c, t)];
        }
      }
    }
  });
}
