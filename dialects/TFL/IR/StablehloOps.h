//===- StablehloOps.h - operators of StableHLO ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_STABLEHLOOPS_H
#define TFL_IR_STABLEHLOOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/StablehloOps.h.inc"

#endif // TFL_IR_STABLEHLOOPS_H
