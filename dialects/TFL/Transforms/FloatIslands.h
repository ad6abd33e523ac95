//===- FloatIslands.h - operators that are cheaper in float -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_FLOATISLANDS_H
#define TFL_TRANSFORMS_FLOATISLANDS_H

#include "TFL/IR/TFLDialect.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace tflc::tfl {

/// What the search below knows of a function.
struct IslandQuery {
  mlir::func::FuncOp function;
  /// Whether the operator could compute with integers.
  llvm::function_ref<bool(mlir::Operation *)> isInteger;
  /// Whether it may as well compute with floats.
  llvm::function_ref<bool(mlir::Operation *)> mayStayFloat;
  /// Whether the function gives integers.
  bool integerResults = false;
};

/// Where a float tensor meets others in an operator that needs one scale for all (SELECT_V2 of
/// ELU with a factor), it is rounded to a scale that is not its own. Such an operator, and what
/// follows, stays in float where that saves more conversions than floats are slower. Finds these
/// operators; `floats` are those that stay in float anyway.
///
/// The choice is a least cut: an operator on the float side costs a bit, a tensor between the sides
/// costs one conversion however many operators read it.
llvm::SmallVector<mlir::Operation *> findFloatIslands(const IslandQuery &query,
                                                      llvm::ArrayRef<mlir::Operation *> floats);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_FLOATISLANDS_H
