//===- ControlFlowOps.h - branches and loops --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_CONTROLFLOWOPS_H
#define TFL_IR_CONTROLFLOWOPS_H

#include "TFL/IR/NoOperator.h"
#include "TFL/IR/TFLDialect.h"

#include "mlir/Interfaces/ControlFlowInterfaces.h"

#define GET_OP_CLASSES
#include "TFL/IR/ControlFlowOps.h.inc"

#endif // TFL_IR_CONTROLFLOWOPS_H
