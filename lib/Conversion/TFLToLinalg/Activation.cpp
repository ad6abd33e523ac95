//===- Activation.cpp - lowering of activations and unary functions -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"
#include "PopulatePatterns.h"
#include "TFL/IR/TFLDialect.h"
#include "tflc/Quantization/Table.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Clamps
//===----------------------------------------------------------------------===//

/// RELU and its kin on their own. The rescaling of 16 bits is left out, as the kernels do.
template <typename OpTy> static ElementBody getClampBody(OpTy op, StringRef activation) {
  std::string name = activation.str();
  auto in = getAffineQuantization(op.getInput().getType());
  auto out = getAffineQuantization(op.getType());
  if (!in && isa<FloatType>(op.getInput().getType().getElementType()))
    return [=](ScalarBuilder &b, ValueRange args) {
      return clampFloat(b.getBuilder(), b.getLoc(), args[0], name);
    };
  if (!in || !out)
    return nullptr;
  IntegerRange range = getActivatedRange(*out, name);
  FixedPointMultiplier scale = quantizeMultiplier(double(in->scale) / double(out->scale));
  return [=](ScalarBuilder &b, ValueRange args) {
    Value value = b.center(args[0], *in);
    if (in->width == 8)
      value = b.rescale(value, scale);
    return b.store(b.add(value, out->zeroPoint), range, *out);
  };
}

static ElementBody getReluBody(tfl::ReluOp op) { return getClampBody(op, "RELU"); }
static ElementBody getRelu6Body(tfl::Relu6Op op) { return getClampBody(op, "RELU6"); }
static ElementBody getReluN1To1Body(tfl::ReluN1To1Op op) {
  return getClampBody(op, "RELU_N1_TO_1");
}

//===----------------------------------------------------------------------===//
// Float functions
//===----------------------------------------------------------------------===//

static Value sigmoid(ScalarBuilder &b, Value x) {
  Value one = b.constant(x.getType(), 1.0);
  Value negated = b.emit<arith::NegFOp>(x);
  return b.emit<arith::DivFOp>(one, b.add(one, b.emit<math::ExpOp>(negated)));
}

static Value hardSwish(ScalarBuilder &b, Value x) {
  Type type = x.getType();
  Value moved = b.add(x, b.constant(type, 3.0));
  Value clamped = b.emit<arith::MinimumFOp>(b.emit<arith::MaximumFOp>(moved, b.constant(type, 0.0)),
                                            b.constant(type, 6.0));
  return b.mul(b.mul(x, clamped), b.constant(type, 1.0f / 6.0f));
}

template <typename OpTy> static Value emitFloat(ScalarBuilder &b, Value x) {
  if constexpr (std::is_same_v<OpTy, tfl::LogisticOp>)
    return sigmoid(b, x);
  else if constexpr (std::is_same_v<OpTy, tfl::HardSwishOp>)
    return hardSwish(b, x);
  else if constexpr (std::is_same_v<OpTy, tfl::TanhOp>)
    return b.emit<math::TanhOp>(x);
  else if constexpr (std::is_same_v<OpTy, tfl::SquareOp>)
    return b.mul(x, x);
  else if constexpr (std::is_same_v<OpTy, tfl::SqrtOp>)
    return b.emit<math::SqrtOp>(x);
  else if constexpr (std::is_same_v<OpTy, tfl::RsqrtOp>)
    return b.emit<arith::DivFOp>(b.constant(x.getType(), 1.0), b.emit<math::SqrtOp>(x));
  else if constexpr (std::is_same_v<OpTy, tfl::ExpOp>)
    return b.emit<math::ExpOp>(x);
  else if constexpr (std::is_same_v<OpTy, tfl::AbsOp>)
    return b.emit<math::AbsFOp>(x);
  else
    return b.emit<arith::NegFOp>(x);
}

template <typename OpTy> static ElementBody getFloatBody(OpTy op) {
  if (!isa<FloatType>(op.getInput().getType().getElementType()))
    return nullptr;
  return [](ScalarBuilder &b, ValueRange args) { return emitFloat<OpTy>(b, args[0]); };
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

static float realSigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

template <typename OpTy>
static Table8 makeTable(const AffineQuantization &in, const AffineQuantization &out) {
  TableScale input = {in.scale, in.zeroPoint}, output = {out.scale, out.zeroPoint};
  if constexpr (std::is_same_v<OpTy, tfl::LogisticOp>)
    return makeRealTable8(in.isSigned, input, output, realSigmoid);
  else if constexpr (std::is_same_v<OpTy, tfl::TanhOp>)
    return makeRealTable8(in.isSigned, input, output, [](float x) { return std::tanh(x); });
  else
    return makeHardSwishTable(in.isSigned, input, output);
}

namespace {

/// A function of bytes: one look-up for each element.
template <typename OpTy> struct TableLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    if (!in || !out || in->width != 8 || out->width != 8 || in->isSigned != out->isSigned)
      return rewriter.notifyMatchFailure(op, "not a function of bytes");
    Location loc = op.getLoc();
    Table8 entries = makeTable<OpTy>(*in, *out);
    auto type = RankedTensorType::get({256}, rewriter.getI8Type());
    Value table = arith::ConstantOp::create(
        rewriter, loc,
        DenseElementsAttr::getFromRawBuffer(
            type, ArrayRef(reinterpret_cast<const char *>(entries.data()), entries.size())));
    Value input = adaptor.getInput();
    Value result = buildElementwise(
        rewriter, loc, input, tensor::getMixedSizes(rewriter, loc, input), rewriter.getI8Type(),
        [&](OpBuilder &builder, Location at, ValueRange args) -> Value {
          Value index = arith::IndexCastUIOp::create(builder, at, builder.getIndexType(), args[0]);
          return tensor::ExtractOp::create(builder, at, table, index);
        });
    rewriter.replaceOp(
        op, castTo(rewriter, loc, result, this->getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

} // namespace

void tflc::populateActivationPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::ReluOp>(converter, patterns, getReluBody);
  addElementwise<tfl::Relu6Op>(converter, patterns, getRelu6Body);
  addElementwise<tfl::ReluN1To1Op>(converter, patterns, getReluN1To1Body);
  addElementwise<tfl::LogisticOp>(converter, patterns, getFloatBody<tfl::LogisticOp>);
  addElementwise<tfl::TanhOp>(converter, patterns, getFloatBody<tfl::TanhOp>);
  addElementwise<tfl::HardSwishOp>(converter, patterns, getFloatBody<tfl::HardSwishOp>);
  addElementwise<tfl::SquareOp>(converter, patterns, getFloatBody<tfl::SquareOp>);
  addElementwise<tfl::SqrtOp>(converter, patterns, getFloatBody<tfl::SqrtOp>);
  addElementwise<tfl::RsqrtOp>(converter, patterns, getFloatBody<tfl::RsqrtOp>);
  addElementwise<tfl::ExpOp>(converter, patterns, getFloatBody<tfl::ExpOp>);
  addElementwise<tfl::AbsOp>(converter, patterns, getFloatBody<tfl::AbsOp>);
  addElementwise<tfl::NegOp>(converter, patterns, getFloatBody<tfl::NegOp>);
  patterns.add<TableLowering<tfl::LogisticOp>, TableLowering<tfl::TanhOp>,
               TableLowering<tfl::HardSwishOp>>(converter, patterns.getContext());
}
