//===- HalfWeights.h - weights that fit in half the bytes -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_HALFWEIGHTS_H
#define TFLC_LIB_SCHEDULE_EMIT_HALFWEIGHTS_H

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <vector>

namespace tflc {

/// The same values as f16 where each of these f32 is one, exactly: weights that the model has as
/// float16, and what else happens to fit. NaN does not count.
std::optional<std::vector<char>> narrowToHalf(llvm::ArrayRef<char> singles);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_HALFWEIGHTS_H
