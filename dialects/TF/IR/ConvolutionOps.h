//===- ConvolutionOps.h - convolutions and products -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_CONVOLUTIONOPS_H
#define TF_IR_CONVOLUTIONOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/ConvolutionOps.h.inc"

#endif // TF_IR_CONVOLUTIONOPS_H
