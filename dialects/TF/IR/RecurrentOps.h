//===- RecurrentOps.h - layers over sequences -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_RECURRENTOPS_H
#define TF_IR_RECURRENTOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/RecurrentOps.h.inc"

#endif // TF_IR_RECURRENTOPS_H
