//===- EqualizeLayers.cpp - channels between two layers equally wide ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LinearLayers.h"

#include "TFL/IR/TFLDialect.h"
#include "TFL/Transforms/Passes.h"
#include "TFL/Transforms/WeightPasses.h"

#include <cmath>

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_EQUALIZELAYERSPASS
#include "TFL/Transforms/WeightPasses.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

/// Whether activation(s * x) = s * activation(x) for each s > 0.
static bool isHomogeneous(Operation *op) {
  auto activation = op->getAttrOfType<StringAttr>("fused_activation_function");
  return !activation || activation.getValue() == "NONE" || activation.getValue() == "RELU";
}

/// For each channel the largest magnitude among its weights.
template <typename GetChannel>
static std::vector<float> getLargest(ArrayRef<float> weights, int64_t count,
                                     GetChannel getChannel) {
  std::vector<float> largest(count, 0);
  for (auto [i, value] : llvm::enumerate(weights))
    largest[getChannel(i)] = std::max(largest[getChannel(i)], std::abs(value));
  return largest;
}

/// What each channel is divided by: a power of two near sqrt(first / second), 1 where there is
/// nothing to choose.
static std::vector<float> chooseDivisors(ArrayRef<float> first, ArrayRef<float> second) {
  std::vector<float> divisors;
  // Wide enough for what training leaves, and far from where floats end.
  constexpr int mostBits = 20;
  for (auto [a, b] : llvm::zip_equal(first, second)) {
    double bits =
        a > 0 && b > 0 ? std::round(0.5 * (std::log2(double(a)) - std::log2(double(b)))) : 0;
    divisors.push_back(std::abs(bits) <= mostBits ? std::ldexp(1.0f, int(bits)) : 1.0f);
  }
  return divisors;
}

static bool isLarge(float value) { return std::abs(value) > 1e30f; }

namespace {

class EqualizeLayers : public tflc::tfl::impl::EqualizeLayersPassBase<EqualizeLayers> {
  void runOnOperation() override {
    // A layer between two others is scaled by both, so pairs may need several turns.
    constexpr int maxTurns = 8;
    bool changed = true;
    for (int turn = 0; changed && turn < maxTurns; ++turn) {
      changed = false;
      SmallVector<Operation *> ops;
      getOperation().walk([&](QuantizationOpInterface op) { ops.push_back(op); });
      for (Operation *op : ops)
        if (std::optional<LinearLayer> layer = LinearLayer::get(op))
          changed |= equalize(*layer);
    }
  }

  /// Scales the channels in front of `second`.
  static bool equalize(const LinearLayer &second) {
    Value between = second.getInput().get();
    std::optional<LinearLayer> first = LinearLayer::get(between.getDefiningOp());
    if (!first || !between.hasOneUse() || !isHomogeneous(first->getOp()) ||
        first->getNumOutputs() != second.getNumInputs() || first->getOp()->hasAttr(keepFloatName) ||
        second.getOp()->hasAttr(keepFloatName))
      return false;
    std::vector<float> before = getFloats(first->getWeights()),
                       behind = getFloats(second.getWeights());
    std::vector<float> divisors = chooseDivisors(
        getLargest(before, first->getNumOutputs(), [&](size_t i) { return first->getOutputOf(i); }),
        getLargest(behind, second.getNumInputs(), [&](size_t i) { return second.getInputOf(i); }));
    if (llvm::all_of(divisors, [](float divisor) { return divisor == 1; }) ||
        llvm::any_of(before, isLarge) || llvm::any_of(behind, isLarge))
      return false;
    for (auto [i, value] : llvm::enumerate(before))
      value /= divisors[first->getOutputOf(i)];
    for (auto [i, value] : llvm::enumerate(behind))
      value *= divisors[second.getInputOf(i)];
    first->setWeights(before);
    second.setWeights(behind);
    if (ConstOp bias = first->getBias()) {
      std::vector<float> values = getFloats(bias);
      for (auto [value, divisor] : llvm::zip_equal(values, divisors))
        value /= divisor;
      first->setBias(values);
    }
    return true;
  }
};

} // namespace
