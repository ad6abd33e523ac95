//===- Diagnostics.cpp - what users read when something is wrong ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/Diagnostics.h"

#include "tflc/Support/ModelLocation.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/WithColor.h"

#include <cstdlib>

using namespace mlir;
using namespace tflc;

/// More than this of one message helps nobody; tensor names come from the file and may be long.
static constexpr size_t maxMessageLength = 2000;

std::string tflc::makePrintable(StringRef text) {
  std::string result;
  for (unsigned char c : text.take_front(maxMessageLength)) {
    if (c < 0x20 || c == 0x7f)
      result += llvm::formatv("\\x{0:x-2}", unsigned(c)).str();
    else
      result += char(c);
  }
  if (text.size() > maxMessageLength)
    result += "...";
  return result;
}

Diagnostics::Diagnostics(raw_ostream &os) : os(os) {
  const char *noColor = std::getenv("NO_COLOR");
  os.enable_colors(os.is_displayed() && os.has_colors() && !(noColor && *noColor));
}

void Diagnostics::report(Severity severity, StringRef where, const Twine &message) {
  std::string place = makePrintable(!where.empty() ? where
                                    : file.empty() ? "tflc"
                                                   : StringRef(file));
  std::string text = makePrintable(message.str());
  bool isFinding = severity == Severity::Error || severity == Severity::Warning;
  if (isFinding && !seen.insert(place + "\n" + text).second)
    return;
  if (beforePrint)
    beforePrint();

  os.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true) << place << ": ";
  os.resetColor();
  switch (severity) {
  case Severity::Error:
    ++numErrors;
    os.changeColor(raw_ostream::RED, /*Bold=*/true) << "error: ";
    break;
  case Severity::Warning:
    ++numWarnings;
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
  os << text << "\n";
  os.flush();
}

bool Diagnostics::check(llvm::Error failure) {
  if (!failure)
    return false;
  llvm::handleAllErrors(std::move(failure),
                        [&](const llvm::ErrorInfoBase &info) { error(info.message()); });
  return true;
}

void Diagnostics::attach(MLIRContext &context) {
  // The location says where; the op in MLIR's notation says nothing to the owner of a model.
  context.printOpOnDiagnostic(false);
  context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) { print(diagnostic); });
}

void Diagnostics::print(Diagnostic &diagnostic) {
  // Verifiers begin with the op's name, which the location has already.
  std::string message = diagnostic.str();
  StringRef text = message;
  if (text.consume_front("'tfl.")) {
    size_t end = text.find("' op ");
    text = end == StringRef::npos ? StringRef(message) : text.drop_front(end + 5);
  }
  std::string where = describeLocation(diagnostic.getLocation());
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    report(Severity::Error, where, text);
    break;
  case DiagnosticSeverity::Warning:
    report(Severity::Warning, where, text);
    break;
  case DiagnosticSeverity::Note:
  case DiagnosticSeverity::Remark:
    report(text.consume_front("help: ") ? Severity::Help : Severity::Note, where, text);
    break;
  }
  for (Diagnostic &note : diagnostic.getNotes())
    print(note);
}
