//===- TensorLists.h - what is known of lists of tensors --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_TRANSFORMS_TENSORLISTS_H
#define TF_TRANSFORMS_TENSORLISTS_H

#include "DimSource.h"

#include "TF/IR/TFDialect.h"
#include "TF/IR/VariableOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace tflc::tf {

/// What is known of all values that may hold the same list.
struct ListFacts {
  mlir::Type elementType;
  std::optional<Shape> shape;
  /// Where open sizes of the elements can be read, by dimension.
  llvm::SmallDenseMap<int64_t, DimSource> sources;
  /// Whether it begins without elements, so that zeros of their shape must be made.
  bool isReserved = false;
  /// The number of elements, where all that make the list agree.
  std::optional<int64_t> length;
  bool isLowerable = true;
};

inline bool isList(mlir::Value value) { return mlir::isa<VariantType>(getElementType(value)); }

/// The lists of a function, as they are before any is changed.
class TensorLists {
public:
  explicit TensorLists(mlir::func::FuncOp function);

  /// Whether enough is known to make a tensor of a list.
  bool isReady(mlir::Value list);
  /// The tensor that a list which is ready becomes: its elements, one after the other.
  mlir::RankedTensorType getType(mlir::Value list);
  ListFacts &getFacts(mlir::Value list) { return facts[values.getOrInsertLeaderValue(list)]; }

private:
  void joinValues(mlir::Operation *op);
  void collect(mlir::Operation *op);
  void noteElement(mlir::Value list, mlir::Type elementType, std::optional<Shape> shape);
  void noteSources(TensorListSetItemOp op);
  void noteLength(mlir::Value list, std::optional<int64_t> length);

  llvm::EquivalenceClasses<mlir::Value> values;
  llvm::DenseMap<mlir::Value, ListFacts> facts;
};

} // namespace tflc::tf

#endif // TF_TRANSFORMS_TENSORLISTS_H
