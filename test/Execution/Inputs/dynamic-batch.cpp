// A model of unknown batch size runs the recorded cases one by one, then all at once.
#include "mnist.h"
#include "tflc/tflc.hpp"

#include <cstdio>
#include <fstream>

static constexpr int cases = 4, pixels = 784, classes = 10;

static bool agrees(const float *got, const float *expected, int count) {
  for (int i = 0; i < count; ++i)
    if (!(std::abs(got[i] - expected[i]) <= 0.002f))
      return false;
  return true;
}

int main(int, char **arguments) {
  std::ifstream file(arguments[1], std::ios::binary);
  std::vector<float> images(cases * pixels), scores(cases * classes);
  file.ignore(4);
  for (int i = 0; i < cases; ++i) {
    file.read(reinterpret_cast<char *>(&images[i * pixels]), pixels * sizeof(float));
    file.read(reinterpret_cast<char *>(&scores[i * classes]), classes * sizeof(float));
  }
  tflc::Interpreter interpreter(mnist_model);
  if (!file || !interpreter.allocateTensors())
    return std::puts("cannot begin"), 1;
  size_t before = interpreter.arenaSize();
  for (int batch : {1, cases, 2}) {
    if (!interpreter.resizeInputTensor(0, {batch, 28, 28}) || !interpreter.allocateTensors())
      return std::printf("no batch of %d\n", batch), 1;
    auto input = interpreter.typedInputTensor<float>(0);
    auto output = interpreter.typedOutputTensor<float>(0);
    if (input.size() != size_t(batch) * pixels || output.size() != size_t(batch) * classes)
      return std::printf("wrong sizes for a batch of %d\n", batch), 1;
    for (int i = 0; i < cases; i += batch) {
      std::copy_n(&images[i * pixels], batch * pixels, input.begin());
      if (!interpreter.invoke() || !agrees(output.data(), &scores[i * classes], batch * classes))
        return std::printf("wrong results for a batch of %d\n", batch), 1;
    }
    if (batch == cases && interpreter.arenaSize() <= before)
      return std::puts("the arena does not grow with the batch"), 1;
  }
  if (interpreter.resizeInputTensor(0, {4, 28, 27}))
    return std::puts("a fixed dimension was changed"), 1;
  return 0;
}
