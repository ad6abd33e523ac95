//===- IndexOperation.cpp - ranges and places of an array, in keras.ops ---===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

namespace {
/// The operands and masks of a strided slice, one entry for each item of an index.
struct Index {
  Integers begin, end, strides;
  int64_t beginMask = 0, endMask = 0, ellipsisMask = 0, newAxisMask = 0, shrinkMask = 0;
};
} // namespace

static bool addItem(Index &index, const json::Value &item) {
  int64_t bit = int64_t(1) << index.begin.size();
  index.begin.push_back(0);
  index.end.push_back(0);
  index.strides.push_back(1);
  if (item.kind() == json::Value::Null) {
    index.newAxisMask |= bit;
    return true;
  }
  if (std::optional<int64_t> number = item.getAsInteger()) {
    index.begin.back() = *number;
    index.end.back() = *number + 1;
    index.shrinkMask |= bit;
    // The element before the end: minus one plus one would be the first.
    if (*number == -1)
      index.endMask |= bit;
    return true;
  }
  const json::Object *object = item.getAsObject();
  StringRef kind = object ? object->getString("class_name").value_or("") : "";
  if (kind == "__ellipsis__") {
    index.ellipsisMask |= bit;
    return true;
  }
  // Keras 2 writes a range as it is.
  const json::Object *slice = object && kind.empty() ? object
                              : object               ? object->getObject("config")
                                                     : nullptr;
  if ((kind != "__slice__" && !kind.empty()) || !slice)
    return false;
  auto get = [&](StringRef key, int64_t &value) {
    std::optional<int64_t> number = slice->getInteger(key);
    value = number.value_or(value);
    return number.has_value();
  };
  if (!get("start", index.begin.back()))
    index.beginMask |= bit;
  if (!get("stop", index.end.back()))
    index.endMask |= bit;
  get("step", index.strides.back());
  return true;
}

Values tflc::keras::buildGetItem(LayerBuilder &layer, Value x, const json::Array &arguments) {
  if (arguments.size() != 2)
    return {layer.fault("it has no index")};
  Index index;
  constexpr size_t maxItems = 16;
  const json::Array *items = arguments[1].getAsArray();
  bool good =
      items
          ? items->size() <= maxItems &&
                llvm::all_of(*items, [&](const json::Value &item) { return addItem(index, item); })
          : addItem(index, arguments[1]);
  if (!good)
    return {layer.fault("only indices of numbers and ranges are supported")};
  return {layer.make<tf::StridedSliceOp>(
      x, layer.makeVector(index.begin), layer.makeVector(index.end),
      layer.makeVector(index.strides), index.beginMask, index.endMask, index.ellipsisMask,
      index.newAxisMask, index.shrinkMask)};
}
