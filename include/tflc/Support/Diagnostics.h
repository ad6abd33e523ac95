//===- Diagnostics.h - what users read when something is wrong --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Prints errors in clang's form, those of MLIR and those of the tools alike:
//
//   net.tflite: op 12 CONV_2D "stem/conv": error: int16 activations need an int64 bias
//   net.tflite: op 12 CONV_2D "stem/conv": note: the bias is a tensor<16xi32>
//   net.tflite: op 12 CONV_2D "stem/conv": help: convert the model again with a newer converter
//
// A pass gives help by a note whose text begins with "help: ".
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_DIAGNOSTICS_H
#define TFLC_SUPPORT_DIAGNOSTICS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <functional>
#include <string>

namespace mlir {
class Diagnostic;
class MLIRContext;
} // namespace mlir

namespace tflc {

enum class Severity { Error, Warning, Note, Help };

class Diagnostics {
public:
  /// Prints to `os`, in colour if the stream is a terminal and NO_COLOR is not set.
  explicit Diagnostics(llvm::raw_ostream &os);

  /// Stands before messages that have no place of their own: the model's file.
  void setFile(llvm::StringRef name) { file = name.str(); }

  /// Called before each printed finding; clears a progress line.
  void setBeforePrint(std::function<void()> callback) { beforePrint = std::move(callback); }

  /// Prints `where: severity: message`. An empty `where` stands for the file set before, or "tflc".
  void report(Severity severity, llvm::StringRef where, const llvm::Twine &message);

  void error(const llvm::Twine &message) { report(Severity::Error, "", message); }
  void error(llvm::StringRef where, const llvm::Twine &message) {
    report(Severity::Error, where, message);
  }
  void warning(const llvm::Twine &message) { report(Severity::Warning, "", message); }
  void note(const llvm::Twine &message) { report(Severity::Note, "", message); }
  void help(const llvm::Twine &message) { report(Severity::Help, "", message); }

  /// Reports an error and returns true if there is one.
  bool check(llvm::Error error);

  /// From here on prints what is emitted in the context. Must outlive it.
  void attach(mlir::MLIRContext &context);

  unsigned getNumErrors() const { return numErrors; }
  unsigned getNumWarnings() const { return numWarnings; }

private:
  void print(mlir::Diagnostic &diagnostic);

  llvm::raw_ostream &os;
  std::string file;
  std::function<void()> beforePrint;
  /// Findings printed so far; a second pass over the same fault does not repeat it.
  llvm::StringSet<> seen;
  unsigned numErrors = 0;
  unsigned numWarnings = 0;
};

/// Makes text from a file fit to print: control characters escaped, very long text cut.
std::string makePrintable(llvm::StringRef text);

} // namespace tflc

#endif // TFLC_SUPPORT_DIAGNOSTICS_H
