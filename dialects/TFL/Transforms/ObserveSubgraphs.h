//===- ObserveSubgraphs.h - ranges inside of branches and loops -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_OBSERVESUBGRAPHS_H
#define TFL_TRANSFORMS_OBSERVESUBGRAPHS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tflc::tfl {

inline constexpr llvm::StringLiteral replacedName = "tfl.replaced";

/// Makes the operators of `function` that run subgraphs return the least and the largest value that
/// each float tensor in there ever had: two scalars for each value of collectInnerActivations, in
/// its order. Where nothing was computed, the least is above the largest. Each such operator is
/// replaced by one with subgraphs of its own; the private functions that it ran before are marked
/// with `replacedName`.
llvm::SmallVector<mlir::Value> observeSubgraphs(mlir::func::FuncOp function);

/// The values of collectActivations without those that observeSubgraphs added.
llvm::SmallVector<mlir::Value> collectOwnActivations(mlir::func::FuncOp function,
                                                     llvm::ArrayRef<mlir::Value> added);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_OBSERVESUBGRAPHS_H
