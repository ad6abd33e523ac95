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

static int classifyFloat(const unsigned char *pixels) {
  float image[PIXELS], scores[CLASSES];
  for (int i = 0; i < PIXELS; ++i)
    image[i] = pixels[i] / 255.0f;
  int best = mnist_float32_invoke(image, scores, floatArena) ? -1 : 0;
  for (int i = 1; best >= 0 && i < CLASSES; ++i)
    best = scores[i] > scores[best] ? i : best;
  return best;
}

static int classifyInt8(const unsigned char *pixels) {
  int8_t image[PIXELS], scores[CLASSES];
  for (int i = 0; i < PIXELS; ++i)
    image[i] = mnist_int8_quantize_keras_tensor(pixels[i] / 255.0f);
  int best = mnist_int8_invoke(image, scores, int8Arena) ? -1 : 0;
  for (int i = 1; best >= 0 && i < CLASSES; ++i)
    best = scores[i] > scores[best] ? i : best;
  return best;
}

int main(void) {
  static unsigned char images[16 + DIGITS * PIXELS], labels[8 + DIGITS]; /* with the headers */
  FILE *imageFile = fopen("digits-images.idx3-ubyte", "rb");
  FILE *labelFile = fopen("digits-labels.idx1-ubyte", "rb");
  if (!imageFile || fread(images, sizeof images, 1, imageFile) != 1 || !labelFile ||
      fread(labels, sizeof labels, 1, labelFile) != 1)
    return puts("run this program in the folder of the digits"), 1;
  for (int int8 = 0; int8 < 2; ++int8) {
    int right = 0, arena = int8 ? MNIST_INT8_ARENA_SIZE : MNIST_FLOAT32_ARENA_SIZE;
    clock_t start = clock();
    for (int i = 0; i < DIGITS; ++i)
      right += (int8 ? classifyInt8 : classifyFloat)(images + 16 + i * PIXELS) == labels[8 + i];
    double time = 1e6 * (double)(clock() - start) / CLOCKS_PER_SEC / DIGITS;
    printf("%-14s %.1f %% of %d digits right, %.1f us each, arena of %d bytes\n",
           int8 ? "mnist_int8" : "mnist_float32", 100.0 * right / DIGITS, DIGITS, time, arena);
  }
}
