//===- Diagnostics.h - what users read when something is wrong --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Collects findings, those of MLIR and those of the library alike. Whoever wants to show them while
// work goes on listens to their lines:
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

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <string>
#include <vector>

namespace mlir {
class Diagnostic;
class MLIRContext;
} // namespace mlir

namespace tflc {

enum class Severity { Error, Warning, Note, Help };

/// An error or a warning, with what belongs to it.
struct Finding {
  Severity severity = Severity::Error;
  /// What its line begins with: the file, and the operator or tensor if there is one.
  std::string where;
  /// The builtin's name ("CONV_2D"), empty where no single operator is meant.
  std::string operatorName;
  /// The operator's first output, or the tensor that is meant; may be empty.
  std::string tensor;
  /// Number of the operator or tensor in its subgraph, and that of the subgraph; -1: none is meant.
  int64_t index = -1;
  int64_t subgraph = -1;
  std::string text;
  std::vector<std::string> notes;
  /// What the user can do about it; may be empty.
  std::string remedy;
};

class Diagnostics {
public:
  /// Gets each line as it is reported. Errors and warnings begin a finding, notes and help belong
  /// to the last one.
  using Listener =
      std::function<void(Severity severity, llvm::StringRef where, llvm::StringRef text)>;

  /// Without a listener, findings are only collected.
  explicit Diagnostics(Listener listener = {}) : listener(std::move(listener)) {}

  /// Everything reported so far, without repetitions, in order.
  llvm::ArrayRef<Finding> getFindings() const { return findings; }

  /// Stands before messages that have no place of their own: the model's file.
  void setFile(llvm::StringRef name) { file = name.str(); }

  /// Reports `where: severity: message`. An empty `where` stands for the file set before, or
  /// "tflc".
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

  /// From here on collects what is emitted in the context. Must outlive it.
  void attach(mlir::MLIRContext &context);

  unsigned getNumErrors() const { return numErrors; }
  unsigned getNumWarnings() const { return numWarnings; }

private:
  void collect(mlir::Diagnostic &diagnostic);

  Listener listener;
  std::string file;
  std::vector<Finding> findings;
  /// Lines of errors and warnings so far; a second pass over the same fault does not repeat it.
  llvm::StringSet<> seen;
  unsigned numErrors = 0;
  unsigned numWarnings = 0;
};

/// Makes text from a file fit to print: control characters escaped, very long text cut.
std::string makePrintable(llvm::StringRef text);

} // namespace tflc

#endif // TFLC_SUPPORT_DIAGNOSTICS_H
