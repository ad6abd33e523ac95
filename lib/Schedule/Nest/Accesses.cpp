//===- Accesses.cpp - what linalg ops read and write, loop by loop --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Accesses.h"

#include "mlir/IR/AffineExpr.h"

using namespace mlir;
using namespace tflc;

bool tflc::addLinear(AffineExpr expr, int64_t scale, LinearAccess &access) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    access.offset += scale * constant.getValue();
    return true;
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    access.coefficients[dim.getPosition()] += scale;
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addLinear(binary.getLHS(), scale, access) && addLinear(binary.getRHS(), scale, access);
  if (binary.getKind() == AffineExprKind::Mul) {
    if (auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS()))
      return addLinear(binary.getLHS(), scale * factor.getValue(), access);
    if (auto factor = dyn_cast<AffineConstantExpr>(binary.getLHS()))
      return addLinear(binary.getRHS(), scale * factor.getValue(), access);
  }
  return false;
}

std::optional<LinearAccess> tflc::makeAccess(Value operand, AffineMap map, ArrayRef<unsigned> dims,
                                             unsigned numDims) {
  LinearAccess access;
  access.coefficients.assign(numDims, 0);
  auto type = dyn_cast<MemRefType>(operand.getType());
  // There are no vectors of complex numbers.
  if (isa<ComplexType>(getElementTypeOrSelf(operand.getType())))
    return std::nullopt;
  if (!type) {
    access.scalar = operand;
    access.elementType = operand.getType();
    return access;
  }
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  if (!type.hasStaticShape() || failed(type.getStridesAndOffset(strides, offset)) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return std::nullopt;
  if (ShapedType::isDynamic(offset)) {
    access.startsAtRunTime = true;
    offset = 0;
  }
  access.buffer = operand;
  access.elementType = type.getElementType();
  access.offset = offset;
  access.constant = getConstantValues(operand);
  LinearAccess local = access;
  local.coefficients.assign(map.getNumDims(), 0);
  for (auto [result, stride] : llvm::zip_equal(map.getResults(), strides))
    if (!addLinear(result, stride, local))
      return std::nullopt;
  access.offset = local.offset;
  for (auto [position, coefficient] : llvm::enumerate(local.coefficients))
    access.coefficients[dims[position]] += coefficient;
  return access;
}
