//===- Resize.cpp - lowering of the resize family -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ResizePlaces.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ResizeOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace tflc;

namespace {

/// How the height and the width of an image are resized.
struct ResizedAxes {
  ResizedAxis height, width;
};

} // namespace

/// Sizes of the input are positive, and new ones are what the operator takes; others end the
/// invocation.
template <typename Op>
static ResizedAxes getResizedAxes(OpBuilder &builder, Op op, Value input, Value size,
                                  RankedTensorType type) {
  IndexMath math(builder, op.getLoc());
  SizeChecks checks(builder, op.getLoc());
  auto getAxis = [&](int64_t dim) -> ResizedAxis {
    OpFoldResult from = tensor::getMixedSize(builder, op.getLoc(), input, dim);
    OpFoldResult to = math.get(type.getDimSize(dim));
    if (type.isDynamicDim(dim))
      to = math.getElement(op.getSize(), size, dim - 1);
    return {checks.requireAtLeast(from, 1), checks.requireAtLeast(to, op.getLeastSize()),
            op.getAlignCorners(), op.getHalfPixelCenters()};
  };
  ResizedAxes axes = {getAxis(1), getAxis(2)};
  checks.finish();
  return axes;
}

/// Over the pixels [n, y, x, c] of the result, with tables by y and tables by x.
static Value buildResize(
    OpBuilder &builder, Location loc, Value input, const ResizedAxes &axes, ValueRange yTables,
    ValueRange xTables, RankedTensorType type,
    llvm::function_ref<Value(OpBuilder &, Location, Value n, Value c, ValueRange y, ValueRange x)>
        body) {
  auto getMap = [&](unsigned dim) { return AffineMap::get(4, 0, builder.getAffineDimExpr(dim)); };
  SmallVector<Value> tables(yTables);
  llvm::append_range(tables, xTables);
  SmallVector<AffineMap> maps(yTables.size(), getMap(1));
  maps.append(xTables.size(), getMap(2));
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  sizes[1] = axes.height.output;
  sizes[2] = axes.width.output;
  Value result = buildElementwise(builder, loc, tables, maps, sizes, type.getElementType(),
                                  [&](OpBuilder &b, Location l, ValueRange args) {
                                    Value n = linalg::IndexOp::create(b, l, 0);
                                    Value c = linalg::IndexOp::create(b, l, 3);
                                    return body(b, l, n, c, args.take_front(yTables.size()),
                                                args.drop_front(yTables.size()));
                                  });
  return castTo(builder, loc, result, type);
}

static Value getPixel(OpBuilder &builder, Location loc, Value input, Value n, Value y, Value x,
                      Value c) {
  Type index = builder.getIndexType();
  return tensor::ExtractOp::create(builder, loc, input,
                                   ValueRange{n, arith::IndexCastOp::create(builder, loc, index, y),
                                              arith::IndexCastOp::create(builder, loc, index, x),
                                              c});
}

namespace {

struct ConvertNearest : OpConversionPattern<tfl::ResizeNearestNeighborOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ResizeNearestNeighborOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    ResizedAxes axes = getResizedAxes(rewriter, op, adaptor.getInput(), adaptor.getSize(), type);
    Value y = createNearestTable(rewriter, loc, axes.height);
    Value x = createNearestTable(rewriter, loc, axes.width);
    Value result =
        buildResize(rewriter, loc, adaptor.getInput(), axes, y, x, type,
                    [&](OpBuilder &b, Location l, Value n, Value c, ValueRange ys, ValueRange xs) {
                      return getPixel(b, l, adaptor.getInput(), n, ys[0], xs[0], c);
                    });
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct ConvertBilinear : OpConversionPattern<tfl::ResizeBilinearOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ResizeBilinearOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type element = op.getType().getElementType();
    bool isUnsigned = tfl::isStoredInteger(element, 8, /*isSigned=*/false);
    bool isFixed = tfl::isStoredInteger(element, 8) || tfl::isStoredInteger(element, 16);
    if (!element.isF32() && !isUnsigned && !isFixed)
      return rewriter.notifyMatchFailure(op, "no arithmetic for this type");
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    ResizedAxes axes = getResizedAxes(rewriter, op, adaptor.getInput(), adaptor.getSize(), type);
    NeighbourTables y = createNeighbourTables(rewriter, loc, axes.height, isFixed);
    NeighbourTables x = createNeighbourTables(rewriter, loc, axes.width, isFixed);
    Value result = buildResize(
        rewriter, loc, adaptor.getInput(), axes, {y.low, y.high, y.distance},
        {x.low, x.high, x.distance}, type,
        [&](OpBuilder &b, Location l, Value n, Value c, ValueRange ys, ValueRange xs) {
          SmallVector<Value> pixels;
          for (auto [row, column] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}})
            pixels.push_back(getPixel(b, l, adaptor.getInput(), n, ys[row], xs[column], c));
          return isFixed ? interpolateFixed(b, l, pixels, ys[2], xs[2])
                         : interpolate(b, l, pixels, ys[2], xs[2]);
        });
    rewriter.replaceOp(op, result);
    return success();
  }

  /// `pixels`: upper left, lower left, upper right, lower right.
  static Value interpolate(OpBuilder &b, Location l, ArrayRef<Value> pixels, Value y, Value x) {
    Type stored = pixels[0].getType(), f32 = b.getF32Type();
    Value one = createFloat(b, l, f32, 1.0);
    Value restY = arith::SubFOp::create(b, l, one, y), restX = arith::SubFOp::create(b, l, one, x);
    Value sum;
    for (auto [i, pixel] : llvm::enumerate(pixels)) {
      Value real = pixel;
      if (stored != f32)
        real = arith::UIToFPOp::create(b, l, f32, pixel);
      Value term = arith::MulFOp::create(b, l, real, i % 2 ? y : restY);
      term = arith::MulFOp::create(b, l, term, i / 2 ? x : restX);
      sum = sum ? arith::AddFOp::create(b, l, sum, term).getResult() : term;
    }
    if (stored == f32)
      return sum;
    Value half = createFloat(b, l, f32, 0.5);
    Value whole =
        arith::FPToSIOp::create(b, l, b.getI32Type(), arith::AddFOp::create(b, l, sum, half));
    return arith::TruncIOp::create(b, l, stored, whole);
  }

  static Value interpolateFixed(OpBuilder &b, Location l, ArrayRef<Value> pixels, Value y,
                                Value x) {
    // 8-bit pixels times two weights of at most 11 bits fit in 32 bits.
    Type stored = pixels[0].getType();
    Type wide = stored.isInteger(8) ? b.getI32Type() : b.getI64Type();
    auto widen = [&](Value value) -> Value {
      return value.getType() == wide ? value
                                     : arith::ExtSIOp::create(b, l, wide, value).getResult();
    };
    y = widen(y);
    x = widen(x);
    Value one = createInt(b, l, wide, 1024);
    Value restY = arith::SubIOp::create(b, l, one, y), restX = arith::SubIOp::create(b, l, one, x);
    Value sum;
    for (auto [i, pixel] : llvm::enumerate(pixels)) {
      // All channels have the product of the weights in common.
      Value weight = arith::MulIOp::create(b, l, i % 2 ? y : restY, i / 2 ? x : restX);
      Value term = arith::MulIOp::create(b, l, widen(pixel), weight);
      sum = sum ? arith::AddIOp::create(b, l, sum, term).getResult() : term;
    }
    // Divided by 2^20, halves away from zero.
    ScalarBuilder scalars(b, l);
    Value sign = scalars.shiftRight(sum, wide.getIntOrFloatBitWidth() - 1);
    sum = scalars.shiftRight(scalars.add(scalars.add(sum, sign), 1 << 19), 20);
    return arith::TruncIOp::create(b, l, stored, sum);
  }
};

} // namespace

void tflc::populateResizePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertBilinear, ConvertNearest>(converter, patterns.getContext());
}
