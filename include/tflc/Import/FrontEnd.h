//===- FrontEnd.h - readers of models ---------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_IMPORT_FRONTEND_H
#define TFLC_IMPORT_FRONTEND_H

#include "tflc/Import/Import.h"

#include "llvm/Support/Error.h"

namespace tflc {

/// What the user gave: a file with its bytes, or a folder.
struct Source {
  std::string path;
  bool isFolder = false;
  /// The bytes of a file; empty for a folder.
  std::string contents;

  /// Reads the file.
  static llvm::Expected<Source> open(llvm::StringRef path);
};

/// The dialect whose level a reader gives.
enum class SourceLevel { TFL, TF };

/// Reads one kind of source. Readers trust nothing in it.
class FrontEnd {
public:
  virtual ~FrontEnd();

  /// As users call the kind: "SavedModel".
  virtual llvm::StringRef getName() const = 0;
  virtual SourceLevel getLevel() const = 0;
  /// Looks at the content, not at names.
  virtual bool recognizes(const Source &source) const = 0;
  /// A module of the reader's level. Faults are emitted as diagnostics, and the result is null if
  /// there was one. The source may be released after the call.
  virtual mlir::OwningOpRef<mlir::ModuleOp> read(const Source &source, mlir::MLIRContext *context,
                                                 const ImportOptions &options) const = 0;
};

/// The reader for a source. What no reader recognizes is left to that of .tflite files, which says
/// what is wrong with it.
const FrontEnd &findFrontEnd(const Source &source);

/// The readers. Each lives as long as the program.
const FrontEnd &getTFLiteFrontEnd();
const FrontEnd &getSavedModelFrontEnd();
const FrontEnd &getKerasFrontEnd();
const FrontEnd &getKerasHDF5FrontEnd();

} // namespace tflc

#endif // TFLC_IMPORT_FRONTEND_H
