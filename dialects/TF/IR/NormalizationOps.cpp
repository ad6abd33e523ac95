//===- NormalizationOps.cpp - norms, softmax, fake quantization -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/NormalizationOps.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/NormalizationOps.cpp.inc"
