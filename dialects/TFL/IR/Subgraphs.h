//===- Subgraphs.h - functions that operators run ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SUBGRAPHS_H
#define TFL_IR_SUBGRAPHS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

namespace tflc::tfl {

/// The subgraphs that IF, STABLEHLO_CASE, WHILE and STABLEHLO_WHILE run, in the order of the
/// operator's options; of a loop, the condition and the body. None for other operators.
llvm::SmallVector<mlir::FlatSymbolRefAttr> getSubgraphs(mlir::Operation *op);

/// Whether the operator is a loop over its subgraphs.
bool isLoopOverSubgraphs(mlir::Operation *op);

} // namespace tflc::tfl

#endif // TFL_IR_SUBGRAPHS_H
