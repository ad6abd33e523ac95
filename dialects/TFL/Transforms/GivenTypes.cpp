//===- GivenTypes.cpp - quantization that the model brings ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GivenTypes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

static constexpr StringLiteral typesName = "tfl.given_types";
static constexpr StringLiteral typeName = "tfl.given_type";

void tflc::tfl::setGivenType(Value value, quant::QuantizedType type) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()))
      function.setArgAttr(argument.getArgNumber(), typeName, TypeAttr::get(type));
    return;
  }
  auto result = cast<OpResult>(value);
  Operation *op = result.getOwner();
  SmallVector<Attribute> types(op->getNumResults(), UnitAttr::get(op->getContext()));
  if (auto present = op->getAttrOfType<ArrayAttr>(typesName);
      present && present.size() == types.size())
    llvm::copy(present, types.begin());
  types[result.getResultNumber()] = TypeAttr::get(type);
  op->setAttr(typesName, ArrayAttr::get(op->getContext(), types));
}

quant::QuantizedType tflc::tfl::getGivenType(Value value) {
  Attribute note;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()))
      note = function.getArgAttr(argument.getArgNumber(), typeName);
  } else {
    auto result = cast<OpResult>(value);
    auto types = result.getOwner()->getAttrOfType<ArrayAttr>(typesName);
    if (types && types.size() > result.getResultNumber())
      note = types[result.getResultNumber()];
  }
  auto type = dyn_cast_or_null<TypeAttr>(note);
  return type ? dyn_cast<quant::QuantizedType>(type.getValue()) : quant::QuantizedType();
}

bool tflc::tfl::hasGivenTypes(func::FuncOp function) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (function.getArgAttr(i, typeName))
      return true;
  return function
      .walk([](Operation *op) {
        return op->hasAttr(typesName) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

void tflc::tfl::eraseGivenTypes(func::FuncOp function) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    function.removeArgAttr(i, typeName);
  function.walk([](Operation *op) { op->removeAttr(typesName); });
}
