//===- FoldByteFunctions.cpp - elementwise chains as one table ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ByteFunctions.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {
#define GEN_PASS_DEF_FOLDBYTEFUNCTIONS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

struct FoldByteFunctionsPass : tflc::impl::FoldByteFunctionsBase<FoldByteFunctionsPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    getOperation().walk([&](linalg::GenericOp op) {
      if (op.getNumParallelLoops() == op.getNumLoops() && op.hasPureTensorSemantics())
        foldIn(*op.getBody(), *target);
    });
  }

private:
  void foldIn(Block &body, const tflc::TargetInfo &target);
  static bool isSlowerThanTable(ArrayRef<Operation *> ops, const tflc::TargetInfo &target);
};

} // namespace

/// A chain that reads a table already can as well read another one, and nothing else. Of others,
/// rescaling is what takes longer than a table. Where it is done in float, once does if few
/// instructions look up a vector of bytes, and twice if more are needed.
bool FoldByteFunctionsPass::isSlowerThanTable(ArrayRef<Operation *> ops,
                                              const tflc::TargetInfo &target) {
  auto count = [&](auto is) { return llvm::count_if(ops, is); };
  int64_t tables = count([](Operation *op) { return isa<tensor::ExtractOp>(op); });
  if (tables > 0) {
    constexpr int64_t opsOfLookup = 2; // the index and the load
    return static_cast<int64_t>(ops.size()) > opsOfLookup;
  }
  bool loadsLanes = target.vectorBits != 0 && !target.instructions.looksUp();
  int64_t rescalings = count([](Operation *op) { return isa<tflc::tflrt::RescaleOp>(op); });
  constexpr unsigned entriesOfFastLookup = 128;
  bool isFast = target.instructions.lookup->entries >= entriesOfFastLookup;
  return !loadsLanes && rescalings > (target.instructions.floatRescale && !isFast ? 1 : 0);
}

void FoldByteFunctionsPass::foldIn(Block &body, const tflc::TargetInfo &target) {
  tflc::ByteFunctions functions(body);
  // Only the ends of chains: what something other than a function of the same byte reads.
  SmallVector<Value> ends;
  for (Operation &op : body.without_terminator()) {
    if (op.getNumResults() != 1 || !op.getResult(0).getType().isInteger(8))
      continue;
    Value value = op.getResult(0), root = functions.root(value);
    if (!root || root == value)
      continue;
    auto isOutside = [&](Operation *user) {
      return user->getNumResults() != 1 || functions.root(user->getResult(0)) != root;
    };
    if (llvm::any_of(value.getUsers(), isOutside) &&
        isSlowerThanTable(functions.opsOf(value), target))
      ends.push_back(value);
  }
  for (Value value : ends) {
    auto values = functions.tabulate(value);
    if (!values)
      continue;
    SmallVector<int8_t> bytes(values->begin(), values->end());
    SmallVector<Location> locations;
    for (Operation *op : functions.opsOf(value))
      locations.push_back(op->getLoc());
    ImplicitLocOpBuilder b(FusedLoc::get(value.getContext(), locations), body.getParentOp());
    auto type = RankedTensorType::get({256}, b.getI8Type());
    Value table =
        arith::ConstantOp::create(b, DenseElementsAttr::get(type, ArrayRef<int8_t>(bytes)));
    b.setInsertionPoint(value.getDefiningOp());
    Value index = arith::IndexCastUIOp::create(b, b.getIndexType(), functions.root(value));
    value.replaceAllUsesWith(tensor::ExtractOp::create(b, table, ValueRange{index}).getResult());
  }
  tflc::eraseDeadOps(body);
}
