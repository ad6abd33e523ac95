//===- ShapeValues.cpp - integers known at compile time -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ShapeValues.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConstantOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/ReductionOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/SliceItems.h"
#include "TF/IR/SliceOps.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tf;

/// Shape arithmetic has few elements; what has more is data.
static constexpr int64_t maxElements = 1024;

/// Chains of shape arithmetic are short; shape inference folds what it has passed.
static constexpr unsigned maxDepth = 32;

namespace {

using MaybeInts = std::optional<KnownInts>;

class Evaluator {
public:
  MaybeInts evaluate(Value value);

private:
  MaybeInts visit(Operation *op);
  MaybeInts visitSlice(StridedSliceOp op);
  MaybeInts visitSlice(SliceOp op);
  MaybeInts visitJoin(ValueRange inputs);
  MaybeInts visitGather(Value input, Value indices);
  MaybeInts visitBinary(Operation *op);

  unsigned depth = 0;
};

} // namespace

std::optional<int64_t> tflc::tf::getNumElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  if (llvm::any_of(shape, [](int64_t size) { return size < 0; }))
    return std::nullopt;
  if (llvm::is_contained(shape, 0))
    return 0;
  for (int64_t size : shape)
    if (llvm::MulOverflow(count, size, count) || count > (int64_t(1) << 47))
      return std::nullopt;
  return count;
}

MaybeInts Evaluator::evaluate(Value value) {
  Type element = getElementType(value);
  if (!element.isInteger())
    return std::nullopt;
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements))) {
    if (elements.getNumElements() > maxElements || !elements.getElementType().isInteger())
      return std::nullopt;
    bool isSigned = !element.isUnsignedInteger() && !element.isInteger(1);
    return llvm::map_to_vector(elements.getValues<APInt>(), [&](const APInt &number) {
      return std::optional<int64_t>(isSigned ? number.getSExtValue() : number.getZExtValue());
    });
  }
  MaybeInts result;
  if (Operation *op = value.getDefiningOp(); op && op->getNumResults() == 1 && depth < maxDepth) {
    ++depth;
    result = visit(op);
    --depth;
  }
  if (result)
    return result->size() > size_t(maxElements) ? std::nullopt : result;
  std::optional<Shape> shape = getShape(value);
  std::optional<int64_t> count = shape ? getNumElements(*shape) : std::nullopt;
  if (!count || *count > maxElements)
    return std::nullopt;
  return KnownInts(*count, std::nullopt);
}

static std::optional<SmallVector<int64_t>> getAll(const MaybeInts &known) {
  if (!known || llvm::is_contained(*known, std::nullopt))
    return std::nullopt;
  return llvm::map_to_vector(*known, [](std::optional<int64_t> element) { return *element; });
}

static std::optional<int64_t> toKnown(int64_t size) {
  return ShapedType::isDynamic(size) ? std::nullopt : std::optional(size);
}

MaybeInts Evaluator::visit(Operation *op) {
  return llvm::TypeSwitch<Operation *, MaybeInts>(op)
      .Case([&](ShapeOp shape) -> MaybeInts {
        std::optional<Shape> sizes = getShape(shape.getInput());
        return sizes ? MaybeInts(llvm::map_to_vector(*sizes, toKnown)) : std::nullopt;
      })
      .Case([&](SizeOp size) -> MaybeInts {
        std::optional<Shape> sizes = getShape(size.getInput());
        return sizes ? MaybeInts({getNumElements(*sizes)}) : std::nullopt;
      })
      .Case([&](RankOp rank) -> MaybeInts {
        std::optional<Shape> sizes = getShape(rank.getInput());
        return sizes ? MaybeInts({int64_t(sizes->size())}) : std::nullopt;
      })
      .Case<ReshapeOp, SqueezeOp, ExpandDimsOp, CastOp>(
          [&](auto view) { return evaluate(view->getOperand(0)); })
      .Case([&](PackOp pack) -> MaybeInts {
        for (Value value : pack.getValues())
          if (std::optional<Shape> shape = getShape(value); !shape || getNumElements(*shape) != 1)
            return std::nullopt;
        return visitJoin(pack.getValues());
      })
      .Case([&](ConcatV2Op join) -> MaybeInts {
        for (Value value : join.getValues())
          if (std::optional<Shape> shape = getShape(value); !shape || shape->size() != 1)
            return std::nullopt;
        return visitJoin(join.getValues());
      })
      .Case<StridedSliceOp, SliceOp>([&](auto slice) { return visitSlice(slice); })
      .Case([&](GatherV2Op gather) { return visitGather(gather.getParams(), gather.getIndices()); })
      .Case([&](FillOp fill) -> MaybeInts {
        std::optional<SmallVector<int64_t>> dims = getAll(evaluate(fill.getDims()));
        MaybeInts value = evaluate(fill.getValue());
        std::optional<int64_t> count = dims ? getNumElements(*dims) : std::nullopt;
        if (!count || *count > maxElements || !value || value->size() != 1)
          return std::nullopt;
        return KnownInts(*count, value->front());
      })
      .Case([&](ProdOp product) -> MaybeInts {
        MaybeInts input = evaluate(product.getInput());
        std::optional<Shape> shape = getShape(product.getInput());
        if (!input || !shape || shape->size() != 1 || getShape(product.getOutput()) != Shape())
          return std::nullopt;
        int64_t result = 1;
        for (std::optional<int64_t> element : *input)
          if (!element || llvm::MulOverflow(result, *element, result))
            return KnownInts{std::nullopt};
        return KnownInts{result};
      })
      .Case([&](BroadcastArgsOp args) -> MaybeInts {
        std::optional<SmallVector<int64_t>> a = getAll(evaluate(args.getS0())),
                                            b = getAll(evaluate(args.getS1()));
        if (!a || !b)
          return std::nullopt;
        const auto &longer = a->size() >= b->size() ? *a : *b;
        const auto &shorter = a->size() >= b->size() ? *b : *a;
        KnownInts result(longer.begin(), longer.end());
        for (size_t i = 0; i < shorter.size(); ++i)
          if (auto &size = result[longer.size() - shorter.size() + i]; size == 1)
            size = shorter[i];
        return result;
      })
      .Default([&](Operation *other) -> MaybeInts {
        return other->getNumOperands() == 2 ? visitBinary(other) : std::nullopt;
      });
}

MaybeInts Evaluator::visitJoin(ValueRange inputs) {
  KnownInts result;
  for (Value input : inputs) {
    MaybeInts part = evaluate(input);
    if (!part)
      return std::nullopt;
    llvm::append_range(result, *part);
  }
  return result;
}

MaybeInts Evaluator::visitSlice(StridedSliceOp op) {
  MaybeInts input = evaluate(op.getInput());
  std::optional<Shape> shape = getShape(op.getInput());
  auto begin = getAll(evaluate(op.getBegin())), end = getAll(evaluate(op.getEnd()));
  auto strides = getAll(evaluate(op.getStrides()));
  if (!input || !shape || shape->size() != 1 || !begin || !end || !strides)
    return std::nullopt;
  std::optional<SmallVector<SliceItem>> items =
      getSliceItems(SliceMasks(op), shape->size(), *begin, *end, *strides, {});
  if (!items)
    return std::nullopt;
  for (const SliceItem &item : *items) {
    if (!item.dim)
      continue;
    std::optional<SliceRange> range = getSliceRange(item, input->size());
    if (!range)
      return std::nullopt;
    KnownInts result;
    for (int64_t i = 0; i < range->size; ++i)
      result.push_back((*input)[range->begin + i * range->stride]);
    return result;
  }
  return std::nullopt;
}

MaybeInts Evaluator::visitSlice(SliceOp op) {
  MaybeInts input = evaluate(op.getInput());
  auto begin = getAll(evaluate(op.getBegin())), size = getAll(evaluate(op.getSize()));
  if (!input || !begin || !size || begin->size() != 1 || size->size() != 1)
    return std::nullopt;
  int64_t total = input->size(), first = begin->front();
  if (first < 0 || first > total)
    return std::nullopt;
  int64_t count = size->front() == -1 ? total - first : size->front();
  if (count < 0 || count > total - first)
    return std::nullopt;
  return KnownInts(ArrayRef(*input).slice(first, count));
}

MaybeInts Evaluator::visitGather(Value input, Value indices) {
  MaybeInts from = evaluate(input), at = evaluate(indices);
  std::optional<Shape> shape = getShape(input);
  if (!from || !at || !shape || shape->size() != 1)
    return std::nullopt;
  return llvm::map_to_vector(*at, [&](std::optional<int64_t> index) {
    bool isInside = index && *index >= 0 && *index < int64_t(from->size());
    return isInside ? (*from)[*index] : std::nullopt;
  });
}

static std::optional<int64_t> compute(Operation *op, int64_t a, int64_t b) {
  int64_t result;
  if (isa<AddOp, AddV2Op>(op))
    return llvm::AddOverflow(a, b, result) ? std::nullopt : std::optional(result);
  if (isa<SubOp>(op))
    return llvm::SubOverflow(a, b, result) ? std::nullopt : std::optional(result);
  if (isa<MulOp>(op))
    return llvm::MulOverflow(a, b, result) ? std::nullopt : std::optional(result);
  if (isa<MinimumOp>(op))
    return std::min(a, b);
  if (isa<MaximumOp>(op))
    return std::max(a, b);
  if (isa<FloorDivOp, DivOp>(op) && a >= 0 && b > 0)
    return a / b;
  if (isa<FloorModOp>(op) && a >= 0 && b > 0)
    return a % b;
  return std::nullopt;
}

MaybeInts Evaluator::visitBinary(Operation *op) {
  if (!isa<AddOp, AddV2Op, SubOp, MulOp, MinimumOp, MaximumOp, FloorDivOp, DivOp, FloorModOp>(op))
    return std::nullopt;
  MaybeInts lhs = evaluate(op->getOperand(0)), rhs = evaluate(op->getOperand(1));
  // Scalars and vectors; more would need the shapes.
  for (Value operand : op->getOperands())
    if (std::optional<Shape> shape = getShape(operand); !shape || shape->size() > 1)
      return std::nullopt;
  if (!lhs || !rhs || lhs->empty() || rhs->empty() ||
      (lhs->size() != rhs->size() && lhs->size() != 1 && rhs->size() != 1))
    return std::nullopt;
  KnownInts result;
  for (size_t i = 0, e = std::max(lhs->size(), rhs->size()); i < e; ++i) {
    std::optional<int64_t> a = (*lhs)[lhs->size() == 1 ? 0 : i];
    std::optional<int64_t> b = (*rhs)[rhs->size() == 1 ? 0 : i];
    result.push_back(a && b ? compute(op, *a, *b) : std::nullopt);
  }
  return result;
}

std::optional<KnownInts> tflc::tf::evaluateInts(Value value) { return Evaluator().evaluate(value); }

std::optional<SmallVector<int64_t>> tflc::tf::evaluateAllInts(Value value) {
  return getAll(evaluateInts(value));
}

std::optional<int64_t> tflc::tf::evaluateInt(Value value) {
  std::optional<KnownInts> known = evaluateInts(value);
  return known && known->size() == 1 ? known->front() : std::nullopt;
}

std::optional<SmallVector<int64_t>> tflc::tf::evaluateShape(Value value) {
  std::optional<KnownInts> known = evaluateInts(value);
  if (!known)
    return std::nullopt;
  return llvm::map_to_vector(*known, [](std::optional<int64_t> element) {
    return !element || *element < 0 ? ShapedType::kDynamic : *element;
  });
}
