//===- Folding.h - constants of constant operands ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_FOLDING_H
#define TF_IR_FOLDING_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpDefinition.h"

#include <cmath>
#include <functional>
#include <vector>

namespace tflc::tf {

/// What an elementwise op computes on one element of each operand (the second is 0 for one
/// operand). Integers come widened to 64 bits and go back by dropping the upper ones.
struct ScalarFunctions {
  std::function<double(double, double)> real;
  std::function<int64_t(int64_t, int64_t)> integer;
};

/// Division that rounds towards minus infinity; what has no result gives 0.
int64_t floorDivide(int64_t x, int64_t y);

/// A constant where all operands are constant and the result is not much larger than these.
mlir::OpFoldResult foldElementwise(mlir::Operation *op, llvm::ArrayRef<mlir::Attribute> operands,
                                   const ScalarFunctions &functions);

/// Folds Sum, Mean, Max, Min, Prod, All and Any.
mlir::OpFoldResult foldReduction(mlir::Operation *op, llvm::ArrayRef<mlir::Attribute> operands);

/// The first operand of Pad, PadV2 or MirrorPad, where nothing is added to it.
mlir::OpFoldResult foldPad(mlir::Operation *op);

/// The operand, where its type says all that the result's does.
mlir::OpFoldResult foldIdentity(mlir::Operation *op);

/// Whether a constant of this type may take the place of an op with operands of `given` elements:
/// folding must not blow up the model.
bool isWorthFolding(mlir::RankedTensorType type, int64_t given);

/// All elements in row-major order, as doubles or 64-bit integers.
std::vector<double> getReals(mlir::DenseElementsAttr value);
std::vector<int64_t> getIntegers(mlir::DenseElementsAttr value);
mlir::DenseElementsAttr makeReals(mlir::RankedTensorType type, llvm::ArrayRef<double> values);
mlir::DenseElementsAttr makeIntegers(mlir::RankedTensorType type, llvm::ArrayRef<int64_t> values);

/// A constant whose element i is element `source(i)` of `value`, any element type.
mlir::DenseElementsAttr pickElements(mlir::DenseElementsAttr value, mlir::RankedTensorType type,
                                     llvm::function_ref<int64_t(int64_t)> source);

/// A constant repeated to a static shape by the rules of broadcasting; null where it is of no kind
/// that can be.
mlir::DenseElementsAttr broadcastConstant(mlir::DenseElementsAttr value,
                                          mlir::RankedTensorType type);

/// Row-major strides of a static shape.
llvm::SmallVector<int64_t> getStrides(llvm::ArrayRef<int64_t> shape);

} // namespace tflc::tf

#endif // TF_IR_FOLDING_H
