//===- QuantizationOps.h - changes of the element type ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_QUANTIZATIONOPS_H
#define TFL_IR_QUANTIZATIONOPS_H

#include "TFL/IR/ShapeArithmetic.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/QuantizationOps.h.inc"

#endif // TFL_IR_QUANTIZATIONOPS_H
