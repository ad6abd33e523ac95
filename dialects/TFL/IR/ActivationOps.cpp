//===- ActivationOps.cpp - activation functions -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ActivationOps.h"

#include "TFL/IR/Elementwise.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ActivationOps.cpp.inc"
