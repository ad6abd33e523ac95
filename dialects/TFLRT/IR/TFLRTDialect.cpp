//===- TFLRTDialect.cpp - the tflrt dialect -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/TFLRTDialect.h"

#include "tflc/Quantization/Multiplier.h"

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

OpFoldResult RescaleOp::fold(FoldAdaptor adaptor) {
  auto input = dyn_cast_or_null<IntegerAttr>(adaptor.getInput());
  auto number = dyn_cast_or_null<IntegerAttr>(adaptor.getMultiplier());
  auto shift = dyn_cast_or_null<IntegerAttr>(adaptor.getShift());
  if (!input || !number || !shift)
    return {};
  FixedPointMultiplier multiplier{static_cast<int32_t>(number.getInt()),
                                  static_cast<int32_t>(shift.getInt())};
  if (multiplier.value < 0 || multiplier.shift < -31 || multiplier.shift > 30)
    return {}; // not what the op promises
  int32_t result = 0;
  switch (getRounding()) {
  case Rounding::Double:
    result = rescaleDouble(static_cast<int32_t>(input.getInt()), multiplier);
    break;
  case Rounding::Single:
    result = rescaleSingle(input.getInt(), multiplier);
    break;
  case Rounding::Reduced:
    result = rescaleReduced(input.getInt(), multiplier);
    break;
  }
  return IntegerAttr::get(getType(), result);
}

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
