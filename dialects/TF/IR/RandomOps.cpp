//===- RandomOps.cpp - random numbers and transforms ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/RandomOps.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/RandomOps.cpp.inc"
