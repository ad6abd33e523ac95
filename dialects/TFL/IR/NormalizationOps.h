//===- NormalizationOps.h - division by a norm ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_NORMALIZATIONOPS_H
#define TFL_IR_NORMALIZATIONOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/NormalizationOps.h.inc"

#endif // TFL_IR_NORMALIZATIONOPS_H
