//===- HalfFloats.h - floats that fit in half the bytes ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_HALFFLOATS_H
#define TFLC_QUANTIZATION_HALFFLOATS_H

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <vector>

namespace tflc {

/// The same values as f16 where each of these f32 is one, exactly: weights that the model has as
/// float16, and what else happens to fit.
std::optional<std::vector<char>> narrowToHalf(llvm::ArrayRef<char> singles);

} // namespace tflc

#endif // TFLC_QUANTIZATION_HALFFLOATS_H
