/* Byte images into the input buffer: normalised, mirrored, shifted, turned to [pixel][channel][column]. */
#pragma once
#include "context.h"

/* Images are taken 16 at a time: their lines of bytes are laid out mirrored and shifted, then turned and
 * normalised. */
#define BLOCK 16

/* The columns of an output line that lie inside the source: from .. to - 1 (none where the row lies outside).
 */
typedef struct {
  int from, to;
} Inside;

/* Line `row` of the mirrored, shifted image; bytes outside the source are 0 (and made 0 again after
 * normalising). */
static Inside image_line(uint8_t *restrict out, const uint8_t *plane, int height, int width, int row,
                         const int32_t *transform) {
  const int flip = transform[0], source = row + transform[1], dx = transform[2];
  Inside in = {dx < 0 ? -dx : 0, dx > 0 ? width - dx : width};
  if (source < 0 || source >= height || in.from >= in.to) in.from = in.to = 0;
  const uint8_t *line = plane + (int64_t)source * width;
  for (int c = 0; c < in.from; c++) out[c] = 0;
  for (int c = in.to; c < width; c++) out[c] = 0;
  if (flip)
    for (int c = in.from; c < in.to; c++) out[c] = line[width - 1 - c - dx];
  else
    for (int c = in.from; c < in.to; c++) out[c] = line[c + dx];
  return in;
}

/* `lines` is scratch of BLOCK * width bytes for each thread; scaling[2 c], scaling[2 c + 1] = 1 / std and
 * -mean / std of channel c; `transforms` holds flip, shiftY, shiftX for each of the images, which are staged
 * one after another, planar. */
static void images(float *x, const uint8_t *staged, const int32_t *transforms, const float *scaling,
                   uint8_t *lines, int channels, int height, int width, const Run *run) {
  const int64_t plane = (int64_t)height * width, ld = run->ld, step = pixel_step(channels, run);
  const Share own = share(run, height, 1);
  lines += (int64_t)BLOCK * width * run->thread;
  for (int ch = 0; ch < channels; ch++) {
    const float scale = scaling[2 * ch], shift = scaling[2 * ch + 1];
    for (int row = (int)own.from; row < own.to; row++) {
      float *out = x + (int64_t)row * width * step + ch * ld;
      for (int n = 0; n < run->columns; n += BLOCK) {
        Inside inside[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
          inside[i] = (Inside){0, 0};
          if (n + i < run->count)
            inside[i] =
                image_line(lines + (int64_t)i * width, staged + ((n + i) * (int64_t)channels + ch) * plane,
                           height, width, row, transforms + 3 * (n + i));
        }
        for (int c = 0; c < width; c++) {
          uint8_t turned[BLOCK];
          UNROLL for (int i = 0; i < BLOCK; i++) turned[i] = lines[(int64_t)i * width + c];
          for (int i = 0; i < BLOCK; i++) out[c * step + n + i] = (float)turned[i] * scale + shift;
        }
        for (int i = 0; i < BLOCK; i++) {
          for (int c = 0; c < inside[i].from; c++) out[c * step + n + i] = 0.0f;
          for (int c = inside[i].to; c < width; c++) out[c * step + n + i] = 0.0f;
        }
      }
    }
  }
}
