//===- Quantization.cpp - lowering of changes of the type -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"
#include "FloatFunctions.h"
#include "PopulatePatterns.h"

#include "TFL/IR/QuantizationOps.h"
#include "tflc/Quantization/FakeQuantization.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// One scale
//===----------------------------------------------------------------------===//

/// Reals to stored integers; all values are floats.
static Value quantize(ScalarBuilder &b, Value real, Value scale, Value zeroPoint,
                      IntegerRange limits, Type storage) {
  return emitRounded(b, b.emit<arith::DivFOp>(real, scale), zeroPoint, limits, storage);
}

static ElementBody getQuantizeBody(tfl::QuantizeOp op) {
  auto in = getAffineQuantization(op.getInput().getType());
  auto out = getAffineQuantization(op.getType());
  if (!out)
    return nullptr;
  if (in) {
    FixedPointMultiplier scale = quantizeMultiplier(double(in->scale) / double(out->scale));
    bool isSame = in->scale == out->scale && in->width == 8 && out->width == 8;
    return [=](ScalarBuilder &b, ValueRange args) {
      Value value = b.center(args[0], *in);
      if (!isSame)
        value = b.rescale(value, scale);
      return b.store(b.add(value, out->zeroPoint), out->limits, *out);
    };
  }
  if (!op.getInput().getType().getElementType().isF32() || out->width > 16)
    return nullptr;
  return [=](ScalarBuilder &b, ValueRange args) {
    return quantize(b, args[0], b.constant(b.f32(), out->scale),
                    b.constant(b.f32(), out->zeroPoint), out->limits,
                    b.getBuilder().getIntegerType(std::max(out->width, 8u)));
  };
}

static ElementBody getDequantizeBody(tfl::DequantizeOp op) {
  Type element = op.getInput().getType().getElementType();
  if (element.isF16())
    return
        [](ScalarBuilder &b, ValueRange args) { return b.emit<arith::ExtFOp>(b.f32(), args[0]); };
  auto in = getAffineQuantization(op.getInput().getType());
  if (!in)
    return nullptr;
  return [=](ScalarBuilder &b, ValueRange args) {
    Value value = b.emit<arith::SIToFPOp>(b.f32(), b.center(args[0], *in));
    return b.mul(value, b.constant(b.f32(), in->scale));
  };
}

//===----------------------------------------------------------------------===//
// One scale for each channel
//===----------------------------------------------------------------------===//

namespace {
/// QUANTIZE of floats and DEQUANTIZE with scales along one dimension, which are constant vectors.
template <typename OpTy> struct PerAxisLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  static constexpr bool isQuantize = std::is_same_v<OpTy, tfl::QuantizeOp>;

  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    RankedTensorType real = op.getInput().getType(), stored = op.getType();
    if (!isQuantize)
      std::swap(real, stored);
    auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(stored.getElementType());
    if (!perAxis || !real.getElementType().isF32() || perAxis.getStorageTypeIntegralWidth() > 16)
      return rewriter.notifyMatchFailure(op, "not floats and integers with scales for channels");
    Location loc = op.getLoc();
    SmallVector<float> scales, zeroPoints;
    for (auto [scale, zeroPoint] : llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints())) {
      scales.push_back(float(scale));
      zeroPoints.push_back(float(zeroPoint));
    }
    auto type = RankedTensorType::get({int64_t(scales.size())}, rewriter.getF32Type());
    auto constant = [&](ArrayRef<float> values) -> Value {
      return arith::ConstantOp::create(rewriter, loc, DenseElementsAttr::get(type, values));
    };
    int64_t rank = stored.getRank();
    AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
    AffineMap channel = identity.getSubMap({unsigned(perAxis.getQuantizedDimension())});
    Value input = adaptor.getInput();
    SmallVector<Value> inputs = {input, constant(scales), constant(zeroPoints)};
    auto resultType = cast<RankedTensorType>(this->getTypeConverter()->convertType(op.getType()));
    IntegerRange limits = {int32_t(perAxis.getStorageTypeMin()),
                           int32_t(perAxis.getStorageTypeMax())};
    bool isSigned = perAxis.isSigned();
    Value result = buildElementwise(
        rewriter, loc, inputs, {identity, channel, channel},
        getBroadcastSizes(rewriter, loc, input), resultType.getElementType(),
        [&](OpBuilder &builder, Location at, ValueRange args) -> Value {
          ScalarBuilder b(builder, at);
          if (isQuantize)
            return quantize(b, args[0], args[1], args[2], limits, resultType.getElementType());
          Value value = isSigned ? b.emit<arith::SIToFPOp>(b.f32(), args[0])
                                 : b.emit<arith::UIToFPOp>(b.f32(), args[0]);
          return b.mul(b.sub(value, args[2]), args[1]);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, resultType));
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// CAST
//===----------------------------------------------------------------------===//

/// Floats to integers of `width` bits, limited to the type. Nothing that does not fit reaches the
/// conversion.
static Value truncateFloat(ScalarBuilder &b, Value value, unsigned width, bool isUnsigned) {
  if (isa<FloatType>(value.getType()) && value.getType().getIntOrFloatBitWidth() < 32)
    value = b.emit<arith::ExtFOp>(b.f32(), value);
  // Signed and wide enough for unsigned types too; not every target converts to 64 bits.
  Type type = value.getType(), wide = width > 32 || (width == 32 && isUnsigned) ? b.i64() : b.i32();
  double high = std::ldexp(1.0, int(width) - (isUnsigned ? 0 : 1)), low = isUnsigned ? 0 : -high;
  int64_t most = width == 64 ? INT64_MAX : int64_t(high) - 1,
          least = width == 64 ? INT64_MIN : int64_t(low);
  Value isHigh = b.compare(arith::CmpFPredicate::UGE, value, b.constant(type, high));
  Value isLow = b.compare(arith::CmpFPredicate::OLT, value, b.constant(type, low));
  Value isOutside = b.emit<arith::OrIOp>(isHigh, isLow);
  Value safe = b.select(isOutside, b.constant(type, 0), value);
  Value integer = b.emit<arith::FPToSIOp>(wide, safe);
  integer = b.select(isHigh, b.integer(wide, most), integer);
  return b.select(isLow, b.integer(wide, least), integer);
}

/// A number as a float of type `real`; halves are rounded from float32.
static Value castToFloat(ScalarBuilder &b, Value value, FloatType real, bool isUnsigned) {
  Type type = value.getType();
  Type wide = real.getWidth() == 16 ? b.f32() : Type(real);
  if (isa<IntegerType>(type))
    value =
        isUnsigned ? b.emit<arith::UIToFPOp>(wide, value) : b.emit<arith::SIToFPOp>(wide, value);
  else if (type.getIntOrFloatBitWidth() < wide.getIntOrFloatBitWidth())
    value = b.emit<arith::ExtFOp>(wide, value);
  else if (type.getIntOrFloatBitWidth() > wide.getIntOrFloatBitWidth())
    value = b.emit<arith::TruncFOp>(wide, value);
  return wide == real ? value : b.emit<arith::TruncFOp>(real, value);
}

/// A number as an integer of the storage type of `to`.
static Value castToInt(ScalarBuilder &b, Value value, Type to, bool isFromUnsigned) {
  Type storage = getStorageElementType(to);
  unsigned width = storage.getIntOrFloatBitWidth();
  if (isa<FloatType>(value.getType()))
    value = b.resize(truncateFloat(b, value, width, isUnsignedElement(to)), storage);
  else if (value.getType().getIntOrFloatBitWidth() < width && isFromUnsigned)
    value = b.emit<arith::ExtUIOp>(storage, value);
  else
    value = b.resize(value, storage);
  // Four bits are stored with their sign.
  return to.isInteger(4) ? b.shiftRight(b.shiftLeft(value, 4), 4) : value;
}

static ElementBody getCastBody(tfl::CastOp op) {
  Type from = op.getInput().getType().getElementType(), to = op.getType().getElementType();
  bool isFromUnsigned = isUnsignedElement(from);
  if (from == to)
    return [](ScalarBuilder &, ValueRange args) { return args[0]; };
  return [=](ScalarBuilder &b, ValueRange args) -> Value {
    Value value = args[0];
    if (isa<ComplexType>(value.getType()))
      value = b.emit<complex::ReOp>(value);
    if (to.isInteger(1)) {
      Value zero = b.constant(value.getType(), 0);
      return b.storeBool(isa<FloatType>(value.getType())
                             ? b.compare(arith::CmpFPredicate::UNE, value, zero)
                             : b.compare(arith::CmpIPredicate::ne, value, zero));
    }
    if (auto real = dyn_cast<FloatType>(to))
      return castToFloat(b, value, real, isFromUnsigned);
    if (auto complex = dyn_cast<ComplexType>(to)) {
      auto part = cast<FloatType>(complex.getElementType());
      return b.emit<complex::CreateOp>(to, castToFloat(b, value, part, isFromUnsigned),
                                       b.constant(part, 0));
    }
    return castToInt(b, value, to, isFromUnsigned);
  };
}

//===----------------------------------------------------------------------===//
// FAKE_QUANT, BUCKETIZE
//===----------------------------------------------------------------------===//

/// `value` limited to [low, high]; a NaN counts as `low`.
static Value limit(ScalarBuilder &b, Value value, float low, float high) {
  Value least = b.constant(b.f32(), low), most = b.constant(b.f32(), high);
  value = b.select(b.compare(arith::CmpFPredicate::OGT, value, least), value, least);
  return b.select(b.compare(arith::CmpFPredicate::OLT, value, most), value, most);
}

static ElementBody getFakeQuantBody(tfl::FakeQuantOp op) {
  FakeQuantization q = getFakeQuantization(op.getMin().convertToFloat(),
                                           op.getMax().convertToFloat(), int32_t(op.getNumBits()));
  return [=](ScalarBuilder &b, ValueRange args) {
    Value low = b.constant(b.f32(), q.min), scale = b.constant(b.f32(), q.scale);
    Value steps =
        b.mul(b.sub(limit(b, args[0], q.min, q.max), low), b.constant(b.f32(), 1.0f / q.scale));
    return b.add(b.mul(b.emit<math::RoundOp>(steps), scale), low);
  };
}

namespace {
/// Counts the boundaries that an element is not below.
struct BucketizeLowering : OpConversionPattern<tfl::BucketizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::BucketizeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    unsigned rank = sizes.size();
    Value zeros =
        createFilled(rewriter, loc, sizes, createZero(rewriter, loc, rewriter.getI32Type()));
    Value result = zeros;
    if (!op.getBoundaries().empty()) {
      auto type =
          RankedTensorType::get({int64_t(op.getBoundaries().size())}, rewriter.getF32Type());
      Value boundaries = arith::ConstantOp::create(
          rewriter, loc, DenseElementsAttr::get(type, op.getBoundaries()));
      AffineMap whole = rewriter.getMultiDimIdentityMap(rank + 1), each = whole.dropResult(rank);
      SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
      iterators.push_back(utils::IteratorType::reduction);
      auto last = AffineMap::get(rank + 1, 0, rewriter.getAffineDimExpr(rank));
      result = linalg::GenericOp::create(
                   rewriter, loc, zeros.getType(), ValueRange{adaptor.getInput(), boundaries},
                   zeros, ArrayRef<AffineMap>{each, last, each}, iterators,
                   [](OpBuilder &builder, Location at, ValueRange args) {
                     ScalarBuilder b(builder, at);
                     linalg::YieldOp::create(builder, at, count(b, args[0], args[1], args[2]));
                   })
                   .getResult(0);
    }
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }

private:
  static Value count(ScalarBuilder &b, Value value, Value boundary, Value sum) {
    if (isa<IntegerType>(value.getType()))
      value = b.emit<arith::SIToFPOp>(b.f32(), value);
    if (value.getType() != boundary.getType())
      boundary = b.emit<arith::ExtFOp>(value.getType(), boundary);
    Value isBehind = b.compare(arith::CmpFPredicate::UGE, value, boundary);
    return b.add(sum, b.emit<arith::ExtUIOp>(b.i32(), isBehind));
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void tflc::populateQuantizationPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::QuantizeOp>(converter, patterns, getQuantizeBody);
  addElementwise<tfl::DequantizeOp>(converter, patterns, getDequantizeBody);
  addElementwise<tfl::CastOp>(converter, patterns, getCastBody);
  addElementwise<tfl::FakeQuantOp>(converter, patterns, getFakeQuantBody);
  patterns
      .add<PerAxisLowering<tfl::QuantizeOp>, PerAxisLowering<tfl::DequantizeOp>, BucketizeLowering>(
          converter, patterns.getContext());
}
