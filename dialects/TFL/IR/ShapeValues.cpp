//===- ShapeValues.cpp - shapes known at compile time ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ShapeValues.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/JoinOps.h"
#include "TFL/IR/RepeatOps.h"
#include "TFL/IR/ReshapeOps.h"
#include "TFL/IR/SliceItems.h"
#include "TFL/IR/SliceOps.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tfl;

/// Shape arithmetic has few elements; what has more is data.
static constexpr int64_t maxElements = 1024;

/// Chains of shape arithmetic are short; shape inference folds what it has passed.
static constexpr unsigned maxDepth = 64;

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

namespace {

class Evaluator {
public:
  std::optional<KnownInts> evaluate(Value value);

private:
  std::optional<KnownInts> visit(Operation *op);
  std::optional<KnownInts> visit(StridedSliceOp op);
  std::optional<KnownInts> visit(SliceOp op);
  std::optional<KnownInts> visit(GatherOp op);
  std::optional<KnownInts> visit(BroadcastArgsOp op);
  std::optional<KnownInts> visitJoin(ValueRange inputs);
  std::optional<KnownInts> visitArithmetic(Operation *op);
  std::optional<KnownInts> visitProduct(Operation *op);

  std::optional<SmallVector<int64_t>> evaluateAll(Value value);

  DenseMap<Value, std::optional<KnownInts>> known;
  unsigned depth = 0;
};

} // namespace

static std::optional<int64_t> getSmallNumElements(RankedTensorType type) {
  std::optional<int64_t> count = getNumElements(type.getShape());
  return count && *count <= maxElements ? count : std::nullopt;
}

std::optional<KnownInts> Evaluator::evaluate(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.getElementType().isInteger() || !getSmallNumElements(type))
    return std::nullopt;
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements))) {
    bool isSigned = !type.getElementType().isUnsignedInteger();
    return llvm::map_to_vector(elements.getValues<APInt>(), [&](const APInt &element) {
      return std::optional<int64_t>(isSigned ? element.getSExtValue() : element.getZExtValue());
    });
  }
  auto [place, isNew] = known.try_emplace(value, std::nullopt);
  if (!isNew)
    return place->second;
  KnownInts unknown(*getSmallNumElements(type), std::nullopt);
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumResults() != 1 || depth == maxDepth)
    return known[value] = unknown;
  ++depth;
  std::optional<KnownInts> result = visit(op);
  --depth;
  // The result's type may not be inferred yet; its number of elements may then be another.
  return known[value] = result ? result : unknown;
}

static std::optional<SmallVector<int64_t>> getAll(const std::optional<KnownInts> &known) {
  if (!known || llvm::is_contained(*known, std::nullopt))
    return std::nullopt;
  return llvm::map_to_vector(*known, [](std::optional<int64_t> element) { return *element; });
}

std::optional<SmallVector<int64_t>> Evaluator::evaluateAll(Value value) {
  return getAll(evaluate(value));
}

std::optional<KnownInts> Evaluator::visit(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<KnownInts>>(op)
      .Case([&](ShapeOp shape) {
        KnownInts sizes;
        for (int64_t size : shape.getInput().getType().getShape())
          sizes.push_back(ShapedType::isDynamic(size) ? std::nullopt
                                                      : std::optional<int64_t>(size));
        return std::optional<KnownInts>(sizes);
      })
      .Case([&](RankOp rank) {
        return std::optional<KnownInts>({rank.getInput().getType().getRank()});
      })
      .Case([&](ReshapeOp reshape) { return evaluate(reshape.getInput()); })
      .Case([&](SqueezeOp squeeze) { return evaluate(squeeze.getInput()); })
      .Case([&](ExpandDimsOp expand) { return evaluate(expand.getInput()); })
      .Case([&](PackOp pack) -> std::optional<KnownInts> {
        // Scalars and vectors of one element in a row.
        for (Value value : pack.getValues())
          if (getNumElements(cast<RankedTensorType>(value.getType()).getShape()) != 1)
            return std::nullopt;
        return visitJoin(pack.getValues());
      })
      .Case([&](ConcatenationOp concatenation) -> std::optional<KnownInts> {
        if (concatenation.getOutput().getType().getRank() != 1)
          return std::nullopt;
        return visitJoin(concatenation.getInputs());
      })
      .Case<BroadcastArgsOp, GatherOp, SliceOp, StridedSliceOp>(
          [&](auto other) { return visit(other); })
      .Default([&](Operation *other) -> std::optional<KnownInts> {
        StringRef name = other->getName().getStringRef();
        // Widths only matter where a value does not fit; sizes do.
        if (name == "tfl.cast")
          return evaluate(other->getOperand(0));
        if (name == "tfl.reduce_prod")
          return visitProduct(other);
        if (other->getNumOperands() == 2)
          return visitArithmetic(other);
        return std::nullopt;
      });
}

std::optional<KnownInts> Evaluator::visitJoin(ValueRange inputs) {
  KnownInts result;
  for (Value input : inputs) {
    std::optional<KnownInts> part = evaluate(input);
    if (!part)
      return std::nullopt;
    llvm::append_range(result, *part);
  }
  return result;
}

std::optional<KnownInts> Evaluator::visit(StridedSliceOp op) {
  auto type = op.getInput().getType();
  auto input = evaluate(op.getInput());
  auto begin = evaluateAll(op.getBegin()), end = evaluateAll(op.getEnd());
  auto strides = evaluateAll(op.getStrides());
  std::optional<SmallVector<SliceItem>> items = getSliceItems(op);
  if (!input || !begin || !end || !strides || !items || type.getRank() != 1)
    return std::nullopt;
  for (const SliceItem &item : *items) {
    if (!item.dim)
      continue;
    SliceRange range = {0, int64_t(input->size()), 1};
    if (item.entry) {
      unsigned entry = *item.entry;
      if ((*strides)[entry] == 0)
        return std::nullopt;
      range = getSliceRange(item, (*begin)[entry], (*end)[entry], (*strides)[entry], op.getOffset(),
                            input->size());
    }
    KnownInts result;
    for (int64_t i = 0; i < range.size; ++i) {
      int64_t at = range.begin + i * range.stride;
      result.push_back(at >= 0 && at < int64_t(input->size()) ? (*input)[at] : std::nullopt);
    }
    return result;
  }
  return std::nullopt;
}

std::optional<KnownInts> Evaluator::visit(SliceOp op) {
  auto input = evaluate(op.getInput());
  auto begins = evaluateAll(op.getBegin()), sizes = evaluateAll(op.getSize());
  if (!input || !begins || !sizes || begins->size() != 1 || sizes->size() != 1 ||
      op.getInput().getType().getRank() != 1)
    return std::nullopt;
  int64_t begin = begins->front();
  int64_t count = sizes->front() == -1 ? int64_t(input->size()) - begin : sizes->front();
  if (begin < 0 || count < 0 || begin > int64_t(input->size()) ||
      count > int64_t(input->size()) - begin)
    return std::nullopt;
  return KnownInts(ArrayRef(*input).slice(begin, count));
}

std::optional<KnownInts> Evaluator::visit(GatherOp op) {
  auto input = evaluate(op.getInput()), indices = evaluate(op.getIndices());
  if (!input || !indices || op.getInput().getType().getRank() != 1)
    return std::nullopt;
  return llvm::map_to_vector(*indices, [&](std::optional<int64_t> index) {
    bool isInside = index && *index >= 0 && *index < int64_t(input->size());
    return isInside ? (*input)[*index] : std::nullopt;
  });
}

std::optional<KnownInts> Evaluator::visit(BroadcastArgsOp op) {
  auto first = evaluate(op.getS0()), second = evaluate(op.getS1());
  if (!first || !second)
    return std::nullopt;
  size_t rank = std::max(first->size(), second->size());
  KnownInts result;
  for (size_t i = 0; i < rank; ++i) {
    auto get = [&](const KnownInts &shape) -> std::optional<int64_t> {
      return i + shape.size() < rank ? 1 : shape[i + shape.size() - rank];
    };
    std::optional<int64_t> a = get(*first), b = get(*second);
    // Sizes that do not fit are the invocation's to report.
    if (!a || !b || (*a != *b && *a != 1 && *b != 1))
      result.push_back(std::nullopt);
    else
      result.push_back(*a == 1 ? b : a);
  }
  return result;
}

std::optional<KnownInts> Evaluator::visitArithmetic(Operation *op) {
  StringRef name = op->getName().getStringRef();
  if (!llvm::is_contained({"tfl.add", "tfl.sub", "tfl.mul", "tfl.div", "tfl.floor_div",
                           "tfl.minimum", "tfl.maximum"},
                          name))
    return std::nullopt;
  if (auto activation = op->getAttrOfType<StringAttr>("fused_activation_function");
      activation && activation.getValue() != "NONE")
    return std::nullopt;
  auto lhs = evaluate(op->getOperand(0)), rhs = evaluate(op->getOperand(1));
  if (!lhs || !rhs || lhs->empty() || rhs->empty() ||
      (lhs->size() != rhs->size() && lhs->size() != 1 && rhs->size() != 1))
    return std::nullopt;
  auto compute = [&](std::optional<int64_t> a, std::optional<int64_t> b) -> std::optional<int64_t> {
    int64_t result;
    if (!a || !b)
      return std::nullopt;
    if (name == "tfl.add")
      return llvm::AddOverflow(*a, *b, result) ? std::nullopt : std::optional(result);
    if (name == "tfl.sub")
      return llvm::SubOverflow(*a, *b, result) ? std::nullopt : std::optional(result);
    if (name == "tfl.mul")
      return llvm::MulOverflow(*a, *b, result) ? std::nullopt : std::optional(result);
    if (name == "tfl.minimum")
      return std::min(*a, *b);
    if (name == "tfl.maximum")
      return std::max(*a, *b);
    // Both divisions agree on what shapes are made of.
    if (*a < 0 || *b <= 0)
      return std::nullopt;
    return *a / *b;
  };
  KnownInts result;
  for (size_t i = 0, e = std::max(lhs->size(), rhs->size()); i < e; ++i)
    result.push_back(compute((*lhs)[lhs->size() == 1 ? 0 : i], (*rhs)[rhs->size() == 1 ? 0 : i]));
  return result;
}

std::optional<KnownInts> Evaluator::visitProduct(Operation *op) {
  auto input = evaluate(op->getOperand(0));
  if (!input || cast<RankedTensorType>(op->getOperand(0).getType()).getRank() != 1)
    return std::nullopt;
  int64_t product = 1;
  for (std::optional<int64_t> element : *input)
    if (!element || llvm::MulOverflow(product, *element, product))
      return KnownInts{std::nullopt};
  return KnownInts{product};
}

std::optional<KnownInts> tflc::tfl::evaluateInts(Value value) {
  return Evaluator().evaluate(value);
}

std::optional<SmallVector<int64_t>> tflc::tfl::evaluateAllInts(Value value) {
  return getAll(evaluateInts(value));
}

std::optional<SmallVector<int64_t>> tflc::tfl::evaluateShape(Value value) {
  std::optional<KnownInts> known = evaluateInts(value);
  if (!known)
    return std::nullopt;
  return llvm::map_to_vector(*known, [](std::optional<int64_t> element) {
    return !element || *element == -1 ? ShapedType::kDynamic : *element;
  });
}

std::optional<int64_t> tflc::tfl::evaluateInt(Value value) {
  std::optional<KnownInts> known = evaluateInts(value);
  return known && known->size() == 1 ? known->front() : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

FailureOr<int64_t> tflc::tfl::normalizeAxis(Operation *op, int64_t axis, int64_t rank,
                                            StringRef what) {
  if (axis < -rank || axis >= rank)
    return op->emitError() << what << " " << axis << " is not in the range [" << -rank << ", "
                           << rank << ")";
  return axis < 0 ? axis + rank : axis;
}

std::optional<int64_t> tflc::tfl::getNumElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    if (ShapedType::isDynamic(size))
      return std::nullopt;
  if (llvm::is_contained(shape, 0))
    return 0;
  for (int64_t size : shape)
    if (llvm::MulOverflow(count, size, count) || count > (int64_t(1) << 47))
      return std::nullopt;
  return count;
}

FailureOr<SmallVector<int64_t>> tflc::tfl::getGivenShape(Operation *op, Value operand,
                                                         StringRef name) {
  auto type = cast<RankedTensorType>(operand.getType());
  if (type.getRank() != 1)
    return op->emitError() << name << " must be a vector, found shape "
                           << getShapeText(type.getShape());
  std::optional<KnownInts> known = evaluateInts(operand);
  if (!known)
    return SmallVector<int64_t>(cast<RankedTensorType>(op->getResult(0).getType()).getRank(),
                                ShapedType::kDynamic);
  SmallVector<int64_t> shape;
  for (std::optional<int64_t> size : *known) {
    if (size && *size < 0)
      return op->emitError() << name << " must not be negative, found " << *size;
    shape.push_back(size.value_or(ShapedType::kDynamic));
  }
  return shape;
}

LogicalResult tflc::tfl::verifySameElementType(Operation *op, ValueRange values) {
  for (Value value : values.drop_front())
    if (getElementTypeName(value.getType()) != getElementTypeName(values[0].getType()))
      return op->emitError("inputs and outputs must have one type, found ")
             << getElementTypeName(values[0].getType()) << " and "
             << getElementTypeName(value.getType());
  return success();
}

LogicalResult tflc::tfl::verifyIndexOperand(Operation *op, Value value, StringRef name) {
  Type type = getElementTypeOrSelf(value.getType());
  if (!type.isSignlessInteger(32) && !type.isSignlessInteger(64))
    return op->emitError() << name << " must be int32 or int64, found "
                           << getElementTypeName(value.getType());
  return success();
}

LogicalResult tflc::tfl::verifyShapes(Operation *op) {
  SmallVector<SmallVector<int64_t>> shapes;
  return cast<ShapeInferenceOpInterface>(op).inferShapes(shapes);
}

LogicalResult tflc::tfl::inferResultTypes(ShapeInferenceOpInterface op) {
  SmallVector<SmallVector<int64_t>> shapes;
  if (failed(op.inferShapes(shapes)))
    return failure();
  for (auto [result, shape] : llvm::zip(op->getResults(), shapes)) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type)
      continue;
    if (!llvm::is_contained(shape, ShapedType::kDynamic) && !getNumElements(shape))
      return op->emitError("a result of shape ") << getShapeText(shape) << " is too large";
    result.setType(cast<RankedTensorType>(type.clone(shape)));
  }
  return success();
}
