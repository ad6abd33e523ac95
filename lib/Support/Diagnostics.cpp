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

void Diagnostics::report(Severity severity, StringRef where, const Twine &message) {
  std::string place = makePrintable(!where.empty() ? where
                                    : file.empty() ? "tflc"
                                                   : StringRef(file));
  std::string text = makePrintable(message.str());
  switch (severity) {
  case Severity::Error:
  case Severity::Warning: {
    if (!seen.insert(place + "\n" + text).second)
      return;
    ++(severity == Severity::Error ? numErrors : numWarnings);
    Finding finding;
    finding.severity = severity;
    finding.where = place;
    finding.text = text;
    findings.push_back(std::move(finding));
    break;
  }
  case Severity::Note:
    if (!findings.empty())
      findings.back().notes.push_back(text);
    break;
  case Severity::Help:
    if (!findings.empty())
      findings.back().remedy += (findings.back().remedy.empty() ? "" : "\n") + text;
    break;
  }
  if (listener)
    listener(severity, place, text);
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
  context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) { collect(diagnostic); });
}

void Diagnostics::collect(Diagnostic &diagnostic) {
  // Verifiers begin with the op's name, which the location has already.
  std::string message = diagnostic.str();
  StringRef text = message;
  if (text.consume_front("'tfl.")) {
    size_t end = text.find("' op ");
    text = end == StringRef::npos ? StringRef(message) : text.drop_front(end + 5);
  }
  std::string where = describeLocation(diagnostic.getLocation());
  size_t numFindings = findings.size();
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
  std::optional<OpLocation> place = getOpLocation(diagnostic.getLocation());
  if (place && findings.size() > numFindings) {
    Finding &finding = findings.back();
    finding.operatorName = place->isTensor() ? "" : place->operatorName.str();
    finding.tensor = place->tensorName.str();
    finding.index = place->index;
    finding.subgraph = place->subgraph;
  }
  for (Diagnostic &note : diagnostic.getNotes())
    collect(note);
}
