//===- LayerStates.cpp - recurrent layers over a sequence -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerStates.h"

#include "DataMovement.h"
#include "TypeConverter.h"
#include "Utils.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

void LayerStates::read(OpBuilder &builder, Location loc, Value model, Value converted,
                       int64_t size) {
  StateTensor state(symbols, model, converted);
  // Its elements matter, not its shape.
  Value value = state.read(builder, loc);
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() != 2) {
    int64_t rows = type.hasStaticShape() ? type.getNumElements() / std::max<int64_t>(size, 1)
                                         : ShapedType::kDynamic;
    value = reshapeTo(builder, loc, value, {rows, size});
  }
  states.push_back(state);
  values.push_back(value);
}

void LayerStates::assign(OpBuilder &builder, Location loc) {
  for (auto [state, value] : llvm::zip_equal(states, values)) {
    if (state.isVariable())
      value = reshapeTo(builder, loc, value, state.getType().getShape());
    state.assign(builder, loc, value);
  }
}

/// An uninitialized tensor for the outputs of all steps of `input`.
static Value createOutputs(OpBuilder &builder, Location loc, Value input, RankedTensorType type) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  sizes.back() = builder.getIndexAttr(type.getShape().back());
  return createEmpty(builder, loc, sizes, type.getElementType());
}

Value tflc::takeStep(OpBuilder &builder, Location loc, RecurrentLayer &layer, LayerStates &states) {
  Value inputs = layer.createInputs(builder, loc);
  states.values = layer.createStep(builder, loc, inputs, states.values);
  states.assign(builder, loc);
  return states.values[0];
}

Value tflc::visitSequence(OpBuilder &builder, Location loc, RecurrentLayer &layer,
                          LayerStates &states, Value input, bool timeMajor, RankedTensorType type) {
  Value inputs = layer.createInputs(builder, loc);
  Value outputs = createOutputs(builder, loc, input, type);
  outputs = createSequence(builder, loc, layer, inputs, {timeMajor ? 0u : 1u}, outputs,
                           /*column=*/0, states.values);
  states.assign(builder, loc);
  return castTo(builder, loc, outputs, type);
}

SmallVector<Value> tflc::visitBothWays(OpBuilder &builder, Location loc, Operation *op, Value input,
                                       bool timeMajor, int64_t repeats,
                                       MutableArrayRef<Direction> directions) {
  bool isMerged = op->getNumResults() == 1;
  TFLTypeConverter converter;
  auto getType = [&](unsigned index) {
    return cast<RankedTensorType>(converter.convertType(op->getResult(index).getType()));
  };
  SmallVector<Value> carried, inputs;
  for (unsigned i = 0, end = op->getNumResults(); i < end; ++i)
    carried.push_back(createOutputs(builder, loc, input, getType(i)));
  size_t numOutputs = carried.size();
  for (Direction &direction : directions) {
    inputs.push_back(direction.layer->createInputs(builder, loc));
    llvm::append_range(carried, direction.states.values);
  }
  auto visit = [&](OpBuilder &nested, Location at, ValueRange before) {
    SmallVector<Value> outputs(before.take_front(numOutputs)), after;
    before = before.drop_front(numOutputs);
    int64_t column = 0;
    for (auto [index, direction] : llvm::enumerate(directions)) {
      size_t count = direction.states.values.size();
      SmallVector<Value> states(before.take_front(count));
      before = before.drop_front(count);
      Value &output = outputs[isMerged ? 0 : index];
      output = createSequence(nested, at, *direction.layer, inputs[index],
                              {timeMajor ? 0u : 1u, direction.isBackward}, output, column, states);
      if (isMerged)
        column += cast<RankedTensorType>(states[0].getType()).getDimSize(1);
      llvm::append_range(after, states);
    }
    llvm::append_range(outputs, after);
    return outputs;
  };
  if (repeats == 1) {
    carried = visit(builder, loc, carried);
  } else {
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    Value one = arith::ConstantIndexOp::create(builder, loc, 1);
    Value count = ShapedType::isDynamic(repeats)
                      ? tensor::DimOp::create(builder, loc, input, timeMajor ? 0 : 1).getResult()
                      : arith::ConstantIndexOp::create(builder, loc, repeats).getResult();
    auto loop = scf::ForOp::create(builder, loc, zero, count, one, carried,
                                   [&](OpBuilder &nested, Location at, Value, ValueRange args) {
                                     scf::YieldOp::create(nested, at, visit(nested, at, args));
                                   });
    carried.assign(loop.getResults().begin(), loop.getResults().end());
  }
  ArrayRef<Value> after = ArrayRef(carried).drop_front(numOutputs);
  for (Direction &direction : directions) {
    size_t count = direction.states.values.size();
    direction.states.values.assign(after.begin(), after.begin() + count);
    after = after.drop_front(count);
    direction.states.assign(builder, loc);
  }
  SmallVector<Value> results;
  for (unsigned i = 0; i < numOutputs; ++i)
    results.push_back(castTo(builder, loc, carried[i], getType(i)));
  return results;
}
