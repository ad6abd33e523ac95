//===- LoopShapes.cpp - shapes of what loops carry ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LoopShapes.h"

#include "TFL/IR/ArithmeticOps.h"
#include "TFL/IR/ControlFlowOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/JoinOps.h"
#include "TFL/IR/QuantizationOps.h"
#include "TFL/IR/ReshapeOps.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/SliceOps.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tflc::tfl;

using Shape = SmallVector<int64_t>;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static void setShape(Value value, ArrayRef<int64_t> shape) {
  value.setType(cast<RankedTensorType>(value.getType()).clone(shape));
}

//===----------------------------------------------------------------------===//
// Rows between two slices
//===----------------------------------------------------------------------===//

namespace {

/// A sum of elements of tensors and a constant.
class ElementSum {
public:
  void add(int64_t number) { constant += number; }
  /// Adds element `index` of an integer tensor, or subtracts it where `factor` is -1.
  void add(Value tensor, int64_t index, int64_t factor);
  bool is(int64_t number) const {
    return constant == number &&
           llvm::all_of(factors, [](const auto &entry) { return entry.second == 0; });
  }

private:
  llvm::MapVector<std::pair<Value, int64_t>, int64_t> factors;
  int64_t constant = 0;
};

} // namespace

void ElementSum::add(Value tensor, int64_t index, int64_t factor) {
  if (std::optional<KnownInts> known = evaluateInts(tensor))
    if (index < int64_t(known->size()) && (*known)[index]) {
      constant += factor * *(*known)[index];
      return;
    }
  Operation *op = tensor.getDefiningOp();
  if (isa_and_present<ReshapeOp, ExpandDimsOp, SqueezeOp, CastOp>(op))
    return add(op->getOperand(0), index, factor);
  if (auto pack = dyn_cast_or_null<PackOp>(op);
      pack && cast<RankedTensorType>(tensor.getType()).getRank() == 1)
    return add(pack.getValues()[index], 0, factor);
  if (auto join = dyn_cast_or_null<ConcatenationOp>(op);
      join && cast<RankedTensorType>(tensor.getType()).getRank() == 1) {
    int64_t first = 0;
    for (Value part : join.getInputs()) {
      int64_t size = shapeOf(part)[0];
      if (ShapedType::isDynamic(size))
        break;
      if (index < first + size)
        return add(part, index - first, factor);
      first += size;
    }
  }
  if (isa_and_present<AddOp, SubOp>(op) && llvm::all_of(op->getOperands(), [&](Value operand) {
        return getNumElements(shapeOf(operand)) == getNumElements(shapeOf(tensor));
      })) {
    add(op->getOperand(0), index, factor);
    return add(op->getOperand(1), index, isa<SubOp>(op) ? -factor : factor);
  }
  factors[{tensor, index}] += factor;
}

/// Whether dimension `dim` of `value` has as many elements as that of `carried`, although it is
/// made of slices whose sizes only data tell: TensorFlow replaces a row of a list by joining those
/// before it, the new one, and those behind it.
static bool keepsSize(Value value, Value carried, int64_t dim) {
  auto join = value.getDefiningOp<ConcatenationOp>();
  int64_t rank = shapeOf(carried).size(), size = shapeOf(carried)[dim];
  if (!join || (join.getAxis() != dim && join.getAxis() + rank != dim))
    return false;
  ElementSum sum;
  for (Value part : join.getInputs()) {
    if (int64_t known = shapeOf(part)[dim]; !ShapedType::isDynamic(known)) {
      sum.add(known);
      continue;
    }
    auto slice = part.getDefiningOp<SliceOp>();
    if (!slice || slice.getInput() != carried)
      return false;
    std::optional<KnownInts> sizes = evaluateInts(slice.getSize());
    if (sizes && dim < int64_t(sizes->size()) && (*sizes)[dim] == -1) {
      sum.add(size);
      sum.add(slice.getBegin(), dim, -1);
    } else {
      sum.add(slice.getSize(), dim, 1);
    }
  }
  return sum.is(size);
}

//===----------------------------------------------------------------------===//
// Iterations
//===----------------------------------------------------------------------===//

/// How many operators inference may go through for the shapes of one loop's iterations.
static constexpr int64_t mostSteps = 1 << 16;

static Block::BlockArgListType getCarried(Operation *loop) {
  if (auto repeat = dyn_cast<RepeatOp>(loop))
    return repeat.getCarried();
  return cast<LoopOp>(loop).getBody().getArguments();
}

static Block &getBody(Operation *loop) {
  if (auto repeat = dyn_cast<RepeatOp>(loop))
    return repeat.getBody().front();
  return cast<LoopOp>(loop).getBody().front();
}

/// The shapes that the body yields, where the arguments have theirs. A size that the body keeps,
/// although only data tell, is that of the argument.
static FailureOr<SmallVector<Shape>> getYieldedShapes(Operation *loop) {
  SmallVector<Shape> shapes;
  for (auto [i, values] : llvm::enumerate(
           llvm::zip_equal(getCarried(loop), getBody(loop).getTerminator()->getOperands()))) {
    auto [carried, yielded] = values;
    ArrayRef<int64_t> before = shapeOf(carried);
    Shape after(shapeOf(yielded));
    if (after.size() != before.size())
      return loop->emitError() << "tensor " << i << " of the loop has shape "
                               << getShapeText(before) << " at first and " << getShapeText(after)
                               << " behind an iteration; ranks that change are not supported";
    for (auto [dim, size] : llvm::enumerate(after))
      if (ShapedType::isDynamic(size) && !ShapedType::isDynamic(before[dim]) &&
          keepsSize(yielded, carried, dim))
        size = before[dim];
    shapes.push_back(std::move(after));
  }
  return shapes;
}

/// Makes the sizes of `shapes` unknown that are others in `next`; false where none is.
static bool widen(MutableArrayRef<Shape> shapes, ArrayRef<Shape> next) {
  bool isChanged = false;
  for (auto [shape, other] : llvm::zip_equal(shapes, next))
    for (auto [size, otherSize] : llvm::zip_equal(shape, other))
      if (size != otherSize && !ShapedType::isDynamic(size)) {
        size = ShapedType::kDynamic;
        isChanged = true;
      }
  return isChanged;
}

static void setCarried(Operation *loop, ArrayRef<Shape> shapes) {
  for (auto [argument, shape] : llvm::zip_equal(getCarried(loop), shapes))
    setShape(argument, shape);
}

/// The larger one of two sizes; unknown where one of them is.
static int64_t getLarger(int64_t one, int64_t other) {
  bool isUnknown = ShapedType::isDynamic(one) || ShapedType::isDynamic(other);
  return isUnknown ? ShapedType::kDynamic : std::max(one, other);
}

static ArrayAttr createShapeList(MLIRContext *context, ArrayRef<Shape> shapes) {
  Builder builder(context);
  SmallVector<Attribute> list;
  for (const Shape &shape : shapes)
    list.push_back(builder.getDenseI64ArrayAttr(shape));
  return builder.getArrayAttr(list);
}

/// The shapes of `count` iterations one after the other: notes the largest, and the last ones where
/// there are exactly as many.
static void followIterations(Operation *loop, ArrayRef<Shape> inputs, int64_t count,
                             llvm::function_ref<LogicalResult(Block &)> inferBlock) {
  int64_t operators = 0;
  getBody(loop).walk([&](Operation *) { ++operators; });
  if (count > mostSteps / std::max<int64_t>(operators, 1))
    return;
  // What an operator rejects in one of them, an invocation finds.
  ScopedDiagnosticHandler silence(loop->getContext(), [](Diagnostic &) { return success(); });
  SmallVector<Shape> shapes(inputs), most(inputs);
  for ([[maybe_unused]] int64_t i : llvm::seq(count)) {
    setCarried(loop, shapes);
    if (failed(inferBlock(getBody(loop))))
      return;
    FailureOr<SmallVector<Shape>> next = getYieldedShapes(loop);
    if (failed(next))
      return;
    shapes = std::move(*next);
    for (auto [largest, shape] : llvm::zip_equal(most, shapes))
      for (auto [size, other] : llvm::zip_equal(largest, shape))
        size = getLarger(size, other);
  }
  MLIRContext *context = loop->getContext();
  if (auto repeat = dyn_cast<RepeatOp>(loop)) {
    repeat.setMostAttr(createShapeList(context, most));
    repeat.setLastAttr(createShapeList(context, shapes));
  } else {
    cast<LoopOp>(loop).setMostAttr(createShapeList(context, most));
  }
}

LogicalResult tflc::tfl::inferCarriedShapes(Operation *loop,
                                            function_ref<LogicalResult(Block &)> inferBlock) {
  loop->removeAttr("most");
  loop->removeAttr("last");
  SmallVector<Shape> inputs;
  for (Value input : loop->getOperands())
    inputs.emplace_back(shapeOf(input));
  SmallVector<Shape> shapes = inputs;
  bool isChanged = true;
  while (isChanged) {
    setCarried(loop, shapes);
    if (failed(inferBlock(getBody(loop))))
      return failure();
    FailureOr<SmallVector<Shape>> next = getYieldedShapes(loop);
    if (failed(next))
      return failure();
    isChanged = widen(shapes, *next);
  }
  if (shapes != inputs) {
    std::optional<uint64_t> count;
    if (auto repeat = dyn_cast<RepeatOp>(loop))
      count = repeat.getCount();
    else
      count = cast<LoopOp>(loop).getAtMost();
    if (count)
      followIterations(loop, inputs, *count, inferBlock);
  }
  setCarried(loop, shapes);
  if (auto whileLoop = dyn_cast<LoopOp>(loop))
    for (auto [argument, carried] :
         llvm::zip_equal(whileLoop.getCondition().getArguments(), getCarried(loop)))
      argument.setType(carried.getType());
  return success();
}
