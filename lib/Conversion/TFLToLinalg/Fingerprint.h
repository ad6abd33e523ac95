//===- Fingerprint.h - FarmHash of known lengths ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_FINGERPRINT_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_FINGERPRINT_H

#include "ScalarBuilder.h"

namespace tflc {

/// FarmHash's 64 bit fingerprint of bytes in a row, an i64. The bytes are given as i64 values in
/// [0, 256).
mlir::Value computeFingerprint(ScalarBuilder &b, llvm::ArrayRef<mlir::Value> bytes);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_FINGERPRINT_H
