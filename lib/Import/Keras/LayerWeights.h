//===- LayerWeights.h - the weights of one layer ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_LAYERWEIGHTS_H
#define TFLC_LIB_IMPORT_KERAS_LAYERWEIGHTS_H

#include "HDF5File.h"

#include "llvm/ADT/StringMap.h"

namespace tflc::keras {

/// A weight in the list of a Keras 2 file: in the group of a layer, under a name that says which
/// layer of a nested model it belongs to.
struct ListedWeight {
  std::string layer, name;
};

/// The weights of one layer, in the order in which the layer made them. The two layouts of files
/// differ in how they are found:
///
///   Keras 3 (.keras)   LAYER/vars/0, LAYER/vars/1, LAYER/CHILD/vars/0, ...
///   Keras 2 (.h5)      one list of names for a layer with all its children, also for a whole
///                      nested model
class LayerWeights {
public:
  /// Those of a layer without weights.
  static LayerWeights none() { return LayerWeights(nullptr, "", /*isTree=*/false); }
  /// Keras 3: what lies under `path`. `assets` are files by their paths; they must outlive this.
  static LayerWeights inTree(const HDF5File &file, std::string path,
                             const llvm::StringMap<std::string> *assets = nullptr);
  /// Keras 2: a list of the datasets in groups of the group `path`.
  static LayerWeights inList(const HDF5File &file, std::string path,
                             std::vector<ListedWeight> listed);

  /// The next weight of the layer, or of the part of it that Keras 3 calls `child` ("cell",
  /// "query_dense").
  llvm::Expected<Dataset> take(llvm::StringRef child = "");

  /// The weight that Keras 3 stores under a name, not under a number.
  llvm::Expected<Dataset> takeNamed(llvm::StringRef name) const;

  /// The content of a file that Keras 3 stores beside the layer's weights, if there is one.
  std::optional<llvm::StringRef> findAsset(llvm::StringRef name) const;

  /// Those of a layer that this one wraps; `child` is the wrapper's name for it.
  LayerWeights ofWrapped(llvm::StringRef child) const;

  /// Those of a layer in the model that this one is. `key` is its name in a tree, `name` its own.
  LayerWeights ofLayer(llvm::StringRef key, llvm::StringRef name) const;

  /// Whether parts are found by their names, not by their order.
  bool isOfTree() const { return isTree; }

  /// Whether it is a list of no weights.
  bool isEmptyList() const { return !isTree && listed.empty(); }

private:
  LayerWeights ofListed(llvm::StringRef name) const;
  LayerWeights(const HDF5File *file, std::string path, bool isTree)
      : file(file), path(std::move(path)), isTree(isTree) {}

  const HDF5File *file;
  const llvm::StringMap<std::string> *assets = nullptr; ///< null: none
  std::string path;
  bool isTree;
  llvm::StringMap<unsigned> taken; ///< of each child
  std::vector<ListedWeight> listed;
  size_t next = 0; ///< in there
};

/// How Keras 3 calls a class in a file: "conv2d" for Conv2D, "p_re_lu" for PReLU.
std::string toSnakeCase(llvm::StringRef name);

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_LAYERWEIGHTS_H
