//===- TFLRTDialect.cpp - the tflrt dialect -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/TFLRTDialect.h"

#include "TFLRT/IR/CallOps.h"
#include "TFLRT/IR/RoomOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

#include "TFLRT/IR/TFLRTDialect.cpp.inc"
#include "TFLRT/IR/TFLRTEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "TFLRT/IR/TFLRTAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "TFLRT/IR/TFLRTOps.cpp.inc"

Operation *TFLRTDialect::materializeConstant(OpBuilder &b, Attribute value, Type type,
                                             Location loc) {
  return arith::ConstantOp::materialize(b, value, type, loc);
}

LogicalResult LookupOp::verify() {
  if (getTable().size() != 256)
    return emitOpError("has a table of ") << getTable().size() << " bytes instead of 256";
  return success();
}

LogicalResult DotOp::verify() {
  int64_t factors = getLhs().getType().getNumElements();
  auto sums = dyn_cast<VectorType>(getAcc().getType());
  int64_t lanes = sums ? sums.getNumElements() : 1;
  if (getLhs().getType() != getRhs().getType())
    return emitOpError("has factors of different types");
  if (factors % lanes != 0)
    return emitOpError("cannot share ") << factors << " products among " << lanes << " sums";
  return success();
}

LogicalResult VariableOp::verify() {
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isSignlessIntOrFloat())
    return emitOpError("has a type that is no static tensor of signless integers or floats: ")
           << getType();
  if (getInitialValue() && getInitialValue()->getShapedType() != type)
    return emitOpError("has an initial value of another type");
  return success();
}

/// Whether `name` is a variable of type `type`.
static LogicalResult verifyVariable(Operation *op, FlatSymbolRefAttr name, Type type,
                                    SymbolTableCollection &symbols) {
  auto variable = symbols.lookupNearestSymbolFrom<VariableOp>(op, name);
  if (!variable)
    return op->emitOpError("names '") << name.getValue() << "', which is no variable";
  if (variable.getType() != type)
    return op->emitOpError("takes the variable for one of type ")
           << type << " instead of " << variable.getType();
  return success();
}

LogicalResult ReadVariableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyVariable(*this, getVariableAttr(), getType(), symbols);
}

LogicalResult AssignVariableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyVariable(*this, getVariableAttr(), getValue().getType(), symbols);
}

void TFLRTDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "TFLRT/IR/TFLRTAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "TFLRT/IR/TFLRTOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "TFLRT/IR/CallOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "TFLRT/IR/RoomOps.cpp.inc"
      >();
}

LogicalResult KernelOp::verify() {
  if (!getStrategy())
    return success();
  int64_t needed = getStrategyAttr().getScratch();
  if (needed == 0)
    return success();
  auto buffer = getScratch() ? getScratch().getType() : MemRefType();
  if (!buffer)
    return emitOpError("has no scratch buffer, but a strategy that needs ")
           << needed << " elements";
  auto broadcast = dyn_cast<BroadcastAttr>(getStrategyAttr());
  bool isOfColumns = broadcast && broadcast.getPacks();
  if ((!isOfColumns && !buffer.getElementType().isInteger(16)) || !buffer.hasStaticShape() ||
      buffer.getNumElements() < needed)
    return emitOpError("has a scratch buffer ")
           << buffer << ", but a strategy that needs " << needed << " elements of "
           << (isOfColumns ? "its columns' type" : "i16");
  return success();
}

LogicalResult GuardOp::verify() {
  Type value = getValue() ? getValue().getType() : Type();
  Type result = getResult() ? getResult().getType() : Type();
  if (value != result)
    return emitOpError("has a value and a result of different types");
  return success();
}
