//===- FileOperands.h - operands that a file must list ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_FILEOPERANDS_H
#define TFL_IR_FILEOPERANDS_H

#include "mlir/IR/OpDefinition.h"

#include "TFL/IR/FileOperands.h.inc"

#endif // TFL_IR_FILEOPERANDS_H
