//===- ReductionOps.cpp - reductions along axes -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ReductionOps.h"

#include "TFL/IR/Reduction.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ReductionOps.cpp.inc"
