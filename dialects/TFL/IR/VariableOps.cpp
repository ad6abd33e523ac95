//===- VariableOps.cpp - state and its initialization ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/VariableOps.h"
#include "TFL/IR/ElementTypes.h"

using namespace mlir;
using namespace tflc::tfl;

#include "TFL/IR/State.cpp.inc"

#define GET_OP_CLASSES
#include "TFL/IR/VariableOps.cpp.inc"

static LogicalResult verifyHandle(Operation *op, Value handle) {
  if (!isa<ResourceType>(getElementTypeOrSelf(handle.getType())))
    return op->emitError("the handle must be a resource, found ")
           << getElementTypeName(handle.getType());
  return success();
}

LogicalResult VarHandleOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(SmallVector<int64_t>(getResourceHandle().getType().getShape()));
  return success();
}

LogicalResult ReadVariableOp::verify() { return verifyHandle(*this, getResourceId()); }

LogicalResult ReadVariableOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  // What was assigned decides; normalization has made all uses of a variable agree.
  shapes.push_back(SmallVector<int64_t>(getValue().getType().getShape()));
  return success();
}

LogicalResult AssignVariableOp::verify() { return verifyHandle(*this, getResourceId()); }

LogicalResult AssignVariableOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &) {
  return success();
}

LogicalResult CallOnceOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &) { return success(); }

LogicalResult CallOnceOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getInitSubgraphAttr());
  if (!callee)
    return emitError("there is no function ") << getInitSubgraphAttr();
  if (callee.getNumArguments() != 0 || callee.getNumResults() != 0)
    return emitError("the initialization ")
           << getInitSubgraphAttr() << " must have neither inputs nor outputs";
  return success();
}

//===----------------------------------------------------------------------===//
// Variable tensors
//===----------------------------------------------------------------------===//

LogicalResult VariableTensorOp::verify() {
  RankedTensorType type = getOutput().getType();
  if (!type.hasStaticShape())
    return emitError("a variable tensor must have a known shape, found ")
           << getShapeText(type.getShape());
  if (!getStoredType(type).isIntOrFloat())
    return emitError("a variable tensor of type ")
           << getElementTypeName(type) << " is not supported";
  return success();
}

LogicalResult VariableTensorOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.emplace_back(getOutput().getType().getShape());
  return success();
}

/// Checks that a value of `type` may stand in `variable`.
static LogicalResult verifyAccess(Operation *op, Value variable, RankedTensorType type) {
  if (!variable.getDefiningOp<VariableTensorOp>())
    return op->emitError("the operand is no variable tensor");
  auto variableType = cast<RankedTensorType>(variable.getType());
  if (variableType.getElementType() != type.getElementType() ||
      failed(verifyCompatibleShape(variableType, type)))
    return op->emitError("a value of ")
           << getElementTypeName(type) << getShapeText(type.getShape())
           << " does not fit a variable tensor of " << getElementTypeName(variableType)
           << getShapeText(variableType.getShape());
  return success();
}

LogicalResult LoadVariableTensorOp::verify() {
  return verifyAccess(*this, getVariable(), getValue().getType());
}

LogicalResult LoadVariableTensorOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.emplace_back(getVariable().getType().getShape());
  return success();
}

LogicalResult StoreVariableTensorOp::verify() {
  return verifyAccess(*this, getVariable(), getValue().getType());
}

LogicalResult StoreVariableTensorOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &) {
  return success();
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

/// The type of what a resource holds shows only where it is read or written.
static RankedTensorType findVariableType(Value handle) {
  for (Operation *user : handle.getUsers()) {
    Value value;
    if (user->getNumResults() == 1)
      value = user->getResult(0);
    else if (user->getNumOperands() == 2)
      value = user->getOperand(1);
    if (auto type = value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType())
      return type;
  }
  return {};
}

StateInfo VarHandleOp::getStateInfo() {
  return {getSharedName().value_or(""), findVariableType(getResourceHandle()), {}};
}

StateInfo VariableTensorOp::getStateInfo() { return {getVariable(), getOutput().getType(), {}}; }
