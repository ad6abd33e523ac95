//===- PatternHelpers.h - what patterns of this level share -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_TRANSFORMS_PATTERNHELPERS_H
#define TF_TRANSFORMS_PATTERNHELPERS_H

#include "TF/IR/ConstantOps.h"
#include "TF/IR/TFDialect.h"

#include "tflc/Support/FunctionPattern.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

namespace tflc::tf {

using tflc::addPattern;

/// The values of a constant operand; null if it is none.
inline mlir::DenseElementsAttr getConstant(mlir::Value value) {
  mlir::DenseElementsAttr result;
  return matchPattern(value, mlir::m_Constant(&result)) ? result : mlir::DenseElementsAttr();
}

/// The number that all elements of a constant equal.
inline std::optional<double> getNumber(mlir::Value value) {
  mlir::DenseElementsAttr constant = getConstant(value);
  if (!constant || !constant.isSplat())
    return std::nullopt;
  if (mlir::isa<mlir::FloatType>(constant.getElementType()))
    return constant.getSplatValue<mlir::APFloat>().convertToDouble();
  if (!constant.getElementType().isInteger())
    return std::nullopt;
  return double(constant.getSplatValue<mlir::APInt>().getSExtValue());
}

/// A scalar of the element type of `like`.
inline mlir::Value makeScalar(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value like,
                              double value) {
  auto type = mlir::RankedTensorType::get({}, getElementType(like));
  return ConstOp::create(builder, loc,
                         mlir::isa<mlir::FloatType>(type.getElementType())
                             ? makeReals(type, value)
                             : makeIntegers(type, int64_t(value)));
}

/// A vector of i32.
inline mlir::Value makeVector(mlir::OpBuilder &builder, mlir::Location loc,
                              llvm::ArrayRef<int64_t> values) {
  auto type = mlir::RankedTensorType::get({int64_t(values.size())}, builder.getI32Type());
  return ConstOp::create(builder, loc, makeIntegers(type, values));
}

} // namespace tflc::tf

#endif // TF_TRANSFORMS_PATTERNHELPERS_H
