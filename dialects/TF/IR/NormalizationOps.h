//===- NormalizationOps.h - norms, softmax, fake quantization ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_NORMALIZATIONOPS_H
#define TF_IR_NORMALIZATIONOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/NormalizationOps.h.inc"

#endif // TF_IR_NORMALIZATIONOPS_H
