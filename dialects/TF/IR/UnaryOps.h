//===- UnaryOps.h - elementwise, one operand --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_UNARYOPS_H
#define TF_IR_UNARYOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/UnaryOps.h.inc"

#endif // TF_IR_UNARYOPS_H
