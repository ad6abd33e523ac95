//===- TabulateLowBits.cpp - functions of few bits as tables --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ByteFunctions.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace tflc {
#define GEN_PASS_DEF_TABULATELOWBITS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

/// Replaces long functions of few bits in a body.
class LowBitTables {
public:
  explicit LowBitTables(Block &body) : body(body), functions(body, tflc::FunctionRoot::LowBits) {}
  void run();

private:
  bool isRead(Value value, Value root) const;
  bool isWorthTable(ArrayRef<Operation *> ops) const;
  void replace(Value value, ArrayRef<Operation *> ops, ArrayRef<int64_t> table);

  Block &body;
  tflc::ByteFunctions functions;
  llvm::SmallPtrSet<Operation *, 32> tabulated; ///< what a table before this one has computed
};

struct TabulateLowBitsPass : tflc::impl::TabulateLowBitsBase<TabulateLowBitsPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    if (target->vectorBits != 0)
      return; // one load for each lane
    getOperation().walk([&](linalg::GenericOp op) {
      if (op.getNumParallelLoops() == op.getNumLoops() && op.hasPureTensorSemantics())
        LowBitTables(*op.getBody()).run();
    });
  }
};

} // namespace

/// Whether something other than a function of the same bits reads `value`.
bool LowBitTables::isRead(Value value, Value root) const {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    return user->getNumResults() != 1 || functions.root(user->getResult(0)) != root;
  });
}

/// A look-up is an index and a load, and the address of the table stays in a register at best.
bool LowBitTables::isWorthTable(ArrayRef<Operation *> ops) const {
  constexpr int64_t least = 8;
  return llvm::count_if(ops, [&](Operation *op) { return !tabulated.contains(op); }) >= least;
}

void LowBitTables::replace(Value value, ArrayRef<Operation *> ops, ArrayRef<int64_t> table) {
  SmallVector<Location> locations;
  for (Operation *op : ops)
    locations.push_back(op->getLoc());
  unsigned width = value.getType().getIntOrFloatBitWidth();
  SmallVector<APInt> entries;
  for (int64_t entry : table)
    entries.push_back(APInt(width, entry, /*isSigned=*/true, /*implicitTrunc=*/true));
  ImplicitLocOpBuilder b(FusedLoc::get(value.getContext(), locations), body.getParentOp());
  auto type = RankedTensorType::get({static_cast<int64_t>(table.size())}, value.getType());
  Value constant = arith::ConstantOp::create(b, DenseElementsAttr::get(type, entries));
  b.setInsertionPointAfterValue(value);
  Value index = arith::IndexCastUIOp::create(b, b.getIndexType(), functions.root(value));
  value.replaceAllUsesWith(tensor::ExtractOp::create(b, constant, ValueRange{index}).getResult());
}

void LowBitTables::run() {
  constexpr unsigned mostBits = 16; // of an entry
  SmallVector<Value> ends;
  for (Operation &op : body.without_terminator()) {
    Value value = op.getNumResults() == 1 ? op.getResult(0) : Value();
    Value root = value ? functions.root(value) : Value();
    if (root && root != value && value.getType().isInteger() &&
        value.getType().getIntOrFloatBitWidth() <= mostBits && isRead(value, root))
      ends.push_back(value);
  }
  for (Value value : ends) {
    SmallVector<Operation *> ops = functions.opsOf(value);
    if (!isWorthTable(ops))
      continue;
    auto table = functions.tabulate(value);
    if (!table)
      continue;
    tabulated.insert(ops.begin(), ops.end());
    replace(value, ops, *table);
  }
  tflc::eraseDeadOps(body);
}
