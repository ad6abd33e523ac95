// Doubles images of several sizes with one compiled model.
#include "images.h"
#include "tflc/tflc.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

static constexpr int32_t channels = 2;

/// A slope, so that what lies between two pixels is their mean.
static float getPixel(float y, float x, int32_t channel) { return 3 * y + x + 100 * channel; }

/// The place in the image of a place in the doubled one: pixels have their centers at halves.
static float getPlace(int32_t place, int32_t size) {
  return std::min(std::max((place + 0.5f) / 2 - 0.5f, 0.0f), float(size - 1));
}

static bool doubles(tflc::SignatureRunner &runner, int32_t rows, int32_t columns) {
  if (!runner.resizeInputTensor("x", {1, rows, columns, channels}) || !runner.allocateTensors())
    return false;
  float *in = runner.typedInputTensor<float>("x").data();
  for (int32_t y = 0; y < rows; ++y)
    for (int32_t x = 0; x < columns; ++x)
      for (int32_t channel = 0; channel < channels; ++channel)
        *in++ = getPixel(y, x, channel);
  if (!runner.invoke())
    return false;
  auto resized = runner.typedOutputTensor<float>("resized");
  auto spread = runner.typedOutputTensor<float>("spread");
  size_t count = size_t(4) * rows * columns * channels, i = 0;
  if (resized.size() != count || spread.size() != count)
    return false;
  for (int32_t y = 0; y < 2 * rows; ++y)
    for (int32_t x = 0; x < 2 * columns; ++x)
      for (int32_t channel = 0; channel < channels; ++channel, ++i) {
        float between = getPixel(getPlace(y, rows), getPlace(x, columns), channel);
        float single = y % 2 || x % 2 ? 0 : getPixel(y / 2, x / 2, channel);
        if (std::abs(resized[i] - between) > 1e-3f || spread[i] != single)
          return false;
      }
  return true;
}

int main() {
  tflc::Interpreter interpreter(images_model);
  tflc::SignatureRunner *runner = interpreter.signatureRunner("double");
  if (!runner)
    return std::puts("the signature is missing"), 1;
  for (auto [rows, columns] : {std::pair<int32_t, int32_t>{1, 1}, {2, 3}, {40, 17}, {5, 4}})
    if (!doubles(*runner, rows, columns))
      return std::printf("%d rows of %d are not doubled\n", int(rows), int(columns)), 1;
  std::puts("done");
  return 0;
}
