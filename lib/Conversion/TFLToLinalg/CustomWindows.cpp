//===- CustomWindows.cpp - MediaPipe's poolings and convolution -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CustomLowerings.h"
#include "Loops.h"
#include "Utils.h"

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ConvolutionOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace tflc;

namespace {
/// One axis of a pooling: sizes of input and output are those of the side with more elements and
/// the side with fewer.
struct PoolAxis {
  int64_t large, small, filter, stride;
  int64_t getPadding() const {
    return std::max<int64_t>((small - 1) * stride + filter - large, 0) / 2;
  }
};
} // namespace

static Value number(ScalarBuilder &b, int64_t value) {
  return b.integer(b.getBuilder().getIndexType(), value);
}

/// The place of tap `tap` of window `window` on the large side; negative ones are large numbers.
static Value getPlace(ScalarBuilder &b, const PoolAxis &axis, Value window, Value tap) {
  Value start = b.emit<arith::MulIOp>(window, number(b, axis.stride));
  return b.emit<arith::SubIOp>(b.emit<arith::AddIOp>(start, tap), number(b, axis.getPadding()));
}

static Value isInside(ScalarBuilder &b, const PoolAxis &axis, Value place) {
  return b.compare(arith::CmpIPredicate::ult, place, number(b, axis.large));
}

/// The greatest element of each window, or with `isPosition` where in its window it stands.
static Value poolMaximum(ConversionPatternRewriter &rewriter, Location loc, Value input,
                         const PoolAxis &y, const PoolAxis &x, StringRef activation,
                         bool isPosition) {
  auto sizes = tensor::getMixedSizes(rewriter, loc, input);
  sizes[1] = rewriter.getIndexAttr(y.small);
  sizes[2] = rewriter.getIndexAttr(x.small);
  return buildElementwise(
      rewriter, loc, {}, sizes, rewriter.getF32Type(),
      [&](OpBuilder &builder, Location at, ValueRange) -> Value {
        ScalarBuilder b(builder, at);
        SmallVector<Value> place;
        for (unsigned dim = 0; dim < 4; ++dim)
          place.push_back(linalg::IndexOp::create(builder, at, dim));
        Value lowest = b.constant(b.f32(), std::numeric_limits<float>::lowest());
        SmallVector<Value> best = buildLoops(
            b, {number(b, y.filter), number(b, x.filter)}, {lowest, number(b, 0)},
            [&](ScalarBuilder &b, ValueRange tap, ValueRange args) -> SmallVector<Value> {
              Value row = getPlace(b, y, place[1], tap[0]),
                    column = getPlace(b, x, place[2], tap[1]);
              Value isHere = b.emit<arith::AndIOp>(isInside(b, y, row), isInside(b, x, column));
              Value zero = number(b, 0);
              Value element = extract(b, input,
                                      {place[0], b.select(isHere, row, zero),
                                       b.select(isHere, column, zero), place[3]});
              Value isMore = b.compare(arith::CmpFPredicate::OGT, element, args[0]);
              Value isBest = b.emit<arith::AndIOp>(isHere, isMore);
              Value position =
                  b.emit<arith::AddIOp>(b.emit<arith::MulIOp>(tap[0], number(b, x.filter)), tap[1]);
              return {b.select(isBest, element, args[0]), b.select(isBest, position, args[1])};
            });
        if (!isPosition)
          return clampFloat(builder, at, best[0], activation);
        Value position = b.emit<arith::SIToFPOp>(b.f32(), castFromIndex(b, best[1], b.i32()));
        return b.emit<arith::AddFOp>(position, b.constant(b.f32(), 0.1f));
      });
}

/// Puts each element where its position says, into a tensor of zeros.
static Value unpool(ConversionPatternRewriter &rewriter, Location loc, Value input, Value positions,
                    const PoolAxis &y, const PoolAxis &x) {
  ScalarBuilder outer(rewriter, loc);
  auto sizes = tensor::getMixedSizes(rewriter, loc, input);
  sizes[1] = rewriter.getIndexAttr(y.large);
  sizes[2] = rewriter.getIndexAttr(x.large);
  Value zeros = createFilled(rewriter, loc, sizes, outer.constant(outer.f32(), 0));
  SmallVector<Value> loops;
  for (int64_t dim = 0; dim < 4; ++dim)
    loops.push_back(getSize(outer, input, dim));
  return buildLoops(
      outer, loops, zeros,
      [&](ScalarBuilder &b, ValueRange at, ValueRange carried) -> SmallVector<Value> {
        Value real = extract(b, positions, at), zero = b.constant(b.f32(), 0);
        // Positions come from data; NaN and what no integer holds are nowhere.
        constexpr double maxPosition = 1 << 24;
        Value isSound = b.emit<arith::AndIOp>(
            b.compare(arith::CmpFPredicate::OGE, real, zero),
            b.compare(arith::CmpFPredicate::OLT, real, b.constant(b.f32(), maxPosition)));
        Value position =
            castToIndex(b, b.emit<arith::FPToSIOp>(b.i32(), b.select(isSound, real, zero)));
        Value width = number(b, x.filter);
        Value row = getPlace(b, y, at[1], b.emit<arith::DivUIOp>(position, width));
        Value column = getPlace(b, x, at[2], b.emit<arith::RemUIOp>(position, width));
        Value isHere = b.emit<arith::AndIOp>(
            isSound, b.emit<arith::AndIOp>(isInside(b, y, row), isInside(b, x, column)));
        return buildIf(b, isHere, carried,
                       [&](ScalarBuilder &b, ValueRange args) -> SmallVector<Value> {
                         Value element = extract(b, input, at);
                         return {insert(b, element, args[0], {at[0], row, column, at[3]})};
                       });
      })[0];
}

/// TRANSPOSE_CONV computes it, once the shape of the result is known.
static FailureOr<SmallVector<Value>> replaceByTransposeConv(ConversionPatternRewriter &rewriter,
                                                            tfl::CustomOp op,
                                                            const tfl::WindowOptions &options) {
  auto type = cast<RankedTensorType>(op.getOutputs()[0].getType());
  if (!type.hasStaticShape())
    return failure();
  SmallVector<int32_t> shape(type.getShape().begin(), type.getShape().end());
  auto shapeType = RankedTensorType::get(4, rewriter.getI32Type());
  Value sizes = tfl::ConstOp::create(rewriter, op.getLoc(), shapeType,
                                     DenseElementsAttr::get(shapeType, ArrayRef<int32_t>(shape)));
  auto attr = [&](StringRef name, Attribute value) { return rewriter.getNamedAttr(name, value); };
  SmallVector<NamedAttribute> attributes = {
      attr("padding", rewriter.getStringAttr(options.isSame ? "SAME" : "VALID")),
      attr("stride_w", rewriter.getI32IntegerAttr(options.strideX)),
      attr("stride_h", rewriter.getI32IntegerAttr(options.strideY)),
      attr("fused_activation_function", rewriter.getStringAttr("NONE"))};
  auto conv = tfl::TransposeConvOp::create(
      rewriter, op.getLoc(), TypeRange{type},
      ValueRange{sizes, op.getInputs()[1], op.getInputs()[0], op.getInputs()[2]}, attributes);
  return SmallVector<Value>{conv->getResult(0)};
}

FailureOr<SmallVector<Value>> tflc::lowerWindow(ConversionPatternRewriter &rewriter,
                                                tfl::CustomOp op, ValueRange operands,
                                                const tfl::WindowOptions &options) {
  if (op.getCustomCode() == "Convolution2DTransposeBias")
    return replaceByTransposeConv(rewriter, op, options);
  auto input = cast<RankedTensorType>(operands[0].getType());
  auto output = cast<RankedTensorType>(op.getOutputs()[0].getType());
  for (int64_t dim : {1, 2})
    if (input.isDynamicDim(dim) || output.isDynamicDim(dim))
      return failure();
  bool isUnpooling = op.getCustomCode() == "MaxUnpooling2D";
  RankedTensorType large = isUnpooling ? output : input, small = isUnpooling ? input : output;
  PoolAxis y = {large.getDimSize(1), small.getDimSize(1), options.filterY, options.strideY};
  PoolAxis x = {large.getDimSize(2), small.getDimSize(2), options.filterX, options.strideX};
  Location loc = op.getLoc();
  if (isUnpooling)
    return SmallVector<Value>{unpool(rewriter, loc, operands[0], operands[1], y, x)};
  return SmallVector<Value>{
      poolMaximum(rewriter, loc, operands[0], y, x, options.activation, /*isPosition=*/false),
      poolMaximum(rewriter, loc, operands[0], y, x, options.activation, /*isPosition=*/true)};
}
