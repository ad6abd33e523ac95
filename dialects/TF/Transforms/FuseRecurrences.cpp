//===- FuseRecurrences.cpp - loops over sequences as one operation --------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A layer over a sequence is a loop that counts from 0 to the number of steps, reads one step of
// its input, computes the next states from it and from the present ones, and may collect its
// outputs. RecurrentCells.h says what its cells are.
//
//===----------------------------------------------------------------------===//

#include "DimSource.h"
#include "PatternHelpers.h"
#include "RecurrentCells.h"

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

class LoopFuser {
public:
  explicit LoopFuser(WhileRegionOp loop)
      : loop(loop), body(&loop.getBody().front()), yield(body->getTerminator()) {}

  bool run();

private:
  bool findCounters();
  bool fuseCells();
  bool hasSteps(Value value, int64_t dim);
  Value getSequence(Value x);
  bool isZero(unsigned i);
  bool takesAll(unsigned list, Value place);
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
  /// The number of steps; where it is open, `limits` are the values that say it.
  int64_t steps = ShapedType::kDynamic;
  SmallVector<Value> limits;
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
  while (!tests.empty()) {
    Value test = skipIdentities(tests.pop_back_val());
    if (auto both = test.getDefiningOp<LogicalAndOp>()) {
      tests.append({both.getX(), both.getY()});
      continue;
    }
    auto less = test.getDefiningOp<LessOp>();
    auto counter = less ? dyn_cast<BlockArgument>(skipIdentities(less.getX())) : BlockArgument();
    if (!counter || counter.getOwner() != &cond || !counters[counter.getArgNumber()])
      return false;
    std::optional<int64_t> end = evaluateInt(less.getY());
    if (!end)
      limits.push_back(less.getY());
    else
      steps = ShapedType::isDynamic(steps) ? *end : std::min(steps, *end);
  }
  if (limits.empty())
    return steps > 0;
  // What counts is the same number in all of them.
  return ShapedType::isDynamic(steps) && llvm::none_of(counters.set_bits(), [&](unsigned i) {
           Value result = loop.getResult(i);
           return !result.use_empty() && result.getType() != limits.front().getType();
         });
}

/// Whether a dimension of a value has the size that is the number of steps.
bool LoopFuser::hasSteps(Value value, int64_t dim) {
  if (limits.empty())
    return (*getShape(value))[dim] == steps;
  DimSource source = followDim(value, dim);
  return llvm::all_of(limits, [&](Value limit) { return findReadDim(limit) == source; });
}

/// Whether a state is zero at first.
bool LoopFuser::isZero(unsigned i) {
  Value first = skipIdentities(loop.getOperand(i));
  if (auto fill = first.getDefiningOp<FillOp>())
    first = fill.getValue();
  return getNumber(first) == 0.0;
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
      shape->size() != 3 || !axis || (*axis != 0 && *axis != 1) ||
      loop->isAncestor(input.getParentBlock()->getParentOp()) || !hasSteps(input, *axis))
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
  OpBuilder builder(loop);
  fused = counters;
  bool changed = true;
  while (changed) {
    changed = false;
    for (unsigned i = 0; i < loop.getNumOperands(); ++i) {
      std::optional<Cell> cell;
      if (isState(i) && isZero(i))
        cell = matchCell(*body, i, [&](unsigned other) { return isState(other); });
      // Nobody can ask the operator for its cell state.
      if (!cell ||
          (cell->cell && (!isZero(*cell->cell) || !loop.getResult(*cell->cell).use_empty())))
        continue;
      Value x = getSequence(cell->gates.front().x);
      if (!x)
        continue;
      sequences[skipIdentities(yield->getOperand(i))] =
          buildSequence(*cell, x, builder, loop.getLoc());
      fused.set(i);
      if (cell->cell)
        fused.set(*cell->cell);
      changed = true;
    }
  }
  return !sequences.empty();
}

/// Whether the outputs of all steps are put into a list one after the other.
bool LoopFuser::takesAll(unsigned list, Value place) {
  auto pack = place.getDefiningOp<PackOp>();
  auto index =
      pack ? dyn_cast<BlockArgument>(skipIdentities(pack.getValues().front())) : BlockArgument();
  if (!index || index.getOwner() != body || !counters[index.getArgNumber()])
    return false;
  if (limits.empty())
    return getShape(loop.getResult(list))->front() == steps;
  // The list begins as zeros, of which there are as many as steps.
  auto zeros = skipIdentities(loop.getOperand(list)).getDefiningOp<FillOp>();
  Operation *dims = zeros ? skipIdentities(zeros.getDims()).getDefiningOp() : nullptr;
  if (!isa_and_nonnull<ConcatV2Op, PackOp>(dims) || getShape(dims->getResult(0)) != Shape{3})
    return false;
  std::optional<DimSource> source = findReadDim(dims->getOperand(0));
  return source && llvm::all_of(limits, [&](Value limit) { return findReadDim(limit) == source; });
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
    bool isLast = !update || (shape->front() == 1 && evaluateAllInts(update.getIndices()) ==
                                                         SmallVector<int64_t>{0, 0, 0});
    if (!isLast && !takesAll(i, update.getIndices()))
      return false;
    lists[i] = {output->second, isLast};
  }
  return true;
}

Value LoopFuser::makeLast(Value sequence) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  return StridedSliceOp::create(builder, loc, sequence, makeVector(builder, loc, {0, -1, 0}),
                                makeVector(builder, loc, {0, 0, 0}),
                                makeVector(builder, loc, {1, 1, 1}), /*begin_mask=*/5,
                                /*end_mask=*/7, 0, 0, /*shrink_axis_mask=*/2);
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
      result.replaceAllUsesWith(
          limits.empty() ? Value(ConstOp::create(builder, loc, makeIntegers(type, steps)))
                         : limits.front());
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
