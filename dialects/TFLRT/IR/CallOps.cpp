//===- CallOps.cpp - calls of what is linked to a model -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/CallOps.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace tflc::tflrt;

#define GET_OP_CLASSES
#include "TFLRT/IR/CallOps.cpp.inc"

LogicalResult CallCustomOp::verify() {
  auto isPresent = [](Attribute type) { return !isa<NoneType>(cast<TypeAttr>(type).getValue()); };
  auto count = size_t(llvm::count_if(getInputTypes(), isPresent));
  if (count != getInputs().size())
    return emitOpError("has ") << getInputs().size() << " inputs for " << count << " types";
  if (getOutputTypes().size() != getInits().size())
    return emitOpError("has ") << getInits().size() << " destinations for "
                               << getOutputTypes().size() << " types";
  return success();
}
