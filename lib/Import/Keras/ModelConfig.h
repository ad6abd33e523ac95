//===- ModelConfig.h - how files describe models ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_MODELCONFIG_H
#define TFLC_LIB_IMPORT_KERAS_MODELCONFIG_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/JSON.h"

#include <tuple>

namespace tflc::keras {

/// One tensor of a model: the output of a call of a layer.
struct TensorName {
  std::string layer;
  int64_t node = 0, tensor = 0;

  bool operator<(const TensorName &other) const {
    return std::tie(layer, node, tensor) < std::tie(other.layer, other.node, other.tensor);
  }
};

/// Tensors with the keys that a dictionary gives them; the keys of a list are empty.
using NamedTensors = llvm::SmallVectorImpl<std::pair<std::string, TensorName>>;

/// A text of an object, empty if it is not there.
llvm::StringRef getText(const llvm::json::Object &object, llvm::StringRef key);

/// The name of a layer or model: its own, or that of its configuration.
llvm::StringRef getName(const llvm::json::Object &layer);

/// The layers of a model; null if it has none. Before Keras 2.2.3, the configuration of a
/// Sequential model was their list itself.
const llvm::json::Array *getLayers(const llvm::json::Object &model);

/// Whether a class is that of a model.
bool isModel(llvm::StringRef kind);

/// Operations of keras.ops stand among layers, and some have the names of layers.
bool isOperation(const llvm::json::Object &layer);

/// The keys of a dictionary in the order in which Keras takes its values.
llvm::SmallVector<llvm::StringRef> getSortedKeys(const llvm::json::Object &object);

/// The places of tensors in "input_layers": one, a list, or a tree of them. Keys of a dictionary
/// are names.
void collectTensors(const llvm::json::Value &value, NamedTensors &tensors,
                    llvm::StringRef name = "");

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_MODELCONFIG_H
