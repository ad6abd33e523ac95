//===- FoldFakeQuant.cpp - take over the ranges of trained models ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GivenTypes.h"
#include "QuantizedConstants.h"

#include "TFL/IR/QuantizationOps.h"
#include "TFL/Transforms/Passes.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_FOLDFAKEQUANTPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

namespace {

class FoldFakeQuant : public tflc::tfl::impl::FoldFakeQuantPassBase<FoldFakeQuant> {
  void runOnOperation() override {
    SmallVector<QuantizeOp> ops;
    getOperation().walk([&](QuantizeOp op) { ops.push_back(op); });
    for (QuantizeOp op : ops)
      fold(op);
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
