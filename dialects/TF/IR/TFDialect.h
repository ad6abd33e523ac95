//===- TFDialect.h - the tf dialect -----------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_TFDIALECT_H
#define TF_IR_TFDIALECT_H

#include "TF/IR/Folding.h"
#include "TF/IR/Inference.h"
#include "TF/IR/ShapeValues.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "TF/IR/TFDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "TF/IR/TFTypes.h.inc"

#endif // TF_IR_TFDIALECT_H
