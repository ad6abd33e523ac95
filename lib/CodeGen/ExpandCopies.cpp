//===- ExpandCopies.cpp - strided copies become loops ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDCOPIES
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {
struct ExpandCopiesPass : public tflc::impl::ExpandCopiesBase<ExpandCopiesPass> {
  void runOnOperation() override {
    SmallVector<memref::CopyOp> copies;
    getOperation()->walk([&](memref::CopyOp copy) {
      auto isContiguous = [](Value value) {
        auto type = dyn_cast<MemRefType>(value.getType());
        return type && memref::isStaticShapeAndContiguousRowMajor(type);
      };
      if (!isContiguous(copy.getSource()) || !isContiguous(copy.getTarget()))
        copies.push_back(copy);
    });
    for (memref::CopyOp copy : copies)
      if (failed(expand(copy)))
        return signalPassFailure();
  }

  LogicalResult expand(memref::CopyOp copy) {
    auto type = dyn_cast<MemRefType>(copy.getTarget().getType());
    if (!type || !isa<MemRefType>(copy.getSource().getType()))
      return copy.emitOpError("of an unranked memref cannot be expanded");
    OpBuilder builder(copy);
    AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
    SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
    linalg::GenericOp::create(builder, copy.getLoc(), copy.getSource(), copy.getTarget(),
                              ArrayRef<AffineMap>{identity, identity}, iterators,
                              [](OpBuilder &nested, Location loc, ValueRange arguments) {
                                linalg::YieldOp::create(nested, loc, arguments.front());
                              });
    copy.erase();
    return success();
  }
};
} // namespace
