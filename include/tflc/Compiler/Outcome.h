//===- Outcome.h - how a piece of work ended --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_OUTCOME_H
#define TFLC_COMPILER_OUTCOME_H

namespace tflc {

/// The exit statuses of the program, which a shell script can rely on, and what functions of the
/// library that do such work return.
enum ExitStatus {
  exitDone = 0,
  exitFault = 1, ///< the model, an option or an input is at fault; the findings say what
  exitDefect = 2 ///< a defect of tflc itself
};

} // namespace tflc

#endif // TFLC_COMPILER_OUTCOME_H
