//===- RecurrentCells.cpp - what cells of sequences compute ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The states of a cell are found by the form of their next values. What a cell takes is an affine
// function of its input and its last output, however the products are cut, joined and added.
//
//===----------------------------------------------------------------------===//

#include "RecurrentCells.h"

#include "PatternHelpers.h"

#include "TF/IR/SliceItems.h"
#include "TF/IR/TFOps.h"

using namespace mlir;
using namespace tflc::tf;

Value tflc::tf::skipIdentities(Value value) {
  while (auto identity = value.getDefiningOp<IdentityOp>())
    value = identity.getInput();
  return value;
}

/// The operands of an op with two of them, in both orders.
template <typename... Ops> static SmallVector<std::pair<Value, Value>> getOrders(Value value) {
  Operation *op = skipIdentities(value).getDefiningOp();
  if (!op || !isa<Ops...>(op))
    return {};
  Value a = skipIdentities(op->getOperand(0)), b = skipIdentities(op->getOperand(1));
  return {{a, b}, {b, a}};
}

/// The operand of an op of one kind; null for any other value.
template <typename Op> static Value getOperandOf(Value value) {
  auto op = skipIdentities(value).getDefiningOp<Op>();
  return op ? op->getOperand(0) : Value();
}

//===----------------------------------------------------------------------===//
// Affine functions
//===----------------------------------------------------------------------===//

bool Affine::addConstant(DenseElementsAttr value, int64_t first) {
  auto type = value.getType();
  bool isVector = type.getRank() > 0 && type.getShape().back() == value.getNumElements();
  if (!isa<FloatType>(type.getElementType()) || (!isVector && value.getNumElements() != 1))
    return false;
  std::vector<double> values = getReals(value);
  if (values.size() != 1 && int64_t(values.size()) < first + getUnits())
    return false;
  for (int64_t unit = 0; unit < getUnits(); ++unit)
    bias[unit] += values[values.size() == 1 ? 0 : first + unit];
  return true;
}

bool Affine::addProduct(Value factor, DenseElementsAttr weights, int64_t firstRow, int64_t first) {
  std::optional<Shape> shape = getShape(factor);
  if (!shape || shape->size() != 2 || ShapedType::isDynamic(shape->back()))
    return false;
  int64_t rows = shape->back(), columns = weights.getType().getDimSize(1);
  if (firstRow + rows > weights.getType().getDimSize(0) || first + getUnits() > columns)
    return false;
  bool isRecurrent = factor == h;
  if (!isRecurrent && x && x != factor)
    return false;
  if (!isRecurrent)
    x = factor;
  std::vector<double> &sum = isRecurrent ? recurrent : kernel;
  sum.resize(rows * getUnits());
  std::vector<double> values = getReals(weights);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t unit = 0; unit < getUnits(); ++unit)
      sum[row * getUnits() + unit] += values[(firstRow + row) * columns + first + unit];
  return true;
}

/// A part of the columns of another value.
bool Affine::addPart(Value value, int64_t first) {
  Operation *source = value.getDefiningOp();
  unsigned number = cast<OpResult>(value).getResultNumber();
  if (auto split = dyn_cast<SplitOp>(source)) {
    std::optional<int64_t> dim = evaluateInt(split.getSplitDim());
    std::optional<Shape> part = getShape(value);
    return part && part->size() == 2 && (dim == 1 || dim == -1) &&
           !ShapedType::isDynamic(part->back()) &&
           add(split.getValue(), first + number * part->back());
  }
  if (auto split = dyn_cast<SplitVOp>(source)) {
    std::optional<int64_t> dim = evaluateInt(split.getSplitDim());
    std::optional<SmallVector<int64_t>> sizes = evaluateAllInts(split.getSizeSplits());
    if ((dim != 1 && dim != -1) || !sizes)
      return false;
    for (int64_t size : ArrayRef(*sizes).take_front(number))
      first += size;
    return add(split.getValue(), first);
  }
  auto slice = cast<StridedSliceOp>(source);
  std::optional<Shape> shape = getShape(slice.getInput());
  auto begin = evaluateAllInts(slice.getBegin()), end = evaluateAllInts(slice.getEnd()),
       strides = evaluateAllInts(slice.getStrides());
  if (!shape || shape->size() != 2 || getShape(value)->size() != 2 || !begin || !end || !strides)
    return false;
  auto items = getSliceItems(SliceMasks(slice), 2, *begin, *end, *strides, {});
  if (!items || items->size() != 2)
    return false;
  std::optional<SliceRange> rows = getSliceRange((*items)[0], (*shape)[0]);
  std::optional<SliceRange> columns = getSliceRange((*items)[1], (*shape)[1]);
  return rows && columns && rows->begin == 0 && rows->size == (*shape)[0] && rows->stride == 1 &&
         columns->stride == 1 && add(slice.getInput(), first + columns->begin);
}

bool Affine::add(Value value, int64_t first) {
  value = skipIdentities(value);
  if (DenseElementsAttr constant = getConstant(value))
    return addConstant(constant, first);
  Operation *source = value.getDefiningOp();
  if (!source)
    return false;
  if (isa<AddOp, AddV2Op, BiasAddOp>(source))
    return add(source->getOperand(0), first) && add(source->getOperand(1), first);
  if (isa<SplitOp, SplitVOp, StridedSliceOp>(source))
    return addPart(value, first);
  // One row as a vector, which is added to a row.
  if (auto squeeze = dyn_cast<SqueezeOp>(source)) {
    std::optional<Shape> from = getShape(squeeze.getInput()), to = getShape(value);
    return from && to && from->size() == 2 && to->size() == 1 && from->front() == 1 &&
           from->back() == to->back() && getShape(h)->front() == 1 &&
           add(squeeze.getInput(), first);
  }
  auto product = dyn_cast<MatMulOp>(source);
  DenseElementsAttr weights = product ? getConstant(product.getB()) : DenseElementsAttr();
  if (!weights || product.getTransposeA() || product.getTransposeB() ||
      !isa<FloatType>(weights.getElementType()))
    return false;
  Value factor = skipIdentities(product.getA());
  auto join = factor.getDefiningOp<ConcatV2Op>();
  if (!join)
    return addProduct(factor, weights, 0, first);
  // The product of a row [x, h] is the sum of both products.
  std::optional<int64_t> axis = evaluateInt(join.getAxis());
  if (axis != 1 && axis != -1)
    return false;
  int64_t row = 0;
  for (Value part : join.getValues()) {
    if (!addProduct(skipIdentities(part), weights, row, first))
      return false;
    row += getShape(part)->back();
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

/// The next value of the state is o * tanh(c'), with c' = f * c + i * tanh(g) another one.
static std::optional<Cell> matchLstm(Block &body, unsigned output,
                                     function_ref<bool(unsigned)> isState) {
  Operation *yield = body.getTerminator();
  BlockArgument h = body.getArgument(output);
  std::optional<Shape> shape = getShape(h);
  if (!shape || shape->size() != 2 || ShapedType::isDynamic(shape->back()))
    return std::nullopt;
  // The gates as the weights have them: input, forget, cell, output.
  Value gates[4];
  std::optional<unsigned> cell;
  for (auto [left, right] : getOrders<MulOp>(yield->getOperand(output))) {
    Value next = getOperandOf<TanhOp>(right), gate = getOperandOf<SigmoidOp>(left);
    if (!next || !gate)
      continue;
    gates[3] = gate;
    for (unsigned i = 0; i < yield->getNumOperands(); ++i)
      if (i != output && isState(i) && skipIdentities(yield->getOperand(i)) == skipIdentities(next))
        cell = i;
  }
  if (!cell)
    return std::nullopt;
  for (auto [kept, added] : getOrders<AddOp, AddV2Op>(yield->getOperand(*cell))) {
    Value forget, input, candidate;
    for (auto [gate, state] : getOrders<MulOp>(kept))
      if (state == body.getArgument(*cell))
        forget = getOperandOf<SigmoidOp>(gate);
    for (auto [gate, value] : getOrders<MulOp>(added))
      if (Value inner = getOperandOf<TanhOp>(value)) {
        input = getOperandOf<SigmoidOp>(gate);
        candidate = inner;
      }
    if (!forget || !input)
      continue;
    gates[0] = input;
    gates[1] = forget;
    gates[2] = candidate;
  }
  if (!gates[0])
    return std::nullopt;
  Cell result = {output, cell, "TANH", {}};
  for (Value gate : gates) {
    result.gates.emplace_back(shape->back(), h);
    Affine &affine = result.gates.back();
    if (!affine.add(gate, 0) || affine.kernel.empty() || affine.recurrent.empty() ||
        affine.x != result.gates.front().x)
      return std::nullopt;
  }
  return result;
}

/// The next value of the state is an activation of an affine function.
static std::optional<Cell> matchSimple(Block &body, unsigned output) {
  BlockArgument h = body.getArgument(output);
  std::optional<Shape> shape = getShape(h);
  if (!shape || shape->size() != 2 || ShapedType::isDynamic(shape->back()))
    return std::nullopt;
  Value inner = body.getTerminator()->getOperand(output);
  Cell result = {output, std::nullopt, "NONE", {Affine(shape->back(), h)}};
  if (Value operand = getOperandOf<TanhOp>(inner)) {
    inner = operand;
    result.activation = "TANH";
  } else if (Value operand = getOperandOf<ReluOp>(inner)) {
    inner = operand;
    result.activation = "RELU";
  }
  Affine &affine = result.gates.front();
  if (!affine.add(inner, 0) || affine.kernel.empty() || affine.recurrent.empty())
    return std::nullopt;
  return result;
}

std::optional<Cell> tflc::tf::matchCell(Block &body, unsigned output,
                                        function_ref<bool(unsigned)> isState) {
  std::optional<Cell> cell = matchLstm(body, output, isState);
  return cell ? cell : matchSimple(body, output);
}

/// Weights of several gates side by side.
static Value join(ArrayRef<Affine> gates, std::vector<double> Affine::*part, bool isMatrix,
                  OpBuilder &builder, Location loc) {
  int64_t units = gates.front().bias.size(), rows = (gates.front().*part).size() / units;
  std::vector<double> values;
  for (int64_t row = 0; row < rows; ++row)
    for (const Affine &gate : gates) {
      auto first = (gate.*part).begin() + row * units;
      values.insert(values.end(), first, first + units);
    }
  int64_t columns = units * gates.size();
  Shape shape = isMatrix ? Shape{rows, columns} : Shape{columns};
  return ConstOp::create(builder, loc,
                         makeReals(RankedTensorType::get(shape, builder.getF32Type()), values));
}

Value tflc::tf::buildSequence(const Cell &cell, Value x, OpBuilder &builder, Location loc) {
  Value kernel = join(cell.gates, &Affine::kernel, true, builder, loc);
  Value recurrent = join(cell.gates, &Affine::recurrent, true, builder, loc);
  Value bias = join(cell.gates, &Affine::bias, false, builder, loc);
  if (cell.cell)
    return SequenceLstmOp::create(builder, loc, x, kernel, recurrent, bias);
  return SequenceRnnOp::create(builder, loc, x, kernel, recurrent, bias, cell.activation);
}
