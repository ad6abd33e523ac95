//===- ExpandLookup.cpp - tables of bytes in the target's registers -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/ConstantPool.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDLOOKUP
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using tflc::tflrt::LookupOp;

/// Looks up chunks of the machine's width, the last one filled up with lanes that nobody reads.
static Value expandNatively(LookupOp op, const tflc::Instructions &instructions) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  int64_t total = cast<VectorType>(op.getType()).getNumElements();
  int64_t lanes = instructions.lookupLanes(total);
  Value result;
  for (int64_t start = 0; start < total; start += lanes) {
    SmallVector<int64_t> pick(lanes), back(total);
    for (int64_t lane = 0; lane < lanes; ++lane)
      pick[lane] = std::min(start + lane, total - 1);
    Value indices = op.getIndices();
    if (total != lanes)
      indices = vector::ShuffleOp::create(b, indices, indices, pick);
    Value chunk = instructions.lookUp(b, op.getTable(), indices);
    if (total == lanes)
      return chunk;
    // Into its place in a vector of all lanes.
    for (int64_t lane = 0; lane < total; ++lane)
      back[lane] = std::clamp<int64_t>(lane - start, 0, lanes - 1);
    Value placed = vector::ShuffleOp::create(b, chunk, chunk, back);
    if (!result) {
      result = placed;
      continue;
    }
    for (int64_t lane = 0; lane < total; ++lane)
      back[lane] = lane < start ? lane : total + lane;
    result = vector::ShuffleOp::create(b, result, placed, back);
  }
  return result;
}

/// One load for each lane.
static Value expandGenerically(LookupOp op, tflc::ConstantPool &pool) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  ArrayRef<int8_t> bytes = op.getTable();
  Value table = pool.get(b, op.getLoc(), b.getI8Type(),
                         ArrayRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
  auto type = cast<VectorType>(op.getType());
  SmallVector<Value> elements;
  for (int64_t lane = 0; lane < type.getNumElements(); ++lane) {
    Value index = arith::IndexCastUIOp::create(
        b, b.getIndexType(), vector::ExtractOp::create(b, op.getIndices(), lane).getResult());
    elements.push_back(memref::LoadOp::create(b, table, index));
  }
  return vector::FromElementsOp::create(b, type, elements);
}

namespace {
struct ExpandLookupPass : tflc::impl::ExpandLookupBase<ExpandLookupPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    auto instructions = tflc::Instructions::create(*target);
    tflc::ConstantPool pool(getOperation());
    SmallVector<LookupOp> ops;
    getOperation().walk([&](LookupOp op) { ops.push_back(op); });
    for (LookupOp op : ops) {
      int64_t total = op.getType().getNumElements();
      op.replaceAllUsesWith(instructions->lookupLanes(total) ? expandNatively(op, *instructions)
                                                             : expandGenerically(op, pool));
      op.erase();
    }
  }
};
} // namespace
