//===- Trial.h - work that may not come to its end --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_TRIAL_H
#define TFLC_SUPPORT_TRIAL_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

namespace tflc {

/// Does `work` in a child process, for libraries that a damaged file can lead astray. Whether it
/// came to its end: false if a signal ended it, or it took more than `seconds` of processor time.
/// What it changes in memory, and what it prints, is lost. An error where there is no room for one
/// more process.
llvm::Expected<bool> endsInChild(llvm::function_ref<void()> work, unsigned seconds);

} // namespace tflc

#endif // TFLC_SUPPORT_TRIAL_H
