//===- TFDialect.cpp - the tf dialect -------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/TFDialect.h"

#include "TF/IR/TFOps.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tf;

#include "TF/IR/TFDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "TF/IR/TFTypes.cpp.inc"

void TFDialect::initialize() {
  // A graph may hold operations that nothing converts; they are reported together, and can be
  // looked at before.
  allowUnknownOperations();
  addTypes<
#define GET_TYPEDEF_LIST
#include "TF/IR/TFTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "TF/IR/TFOps.cpp.inc"
      >();
}

Operation *TFDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                          Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  return elements ? ConstOp::create(builder, loc, elements).getOperation() : nullptr;
}
