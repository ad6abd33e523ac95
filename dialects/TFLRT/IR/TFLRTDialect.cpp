//===- TFLRTDialect.cpp - the tflrt dialect -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tflrt;

#include "TFLRT/IR/TFLRTDialect.cpp.inc"
#include "TFLRT/IR/TFLRTEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "TFLRT/IR/TFLRTAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "TFLRT/IR/TFLRTOps.cpp.inc"

LogicalResult LookupOp::verify() {
  if (getTable().size() != 256)
    return emitOpError("has a table of ") << getTable().size() << " bytes instead of 256";
  return success();
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
}

LogicalResult GuardOp::verify() {
  Type value = getValue() ? getValue().getType() : Type();
  Type result = getResult() ? getResult().getType() : Type();
  if (value != result)
    return emitOpError("has a value and a result of different types");
  return success();
}
