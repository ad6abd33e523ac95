/* Classifies handwritten digits with two compiled models, one of floats and one of 8 bit integers.
 */
#include "mnist_float32.h"
#include "mnist_int8.h"
#include <stdio.h>
#include <time.h>

enum { DIGITS = 300, PIXELS = MNIST_INT8_KERAS_TENSOR_SIZE, CLASSES = MNIST_INT8_OUTPUT_0_SIZE };

/* All the memory that the models need; nothing is allocated. */
static MNIST_FLOAT32_ARENA_ALIGNED unsigned char floatArena[MNIST_FLOAT32_ARENA_SIZE];
static MNIST_INT8_ARENA_ALIGNED unsigned char int8Arena[MNIST_INT8_ARENA_SIZE];
static float image[PIXELS], scores[CLASSES];
static int8_t image8[PIXELS], scores8[CLASSES];

/* The digit that has the highest score, or -1 where the model gives a status. */
static int classify(int int8, const unsigned char *pixels) {
  for (int i = 0; i < PIXELS; ++i)
    if (int8)
      image8[i] = mnist_int8_quantize_keras_tensor(pixels[i] / 255.0f);
    else
      image[i] = pixels[i] / 255.0f;
  int best = 0, status = int8 ? mnist_int8_invoke(image8, scores8, int8Arena)
                              : mnist_float32_invoke(image, scores, floatArena);
  for (int i = 1; i < CLASSES; ++i)
    best = (int8 ? scores8[i] > scores8[best] : scores[i] > scores[best]) ? i : best;
  return status ? -1 : best;
}

int main(void) {
  static unsigned char images[16 + DIGITS * PIXELS], labels[8 + DIGITS]; /* with the headers */
  FILE *files[] = {fopen("digits-images.idx3-ubyte", "rb"),
                   fopen("digits-labels.idx1-ubyte", "rb")};
  if (!files[0] || !files[1] || fread(images, sizeof images, 1, files[0]) != 1 ||
      fread(labels, sizeof labels, 1, files[1]) != 1)
    return puts("run this program in the folder of the digits"), 1;
  for (int int8 = 0; int8 < 2; ++int8) {
    int right = 0, arena = int8 ? MNIST_INT8_ARENA_SIZE : MNIST_FLOAT32_ARENA_SIZE;
    clock_t start = clock();
    for (int i = 0; i < DIGITS; ++i)
      right += classify(int8, images + 16 + i * PIXELS) == labels[8 + i];
    printf("%-14s %.1f %% of %d digits right, %.1f us each, arena of %d bytes\n",
           int8 ? "mnist_int8" : "mnist_float32", 100.0 * right / DIGITS, DIGITS,
           1e6 * (double)(clock() - start) / CLOCKS_PER_SEC / DIGITS, arena);
  }
}
