//===- RecurrentCells.h - what cells of sequences compute -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_TRANSFORMS_RECURRENTCELLS_H
#define TF_TRANSFORMS_RECURRENTCELLS_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Builders.h"

#include <optional>
#include <vector>

namespace tflc::tf {

/// x W + h R + b for `units` columns.
struct Affine {
  Affine(int64_t units, mlir::BlockArgument h) : h(h), bias(units) {}

  /// Adds columns from `first` on of a value in the loop; false where that is not affine.
  bool add(mlir::Value value, int64_t first);

  mlir::BlockArgument h;
  /// What x is in the loop; null until there is a product with it.
  mlir::Value x;
  /// Rows of `units` columns.
  std::vector<double> kernel, recurrent, bias;

private:
  int64_t getUnits() const { return bias.size(); }
  bool addConstant(mlir::DenseElementsAttr value, int64_t first);
  bool addProduct(mlir::Value factor, mlir::DenseElementsAttr weights, int64_t firstRow,
                  int64_t first);
  bool addPart(mlir::Value value, int64_t first);
};

/// One cell: its states, the next ones, and what its gates take.
struct Cell {
  unsigned output;
  std::optional<unsigned> cell;
  llvm::StringRef activation;
  std::vector<Affine> gates;
};

/// The cell whose output is one of the values that a loop carries, if their next values have its
/// form. `isState` says of which values that may be.
std::optional<Cell> matchCell(mlir::Block &body, unsigned output,
                              llvm::function_ref<bool(unsigned)> isState);

/// The operation of a cell over all steps of `x`, [b, t, n].
mlir::Value buildSequence(const Cell &cell, mlir::Value x, mlir::OpBuilder &builder,
                          mlir::Location loc);

/// The value behind operations that pass it on.
mlir::Value skipIdentities(mlir::Value value);

} // namespace tflc::tf

#endif // TF_TRANSFORMS_RECURRENTCELLS_H
