//===- LayerWeights.cpp - the weights of one layer ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerWeights.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include "llvm/ADT/Twine.h"
#include <functional>

using namespace llvm;
using namespace tflc::keras;

LayerWeights LayerWeights::inTree(const HDF5File &file, std::string path,
                                  const StringMap<std::string> *assets) {
  LayerWeights weights(&file, std::move(path), /*isTree=*/true);
  weights.assets = assets;
  return weights;
}

LayerWeights LayerWeights::inList(const HDF5File &file, std::string path,
                                  std::vector<ListedWeight> listed) {
  LayerWeights weights(&file, std::move(path), /*isTree=*/false);
  weights.listed = std::move(listed);
  return weights;
}

Expected<Dataset> LayerWeights::take(StringRef child) {
  if (!file)
    return createStringError(inconvertibleErrorCode(), "the file has no weights for it");
  if (isTree) {
    std::string folder = child.empty() ? path : path + "/" + child.str();
    // Keras 2 marks some parts as private.
    if (!child.empty() && !file->exists(folder))
      folder = path + "/_" + child.str();
    return file->read(folder + "/vars/" + std::to_string(taken[child]++));
  }
  if (next == listed.size())
    return createStringError(inconvertibleErrorCode(),
                             "\"" + path + "\" has only " + Twine(listed.size()) + " weights");
  const ListedWeight &weight = listed[next++];
  return file->read(path + "/" + weight.layer + "/" + weight.name);
}

Expected<Dataset> LayerWeights::takeNamed(StringRef name) const {
  if (!file || !isTree)
    return createStringError(inconvertibleErrorCode(), "the file has no weights for it");
  return file->read(path + "/vars/" + name.str());
}

std::optional<StringRef> LayerWeights::findAsset(StringRef name) const {
  if (!assets)
    return std::nullopt;
  auto found = assets->find("assets" + path + "/" + name.str());
  return found == assets->end() ? std::nullopt : std::optional<StringRef>(found->second);
}

LayerWeights LayerWeights::ofWrapped(StringRef child) const {
  if (file && isTree)
    return inTree(*file, path + "/" + child.str(), assets);
  return *this;
}

LayerWeights LayerWeights::ofLayer(StringRef key, StringRef name) const {
  if (!file)
    return none();
  if (isTree) {
    // Keras 2 wrote the same tree under another name, and so does Keras 3 for a Pipeline.
    std::string all = path + "/layers";
    for (const char *other : {"/_layer_checkpoint_dependencies", "/_pipeline_layers"})
      if (!file->exists(all))
        all = path + other;
    std::string folder = all + "/" + key.str();
    // Some classes are registered under another name than that of their Python class.
    if (!file->exists(folder))
      for (const std::string &other : file->list(all))
        if (file->readText(all + "/" + other + "/vars", "name") == name)
          folder = all + "/" + other;
    return inTree(*file, folder, assets);
  }
  return ofListed(name);
}

/// Layers of the model have groups of their own. Within a nested model a weight is named by its
/// layer's name, which may have slashes, and perhaps that of a part of it.
LayerWeights LayerWeights::ofListed(StringRef name) const {
  std::string part = "/" + name.str() + "/";
  auto getFolder = [](const ListedWeight &weight) {
    return "/" + StringRef(weight.name).rsplit('/').first.str() + "/";
  };
  std::function<bool(const ListedWeight &)> rules[] = {
      [&](const ListedWeight &weight) { return weight.layer == name; },
      [&](const ListedWeight &weight) { return StringRef(getFolder(weight)).ends_with(part); },
      [&](const ListedWeight &weight) { return StringRef(getFolder(weight)).contains(part); }};
  LayerWeights weights = inList(*file, path, {});
  for (const auto &rule : rules) {
    copy_if(listed, std::back_inserter(weights.listed), rule);
    if (!weights.listed.empty())
      break;
  }
  return weights;
}

/// Puts an underscore in front of each capital for which `splits` holds, given its place.
static std::string splitCapitals(StringRef name, function_ref<bool(size_t)> splits) {
  std::string result;
  for (size_t i = 0; i < name.size(); ++i) {
    if (i > 0 && isUpper(name[i]) && splits(i))
      result += '_';
    result += name[i];
  }
  return result;
}

std::string tflc::keras::toSnakeCase(StringRef name) {
  std::string word;
  for (char c : name)
    if (isAlnum(c) || c == '_')
      word += c;
  // First in front of capitals with a small letter behind them, then between small and capital.
  word = splitCapitals(word, [&](size_t i) { return i + 1 < word.size() && isLower(word[i + 1]); });
  word = splitCapitals(word, [&](size_t i) { return isLower(word[i - 1]); });
  return StringRef(word).lower();
}
