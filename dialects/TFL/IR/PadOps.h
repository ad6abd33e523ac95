//===- PadOps.h - elements around a tensor ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_PADOPS_H
#define TFL_IR_PADOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/PadOps.h.inc"

#endif // TFL_IR_PADOPS_H
