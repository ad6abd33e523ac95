//===- Progress.h - a sign of life on a terminal ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_PROGRESS_H
#define TFLC_TOOLS_PROGRESS_H

#include "llvm/ADT/StringRef.h"

#include <memory>

namespace tflc {

/// Work that takes over a second shows one line on stderr, with the seconds so far, if that is a
/// terminal. The line is gone when the work ends.
class Progress {
public:
  /// There is one line, that of the terminal.
  static Progress &get();

  /// Begins or continues work on `what`.
  void begin(llvm::StringRef what);
  /// The work has ended.
  void end();
  /// Removes the line, so that something else can be printed; it appears again later.
  void clear();

private:
  Progress();
  ~Progress();

  struct State;
  std::unique_ptr<State> state; // null if stderr is no terminal
};

/// Tells the line what a session does: SessionOptions::onWork.
void showOnTerminal(llvm::StringRef what);

} // namespace tflc

#endif // TFLC_TOOLS_PROGRESS_H
