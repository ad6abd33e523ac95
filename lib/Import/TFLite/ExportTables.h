//===- ExportTables.h - what all subgraphs of a file share ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_EXPORTTABLES_H
#define TFLC_LIB_IMPORT_TFLITE_EXPORTTABLES_H

#include "Schema.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

#include <map>
#include <string>
#include <vector>

namespace tflc {

/// The buffers of a file; constants of equal bytes share one, whatever their types are.
class BufferTable {
public:
  explicit BufferTable(flatbuffers::FlatBufferBuilder &builder);

  /// Adds a buffer, also where there is one of the same bytes.
  uint32_t addBytes(llvm::StringRef bytes);
  /// The buffer of a constant as a type of the format stores it, with `sparsity` or null. Returns
  /// nullopt if the parameters do not fit the values.
  std::optional<uint32_t> addConstant(mlir::DenseElementsAttr value, schema::TensorType type,
                                      mlir::DictionaryAttr sparsity);
  /// Whether the file would pass the limit of the format; from then on nothing is added.
  bool isTooLarge() const { return tooLarge; }

  flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<schema::Buffer>>> write();

private:
  using Key = std::pair<std::pair<mlir::Attribute, mlir::Attribute>, int>;

  std::optional<uint32_t> find(llvm::StringRef bytes) const;

  flatbuffers::FlatBufferBuilder &builder;
  std::vector<flatbuffers::Offset<schema::Buffer>> entries;
  llvm::DenseMap<Key, uint32_t> constants;
  /// By a hash of their bytes: the data of constants and the numbers of their buffers.
  std::multimap<uint64_t, std::pair<flatbuffers::Offset<flatbuffers::Vector<uint8_t>>, uint32_t>>
      written;
  bool tooLarge = false;
};

/// The operator codes that a file uses.
class OperatorTable {
public:
  /// The number of an operator in the table.
  uint32_t getIndex(int32_t code, llvm::StringRef customCode);

  /// Writes the table, with the versions that the module notes.
  flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<schema::OperatorCode>>>
  write(mlir::ModuleOp module, flatbuffers::FlatBufferBuilder &builder) const;

private:
  std::vector<std::pair<int32_t, std::string>> entries;
};

/// Shapes and quantizations of tensors; a file holds each of them once.
class TensorParts {
public:
  explicit TensorParts(flatbuffers::FlatBufferBuilder &builder) : builder(builder) {}

  flatbuffers::Offset<flatbuffers::Vector<int32_t>> getShape(const std::vector<int32_t> &shape) {
    return getVector(shape, shapes);
  }
  /// The quantization of a tensor, 0 if it has none. `constant` may be null; `blockScales` is the
  /// tensor with the scales of its blocks, if it has some.
  flatbuffers::Offset<schema::QuantizationParameters>
  getQuantization(mlir::Type elementType, mlir::Operation *constant, int32_t blockScales);

private:
  template <typename T>
  using VectorTable = std::map<std::vector<T>, flatbuffers::Offset<flatbuffers::Vector<T>>>;

  template <typename T>
  flatbuffers::Offset<flatbuffers::Vector<T>> getVector(const std::vector<T> &values,
                                                        VectorTable<T> &table) {
    auto [entry, isNew] = table.try_emplace(values);
    if (isNew)
      entry->second = builder.CreateVector(values);
    return entry->second;
  }

  flatbuffers::Offset<schema::QuantizationParameters>
  writeQuantization(mlir::Type elementType, mlir::Operation *constant, int32_t blockScales);

  flatbuffers::FlatBufferBuilder &builder;
  VectorTable<int32_t> shapes;
  VectorTable<int64_t> zeroPointVectors;
  llvm::DenseMap<mlir::Type, flatbuffers::Offset<schema::QuantizationParameters>> quantizations;
};

/// The sparsity parameters of a constant, from an attribute of the importer's form.
flatbuffers::Offset<schema::SparsityParameters>
writeSparsity(mlir::DictionaryAttr attribute, flatbuffers::FlatBufferBuilder &builder);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_EXPORTTABLES_H
