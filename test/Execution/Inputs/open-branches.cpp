// Chooses between blocks whose results have other sizes, and repeats one on a tensor of open size.
#include "branches.h"
#include "tflc/tflc.hpp"

#include <cstdio>
#include <numeric>

static int fail(const char *what) { return std::puts(what), 1; }

/// Whether `runner` gives the difference of `x` and `y`, or `x` twice.
static bool chooses(tflc::SignatureRunner &runner, bool isDifference, int32_t rows) {
  if (!runner.resizeInputTensor("x", {rows, 3}) || !runner.resizeInputTensor("y", {rows, 3}) ||
      !runner.allocateTensors())
    return false;
  runner.typedInputTensor<bool>("c")[0] = isDifference;
  auto x = runner.typedInputTensor<float>("x"), y = runner.typedInputTensor<float>("y");
  std::iota(x.begin(), x.end(), 1.0f);
  std::fill(y.begin(), y.end(), 0.5f);
  if (!runner.invoke())
    return false;
  auto z = runner.typedOutputTensor<float>("z");
  if (z.size() != x.size() * (isDifference ? 1 : 2))
    return false;
  for (size_t i = 0; i < z.size(); ++i)
    if (z[i] != x[i % x.size()] - (isDifference ? 0.5f : 0.0f))
      return false;
  return true;
}

int main() {
  tflc::Interpreter interpreter(branches_model);
  tflc::SignatureRunner *choose = interpreter.signatureRunner("choose"),
                        *repeat = interpreter.signatureRunner("repeat");
  if (!choose || !repeat)
    return fail("a signature is missing");
  for (int32_t rows : {1, 40, 3})
    for (bool isDifference : {true, false})
      if (!chooses(*choose, isDifference, rows))
        return fail("a branch gives something else");

  // The other block does not mind.
  if (!choose->resizeInputTensor("x", {400, 3}) || !choose->resizeInputTensor("y", {2, 3}) ||
      !choose->allocateTensors())
    return fail("no other sizes");
  choose->typedInputTensor<bool>("c")[0] = true;
  if (choose->invoke())
    return fail("a difference of tensors of other sizes");
  choose->typedInputTensor<bool>("c")[0] = false;
  if (!choose->invoke() || choose->typedOutputTensor<float>("z").size() != 2400)
    return fail("one block minds what another one does");

  if (!repeat->resizeInputTensor("a", {5, 3}) || !repeat->allocateTensors())
    return fail("no loop over five rows");
  repeat->typedInputTensor<int32_t>("n")[0] = -3;
  auto a = repeat->typedInputTensor<float>("a");
  std::iota(a.begin(), a.end(), 1.0f);
  if (!repeat->invoke() || repeat->typedOutputTensor<int32_t>("m")[0] != 0)
    return fail("the loop does not end");
  auto b = repeat->typedOutputTensor<float>("b");
  for (size_t i = 0; i < b.size(); ++i)
    if (b[i] != 8 * a[i])
      return fail("the loop gives something else");
  std::puts("done");
  return 0;
}
