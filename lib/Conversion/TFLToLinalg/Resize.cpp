//===- Resize.cpp - lowering of the resize family -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ResizeOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

namespace {

/// How one dimension is resized. All of its positions are known, so they are tables.
struct ResizedAxis {
  int64_t input, output;
  bool alignCorners, halfPixelCenters;

  float getScale() const {
    if (alignCorners && output > 1)
      return float(input - 1) / float(output - 1);
    return float(input) / float(output);
  }

  /// The scale with 10 fractional bits.
  int64_t getFixedScale() const {
    if (alignCorners && output > 1)
      return ((input - 1) * 1024 + (output - 1) / 2) / (output - 1);
    return (input * 1024 + output / 2) / output;
  }
};

/// For each place of the result the two neighbours in the input, and the distance from the lower
/// one.
template <typename Distance> struct Neighbours {
  SmallVector<int32_t> low, high;
  SmallVector<Distance> distance;
};

} // namespace

static SmallVector<int32_t> getNearest(const ResizedAxis &axis) {
  float scale = axis.getScale(), offset = axis.halfPixelCenters ? 0.5f : 0.0f;
  SmallVector<int32_t> places;
  for (int64_t i = 0; i < axis.output; ++i) {
    float at = (float(i) + offset) * scale;
    int64_t place = int64_t(axis.alignCorners ? std::round(at) : std::floor(at));
    places.push_back(int32_t(std::clamp<int64_t>(place, 0, axis.input - 1)));
  }
  return places;
}

static Neighbours<float> getNeighbours(const ResizedAxis &axis) {
  float scale = axis.getScale();
  Neighbours<float> result;
  for (int64_t i = 0; i < axis.output; ++i) {
    float at = axis.halfPixelCenters ? (float(i) + 0.5f) * scale - 0.5f : float(i) * scale;
    int64_t low = std::max<int64_t>(int64_t(std::floor(at)), 0);
    int64_t high = std::min<int64_t>(int64_t(std::ceil(at)), axis.input - 1);
    low = std::min(low, axis.input - 1);
    result.low.push_back(int32_t(low));
    result.high.push_back(int32_t(std::max<int64_t>(high, 0)));
    result.distance.push_back(at - float(low));
  }
  return result;
}

static Neighbours<int32_t> getFixedNeighbours(const ResizedAxis &axis) {
  int64_t scale = axis.getFixedScale();
  Neighbours<int32_t> result;
  for (int64_t i = 0; i < axis.output; ++i) {
    int64_t at = i * scale + (axis.halfPixelCenters ? scale / 2 - 512 : 0);
    int64_t low = std::clamp<int64_t>(at / 1024, 0, axis.input - 1);
    int64_t high = std::clamp<int64_t>((at + 1023) / 1024, 0, axis.input - 1);
    result.low.push_back(int32_t(low));
    result.high.push_back(int32_t(high));
    result.distance.push_back(int32_t(at - low * 1024));
  }
  return result;
}

template <typename T>
static Value createTable(OpBuilder &builder, Location loc, ArrayRef<T> values) {
  Type element = std::is_same_v<T, float> ? Type(builder.getF32Type()) : builder.getI32Type();
  auto type = RankedTensorType::get({int64_t(values.size())}, element);
  return arith::ConstantOp::create(builder, loc, type, DenseElementsAttr::get(type, values));
}

template <typename Op> static std::optional<std::pair<ResizedAxis, ResizedAxis>> getAxes(Op op) {
  auto input = op.getInput().getType(), output = op.getOutput().getType();
  for (int64_t dim : {1, 2})
    if (input.isDynamicDim(dim) || output.isDynamicDim(dim))
      return std::nullopt;
  auto getAxis = [&](int64_t dim) {
    return ResizedAxis{input.getDimSize(dim), output.getDimSize(dim), op.getAlignCorners(),
                       op.getHalfPixelCenters()};
  };
  return std::make_pair(getAxis(1), getAxis(2));
}

/// Over the pixels [n, y, x, c] of the result, with tables by y and tables by x.
static Value buildResize(
    OpBuilder &builder, Location loc, Value input, ValueRange yTables, ValueRange xTables,
    RankedTensorType type,
    llvm::function_ref<Value(OpBuilder &, Location, Value n, Value c, ValueRange y, ValueRange x)>
        body) {
  auto getMap = [&](unsigned dim) { return AffineMap::get(4, 0, builder.getAffineDimExpr(dim)); };
  SmallVector<Value> tables(yTables);
  llvm::append_range(tables, xTables);
  SmallVector<AffineMap> maps(yTables.size(), getMap(1));
  maps.append(xTables.size(), getMap(2));
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  for (int64_t dim : {1, 2})
    sizes[dim] = builder.getIndexAttr(type.getDimSize(dim));
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
    auto axes = getAxes(op);
    if (!axes)
      return rewriter.notifyMatchFailure(op, "a dimension is unknown");
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value y = createTable<int32_t>(rewriter, loc, getNearest(axes->first));
    Value x = createTable<int32_t>(rewriter, loc, getNearest(axes->second));
    rewriter.replaceOp(
        op,
        buildResize(rewriter, loc, adaptor.getInput(), y, x, type,
                    [&](OpBuilder &b, Location l, Value n, Value c, ValueRange ys, ValueRange xs) {
                      return getPixel(b, l, adaptor.getInput(), n, ys[0], xs[0], c);
                    }));
    return success();
  }
};

struct ConvertBilinear : OpConversionPattern<tfl::ResizeBilinearOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ResizeBilinearOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto axes = getAxes(op);
    Type element = op.getType().getElementType();
    bool isUnsigned = tfl::isStoredInteger(element, 8, /*isSigned=*/false);
    bool isFixed = tfl::isStoredInteger(element, 8) || tfl::isStoredInteger(element, 16);
    if (!axes || (!element.isF32() && !isUnsigned && !isFixed))
      return rewriter.notifyMatchFailure(op, "unknown dimensions or another type");
    Location loc = op.getLoc();
    SmallVector<Value> y, x;
    auto addTables = [&](SmallVector<Value> &tables, const auto &neighbours) {
      tables.push_back(createTable(rewriter, loc, ArrayRef(neighbours.low)));
      tables.push_back(createTable(rewriter, loc, ArrayRef(neighbours.high)));
      tables.push_back(createTable(rewriter, loc, ArrayRef(neighbours.distance)));
    };
    if (isFixed) {
      addTables(y, getFixedNeighbours(axes->first));
      addTables(x, getFixedNeighbours(axes->second));
    } else {
      addTables(y, getNeighbours(axes->first));
      addTables(x, getNeighbours(axes->second));
    }
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value result = buildResize(
        rewriter, loc, adaptor.getInput(), y, x, type,
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
      Value term = arith::MulIOp::create(b, l, widen(pixel), i % 2 ? y : restY);
      term = arith::MulIOp::create(b, l, term, i / 2 ? x : restX);
      sum = sum ? arith::AddIOp::create(b, l, sum, term).getResult() : term;
    }
    Value isPositive =
        arith::CmpIOp::create(b, l, arith::CmpIPredicate::sgt, sum, createZero(b, l, wide));
    Value half = arith::SelectOp::create(b, l, isPositive, createInt(b, l, wide, 1 << 19),
                                         createInt(b, l, wide, -(1 << 19)));
    sum = arith::AddIOp::create(b, l, sum, half);
    sum = arith::DivSIOp::create(b, l, sum, createInt(b, l, wide, 1 << 20));
    return arith::TruncIOp::create(b, l, stored, sum);
  }
};

} // namespace

void tflc::populateResizePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertBilinear, ConvertNearest>(converter, patterns.getContext());
}
