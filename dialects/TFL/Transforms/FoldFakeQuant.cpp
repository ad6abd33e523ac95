//===- FoldFakeQuant.cpp - take over the ranges of trained models ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GivenTypes.h"
#include "QuantizedConstants.h"

#include "TFL/IR/QuantizationOps.h"
#include "TFL/Transforms/Passes.h"
#include "tflc/Quantization/FakeQuantization.h"

#include <cmath>

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_FOLDFAKEQUANTPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc;
using namespace tflc::tfl;

namespace {

class FoldFakeQuant : public tflc::tfl::impl::FoldFakeQuantPassBase<FoldFakeQuant> {
  void runOnOperation() override {
    SmallVector<QuantizeOp> pairs;
    SmallVector<FakeQuantOp> ranges;
    getOperation().walk([&](QuantizeOp op) { pairs.push_back(op); });
    getOperation().walk([&](FakeQuantOp op) { ranges.push_back(op); });
    for (QuantizeOp op : pairs)
      fold(op);
    for (FakeQuantOp op : ranges)
      fold(op);
  }

  /// The type whose numbers are the steps of the operator's range; null where there is none of 8
  /// bits. Kernels want weights, which are constants, to be symmetric.
  static quant::QuantizedType getTrainedType(FakeQuantOp op) {
    float min = op.getMin().convertToFloat(), max = op.getMax().convertToFloat();
    if (op.getNumBits() != 8 || !(min <= 0 && max >= 0 && min < max) || !std::isfinite(max - min))
      return {};
    if (ConstOp constant = getFloatConstant(op.getInput()))
      return getWeightsType(op.getContext(), /*width=*/8, FloatRange{min, max}, /*axis=*/-1);
    FakeQuantization steps = getFakeQuantization(min, max, 8);
    return getActivationType(op.getContext(), /*width=*/8, /*isSigned=*/true,
                             {steps.scale, std::lround(-steps.min / steps.scale) - 128});
  }

  static void fold(FakeQuantOp op) {
    quant::QuantizedType type = getTrainedType(op);
    // Another user of the tensor would see other values than before.
    if (!type || !op.getInput().hasOneUse())
      return;
    setGivenType(op.getInput(), type);
    op.getOutput().replaceAllUsesWith(op.getInput());
    op.erase();
  }

  /// The pair's result becomes the float tensor in front of it, which remembers the type.
  static void fold(QuantizeOp op) {
    Value input = op.getInput();
    auto type = dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(op.getOutput().getType()));
    if (!type || !getElementTypeOrSelf(input.getType()).isF32())
      return;
    SmallVector<DequantizeOp> pairs;
    for (Operation *user : op->getUsers())
      if (auto pair = dyn_cast<DequantizeOp>(user))
        pairs.push_back(pair);
    // Another user of the float tensor, or of the integers, would see other values than before.
    if (pairs.empty() || pairs.size() != size_t(std::distance(op->user_begin(), op->user_end())) ||
        !input.hasOneUse())
      return;
    setGivenType(input, getSignedType(type));
    for (DequantizeOp pair : pairs) {
      pair.getOutput().replaceAllUsesWith(input);
      pair.erase();
    }
    op.erase();
  }
};

} // namespace
