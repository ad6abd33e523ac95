//===- Quantization.cpp - lowering of changes of the type -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"
#include "PopulatePatterns.h"
#include "TFL/IR/QuantizationOps.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// One scale
//===----------------------------------------------------------------------===//

/// Reals to stored integers; all values are floats.
static Value quantize(ScalarBuilder &b, Value real, Value scale, Value zeroPoint,
                      IntegerRange limits, Type storage) {
  // Clamped as floats: the limits and zero points of 8 and 16 bits are exact there, and every value
  // then fits an integer. A NaN gives the lower limit.
  Value scaled = b.emit<arith::DivFOp>(real, scale);
  Value rounded = b.add(b.emit<math::RoundOp>(scaled), zeroPoint);
  rounded = b.emit<arith::MaxNumFOp>(rounded, b.constant(b.f32(), limits.min));
  rounded = b.emit<arith::MinNumFOp>(rounded, b.constant(b.f32(), limits.max));
  return b.resize(b.emit<arith::FPToSIOp>(b.i32(), rounded), storage);
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

static ElementBody getCastBody(tfl::CastOp op) {
  Type from = op.getInput().getType().getElementType(), to = op.getType().getElementType();
  bool isFromUnsigned = isUnsignedElement(from), isToUnsigned = isUnsignedElement(to);
  Type storage = getStorageElementType(to);
  if (to.isUnsignedInteger(64))
    return nullptr;
  return [=](ScalarBuilder &b, ValueRange args) -> Value {
    Value value = args[0];
    bool isReal = isa<FloatType>(value.getType());
    if (to.isInteger(1)) {
      Value zero = b.constant(value.getType(), 0);
      return b.storeBool(isReal ? b.compare(arith::CmpFPredicate::UNE, value, zero)
                                : b.compare(arith::CmpIPredicate::ne, value, zero));
    }
    if (auto real = dyn_cast<FloatType>(storage)) {
      if (!isReal)
        return isFromUnsigned ? b.emit<arith::UIToFPOp>(real, value)
                              : b.emit<arith::SIToFPOp>(real, value);
      unsigned have = value.getType().getIntOrFloatBitWidth(), want = real.getWidth();
      if (have == want)
        return value;
      return have < want ? b.emit<arith::ExtFOp>(real, value)
                         : b.emit<arith::TruncFOp>(real, value);
    }
    if (isReal)
      return b.resize(truncateFloat(b, value, storage.getIntOrFloatBitWidth(), isToUnsigned),
                      storage);
    if (value.getType().getIntOrFloatBitWidth() < storage.getIntOrFloatBitWidth() && isFromUnsigned)
      return b.emit<arith::ExtUIOp>(storage, value);
    return b.resize(value, storage);
  };
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void tflc::populateQuantizationPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::QuantizeOp>(converter, patterns, getQuantizeBody);
  addElementwise<tfl::DequantizeOp>(converter, patterns, getDequantizeBody);
  addElementwise<tfl::CastOp>(converter, patterns, getCastBody);
  patterns.add<PerAxisLowering<tfl::QuantizeOp>, PerAxisLowering<tfl::DequantizeOp>>(
      converter, patterns.getContext());
}
