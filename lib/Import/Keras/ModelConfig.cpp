//===- ModelConfig.cpp - how files describe models ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelConfig.h"

#include "LayerBuilder.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

StringRef tflc::keras::getText(const json::Object &object, StringRef key) {
  return object.getString(key).value_or("");
}

const json::Array *tflc::keras::getLayers(const json::Object &model) {
  const json::Object *config = model.getObject("config");
  return config ? config->getArray("layers") : model.getArray("config");
}

bool tflc::keras::isModel(StringRef kind) {
  return kind == "Sequential" || kind == "Functional" || kind == "Model";
}

bool tflc::keras::isOperation(const json::Object &layer) {
  if (layer.get("module"))
    return getText(layer, "module").contains(".ops");
  // A .h5 file does not say where a class comes from. All layers can be trained, or not.
  const json::Object *config = layer.getObject("config");
  return config && !config->get("trainable") && hasOperation(getText(layer, "class_name"));
}

StringRef tflc::keras::getName(const json::Object &layer) {
  if (std::optional<StringRef> name = layer.getString("name"))
    return *name;
  const json::Object *config = layer.getObject("config");
  return config ? getText(*config, "name") : "";
}

SmallVector<StringRef> tflc::keras::getSortedKeys(const json::Object &object) {
  SmallVector<StringRef> keys;
  for (const auto &[key, item] : object)
    keys.push_back(key);
  llvm::sort(keys);
  return keys;
}

void tflc::keras::collectTensors(const json::Value &value, NamedTensors &tensors, StringRef name) {
  if (const json::Object *object = value.getAsObject()) {
    for (StringRef key : getSortedKeys(*object))
      collectTensors(*object->get(key), tensors, key);
    return;
  }
  const json::Array *list = value.getAsArray();
  if (!list)
    return;
  if (list->size() >= 3 && (*list)[0].getAsString() && (*list)[1].getAsInteger() &&
      (*list)[2].getAsInteger()) {
    tensors.push_back({name.str(),
                       {(*list)[0].getAsString()->str(), *(*list)[1].getAsInteger(),
                        *(*list)[2].getAsInteger()}});
    return;
  }
  for (const json::Value &item : *list)
    collectTensors(item, tensors, name);
}
