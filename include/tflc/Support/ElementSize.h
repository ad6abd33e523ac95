//===- ElementSize.h - bytes of elements in memory --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_ELEMENTSIZE_H
#define TFLC_SUPPORT_ELEMENTSIZE_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

namespace tflc {

/// The bytes that an element of a buffer takes: a complex number is two reals in a row.
inline int64_t getElementBytes(mlir::Type type) {
  if (auto complex = mlir::dyn_cast<mlir::ComplexType>(type))
    return 2 * getElementBytes(complex.getElementType());
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

} // namespace tflc

#endif // TFLC_SUPPORT_ELEMENTSIZE_H
