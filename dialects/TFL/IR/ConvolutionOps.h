//===- ConvolutionOps.h - convolutions --------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_CONVOLUTIONOPS_H
#define TFL_IR_CONVOLUTIONOPS_H

#include "TFL/IR/FusedActivation.h"
#include "TFL/IR/MultiplyAccumulate.h"

#define GET_OP_CLASSES
#include "TFL/IR/ConvolutionOps.h.inc"

#endif // TFL_IR_CONVOLUTIONOPS_H
