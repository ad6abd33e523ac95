//===- PrintFindings.h - findings on a terminal or in a log -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_PRINTFINDINGS_H
#define TFLC_COMPILER_PRINTFINDINGS_H

#include "tflc/Support/Diagnostics.h"

#include "llvm/Support/raw_ostream.h"

namespace tflc {

/// A listener that writes each line to `os`, which must outlive it, in colour if the stream is a
/// terminal and NO_COLOR is not set. `beforeLine` is called before each one; it may clear a line of
/// progress.
Diagnostics::Listener printFindingsTo(llvm::raw_ostream &os, std::function<void()> beforeLine = {});

} // namespace tflc

#endif // TFLC_COMPILER_PRINTFINDINGS_H
