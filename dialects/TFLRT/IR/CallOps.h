//===- CallOps.h - calls of what is linked to a model -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLRT_IR_CALLOPS_H
#define TFLRT_IR_CALLOPS_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Interfaces/DestinationStyleOpInterface.h"

#define GET_OP_CLASSES
#include "TFLRT/IR/CallOps.h.inc"

#endif // TFLRT_IR_CALLOPS_H
