//===- CrashReport.h - how tflc itself fails --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_CRASHREPORT_H
#define TFLC_TOOLS_CRASHREPORT_H

namespace tflc {

/// From here on a signal, an exhausted memory or a fatal error of LLVM ends the program with one
/// line on stderr and the exit status of a defect; temporary files are removed.
void installCrashReport();

} // namespace tflc

#endif // TFLC_TOOLS_CRASHREPORT_H
