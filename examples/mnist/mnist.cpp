// Classifies handwritten digits with whichever compiled model the interpreter is given.
#include "mnist_float32.h"
#include "mnist_int8.h"
#include "tflc/tflc.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

static std::vector<unsigned char> read(const char *path, int header) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file.ignore(header)), {}};
}

// The model's input is of one type; the span of the other is empty. Likewise for the output.
static long classify(tflc::Interpreter &interpreter, const unsigned char *pixels) {
  tflc::TensorDetails input = interpreter.inputDetails(0);
  for (float &pixel : interpreter.typedInputTensor<float>(0))
    pixel = *pixels++ / 255.0f;
  for (int8_t &pixel : interpreter.typedInputTensor<int8_t>(0))
    pixel = input.quantize<int8_t>(*pixels++ / 255.0f);
  if (!interpreter.invoke())
    return -1;
  auto largest = [](auto span) {
    return std::max_element(span.begin(), span.end()) - span.begin();
  };
  return largest(interpreter.typedOutputTensor<float>(0)) +
         largest(interpreter.typedOutputTensor<int8_t>(0));
}

int main() {
  auto images = read("digits-images.idx3-ubyte", 16), labels = read("digits-labels.idx1-ubyte", 8);
  if (labels.empty() || images.size() != labels.size() * 28 * 28)
    return std::puts("run this program in the folder of the digits"), 1;
  for (const tflc_model *model : {&mnist_float32_model, &mnist_int8_model}) {
    tflc::Interpreter interpreter(*model);
    if (tflc::Status status = interpreter.allocateTensors(); !status)
      return std::puts(status.text()), 1;
    int right = 0;
    auto start = std::chrono::steady_clock::now();
    for (size_t i = 0; i < labels.size(); ++i)
      right += classify(interpreter, &images[i * 28 * 28]) == labels[i];
    std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
    std::printf("%-14s %.1f %% of %zu digits right, %.1f us each, arena of %zu bytes\n",
                interpreter.name(), 100.0 * right / labels.size(), labels.size(),
                time.count() / labels.size(), interpreter.arenaSize());
  }
}
