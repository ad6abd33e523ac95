//===- Sparsity.h - constants with few values -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A sparse constant stores its values level by level, where a level is a dimension or a block
// within one, and is either dense or lists the positions that have something. The importer expands
// it; where the values stood is kept in a dictionary attribute, from which the exporter can gather
// them again.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_SPARSITY_H
#define TFLC_LIB_IMPORT_TFLITE_SPARSITY_H

#include "Schema.h"

#include "mlir/IR/BuiltinAttributes.h"

#include <optional>
#include <string>
#include <vector>

namespace tflc {

/// One level of a sparse tensor, from the outermost to the innermost.
struct SparseLevel {
  /// The dimension of the tensor that the level walks along, and what one step is worth.
  unsigned dimension = 0;
  int64_t step = 1;
  bool compressed = false;
  /// Number of positions.
  int64_t size = 0;
  /// For compressed levels: the positions of row i are indices[segments[i]] up to
  /// indices[segments[i + 1]].
  std::vector<int64_t> segments;
  std::vector<int64_t> indices;
};

/// The decoded parameters of a tensor.
struct SparseFormat {
  std::vector<int64_t> traversalOrder;
  std::vector<int64_t> blockMap;
  std::vector<SparseLevel> levels;

  /// Fills in dimension and step of all levels and checks everything against the shape and the
  /// number of stored values, if that is known. Returns what is
  /// wrong.
  std::optional<std::string> resolve(llvm::ArrayRef<int64_t> shape,
                                     std::optional<int64_t> storedValues);

  /// Calls `visit(n)` with the position of each stored value in the dense tensor, in the order of
  /// the values. The format must be resolved.
  void forEachValue(llvm::ArrayRef<int64_t> shape, llvm::function_ref<void(int64_t)> visit) const;
};

/// What is wrong with a sparse constant, nullopt if nothing is. Its type and shape are checked
/// already.
std::optional<std::string> checkSparsity(const schema::Tensor &tensor,
                                         llvm::ArrayRef<uint8_t> bytes);

/// The values of a checked sparse constant in dense form, whole bytes for each element.
std::vector<char> densify(const schema::Tensor &tensor, llvm::ArrayRef<uint8_t> bytes);

/// The parameters as an attribute: {traversal_order, block_map, levels = [{size} or {size,
/// segments, indices}]}.
mlir::DictionaryAttr getSparsityAttr(const schema::SparsityParameters &parameters,
                                     mlir::MLIRContext *context);

/// Reads such an attribute; nullopt if it is not of that form.
std::optional<SparseFormat> readSparsityAttr(mlir::DictionaryAttr attribute);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_SPARSITY_H
