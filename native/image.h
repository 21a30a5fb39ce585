/* Byte images into the input buffer: normalised, mirrored, shifted, turned feature-major. */
#include "vec.h"

/* Images staged one after another, planar; `transform` holds flip, shiftY, shiftX for each. The lines of `BLOCK` images
 * are made first, then turned, so that both steps stay in L1. */
#define BLOCK 16

static void image_line(float *out, const uint8_t *plane, int height, int width, int row, const int32_t *transform,
                       float scale, float shift) {
  const int flip = transform[0], source = row + transform[1], dx = transform[2];
  for (int c = 0; c < width; c++) out[c] = 0.0f;
  if (source < 0 || source >= height) return;
  const uint8_t *line = plane + (int64_t)source * width;
  const int from = dx < 0 ? -dx : 0, to = dx > 0 ? width - dx : width;
  if (flip)
    for (int c = from; c < to; c++) out[c] = (float)line[width - 1 - c - dx] * scale + shift;
  else
    for (int c = from; c < to; c++) out[c] = (float)line[c + dx] * scale + shift;
}

/* `line` is scratch of BLOCK * width floats; scaling[2 c], scaling[2 c + 1] = 1 / std and -mean / std of channel c. */
static void images(float *x, const uint8_t *staged, const int32_t *transforms, const float *scaling, float *line,
                   int channels, int height, int width, int count, int columns, int64_t ld) {
  const int64_t size = (int64_t)channels * height * width;
  for (int ch = 0; ch < channels; ch++)
    for (int row = 0; row < height; row++) {
      float *out = x + ((int64_t)ch * height + row) * width * ld;
      for (int n = 0; n < columns; n += BLOCK) {
        const int here = count - n < BLOCK ? count - n : BLOCK;
        for (int i = 0; i < here; i++)
          image_line(line + (int64_t)i * width, staged + (n + i) * size + (int64_t)ch * height * width, height, width,
                     row, transforms + 3 * (n + i), scaling[2 * ch], scaling[2 * ch + 1]);
        for (int c = 0; c < width; c++)
          for (int i = 0; i < BLOCK; i++) out[c * ld + n + i] = i < here ? line[(int64_t)i * width + c] : 0.0f;
      }
    }
}
