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

#include <string>
#include <vector>

namespace tflc {

/// The buffers of a file; equal constants share one.
class BufferTable {
public:
  explicit BufferTable(flatbuffers::FlatBufferBuilder &builder);

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

  flatbuffers::FlatBufferBuilder &builder;
  std::vector<flatbuffers::Offset<schema::Buffer>> entries;
  llvm::DenseMap<Key, uint32_t> constants;
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

/// The quantization of a tensor, 0 if it has none. `constant` may be null; `blockScales` is the
/// tensor with the scales of its blocks, if it has some.
flatbuffers::Offset<schema::QuantizationParameters>
writeQuantization(mlir::Type elementType, mlir::Operation *constant, int32_t blockScales,
                  flatbuffers::FlatBufferBuilder &builder);

/// The sparsity parameters of a constant, from an attribute of the importer's form.
flatbuffers::Offset<schema::SparsityParameters>
writeSparsity(mlir::DictionaryAttr attribute, flatbuffers::FlatBufferBuilder &builder);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_EXPORTTABLES_H
