//===- LookupOps.h - rows found by key --------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_LOOKUPOPS_H
#define TFL_IR_LOOKUPOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/LookupOps.h.inc"

#endif // TFL_IR_LOOKUPOPS_H
