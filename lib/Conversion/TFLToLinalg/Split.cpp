//===- Split.cpp - lowering of what cuts a tensor into parts --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "FedAxes.h"
#include "IndexMath.h"
#include "Loops.h"
#include "PopulatePatterns.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/SliceOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace tflc;

namespace {

/// The dimension along which a tensor is cut: one that is known, or one that data choose.
class CutDimension {
public:
  /// `model` is the operand that names the axis, `converted` the same after conversion.
  CutDimension(OpBuilder &builder, Location loc, Value input, Value model, Value converted)
      : builder(builder), loc(loc), sizes(tensor::getMixedSizes(builder, loc, input)) {
    known = tfl::evaluateInt(model);
    if (!known)
      fed.emplace(builder, loc, converted, sizes, /*numNamed=*/1);
    else if (*known < 0)
      *known += sizes.size();
  }

  OpFoldResult getSize() const {
    OpFoldResult size = sizes[0];
    for (size_t dim = 1; dim < sizes.size(); ++dim)
      size = choose(dim, sizes[dim], size);
    return size;
  }

  /// Slices of `input` of the sizes `parts` along the dimension, one after another, as `types`.
  SmallVector<Value> cut(Value input, ArrayRef<OpFoldResult> parts, TypeRange types) const {
    IndexMath math(builder, loc);
    OpFoldResult offset = math.get(0);
    SmallVector<Value> results;
    for (auto [part, type] : llvm::zip_equal(parts, types)) {
      SmallVector<OpFoldResult> offsets, extents;
      for (auto [dim, size] : llvm::enumerate(sizes)) {
        offsets.push_back(choose(dim, offset, math.get(0)));
        extents.push_back(choose(dim, part, size));
      }
      results.push_back(
          castTo(builder, loc, sliceTensor(builder, loc, input, offsets, extents), type));
      offset = math.add(offset, part);
    }
    return results;
  }

private:
  /// One of two sizes: whether this is the dimension decides.
  OpFoldResult choose(size_t dim, OpFoldResult here, OpFoldResult elsewhere) const {
    if (known)
      return int64_t(dim) == *known ? here : elsewhere;
    IndexMath math(builder, loc);
    ScalarBuilder b(builder, loc);
    return b.select(fed->isNamed(dim), math.getValue(here), math.getValue(elsewhere));
  }

  OpBuilder &builder;
  Location loc;
  SmallVector<OpFoldResult> sizes;
  std::optional<int64_t> known;
  std::optional<FedAxes> fed;
};

struct ConvertSplit : OpConversionPattern<tfl::SplitOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SplitOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return rewriter.notifyMatchFailure(op, "a type of a result is not supported");
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    CutDimension dimension(rewriter, loc, adaptor.getInput(), op.getAxis(), adaptor.getAxis());
    OpFoldResult size = dimension.getSize(), count = math.get(op.getNumSplits());
    OpFoldResult part = math.div(size, count);
    SizeChecks checks(rewriter, loc);
    checks.requireEqual(math.mul(part, count), size);
    checks.finish();
    SmallVector<OpFoldResult> parts(types.size(), part);
    rewriter.replaceOp(op, dimension.cut(adaptor.getInput(), parts, types));
    return success();
  }
};

struct ConvertSplitV : OpConversionPattern<tfl::SplitVOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SplitVOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return rewriter.notifyMatchFailure(op, "a type of a result is not supported");
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    CutDimension dimension(rewriter, loc, adaptor.getInput(), op.getAxis(), adaptor.getAxis());
    Value sizes = adaptor.getSizeSplits();
    SizeChecks checks(rewriter, loc);
    checks.requireEqual(tensor::getMixedSize(rewriter, loc, sizes, 0), math.get(types.size()));
    checks.finish();
    SmallVector<OpFoldResult> given;
    for (size_t i = 0; i < types.size(); ++i)
      given.push_back(math.getElement(op.getSizeSplits(), sizes, i));
    SmallVector<OpFoldResult> parts = getParts(rewriter, loc, dimension.getSize(), given);
    rewriter.replaceOp(op, dimension.cut(adaptor.getInput(), parts, types));
    return success();
  }

private:
  /// The sizes of the parts of a dimension of size `whole`, -1 in `given` replaced by the rest.
  /// Ends the invocation where a size is negative, there are two rests, or something is left or
  /// missing.
  static SmallVector<OpFoldResult> getParts(OpBuilder &builder, Location loc, OpFoldResult whole,
                                            ArrayRef<OpFoldResult> given) {
    IndexMath math(builder, loc);
    SizeChecks checks(builder, loc);
    OpFoldResult sum = math.get(0), numRests = math.get(0);
    SmallVector<OpFoldResult> isRest;
    for (OpFoldResult size : given) {
      size = checks.requireAtLeast(size, -1);
      isRest.push_back(isMinusOne(builder, loc, size));
      numRests = math.add(numRests, isRest.back());
      // Minus one adds nothing.
      sum = math.add(sum, math.add(size, isRest.back()));
    }
    // Without a part for it there is no rest.
    OpFoldResult rest = math.sub(whole, sum);
    checks.requireAtMost(numRests, math.get(1));
    checks.requireEqual(math.mul(rest, numRests), rest);
    rest = checks.requireAtLeast(rest, 0);
    checks.finish();
    SmallVector<OpFoldResult> parts;
    ScalarBuilder b(builder, loc);
    for (auto [size, flag] : llvm::zip_equal(given, isRest)) {
      OpFoldResult part = math.add(size, math.mul(flag, math.add(rest, math.get(1))));
      // No part is larger than the whole, which bounds the memory of the results.
      if (!getConstantIntValue(part))
        part = createSize(b, math.getValue(part), math.getValue(whole));
      parts.push_back(part);
    }
    return parts;
  }

  /// 1 where the size is -1, else 0.
  static OpFoldResult isMinusOne(OpBuilder &builder, Location loc, OpFoldResult size) {
    IndexMath math(builder, loc);
    if (std::optional<int64_t> known = getConstantIntValue(size))
      return math.get(*known == -1);
    ScalarBuilder b(builder, loc);
    Value isIt =
        b.compare(arith::CmpIPredicate::eq, math.getValue(size), math.getValue(math.get(-1)));
    return b.select(isIt, math.getValue(math.get(1)), math.getValue(math.get(0)));
  }
};

struct ConvertUnpack : OpConversionPattern<tfl::UnpackOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::UnpackOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    int64_t rank = op.getInput().getType().getRank();
    int64_t axis = int32_t(op.getAxis());
    axis = axis < 0 ? axis + rank : axis;
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    SmallVector<OpFoldResult> offsets(rank, rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(rank, rewriter.getIndexAttr(1));
    sizes[axis] = rewriter.getIndexAttr(1);
    SmallVector<Value> results;
    for (auto [i, type] : llvm::enumerate(op.getResultTypes())) {
      offsets[axis] = rewriter.getIndexAttr(i);
      auto converted = getTypeConverter()->convertType<RankedTensorType>(type);
      results.push_back(tensor::ExtractSliceOp::create(rewriter, loc, converted, adaptor.getInput(),
                                                       offsets, sizes, strides));
    }
    rewriter.replaceOp(op, results);
    return success();
  }
};

} // namespace

void tflc::populateSplitPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertSplit, ConvertSplitV, ConvertUnpack>(converter, patterns.getContext());
}
