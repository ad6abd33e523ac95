// The interpreter with threads of its own, on a model compiled for them and on one that is not.
#include "plain.h"
#include "shared.h"
#include "tflc/tflc.hpp"

#include <cstdio>

static std::vector<float> run(tflc::Interpreter &interpreter) {
  if (!interpreter.allocateTensors())
    return {};
  float value = -1;
  for (float &x : interpreter.typedInputTensor<float>(0))
    x = value = value > 1 ? -1 : value + 0.01f;
  if (!interpreter.invoke())
    return {};
  auto y = interpreter.typedOutputTensor<float>(0);
  return std::vector<float>(y.begin(), y.end());
}

int main() {
  tflc::Interpreter plain(plain_model), threaded(shared_model, 3), unused(plain_model, 2),
      alone(shared_model);
  std::vector<float> wanted = run(plain);
  bool isSame =
      !wanted.empty() && run(threaded) == wanted && run(unused) == wanted && run(alone) == wanted;
  bool isCounted = plain.threadCount() == 1 && threaded.threadCount() == 3;
  if (!isSame || !isCounted)
    std::printf("%s\n", isSame ? "the threads are not counted" : "the results differ");
  return !isSame || !isCounted;
}
