//===- FuseRecurrences.cpp - loops over sequences as one operation --------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A layer over a sequence is a loop that counts from 0 to the number of steps, reads one step of
// its input, computes the next states from it and from the present ones, and may collect its
// outputs. The states of a cell are found by the form of their next values. What a cell takes is an
// affine function of its input and its last output, however the products are cut, joined and added.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/SliceItems.h"
#include "TF/IR/TFOps.h"
#include "TF/Transforms/Passes.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FUSERECURRENCESPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

namespace {

/// x W + h R + b for `units` columns.
struct Affine {
  Affine(int64_t units, BlockArgument h) : h(h), bias(units) {}

  /// Adds columns from `first` on of a value in the loop; false where that is not affine.
  bool add(Value value, int64_t first);

  BlockArgument h;
  /// What x is in the loop; null until there is a product with it.
  Value x;
  /// Rows of `units` columns.
  std::vector<double> kernel, recurrent, bias;

private:
  int64_t getUnits() const { return bias.size(); }
  bool addConstant(DenseElementsAttr value, int64_t first);
  bool addProduct(Value factor, DenseElementsAttr weights, int64_t firstRow, int64_t first);
  bool addPart(Value value, int64_t first);
};

/// One cell: its states, the next ones, and what its gates take.
struct Cell {
  unsigned output;
  std::optional<unsigned> cell;
  StringRef activation;
  std::vector<Affine> gates;
};

class LoopFuser {
public:
  explicit LoopFuser(WhileRegionOp loop)
      : loop(loop), body(&loop.getBody().front()), yield(body->getTerminator()) {}

  bool run();

private:
  bool findCounters();
  bool fuseCells();
  std::optional<Cell> matchLstm(unsigned output);
  std::optional<Cell> matchSimple(unsigned output);
  Value getSequence(Value x);
  Value build(const Cell &cell, Value x);
  bool isZero(unsigned i) { return getNumber(loop.getOperand(i)) == 0.0; }
  bool isState(unsigned i) { return i < fused.size() && !fused[i]; }
  bool collectLists();
  void replace();
  Value makeLast(Value sequence);

  /// A carried list of outputs, all of them or the last one alone.
  struct List {
    Value sequence;
    bool isLast;
  };

  WhileRegionOp loop;
  Block *body;
  Operation *yield;
  int64_t steps = 0;
  llvm::BitVector counters, fused;
  /// What is computed for all steps, by its value in the loop.
  llvm::MapVector<Value, Value> sequences;
  llvm::MapVector<unsigned, List> lists;
};

class FuseRecurrences : public tflc::tf::impl::FuseRecurrencesPassBase<FuseRecurrences> {
  void runOnOperation() override {
    SmallVector<WhileRegionOp> loops;
    getOperation().walk([&](WhileRegionOp loop) { loops.push_back(loop); });
    for (WhileRegionOp loop : loops)
      LoopFuser(loop).run();
  }
};

} // namespace

static Value skipIdentities(Value value) {
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
std::optional<Cell> LoopFuser::matchLstm(unsigned output) {
  BlockArgument h = body->getArgument(output);
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
      if (state == body->getArgument(*cell))
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
std::optional<Cell> LoopFuser::matchSimple(unsigned output) {
  BlockArgument h = body->getArgument(output);
  std::optional<Shape> shape = getShape(h);
  if (!shape || shape->size() != 2 || ShapedType::isDynamic(shape->back()))
    return std::nullopt;
  Value inner = yield->getOperand(output);
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

Value LoopFuser::build(const Cell &cell, Value x) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  Value kernel = join(cell.gates, &Affine::kernel, true, builder, loc);
  Value recurrent = join(cell.gates, &Affine::recurrent, true, builder, loc);
  Value bias = join(cell.gates, &Affine::bias, false, builder, loc);
  if (cell.cell)
    return SequenceLstmOp::create(builder, loc, x, kernel, recurrent, bias);
  return SequenceRnnOp::create(builder, loc, x, kernel, recurrent, bias, cell.activation);
}

//===----------------------------------------------------------------------===//
// The loop
//===----------------------------------------------------------------------===//

/// Finds the values that count the steps, and the number of these. Several may be compared.
bool LoopFuser::findCounters() {
  Block &cond = loop.getCond().front();
  counters.resize(loop.getNumOperands());
  for (unsigned i = 0; i < loop.getNumOperands(); ++i) {
    auto next = skipIdentities(yield->getOperand(i)).getDefiningOp<AddV2Op>();
    counters[i] = next && next.getX() == body->getArgument(i) && evaluateInt(next.getY()) == 1 &&
                  evaluateInt(loop.getOperand(i)) == 0;
  }
  SmallVector<Value> tests = {cond.getTerminator()->getOperand(0)};
  std::optional<int64_t> limit;
  while (!tests.empty()) {
    Value test = skipIdentities(tests.pop_back_val());
    if (auto both = test.getDefiningOp<LogicalAndOp>()) {
      tests.append({both.getX(), both.getY()});
      continue;
    }
    auto less = test.getDefiningOp<LessOp>();
    auto counter = less ? dyn_cast<BlockArgument>(skipIdentities(less.getX())) : BlockArgument();
    std::optional<int64_t> end = less ? evaluateInt(less.getY()) : std::nullopt;
    if (!counter || counter.getOwner() != &cond || !counters[counter.getArgNumber()] || !end)
      return false;
    limit = std::min(limit.value_or(*end), *end);
  }
  steps = limit.value_or(0);
  return steps > 0;
}

/// The input [b, t, n] whose step x is in the loop; null where x is anything else.
Value LoopFuser::getSequence(Value x) {
  if (auto known = sequences.find(x); known != sequences.end())
    return known->second;
  auto gather = x.getDefiningOp<GatherV2Op>();
  if (!gather)
    return {};
  auto index = dyn_cast<BlockArgument>(skipIdentities(gather.getIndices()));
  std::optional<int64_t> axis = evaluateInt(gather.getAxis());
  Value input = gather.getParams();
  std::optional<Shape> shape = getShape(input);
  if (!index || index.getOwner() != body || !counters[index.getArgNumber()] || !shape ||
      shape->size() != 3 || !axis || (*axis != 0 && *axis != 1) || (*shape)[*axis] != steps ||
      loop->isAncestor(input.getParentBlock()->getParentOp()))
    return {};
  if (*axis == 1)
    return input;
  OpBuilder builder(loop);
  Value order = makeVector(builder, loop.getLoc(), {1, 0, 2});
  auto reversal = input.getDefiningOp<ReverseV2Op>();
  std::optional<SmallVector<int64_t>> axes =
      reversal ? evaluateAllInts(reversal.getAxis()) : std::nullopt;
  if (!axes || *axes != SmallVector<int64_t>{0})
    return TransposeOp::create(builder, loop.getLoc(), input, order);
  Value moved = TransposeOp::create(builder, loop.getLoc(), reversal.getTensor(), order);
  return ReverseV2Op::create(builder, loop.getLoc(), moved, makeVector(builder, loop.getLoc(), 1));
}

/// The output of a cell may be the input of the next one, so that each round finds more.
bool LoopFuser::fuseCells() {
  fused = counters;
  bool changed = true;
  while (changed) {
    changed = false;
    for (unsigned i = 0; i < loop.getNumOperands(); ++i) {
      std::optional<Cell> cell;
      if (isState(i) && isZero(i))
        cell = matchLstm(i);
      if (isState(i) && isZero(i) && !cell)
        cell = matchSimple(i);
      // Nobody can ask the operator for its cell state.
      if (!cell ||
          (cell->cell && (!isZero(*cell->cell) || !loop.getResult(*cell->cell).use_empty())))
        continue;
      Value x = getSequence(cell->gates.front().x);
      std::optional<Shape> shape = x ? getShape(x) : std::nullopt;
      if (!shape || ShapedType::isDynamic(shape->front()))
        continue;
      sequences[skipIdentities(yield->getOperand(i))] = build(*cell, x);
      fused.set(i);
      if (cell->cell)
        fused.set(*cell->cell);
      changed = true;
    }
  }
  return !sequences.empty();
}

/// Finds the lists of outputs among what is left. All must be accounted for.
bool LoopFuser::collectLists() {
  for (unsigned i = 0; i < loop.getNumOperands(); ++i) {
    if (fused[i])
      continue;
    Value next = skipIdentities(yield->getOperand(i));
    auto update = next.getDefiningOp<XlaDynamicUpdateSliceOp>();
    auto row = (update ? Value(update.getUpdate()) : next).getDefiningOp<ExpandDimsOp>();
    auto output = row ? sequences.find(skipIdentities(row.getInput())) : sequences.end();
    std::optional<Shape> shape = getShape(loop.getResult(i));
    if (!row || (update && update.getInput() != body->getArgument(i)) ||
        output == sequences.end() || evaluateInt(row.getDim()) != 0 || !shape || shape->size() != 3)
      return false;
    // A list of one is replaced as a whole.
    if (!update) {
      lists[i] = {output->second, /*isLast=*/true};
      continue;
    }
    auto place = update.getIndices().getDefiningOp<PackOp>();
    auto index = place ? dyn_cast<BlockArgument>(skipIdentities(place.getValues().front()))
                       : BlockArgument();
    bool takesAll = index && index.getOwner() == body && counters[index.getArgNumber()] &&
                    shape->front() == steps;
    if (!takesAll)
      return false;
    lists[i] = {output->second, /*isLast=*/false};
  }
  return true;
}

Value LoopFuser::makeLast(Value sequence) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  return StridedSliceOp::create(builder, loc, sequence, makeVector(builder, loc, {0, steps - 1, 0}),
                                makeVector(builder, loc, {0, steps, 0}),
                                makeVector(builder, loc, {1, 1, 1}), /*begin_mask=*/5,
                                /*end_mask=*/5, 0, 0, /*shrink_axis_mask=*/2);
}

/// Whether a slice takes the last of `rows` entries and drops the dimension.
static bool isLastEntry(StridedSliceOp slice, int64_t rows) {
  auto begin = evaluateAllInts(slice.getBegin()), end = evaluateAllInts(slice.getEnd()),
       strides = evaluateAllInts(slice.getStrides());
  std::optional<Shape> shape = getShape(slice.getInput());
  if (!begin || !end || !strides || !shape)
    return false;
  auto items = getSliceItems(SliceMasks(slice), shape->size(), *begin, *end, *strides, {});
  if (!items || items->size() != shape->size() || !items->front().shrink)
    return false;
  for (const SliceItem &item : ArrayRef(*items).drop_front())
    if (!item.dim || item.shrink || item.begin || item.end || item.stride != 1)
      return false;
  std::optional<SliceRange> range = getSliceRange(items->front(), rows);
  return range && range->begin == rows - 1;
}

void LoopFuser::replace() {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  for (unsigned i = 0; i < loop.getNumOperands(); ++i) {
    Value result = loop.getResult(i);
    if (result.use_empty())
      continue;
    if (counters[i]) {
      auto type = cast<RankedTensorType>(loop.getOperand(i).getType());
      result.replaceAllUsesWith(ConstOp::create(builder, loc, makeIntegers(type, steps)));
      continue;
    }
    auto list = lists.find(i);
    if (list == lists.end()) {
      result.replaceAllUsesWith(makeLast(sequences.lookup(skipIdentities(yield->getOperand(i)))));
      continue;
    }
    Value sequence = list->second.sequence;
    for (Operation *user : llvm::make_early_inc_range(result.getUsers()))
      if (auto slice = dyn_cast<StridedSliceOp>(user);
          slice && isLastEntry(slice, getShape(result)->front())) {
        slice.replaceAllUsesWith(makeLast(sequence));
        slice.erase();
      }
    if (result.use_empty())
      continue;
    Value all = list->second.isLast
                    ? Value(ExpandDimsOp::create(builder, loc, makeLast(sequence),
                                                 makeScalar(builder, loc, loop.getOperand(0), 0)))
                    : Value(TransposeOp::create(builder, loc, sequence,
                                                makeVector(builder, loc, {1, 0, 2})));
    result.replaceAllUsesWith(all);
  }
  loop.erase();
}

bool LoopFuser::run() {
  bool isPure = true;
  loop.walk([&](Operation *op) {
    isPure &= op == loop || op->hasTrait<OpTrait::IsTerminator>() || isMemoryEffectFree(op);
  });
  if (!isPure || loop.getNumOperands() == 0 || !findCounters() || !fuseCells())
    return false;
  if (!collectLists()) {
    // What was built in vain has effects, so that nothing else would remove it.
    for (auto entry : llvm::reverse(sequences))
      entry.second.getDefiningOp()->erase();
    return false;
  }
  replace();
  return true;
}
