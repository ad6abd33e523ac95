//===- TensorLists.cpp - what is known of lists of tensors ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TensorLists.h"

#include "PatternHelpers.h"

#include "TF/IR/TFOps.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tf;

TensorLists::TensorLists(func::FuncOp function) {
  function.walk([&](Operation *op) { joinValues(op); });
  function.walk([&](Operation *op) { collect(op); });
  for (BlockArgument argument : function.getArguments())
    if (isList(argument))
      getFacts(argument).isLowerable = false;
}

/// Unites what holds one list: in and out of updates, loops and branches.
void TensorLists::joinValues(Operation *op) {
  auto unite = [&](Value a, Value b) {
    if (isList(a) && isList(b))
      values.unionSets(a, b);
  };
  if (auto loop = dyn_cast<WhileRegionOp>(op)) {
    Block &cond = loop.getCond().front(), &body = loop.getBody().front();
    for (unsigned i = 0; i < loop.getNumOperands(); ++i)
      for (Value other : {Value(cond.getArgument(i)), Value(body.getArgument(i)),
                          body.getTerminator()->getOperand(i), Value(loop.getResult(i))})
        unite(loop.getOperand(i), other);
  } else if (isa<IfRegionOp, CaseRegionOp>(op)) {
    for (Region &region : op->getRegions())
      for (auto [result, value] :
           llvm::zip(op->getResults(), region.front().getTerminator()->getOperands()))
        unite(result, value);
  } else if (isa<TensorListSetItemOp, IdentityOp>(op)) {
    unite(op->getOperand(0), op->getResult(0));
  }
}

void TensorLists::noteElement(Value list, Type elementType, std::optional<Shape> shape) {
  ListFacts &known = getFacts(list);
  if (elementType)
    known.elementType = elementType;
  if (!shape)
    return;
  if (!known.shape) {
    known.shape = shape;
    return;
  }
  if (known.shape->size() != shape->size()) {
    known.isLowerable = false;
    return;
  }
  for (auto [size, other] : llvm::zip_equal(*known.shape, *shape)) {
    if (ShapedType::isDynamic(size))
      size = other;
    else if (!ShapedType::isDynamic(other) && size != other)
      known.isLowerable = false;
  }
}

void TensorLists::noteLength(Value list, std::optional<int64_t> length) {
  ListFacts &known = getFacts(list);
  if (!known.length)
    known.length = length.value_or(ShapedType::kDynamic);
  else if (known.length != length)
    known.length = ShapedType::kDynamic;
}

/// The shape that an operand says; a scalar stands for an unknown rank.
static std::optional<Shape> getElementShape(Value operand) {
  std::optional<Shape> type = getShape(operand);
  return type && type->size() == 1 ? evaluateShape(operand) : std::nullopt;
}

void TensorLists::collect(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](TensorListReserveOp reserve) {
        noteElement(reserve.getHandle(), reserve.getElementDtype(),
                    getElementShape(reserve.getElementShape()));
        noteLength(reserve.getHandle(), evaluateInt(reserve.getNumElements()));
        getFacts(reserve.getHandle()).isReserved = true;
      })
      .Case([&](TensorListFromTensorOp make) {
        std::optional<Shape> shape = getShape(make.getTensor());
        if (!shape || shape->empty()) {
          getFacts(make.getOutputHandle()).isLowerable = false;
          return;
        }
        int64_t length = shape->front();
        shape->erase(shape->begin());
        noteElement(make.getOutputHandle(), getElementType(make.getTensor()), shape);
        noteLength(make.getOutputHandle(),
                   ShapedType::isDynamic(length) ? std::nullopt : std::optional(length));
      })
      .Case([&](TensorListSetItemOp set) {
        noteElement(set.getInputHandle(), getElementType(set.getItem()), getShape(set.getItem()));
        noteSources(set);
        // A list that begins empty grows.
        ListFacts &known = getFacts(set.getInputHandle());
        known.isLowerable &= !(set.getResizeIfIndexOutOfBounds() && known.length == 0);
      })
      .Case([&](TensorListGetItemOp get) {
        noteElement(get.getInputHandle(), get.getElementDtype(),
                    getElementShape(get.getElementShape()));
      })
      .Case([&](TensorListStackOp stack) {
        noteElement(stack.getInputHandle(), stack.getElementDtype(),
                    getElementShape(stack.getElementShape()));
      })
      .Case([&](TensorListConcatV2Op join) {
        ListFacts &known = getFacts(join.getInputHandle());
        known.isLowerable &= join.getLengths().use_empty();
        noteElement(join.getInputHandle(), join.getElementDtype(),
                    getElementShape(join.getElementShape()));
      })
      .Case([&](TensorListResizeOp resize) {
        // Copies: the facts of a list go by its values.
        ListFacts known = getFacts(resize.getInputHandle());
        std::optional<int64_t> length = evaluateInt(resize.getSize());
        noteElement(resize.getOutputHandle(), known.elementType, known.shape);
        noteLength(resize.getOutputHandle(), length);
        bool isKnown = length && *length >= 0 && known.shape && known.length &&
                       !ShapedType::isDynamic(*known.length) &&
                       !llvm::is_contained(*known.shape, ShapedType::kDynamic);
        getFacts(resize.getOutputHandle()).isLowerable &= isKnown;
        getFacts(resize.getInputHandle()).isLowerable &= isKnown;
      })
      .Case<TensorListLengthOp, IdentityOp, WhileRegionOp, IfRegionOp, CaseRegionOp, YieldOp>(
          [](Operation *) {})
      .Default([&](Operation *other) {
        for (Value value : other->getOperands())
          if (isList(value))
            getFacts(value).isLowerable = false;
        for (Value value : other->getResults())
          if (isList(value))
            getFacts(value).isLowerable = false;
      });
}

void TensorLists::noteSources(TensorListSetItemOp op) {
  ListFacts &known = getFacts(op.getInputHandle());
  if (std::optional<Shape> shape = getShape(op.getItem()))
    for (auto [dim, size] : llvm::enumerate(*shape))
      if (ShapedType::isDynamic(size)) {
        if (std::optional<DimSource> source = findSource(op.getItem(), dim))
          known.sources.try_emplace(dim, *source);
      }
}

bool TensorLists::isReady(Value list) {
  ListFacts &known = getFacts(list);
  if (!known.isLowerable || !known.elementType || !known.shape || !known.length)
    return false;
  for (auto [dim, size] : llvm::enumerate(*known.shape))
    if (ShapedType::isDynamic(size) && known.isReserved && !known.sources.count(dim))
      return false;
  return true;
}

RankedTensorType TensorLists::getType(Value list) {
  const ListFacts &known = getFacts(list);
  Shape shape = {*known.length};
  llvm::append_range(shape, *known.shape);
  return RankedTensorType::get(shape, known.elementType);
}
