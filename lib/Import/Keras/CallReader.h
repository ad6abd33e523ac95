//===- CallReader.h - arguments of calls of layers --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_CALLREADER_H
#define TFLC_LIB_IMPORT_KERAS_CALLREADER_H

#include "ModelConfig.h"

namespace tflc::keras {

/// An argument of a call: a tensor, or a constant as it stands in the file.
struct Argument {
  TensorName tensor;
  const llvm::json::Value *constant = nullptr;
  /// The name of what is no input of the layer; empty for inputs.
  std::string keyword = {};
};

/// What one call of a layer takes. Lists count as their items; what is no number (a range, an
/// index) is left to the operation.
llvm::SmallVector<Argument> readCall(const llvm::json::Value &node,
                                     const llvm::json::Object &layer);

/// The keywords of a call: an object of their own, or, in Keras 2, the last item of a tensor. Null
/// if there are none.
const llvm::json::Object *findKeywords(const llvm::json::Value &node);

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_CALLREADER_H
