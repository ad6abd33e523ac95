/* Three generated headers in one file, each included twice. */
#include "accumulator.h"
#include "encode_decode.h"
#include "mnist_int8.h"

static MNIST_INT8_ARENA_ALIGNED unsigned char arena[MNIST_INT8_ARENA_SIZE];
static const int32_t shape[MNIST_INT8_KERAS_TENSOR_RANK] = MNIST_INT8_KERAS_TENSOR_SHAPE;

int main(void) {
  int8_t image[MNIST_INT8_KERAS_TENSOR_SIZE] = {MNIST_INT8_KERAS_TENSOR_ZERO_POINT};
  int8_t scores[MNIST_INT8_OUTPUT_0_SIZE] = {0};
  image[shape[0]] = mnist_int8_quantize_keras_tensor(0.5f);
  if (accumulator_reset(arena))
    return 1;
  if (mnist_int8_invoke(image, scores, arena))
    return 1;
  return mnist_int8_dequantize_output_0(scores[0]) > MNIST_INT8_OUTPUT_0_SCALE &&
         &mnist_int8_model != &encode_decode_model;
}
