//===- ConstantOps.cpp - constants ----------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ConstantOps.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/ConstantOps.cpp.inc"

Type ConstOp::inferType(Adaptor op, std::optional<Location>) {
  return op.getValue().getShapedType();
}

OpFoldResult ConstOp::fold(FoldAdaptor) { return getValue(); }
