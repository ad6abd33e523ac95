//===- Recurrence.cpp - a cell over the steps of a sequence ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Recurrence.h"

#include "StepLoop.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

static int64_t countGates(CellKind kind) {
  return kind == CellKind::LSTM ? 4 : kind == CellKind::GRU ? 3 : 1;
}

/// CuDNN holds the kernel of each gate column by column, the recurrent one transposed, and biases
/// for the products of the input and of the state.
void Recurrence::takeCudnnWeights() {
  Dataset first = layer.takeNumbers(child), second = layer.takeNumbers(child);
  Dataset both = layer.takeNumbers(child);
  int64_t gates = countGates(kind), size = gates * units;
  if (layer.hasFailed() || first.shape.size() != 2 || first.shape[1] != size ||
      int64_t(second.floats.size()) != units * size || int64_t(both.floats.size()) != 2 * size) {
    layer.fault("its weights do not have the sizes of its gates");
    return;
  }
  int64_t features = first.shape[0];
  std::vector<float> inner(features * size), outer(units * size), sum(size);
  for (int64_t gate = 0; gate < gates; ++gate)
    for (int64_t unit = 0; unit < units; ++unit) {
      int64_t column = gate * units + unit;
      for (int64_t i = 0; i < features; ++i) {
        int64_t place = i + unit * features;
        inner[i * size + column] =
            first.floats[place / units * size + gate * units + place % units];
      }
      for (int64_t i = 0; i < units; ++i)
        outer[i * size + column] = second.floats[unit * size + gate * units + i];
      sum[column] = both.floats[column] + both.floats[size + column];
    }
  kernel = layer.makeFloats(inner, {features, size});
  recurrent = layer.makeFloats(outer, {units, size});
  bias = layer.makeFloats(sum, {size});
  if (resetsAfter) {
    bias = layer.makeFloats(ArrayRef(both.floats).take_front(size), {size});
    recurrentBias = layer.makeFloats(ArrayRef(both.floats).drop_front(size), {size});
  }
}

void Recurrence::takeWeights() {
  units = layer.getInteger("units");
  int64_t size = units * countGates(kind);
  resetsAfter = kind == CellKind::GRU && layer.getFlag("reset_after", !layer.isKeras2);
  if (isCudnn)
    return takeCudnnWeights();
  kernel = layer.takeWeight(child);
  recurrent = layer.takeWeight(child);
  Integers shape = layer.getShape(kernel), square = layer.getShape(recurrent);
  if (layer.hasFailed() || units < 1 || shape.size() != 2 || square.size() != 2 ||
      shape[1] != size || square[0] != units || square[1] != size) {
    layer.fault("its weights do not have the sizes of its gates");
    return;
  }
  if (!layer.getFlag("use_bias", true)) {
    bias = layer.makeFloats(std::vector<float>(size, 0.0f), {size});
    recurrentBias = bias;
    return;
  }
  bias = layer.takeWeight(child);
  // GRU with two rows: of the products of the input and of the state.
  if (resetsAfter && layer.getRank(bias) == 2) {
    Value both = bias;
    bias = layer.squeeze(layer.slice(both, 0, 0, 1), 0);
    recurrentBias = layer.squeeze(layer.slice(both, 0, 1, 1), 0);
  }
}

//===----------------------------------------------------------------------===//
// One operator
//===----------------------------------------------------------------------===//

/// Whether TensorFlow Lite has an operator for the whole layer. Its cell state cannot be read.
bool Recurrence::isFused(ArrayRef<Value> states, bool returnsState) {
  if (!states.empty() || returnsState || mask)
    return false;
  auto nameOf = [&](StringRef key) { return getActivationName(layer.config.get(key)); };
  if (kind == CellKind::LSTM)
    return nameOf("activation") == "tanh" && nameOf("recurrent_activation") == "sigmoid";
  return kind == CellKind::Simple && nameOf("activation") == "tanh";
}

Value Recurrence::makeFused(Value x) {
  if (kind == CellKind::LSTM)
    return layer.make<tf::SequenceLstmOp>(x, kernel, recurrent, bias);
  return layer.make<tf::SequenceRnnOp>(x, kernel, recurrent, bias, "TANH");
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

SmallVector<Value> Recurrence::split(Value x, int64_t count) {
  Type type = RankedTensorType::get({layer.getShape(x).front(), units}, layer.getElementType(x));
  auto op = tf::SplitOp::create(layer.b, SmallVector<Type>(count, type), layer.makeIndex(1), x);
  return SmallVector<Value>(op.getResults());
}

/// One step: `products` are those of the input with the kernel, and the bias.
Values Recurrence::step(Value products, ArrayRef<Value> states) {
  Value h = states.front();
  auto add = [&](Value a, Value b) { return layer.make<tf::AddV2Op>(a, b); };
  auto multiply = [&](Value a, Value b) { return layer.make<tf::MulOp>(a, b); };
  auto output = [&](Value x) { return activate(layer, x); };
  if (kind == CellKind::Simple)
    return {output(add(products, layer.multiply(h, recurrent)))};
  if (kind == CellKind::LSTM) {
    SmallVector<Value> gates = split(add(products, layer.multiply(h, recurrent)), 4);
    Value c = add(multiply(gate(gates[1]), states[1]), multiply(gate(gates[0]), output(gates[2])));
    return {multiply(gate(gates[3]), output(c)), c};
  }
  // GRU: the gates are update, reset and the candidate.
  Value candidate, update;
  SmallVector<Value> x = split(products, 3);
  if (resetsAfter) {
    Value inner = layer.make<tf::BiasAddOp>(layer.multiply(h, recurrent), recurrentBias);
    SmallVector<Value> r = split(inner, 3);
    update = gate(add(x[0], r[0]));
    candidate = output(add(x[2], multiply(gate(add(x[1], r[1])), r[2])));
  } else {
    Value both = layer.multiply(h, layer.slice(recurrent, 1, 0, 2 * units));
    SmallVector<Value> r = split(both, 2);
    update = gate(add(x[0], r[0]));
    Value reset = multiply(gate(add(x[1], r[1])), h);
    candidate =
        output(add(x[2], layer.multiply(reset, layer.slice(recurrent, 1, 2 * units, units))));
  }
  Value difference = layer.make<tf::SubOp>(h, candidate);
  return {add(candidate, multiply(update, difference))};
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

Values Recurrence::makeFirstStates(Value x, bool isStateful) {
  Values states;
  for (size_t i = 0; i < countStates(kind); ++i)
    states.push_back(isStateful ? kept.read({layer.getShape(x).front(), units})
                                : makeZeros(layer, x, /*dims=*/1, {units}));
  return states;
}

/// `next` where the step counts, for each sample.
Value Recurrence::select(Value mask, Value number, Value next, Value otherwise) {
  Value counts = layer.make<tf::GatherV2Op>(mask, number, layer.makeIndex(1));
  return layer.makeAs<tf::SelectV2Op>(layer.getElementType(next), layer.expandDims(counts, 1), next,
                                      otherwise);
}

/// The products of the input are computed ahead of the loop, for all steps at once. The output of a
/// step that does not count is that before it, zero at first: the present state, unless that begins
/// with something else.
Values Recurrence::loop(Value x, ArrayRef<Value> states, bool areZeros, bool returnsSequence) {
  Value steps = readSize(layer, x, 1);
  Value products = layer.make<tf::BiasAddOp>(layer.multiply(x, kernel), bias);
  Value outputs = returnsSequence ? makeZeros(layer, x, /*dims=*/2, {units}) : Value();
  bool carriesOutput = mask && (zeroesMaskedOutput ? !returnsSequence : !areZeros);
  Values carried(states);
  if (carriesOutput)
    carried.insert(carried.begin(), makeZeros(layer, x, /*dims=*/1, {units}));
  auto compute = [&](Value number, ArrayRef<Value> present) {
    Value before = present.front();
    if (carriesOutput)
      present = present.drop_front();
    Value current = layer.make<tf::GatherV2Op>(products, number, layer.makeIndex(1));
    Values next = step(current, present);
    Value output = next.empty() ? Value() : next.front();
    if (mask && output) {
      if (zeroesMaskedOutput)
        before = layer.make<tf::ZerosLikeOp>(output);
      output = select(mask, number, output, before);
      for (auto [state, old] : zip_equal(next, present))
        state = select(mask, number, state, old);
    }
    if (carriesOutput)
      next.insert(next.begin(), output);
    return StepResult{next, output};
  };
  Values results = buildStepLoop(layer, steps, carried, outputs, compute);
  if (carriesOutput && !results.empty())
    results.erase(results.begin() + 1);
  return results;
}

Values Recurrence::build(ArrayRef<Value> inputs, bool isStateful, bool returnsSequence,
                         bool returnsState) {
  Value x = inputs.front();
  ArrayRef<Value> given = inputs.drop_front();
  if (layer.getRank(x) != 3)
    return {layer.fault("its input has " + Twine(layer.getRank(x)) + " dimensions, expected 3")};
  takeWeights();
  if (layer.hasFailed())
    return {layer.fault("it cannot be built")};
  // Keras 3 looks for no mask of its own beside given states.
  if (given.empty() || layer.isKeras2 || layer.keywords.tensors.count("mask"))
    mask = layer.getMask(x);
  if (goesBackwards) {
    x = layer.make<tf::ReverseV2Op>(x, layer.makeVector({1}));
    if (mask)
      mask = layer.make<tf::ReverseV2Op>(mask, layer.makeVector({1}));
  }
  bool isBatchKnown = !ShapedType::isDynamic(layer.getShape(x).front());
  if ((isBatchKnown || !isStateful) && isFused(given, returnsState)) {
    Value sequence = makeFused(x);
    if (returnsSequence)
      return {sequence};
    return {layer.make<tf::StridedSliceOp>(sequence, layer.makeVector({0, -1, 0}),
                                           layer.makeVector({0, 0, 0}), layer.makeVector({1, 1, 1}),
                                           /*begin_mask=*/5, /*end_mask=*/7, 0, 0,
                                           /*shrink_axis_mask=*/2)};
  }
  if (!given.empty() && given.size() != countStates(kind))
    return {layer.fault("it is given " + Twine(given.size()) + " states, expected " +
                        Twine(countStates(kind)))};
  Values states = given.empty() ? makeFirstStates(x, isStateful) : Values(given);
  if (layer.hasFailed())
    return states;
  bool areZeros = given.empty() && !isStateful;
  Values results = loop(x, states, areZeros, returnsSequence);
  if (layer.hasFailed() || results.empty())
    return {layer.fault("it cannot be built")};
  if (returnsSequence)
    layer.setMask(results.front(), layer.getMask(inputs.front()));
  kept.write(ArrayRef(results).drop_front());
  if (!returnsState)
    results.resize(1);
  return results;
}
