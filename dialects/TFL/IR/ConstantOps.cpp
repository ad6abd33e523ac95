//===- ConstantOps.cpp - constants and absent operands ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ConstantOps.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ConstantOps.cpp.inc"

OpFoldResult ConstOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult NoValueOp::fold(FoldAdaptor) { return getValueAttr(); }
