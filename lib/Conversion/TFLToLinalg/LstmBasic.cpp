//===- LstmBasic.cpp - lowering of the basic LSTM kernel ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"
#include "FloatFunctions.h"
#include "RecurrentLayers.h"
#include "StackedWeights.h"
#include "TFL/IR/ElementTypes.h"
#include "Utils.h"
#include "WordFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

/// The gates' order among the sums.
enum BasicGate : unsigned { BasicInput, BasicCell, BasicForget, BasicOutput };

/// One step: the sums of all gates and what they make of the state.
class BasicStep {
public:
  BasicStep(OpBuilder &builder, Location loc, const tfl::BasicLstmOperands &model,
            const tfl::BasicLstmOperands &cell)
      : builder(builder), loc(loc), model(model), cell(cell),
        batch(tensor::getMixedSize(builder, loc, cell.input, 0)),
        units(cast<RankedTensorType>(cell.activation.getType()).getDimSize(1)) {}

  SmallVector<Value> create();

private:
  bool isFloat() const { return isa<FloatType>(getElementType(cell.input)); }
  Value createDestination(int64_t columns, Type type) {
    return createEmpty(builder, loc, {batch, builder.getIndexAttr(columns)}, type);
  }
  Value joinInputs();
  Value createByteSums(Value joined);
  Elements readGate(Value sums, unsigned gate);

  OpBuilder &builder;
  Location loc;
  const tfl::BasicLstmOperands &model, &cell;
  OpFoldResult batch;
  int64_t units;
};

} // namespace

/// The input and the last activation side by side.
Value BasicStep::joinInputs() {
  auto type = cast<RankedTensorType>(cell.weights.getType());
  Value joined = createDestination(type.getDimSize(1), getElementType(cell.input));
  SmallVector<OpFoldResult> strides(2, builder.getIndexAttr(1));
  int64_t column = 0;
  for (Value part : {cell.input, cell.activation}) {
    SmallVector<OpFoldResult> offsets = {builder.getIndexAttr(0), builder.getIndexAttr(column)};
    joined = tensor::InsertSliceOp::create(builder, loc, part, joined, offsets,
                                           tensor::getMixedSizes(builder, loc, part), strides);
    column += cast<RankedTensorType>(part.getType()).getDimSize(1);
  }
  return joined;
}

/// `value * multiplier`, rounded twice: halves go up the second time, as in the matrix library that
/// the reference calls here.
static Value rescaleUp(ScalarBuilder &b, Value value, FixedPointMultiplier multiplier) {
  value = b.shiftLeft(value, std::max(multiplier.shift, 0));
  value = multiplyHigh(b, value, b.integer(b.i32(), multiplier.value));
  if (multiplier.shift >= 0)
    return value;
  value = b.shiftRight(value, -multiplier.shift - 1);
  return b.shiftRight(b.add(value, 1), 1);
}

/// The sums of products of bytes, in 16 bits with three integer ones.
Value BasicStep::createByteSums(Value joined) {
  int32_t weightsZero = tfl::getQuantization(model.weights.getType())->zeroPoints[0];
  // The scale is 2^-12; the activations' zero point is always 128.
  FixedPointMultiplier scale =
      quantizeMultiplier(4096.0 * double(tfl::getQuantization(model.bias.getType())->scales[0]));
  Type i32 = builder.getI32Type(), i16 = builder.getI16Type();
  Value init = Elements::read(cell.bias).create(builder, loc, createDestination(4 * units, i32));
  AffineMap all = builder.getMultiDimIdentityMap(3);
  SmallVector<AffineMap> maps = {all.getSubMap({0, 2}), all.getSubMap({1, 2}),
                                 all.getMajorSubMap(2)};
  SmallVector<utils::IteratorType> iterators = {
      utils::IteratorType::parallel, utils::IteratorType::parallel, utils::IteratorType::reduction};
  Value sums =
      linalg::GenericOp::create(
          builder, loc, init.getType(), ValueRange{joined, cell.weights}, init, maps, iterators,
          [&](OpBuilder &nested, Location at, ValueRange args) {
            ScalarBuilder b(nested, at);
            Value x = b.add(b.emit<arith::ExtUIOp>(i32, args[0]), -128);
            Value w = b.add(b.emit<arith::ExtUIOp>(i32, args[1]), -int64_t(weightsZero));
            linalg::YieldOp::create(nested, at, b.add(args[2], b.mul(x, w)));
          })
          .getResult(0);
  return Elements::combine(Elements::read(sums),
                           [=](ScalarBuilder &b, ValueRange args) {
                             return saturateWord(b, rescaleUp(b, args[0], scale));
                           })
      .create(builder, loc, createDestination(4 * units, i16));
}

Elements BasicStep::readGate(Value sums, unsigned gate) {
  Elements sum = Elements::read(extractColumns(builder, loc, sums, gate, 4));
  bool isReal = isFloat();
  return Elements::combine(sum, [gate, isReal](ScalarBuilder &b, ValueRange args) -> Value {
    if (isReal)
      return gate == BasicCell ? b.emit<math::TanhOp>(args[0]) : emitLogistic(b, args[0]);
    return gate == BasicCell ? emitWordTanh(b, args[0], 3) : emitWordLogistic(b, args[0]);
  });
}

SmallVector<Value> BasicStep::create() {
  Value joined = joinInputs();
  Value sums;
  if (isFloat())
    sums = StackedWeights(builder, loc, cell.weights)
               .createProduct(builder, loc, joined, cell.bias,
                              createDestination(4 * units, builder.getF32Type()));
  else
    sums = createByteSums(joined);
  Elements input = readGate(sums, BasicInput), update = readGate(sums, BasicCell),
           forget = readGate(sums, BasicForget), output = readGate(sums, BasicOutput);
  Elements state = Elements::read(cell.state);
  if (isFloat()) {
    Value next = (input * update + forget * state)
                     .create(builder, loc, createDestination(units, builder.getF32Type()));
    Elements activated =
        Elements::combine(Elements::read(next), [](ScalarBuilder &b, ValueRange args) {
          return b.emit<math::TanhOp>(args[0]);
        });
    Value activation =
        (output * activated).create(builder, loc, createDestination(units, builder.getF32Type()));
    return {activation, next, joined, sums};
  }
  // The state has four integer bits; its hyperbolic tangent is taken with three.
  constexpr int stateBits = 4;
  Type i16 = builder.getI16Type();
  Value next =
      Elements::combine({input, update, forget, state}, [=](ScalarBuilder &b, ValueRange args) {
        Value added = b.divideByPowerOfTwo(multiplyWords(b, args[0], args[1]), stateBits);
        Value kept = multiplyWords(b, args[2], args[3]);
        return saturateWord(b, b.add(b.resize(added, b.i32()), b.resize(kept, b.i32())));
      }).create(builder, loc, createDestination(units, i16));
  Value activation =
      Elements::combine({output, Elements::read(next)}, [=](ScalarBuilder &b, ValueRange args) {
        Value value = b.shiftLeft(b.resize(args[1], b.i32()), stateBits - 3);
        Value product = multiplyWords(b, args[0], emitWordTanh(b, saturateWord(b, value), 3));
        Value byte = b.clamp(b.divideByPowerOfTwo(product, 8), -128, 127);
        return b.resize(b.add(byte, 128), b.i8());
      }).create(builder, loc, createDestination(units, builder.getI8Type()));
  return {activation, next, joined, sums};
}

SmallVector<Value> tflc::createBasicLstm(OpBuilder &builder, Location loc,
                                         const tfl::BasicLstmOperands &model,
                                         const tfl::BasicLstmOperands &converted) {
  return BasicStep(builder, loc, model, converted).create();
}
