//===- ExpandShapes.cpp - splits of dimensions into several open ones -----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDSHAPES
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;

/// Whether several parts of one dimension are unknown.
static bool hasOpenGroup(memref::ExpandShapeOp op) {
  MemRefType type = op.getResultType();
  return llvm::any_of(op.getReassociationIndices(), [&](const ReassociationIndices &group) {
    return llvm::count_if(group, [&](int64_t dim) { return type.isDynamicDim(dim); }) > 1;
  });
}

static void expand(memref::ExpandShapeOp op) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto view = memref::ExtractStridedMetadataOp::create(builder, loc, op.getSrc());
  SmallVector<OpFoldResult> sizes = op.getMixedOutputShape(), strides(sizes.size());
  SmallVector<OpFoldResult> sourceStrides = view.getConstifiedMixedStrides();
  for (auto [source, group] : llvm::enumerate(op.getReassociationIndices())) {
    OpFoldResult stride = sourceStrides[source];
    for (int64_t dim : llvm::reverse(group)) {
      strides[dim] = stride;
      Value size = getValueOrCreateConstantIndexOp(builder, loc, sizes[dim]);
      Value step = getValueOrCreateConstantIndexOp(builder, loc, stride);
      stride = builder.createOrFold<arith::MulIOp>(loc, step, size);
    }
  }
  // The result's layout says which of these are constants.
  auto [known, offset] = op.getResultType().getStridesAndOffset();
  for (auto [stride, value] : llvm::zip_equal(known, strides))
    if (!ShapedType::isDynamic(stride))
      value = builder.getIndexAttr(stride);
  OpFoldResult start = view.getConstifiedMixedOffset();
  op.replaceAllUsesWith(memref::ReinterpretCastOp::create(builder, loc, op.getResultType(),
                                                          view.getBaseBuffer(), start, sizes,
                                                          strides)
                            .getResult());
  op.erase();
}

namespace {
struct ExpandShapesPass : public tflc::impl::ExpandShapesBase<ExpandShapesPass> {
  void runOnOperation() override {
    SmallVector<memref::ExpandShapeOp> ops;
    getOperation()->walk([&](memref::ExpandShapeOp op) {
      if (hasOpenGroup(op))
        ops.push_back(op);
    });
    llvm::for_each(ops, expand);
  }
};
} // namespace
