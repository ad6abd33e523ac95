//===- BinaryOps.cpp - elementwise, two operands --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/BinaryOps.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/BinaryOps.cpp.inc"
