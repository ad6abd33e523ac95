//===- VariableOps.cpp - variables, tables and lists ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/VariableOps.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/VariableOps.cpp.inc"
