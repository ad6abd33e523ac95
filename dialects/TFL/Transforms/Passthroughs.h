//===- Passthroughs.h - from inputs to outputs without numbers --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_PASSTHROUGHS_H
#define TFL_TRANSFORMS_PASSTHROUGHS_H

#include "TFL/IR/TFLDialect.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace tflc::tfl {

/// Finds what only moves the elements of an input to outputs (STRIDED_SLICE, TRANSPOSE): in float
/// it is exact and needs no conversion. TensorFlow's converter leaves such operators in float once
/// an operator with several operands of one scale has read the input, and so it is done here.
/// `isInteger` says which operators could compute with integers.
llvm::SmallVector<mlir::Operation *>
findPassthroughs(mlir::func::FuncOp function,
                 llvm::function_ref<bool(mlir::Operation *)> isInteger);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_PASSTHROUGHS_H
