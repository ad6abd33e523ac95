//===- ModelFile.h - a model being read -------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_MODELFILE_H
#define TFLC_LIB_IMPORT_TFLITE_MODELFILE_H

#include "Schema.h"
#include "Strings.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <optional>
#include <string>

namespace tflc {

/// A verified flatbuffer with its file's name. Queries that take an index expect a valid one:
/// checkModel comes first.
class ModelFile {
public:
  ModelFile(const schema::Model &model, llvm::ArrayRef<uint8_t> bytes, llvm::StringRef name,
            mlir::MLIRContext *context)
      : model(model), bytes(bytes), name(name), context(context) {}

  const schema::Model &model;
  llvm::ArrayRef<uint8_t> bytes;
  std::string name;
  mlir::MLIRContext *context;
  /// The room of each string (Strings.h), known after checkModel.
  unsigned stringBytes = minStringBytes;

  const schema::SubGraph &subgraph(uint32_t index) const { return *model.subgraphs()->Get(index); }
  const schema::Tensor &tensor(uint32_t subgraphIndex, uint32_t index) const {
    return *subgraph(subgraphIndex).tensors()->Get(index);
  }
  const schema::Operator &op(uint32_t subgraphIndex, uint32_t index) const {
    return *subgraph(subgraphIndex).operators()->Get(index);
  }

  /// Name of a tensor as UTF-8 that may be printed; "" if it has none.
  llvm::StringRef tensorName(uint32_t subgraphIndex, uint32_t index) const {
    return toStringRef(tensor(subgraphIndex, index).name());
  }
  /// `tensor 3 "x"`, for messages at another place than the tensor's own.
  std::string describeTensor(uint32_t subgraphIndex, uint32_t index) const;

  /// The operator's code in the format's numbering.
  int32_t operatorCode(const schema::Operator &op) const;

  /// The bytes of a buffer, wherever in the file they are; nullopt if they are not all in the file.
  std::optional<llvm::ArrayRef<uint8_t>> bufferBytes(uint32_t index) const;
  /// The values of a constant; empty for a tensor without.
  llvm::ArrayRef<uint8_t> tensorBytes(const schema::Tensor &tensor) const {
    return *bufferBytes(tensor.buffer());
  }

  mlir::Location fileLocation() const;
  mlir::Location tensorLocation(uint32_t subgraphIndex, uint32_t index) const;
  /// Works for operators that were not checked yet.
  mlir::Location opLocation(uint32_t subgraphIndex, uint32_t index) const;
};

/// The bytes of a model file that has passed all checks, for as long as somebody reads it.
class CheckedModel {
public:
  /// Null if there is something wrong with the file, after diagnostics. `buffer` must outlive the
  /// result.
  static std::unique_ptr<CheckedModel> open(llvm::MemoryBufferRef buffer,
                                            mlir::MLIRContext *context, llvm::StringRef name);

  const ModelFile &getFile() const { return *file; }

private:
  CheckedModel() = default;

  /// A copy of bytes that do not lie as flatbuffers want it.
  std::unique_ptr<llvm::MemoryBuffer> aligned;
  std::optional<ModelFile> file;
};

/// Reports findings and counts them. A hostile file can have millions of faults; those after the
/// first few are only counted.
class Findings {
public:
  explicit Findings(const ModelFile &file) : file(file) {}

  mlir::InFlightDiagnostic error(mlir::Location location);
  bool any() const { return count != 0; }
  bool full() const { return count >= limit; }

private:
  static constexpr unsigned limit = 50;
  const ModelFile &file;
  unsigned count = 0;
};

/// The code of an entry of the model's operator table, from its newer or its older field.
int32_t getOperatorCode(const schema::OperatorCode &code);

/// Verifies the flatbuffer's offsets and its identifier. Emits an error and returns null if it is
/// no model.
const schema::Model *verifyFlatbuffer(llvm::ArrayRef<uint8_t> bytes, mlir::Location location);

/// Checks everything that import relies on: indexes, types, shapes, sizes, quantization, the order
/// of operators, signatures. All faults are emitted.
llvm::LogicalResult checkModel(const ModelFile &file);

/// The room that the longest of a checked model's constant strings needs.
unsigned measureStrings(const ModelFile &file);

/// The part of checkModel about one tensor. `constantBytes` adds up what the model's constants need
/// in memory.
void checkTensor(const ModelFile &file, uint32_t subgraphIndex, uint32_t index, Findings &findings,
                 uint64_t &constantBytes);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_MODELFILE_H
