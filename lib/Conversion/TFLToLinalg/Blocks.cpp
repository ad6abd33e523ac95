//===- Blocks.cpp - lowering of blocks that become channels or images -----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "TFL/IR/PermuteOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace tflc;

namespace {

using Sizes = SmallVector<OpFoldResult>;

/// The type of `value` with other sizes.
RankedTensorType withSizes(Value value, ArrayRef<OpFoldResult> sizes) {
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes)
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(shape, getElementType(value));
}

/// Splits dimensions, permutes, merges: `split` has the sizes in between, `perm` reorders them.
Value rearrange(OpBuilder &builder, Location loc, Value value, ArrayRef<OpFoldResult> split,
                ArrayRef<int64_t> perm, ArrayRef<OpFoldResult> merged) {
  Value result = reshapeTo(builder, loc, value, withSizes(value, split), split);
  result = transpose(builder, loc, result, perm);
  return reshapeTo(builder, loc, result, withSizes(value, merged), merged);
}

struct ConvertSpaceToDepth : OpConversionPattern<tfl::SpaceToDepthOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SpaceToDepthOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Sizes in = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    OpFoldResult block = math.get(op.getBlockSize());
    OpFoldResult rows = math.div(in[1], block), columns = math.div(in[2], block);
    OpFoldResult depth = math.product({block, block, in[3]});
    Value result =
        rearrange(rewriter, loc, adaptor.getInput(), {in[0], rows, block, columns, block, in[3]},
                  {0, 1, 3, 2, 4, 5}, {in[0], rows, columns, depth});
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }
};

struct ConvertDepthToSpace : OpConversionPattern<tfl::DepthToSpaceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::DepthToSpaceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Sizes in = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    OpFoldResult block = math.get(op.getBlockSize());
    OpFoldResult depth = math.div(in[3], math.mul(block, block));
    Value result = rearrange(rewriter, loc, adaptor.getInput(),
                             {in[0], in[1], in[2], block, block, depth}, {0, 1, 3, 2, 4, 5},
                             {in[0], math.mul(in[1], block), math.mul(in[2], block), depth});
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }
};

/// The blocks of each spatial dimension and what lies before and behind its elements, known or read
/// from operands that are fed.
struct BatchBlocks {
  Sizes blocks, before, after;
};

template <typename Op>
BatchBlocks getBatchBlocks(OpBuilder &builder, Op op, Value block, Value model, Value margins) {
  IndexMath math(builder, op.getLoc());
  BatchBlocks result;
  for (int64_t i = 0; i < op.getInput().getType().getRank() - 2; ++i) {
    result.blocks.push_back(math.getElement(op.getBlockShape(), block, i));
    result.before.push_back(math.getElement(model, margins, 2 * i));
    result.after.push_back(math.getElement(model, margins, 2 * i + 1));
  }
  return result;
}

bool isAllZero(ArrayRef<OpFoldResult> sizes) {
  return llvm::all_of(sizes, [](OpFoldResult size) { return getConstantIntValue(size) == 0; });
}

struct ConvertSpaceToBatch : OpConversionPattern<tfl::SpaceToBatchNdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SpaceToBatchNdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value input = adaptor.getInput();
    auto [blocks, before, after] = getBatchBlocks(rewriter, op, adaptor.getBlockShape(),
                                                  op.getPaddings(), adaptor.getPaddings());
    SizeChecks checks(rewriter, loc);
    size_t numSpatial = blocks.size();
    for (size_t i = 0; i < numSpatial; ++i) {
      blocks[i] = checks.requireAtLeast(blocks[i], 1);
      before[i] = checks.requireAtLeast(before[i], 0);
      after[i] = checks.requireAtLeast(after[i], 0);
    }
    checks.finish();
    if (!isAllZero(before) || !isAllZero(after)) {
      Sizes low(op.getType().getRank(), math.get(0)), high = low;
      llvm::copy(before, low.begin() + 1);
      llvm::copy(after, high.begin() + 1);
      input = padTensor(
          rewriter, loc, input, low, high,
          createRealZero(rewriter, loc, op.getType(), getElementType(adaptor.getInput())));
    }
    // [n, y, dy, x, dx, c] to [dy, dx, n, y, x, c]
    Sizes in = tensor::getMixedSizes(rewriter, loc, input), split = {in[0]}, out = {in[0]};
    SmallVector<int64_t> perm, places;
    for (size_t i = 0; i < numSpatial; ++i) {
      out.push_back(math.div(in[i + 1], blocks[i]));
      out[0] = math.mul(out[0], blocks[i]);
      split.append({out.back(), blocks[i]});
      perm.push_back(2 * i + 2);
      places.push_back(2 * i + 1);
    }
    split.push_back(in.back());
    out.push_back(in.back());
    places.push_back(2 * numSpatial + 1);
    perm.push_back(0);
    llvm::append_range(perm, places);
    Value result = rearrange(rewriter, loc, input, split, perm, out);
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }
};

struct ConvertBatchToSpace : OpConversionPattern<tfl::BatchToSpaceNdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::BatchToSpaceNdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value input = adaptor.getInput();
    auto [blocks, before, after] =
        getBatchBlocks(rewriter, op, adaptor.getBlockShape(), op.getCrops(), adaptor.getCrops());
    Sizes in = tensor::getMixedSizes(rewriter, loc, input), split, out = {in[0]};
    SizeChecks checks(rewriter, loc);
    int64_t numSpatial = blocks.size();
    // [dy, dx, n, y, x, c] to [n, y, dy, x, dx, c]
    for (OpFoldResult &block : blocks) {
      block = checks.requireAtLeast(block, 1);
      split.push_back(block);
      out[0] = math.div(out[0], block);
    }
    split.push_back(out[0]);
    SmallVector<int64_t> perm = {numSpatial};
    Sizes offsets = {math.get(0)}, cropped = out;
    for (int64_t i = 0; i < numSpatial; ++i) {
      split.push_back(in[i + 1]);
      perm.append({numSpatial + 1 + i, i});
      out.push_back(math.mul(in[i + 1], blocks[i]));
      offsets.push_back(before[i]);
      cropped.push_back(math.sub(out.back(), math.add(before[i], after[i])));
    }
    checks.finish();
    split.push_back(in.back());
    perm.push_back(2 * numSpatial + 1);
    out.push_back(in.back());
    offsets.push_back(math.get(0));
    cropped.push_back(in.back());
    Value result = rearrange(rewriter, loc, input, split, perm, out);
    if (!isAllZero(before) || !isAllZero(after))
      result = sliceTensor(rewriter, loc, result, offsets, cropped);
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }
};

} // namespace

void tflc::populateBlockPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertSpaceToDepth, ConvertDepthToSpace, ConvertSpaceToBatch, ConvertBatchToSpace>(
      converter, patterns.getContext());
}
