//===- PrintFindings.cpp - findings on a terminal or in a log -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/PrintFindings.h"

#include <cstdlib>

using namespace llvm;
using namespace tflc;

static void printSeverity(raw_ostream &os, Severity severity) {
  switch (severity) {
  case Severity::Error:
    os.changeColor(raw_ostream::RED, /*Bold=*/true) << "error: ";
    break;
  case Severity::Warning:
    os.changeColor(raw_ostream::MAGENTA, /*Bold=*/true) << "warning: ";
    break;
  case Severity::Note:
    os.changeColor(raw_ostream::CYAN, /*Bold=*/true) << "note: ";
    break;
  case Severity::Help:
    os.changeColor(raw_ostream::GREEN, /*Bold=*/true) << "help: ";
    break;
  }
  os.resetColor();
}

Diagnostics::Listener tflc::printFindingsTo(raw_ostream &os, std::function<void()> beforeLine) {
  const char *noColor = std::getenv("NO_COLOR");
  os.enable_colors(os.is_displayed() && os.has_colors() && !(noColor && *noColor));
  return [&os, beforeLine = std::move(beforeLine)](Severity severity, StringRef where,
                                                   StringRef text) {
    if (beforeLine)
      beforeLine();
    os.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true) << where << ": ";
    os.resetColor();
    printSeverity(os, severity);
    os << text << "\n";
    os.flush();
  };
}
