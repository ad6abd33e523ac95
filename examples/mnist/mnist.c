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
static unsigned char images[16 + DIGITS * PIXELS], labels[8 + DIGITS]; /* with the headers */

static int largest(const float *scores) {
  int best = 0;
  for (int i = 1; i < CLASSES; ++i)
    best = scores[i] > scores[best] ? i : best;
  return best;
}

static int classifyFloat(const unsigned char *pixels) {
  float image[PIXELS], scores[CLASSES];
  for (int i = 0; i < PIXELS; ++i)
    image[i] = pixels[i] / 255.0f;
  return mnist_float32_invoke(image, scores, floatArena) ? -1 : largest(scores);
}

static int classifyInt8(const unsigned char *pixels) {
  int8_t image[PIXELS], quantized[CLASSES];
  float scores[CLASSES];
  for (int i = 0; i < PIXELS; ++i)
    image[i] = mnist_int8_quantize_keras_tensor(pixels[i] / 255.0f);
  int32_t status = mnist_int8_invoke(image, quantized, int8Arena);
  for (int i = 0; i < CLASSES; ++i)
    scores[i] = mnist_int8_dequantize_output_0(quantized[i]);
  return status ? -1 : largest(scores);
}

static void evaluate(const char *name, int (*classify)(const unsigned char *), int arena) {
  enum { ROUNDS = 10 };
  int right = 0;
  clock_t start = clock();
  for (int i = 0; i < ROUNDS * DIGITS; ++i)
    right += classify(images + 16 + i % DIGITS * PIXELS) == labels[8 + i % DIGITS];
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  printf("%-14s %.1f %% of %d digits right, %.1f us each, arena of %d bytes\n", name,
         100.0 * right / ROUNDS / DIGITS, DIGITS, 1e6 * seconds / ROUNDS / DIGITS, arena);
}

int main(void) {
  FILE *imageFile = fopen("digits-images.idx3-ubyte", "rb");
  FILE *labelFile = fopen("digits-labels.idx1-ubyte", "rb");
  if (!imageFile || fread(images, sizeof images, 1, imageFile) != 1 || !labelFile ||
      fread(labels, sizeof labels, 1, labelFile) != 1)
    return puts("run this program in the folder of the digits"), 1;
  evaluate("mnist_float32", classifyFloat, MNIST_FLOAT32_ARENA_SIZE);
  evaluate("mnist_int8", classifyInt8, MNIST_INT8_ARENA_SIZE);
  return 0;
}
