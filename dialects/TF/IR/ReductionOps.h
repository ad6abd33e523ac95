//===- ReductionOps.h - reductions ------------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_REDUCTIONOPS_H
#define TF_IR_REDUCTIONOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/ReductionOps.h.inc"

#endif // TF_IR_REDUCTIONOPS_H
