//===- OptLevel.h - the user's -O -------------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_OPTLEVEL_H
#define TFLC_SUPPORT_OPTLEVEL_H

#include "llvm/ADT/StringRef.h"
#include <optional>

namespace tflc {

/// O0 runs the plain loops of each operator's definition: the reference for all other levels.
enum class OptLevel { O0, O1, O2, O3, Os };

/// What follows -O: "0", "1", "2", "3" or "s".
std::optional<OptLevel> parseOptLevel(llvm::StringRef text);
llvm::StringRef toString(OptLevel level);

} // namespace tflc

#endif // TFLC_SUPPORT_OPTLEVEL_H
