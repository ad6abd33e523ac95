//===- CountLoops.cpp - loops that run a known number of times ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ArithmeticOps.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ControlFlowOps.h"
#include "TFL/IR/LogicOps.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/Transforms/Passes.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_COUNTLOOPSPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

namespace {

/// A tensor that a loop carries and to which each iteration adds the same positive number.
struct Counter {
  int64_t start = 0, step = 0;
};

} // namespace

/// The number that `value`, a constant with one element, is.
static std::optional<int64_t> getNumber(Value value) {
  DenseElementsAttr elements;
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() != 1 ||
      !matchPattern(value, m_Constant(&elements)) || !isa<IntegerType>(elements.getElementType()))
    return std::nullopt;
  return (*elements.value_begin<APInt>()).getSExtValue();
}

/// The counter that the loop carries at `place`, if it is one.
static std::optional<Counter> findCounter(LoopOp loop, unsigned place) {
  Value argument = loop.getBody().getArgument(place);
  auto type = cast<RankedTensorType>(argument.getType());
  if (!type.hasStaticShape() || type.getNumElements() != 1 ||
      !(type.getElementType().isSignlessInteger(32) || type.getElementType().isSignlessInteger(64)))
    return std::nullopt;
  auto add = loop.getBody().front().getTerminator()->getOperand(place).getDefiningOp<AddOp>();
  std::optional<int64_t> start = getNumber(loop.getInputs()[place]);
  if (!add || !start || add->getResult(0).getType() != type)
    return std::nullopt;
  if (auto activation = add->getAttrOfType<StringAttr>("fused_activation_function");
      activation && activation.getValue() != "NONE")
    return std::nullopt;
  Value lhs = add->getOperand(0), rhs = add->getOperand(1);
  std::optional<int64_t> step = getNumber(lhs == argument ? rhs : lhs);
  if ((lhs != argument && rhs != argument) || !step || *step <= 0)
    return std::nullopt;
  return Counter{*start, *step};
}

/// The counter's place, and the first number at which the comparison `value` is false; nothing for
/// what is no comparison of a counter with a constant.
static std::optional<std::pair<unsigned, int64_t>> matchLimit(LoopOp loop, Value value) {
  Operation *compare = value.getDefiningOp();
  if (!isa_and_present<LessOp, LessEqualOp, GreaterOp, GreaterEqualOp>(compare))
    return std::nullopt;
  bool isSwapped = isa<GreaterOp, GreaterEqualOp>(compare);
  auto counter = dyn_cast<BlockArgument>(compare->getOperand(isSwapped ? 1 : 0));
  std::optional<int64_t> limit = getNumber(compare->getOperand(isSwapped ? 0 : 1));
  if (!counter || counter.getOwner() != &loop.getCondition().front() || !limit)
    return std::nullopt;
  int64_t end = *limit;
  if (isa<LessEqualOp, GreaterEqualOp>(compare) && llvm::AddOverflow<int64_t>(end, 1, end))
    return std::nullopt;
  return std::pair(counter.getArgNumber(), end);
}

namespace {

/// How often a loop runs. Where it also ends for another reason, that is how often at most.
struct Iterations {
  int64_t count = 0;
  bool isExact = false;
};

} // namespace

/// How often the loop runs, as far as comparisons of counters with constants in its condition say.
static std::optional<Iterations> countIterations(LoopOp loop, Value condition) {
  if (auto both = condition.getDefiningOp<LogicalAndOp>()) {
    std::optional<Iterations> lhs = countIterations(loop, both->getOperand(0)),
                              rhs = countIterations(loop, both->getOperand(1));
    if (lhs && rhs)
      return Iterations{std::min(lhs->count, rhs->count), lhs->isExact && rhs->isExact};
    if (std::optional<Iterations> known = lhs ? lhs : rhs)
      return Iterations{known->count, /*isExact=*/false};
    return std::nullopt;
  }
  auto limit = matchLimit(loop, condition);
  std::optional<Counter> counter = limit ? findCounter(loop, limit->first) : std::nullopt;
  int64_t distance, last;
  if (!counter || llvm::SubOverflow(limit->second, counter->start, distance))
    return std::nullopt;
  if (distance <= 0)
    return Iterations{0, /*isExact=*/true};
  int64_t count = (distance - 1) / counter->step + 1;
  // The reference's counter wraps around where it does not hold the last number.
  auto type = cast<RankedTensorType>(loop.getBody().getArgument(limit->first).getType());
  if (llvm::MulOverflow(count, counter->step, last) ||
      llvm::AddOverflow(last, counter->start, last) ||
      !llvm::isIntN(type.getElementTypeBitWidth(), last))
    return std::nullopt;
  return Iterations{count, /*isExact=*/true};
}

static Value createNumber(ImplicitLocOpBuilder &b, RankedTensorType type, int64_t number) {
  auto value = DenseElementsAttr::get(
      type, APInt(type.getElementTypeBitWidth(), uint64_t(number), /*isSigned=*/true));
  return ConstOp::create(b, type, value);
}

/// start + iteration * step
static Value createCounter(ImplicitLocOpBuilder &b, Value iteration, const Counter &counter) {
  auto type = cast<RankedTensorType>(iteration.getType());
  Value value = iteration;
  if (counter.step != 1)
    value = MulOp::create(b, type, value, createNumber(b, type, counter.step), "NONE");
  if (counter.start != 0)
    value = AddOp::create(b, type, value, createNumber(b, type, counter.start), "NONE");
  return value;
}

static void replaceByRepeat(LoopOp loop, int64_t count) {
  // Counters of the type that the number of the iteration has follow from that.
  RankedTensorType numberType;
  SmallVector<std::optional<Counter>> counters;
  SmallVector<Value> inputs;
  SmallVector<Type> types;
  for (auto [i, input] : llvm::enumerate(loop.getInputs())) {
    std::optional<Counter> counter = findCounter(loop, i);
    auto type = cast<RankedTensorType>(input.getType());
    if (counter && !numberType)
      numberType = type;
    counters.push_back(counter && type == numberType ? counter : std::nullopt);
    if (counters.back())
      continue;
    inputs.push_back(input);
    types.push_back(type);
  }
  ImplicitLocOpBuilder b(loop.getLoc(), loop);
  auto repeat = RepeatOp::create(b, types, uint64_t(count), inputs, /*most=*/ArrayAttr(),
                                 /*last=*/ArrayAttr());
  Block &body = repeat.getBody().emplaceBlock();
  body.addArgument(numberType, loop.getLoc());
  b.setInsertionPointToStart(&body);
  SmallVector<Value> arguments;
  for (auto [i, input] : llvm::enumerate(loop.getInputs()))
    arguments.push_back(counters[i] ? createCounter(b, repeat.getIteration(), *counters[i])
                                    : body.addArgument(input.getType(), input.getLoc()));
  Block &old = loop.getBody().front();
  for (auto [argument, value] : llvm::zip_equal(old.getArguments(), arguments))
    argument.replaceAllUsesWith(value);
  body.getOperations().splice(body.end(), old.getOperations());
  Operation *yield = body.getTerminator();
  SmallVector<Value> yielded;
  for (auto [counter, value] : llvm::zip_equal(counters, yield->getOperands()))
    if (!counter)
      yielded.push_back(value);
  yield->setOperands(yielded);

  b.setInsertionPointAfter(repeat);
  unsigned next = 0;
  for (auto [counter, result] : llvm::zip_equal(counters, loop.getResults()))
    result.replaceAllUsesWith(
        counter ? createNumber(b, numberType, counter->start + count * counter->step)
                : repeat.getResult(next++));
  loop.erase();
}

namespace {

class CountLoops : public tflc::tfl::impl::CountLoopsPassBase<CountLoops> {
  void runOnOperation() override {
    SmallVector<LoopOp> loops;
    getOperation().walk([&](LoopOp loop) { loops.push_back(loop); });
    for (LoopOp loop : loops) {
      Value condition = loop.getCondition().front().getTerminator()->getOperand(0);
      std::optional<Iterations> known = countIterations(loop, condition);
      if (known && known->isExact)
        replaceByRepeat(loop, known->count);
      else if (known)
        loop.setAtMost(known->count);
    }
  }
};

} // namespace
