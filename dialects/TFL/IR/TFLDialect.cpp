//===- TFLDialect.cpp - the tfl dialect -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/TFLDialect.h"

#include "TFL/IR/TFLOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tfl;

#include "TFL/IR/TFLDialect.cpp.inc"
#include "TFL/IR/TFLInterfaces.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "TFL/IR/TFLTypes.cpp.inc"

void TFLDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "TFL/IR/TFLTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "TFL/IR/TFLOps.cpp.inc"
      >();
}

Operation *TFLDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                           Location loc) {
  if (isa<UnitAttr>(value) && isa<NoneType>(type))
    return NoValueOp::create(builder, loc, type, cast<UnitAttr>(value));
  if (auto elements = dyn_cast<ElementsAttr>(value); elements && isa<RankedTensorType>(type))
    return ConstOp::create(builder, loc, cast<RankedTensorType>(type), elements);
  return nullptr;
}
