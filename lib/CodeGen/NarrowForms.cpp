//===- NarrowForms.cpp - what all narrow forms of constants share ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "NarrowForms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

Type tflc::withElement(Type type, Type element) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.clone(element);
  return element;
}

int64_t tflc::countRegisters(Type type, const TargetInfo &target) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector)
    return 1;
  int64_t bits = vector.getNumElements() * vector.getElementTypeBitWidth();
  return llvm::divideCeil(bits, target.vectorBits ? target.vectorBits : 32);
}

Value tflc::makeConstant(ImplicitLocOpBuilder &b, Type type, TypedAttr element) {
  if (auto vector = dyn_cast<VectorType>(type))
    element = DenseElementsAttr::get(vector, element);
  return arith::ConstantOp::create(b, element);
}

Value tflc::loadPlain(ImplicitLocOpBuilder &b, Value buffer, Value index, Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector::LoadOp::create(b, vector, buffer, index);
  return memref::LoadOp::create(b, buffer, index);
}
