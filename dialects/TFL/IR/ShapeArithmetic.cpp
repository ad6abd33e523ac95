//===- ShapeArithmetic.cpp - ops that compute shapes ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ShapeArithmetic.h"

#include "TFL/IR/ShapeValues.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tflc::tfl;

#include "TFL/IR/ShapeArithmetic.cpp.inc"

/// Shape arithmetic has few elements; what has more is data.
static constexpr int64_t maxElements = 1024;

/// Chains of shape arithmetic are short; shape inference folds what it has passed.
static constexpr unsigned maxDepth = 64;

static std::optional<int64_t> getSmallNumElements(RankedTensorType type) {
  std::optional<int64_t> count = getNumElements(type.getShape());
  return count && *count <= maxElements ? count : std::nullopt;
}

std::optional<KnownInts> ShapeEvaluator::evaluate(Value value) {
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
  auto op = value.getDefiningOp<ShapeArithmeticOpInterface>();
  if (!op || depth == maxDepth)
    return known[value] = unknown;
  ++depth;
  std::optional<KnownInts> result = op.computeInts(*this, cast<OpResult>(value).getResultNumber());
  --depth;
  // The result's type may not be inferred yet; its number of elements may then be another.
  return known[value] = result ? result : unknown;
}

std::optional<SmallVector<int64_t>> ShapeEvaluator::evaluateAll(Value value) {
  std::optional<KnownInts> elements = evaluate(value);
  if (!elements || llvm::is_contained(*elements, std::nullopt))
    return std::nullopt;
  return llvm::map_to_vector(*elements, [](std::optional<int64_t> element) { return *element; });
}

std::optional<KnownInts> tflc::tfl::evaluateJoin(ShapeEvaluator &evaluator, ValueRange inputs) {
  KnownInts result;
  for (Value input : inputs) {
    std::optional<KnownInts> part = evaluator.evaluate(input);
    if (!part)
      return std::nullopt;
    llvm::append_range(result, *part);
  }
  return result;
}

std::optional<KnownInts> tflc::tfl::evaluatePairs(
    ShapeEvaluator &evaluator, Value lhs, Value rhs,
    llvm::function_ref<std::optional<int64_t>(int64_t lhs, int64_t rhs)> compute) {
  std::optional<KnownInts> left = evaluator.evaluate(lhs), right = evaluator.evaluate(rhs);
  if (!left || !right || left->empty() || right->empty() ||
      (left->size() != right->size() && left->size() != 1 && right->size() != 1))
    return std::nullopt;
  KnownInts result;
  for (size_t i = 0, e = std::max(left->size(), right->size()); i < e; ++i) {
    std::optional<int64_t> a = (*left)[left->size() == 1 ? 0 : i];
    std::optional<int64_t> b = (*right)[right->size() == 1 ? 0 : i];
    result.push_back(a && b ? compute(*a, *b) : std::nullopt);
  }
  return result;
}
