//===- TensorBundle.h - tensors of a checkpoint -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_TENSORBUNDLE_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_TENSORBUNDLE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/Error.h"

#include <map>
#include <optional>
#include <string>

namespace tflc::savedmodel {

/// A part of a tensor: `length` elements from `start` in each dimension.
struct TensorExtent {
  int64_t start, length;
};

/// The checkpoint of a SavedModel: `variables.index` tells shape, type and place of each tensor,
/// the shards `variables.data-00000-of-00001` hold the bytes. A tensor may be stored in slices.
class TensorBundle {
public:
  /// `prefix` is the path without ".index".
  static llvm::Expected<TensorBundle> open(const std::string &prefix);

  /// The tensor under `key`, or a part of it.
  llvm::Expected<mlir::DenseElementsAttr> read(llvm::StringRef key,
                                               std::optional<llvm::ArrayRef<TensorExtent>> part,
                                               mlir::MLIRContext *context);

private:
  llvm::Expected<std::string> readBytes(const std::string &serializedEntry);
  llvm::Expected<const std::string *> openShard(int32_t number);

  std::string prefix;
  int32_t shardCount = 0;
  std::map<std::string, std::string> entries;
  std::map<int32_t, std::string> shards;
};

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_TENSORBUNDLE_H
