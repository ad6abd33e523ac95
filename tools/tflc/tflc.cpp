//===- tflc.cpp - the program ---------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CrashReport.h"
#include "Tool.h"

#include <unistd.h>

int main(int argc, char **argv) {
  tflc::installCrashReport();
  int status = tflc::runTool(llvm::ArrayRef<const char *>(argv + 1, argc - 1));
  // Nothing of what destructors would free is worth the time.
  _exit(status);
}
