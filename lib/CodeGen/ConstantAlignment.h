//===- ConstantAlignment.h - where constants begin --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_CONSTANTALIGNMENT_H
#define TFLC_LIB_CODEGEN_CONSTANTALIGNMENT_H

#include "tflc/Support/ElementSize.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/IR/BuiltinTypes.h"

namespace tflc {

/// The alignment in bytes of a constant whose op names none. Weights are read in full vectors: a
/// cache line where there are vectors, a word where flash is scarce.
inline int64_t getConstantAlignment(mlir::MemRefType type, const TargetInfo &target) {
  int64_t large = target.vectorBits == 0 ? 4 : target.isBareMetal() ? 16 : 64;
  int64_t bytes = type.getNumElements() * getElementBytes(type.getElementType());
  // A scalar's padding would cost more than the alignment gives.
  return bytes >= large ? large : bytes >= 4 ? std::min<int64_t>(large, 8) : 4;
}

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_CONSTANTALIGNMENT_H
