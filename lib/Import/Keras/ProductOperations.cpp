//===- ProductOperations.cpp - products of arrays, in keras.ops -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "OperationHelpers.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

Value tflc::keras::contract(LayerBuilder &layer, Value x, Value y, ArrayRef<int64_t> xAxes,
                            ArrayRef<int64_t> yAxes, bool isBatched) {
  int64_t xRank = layer.getRank(x), yRank = layer.getRank(y);
  constexpr int64_t letters = 26;
  if (xAxes.size() != yAxes.size() || xRank + yRank > letters)
    return layer.fault("its axes do not fit");
  std::string left, right, contracted, rest;
  for (int64_t dim = 0; dim < xRank; ++dim)
    left += char('a' + dim);
  for (int64_t dim = 0; dim < yRank; ++dim)
    right += char('a' + xRank + dim);
  if (isBatched)
    right.front() = left.front();
  for (auto [a, b] : zip_equal(xAxes, yAxes)) {
    right[b] = left[a];
    contracted += left[a];
  }
  for (char label : left + right)
    if (!StringRef(contracted + rest).contains(label))
      rest += label;
  return layer.makeAs<tf::EinsumOp>(layer.getElementType(x), ValueRange{x, y},
                                    left + "," + right + "->" + rest);
}

/// Over the last axis of the first array, and the last but one of the second.
static Values buildDot(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  int64_t xRank = layer.getRank(inputs[0]), yRank = layer.getRank(inputs[1]);
  if (xRank == 0 || yRank == 0)
    return {layer.make<tf::MulOp>(inputs[0], inputs[1])};
  return {contract(layer, inputs[0], inputs[1], {xRank - 1}, {yRank == 1 ? 0 : yRank - 2})};
}

static Values buildInner(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  int64_t xRank = layer.getRank(inputs[0]), yRank = layer.getRank(inputs[1]);
  if (xRank == 0 || yRank == 0)
    return {layer.make<tf::MulOp>(inputs[0], inputs[1])};
  return {contract(layer, inputs[0], inputs[1], {xRank - 1}, {yRank - 1})};
}

static Values buildVdot(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value product =
      layer.make<tf::MulOp>(layer.reshape(inputs[0], {-1}), layer.reshape(inputs[1], {-1}));
  return {layer.make<tf::SumOp>(product, layer.makeVector({0}), /*keep_dims=*/false)};
}

/// Axes counted from the front; nothing, after a fault, if there is no such axis.
static bool normalize(LayerBuilder &layer, Integers &axes, int64_t rank) {
  for (int64_t &axis : axes) {
    axis += axis < 0 ? rank : 0;
    if (axis >= 0 && axis < rank)
      continue;
    layer.fault("there is no axis " + Twine(axis));
    return false;
  }
  return true;
}

/// `axes` is a number of axes at the end and the front, or a list of axes for each array.
static Values buildTensordot(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  int64_t xRank = layer.getRank(inputs[0]), yRank = layer.getRank(inputs[1]);
  Integers xAxes, yAxes;
  const json::Array *lists = layer.config.getArray("axes");
  if (!lists) {
    int64_t count = layer.getInteger("axes", 2);
    if (count < 0 || count > std::min(xRank, yRank))
      return {layer.fault("its arrays have fewer axes")};
    for (int64_t i = 0; i < count; ++i) {
      xAxes.push_back(xRank - count + i);
      yAxes.push_back(i);
    }
  } else {
    auto read = [](const json::Value &value, Integers &axes) {
      if (const json::Array *list = value.getAsArray())
        for (const json::Value &item : *list)
          axes.push_back(item.getAsInteger().value_or(INT32_MAX));
      else
        axes.push_back(value.getAsInteger().value_or(INT32_MAX));
    };
    if (lists->size() != 2)
      return {layer.fault("it has no axes for two arrays")};
    read((*lists)[0], xAxes);
    read((*lists)[1], yAxes);
  }
  if (!normalize(layer, xAxes, xRank) || !normalize(layer, yAxes, yRank))
    return {inputs[0]};
  return {contract(layer, inputs[0], inputs[1], xAxes, yAxes)};
}

/// The product of vectors of three numbers along the last axis.
static Values buildCross(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  int64_t rank = layer.getRank(inputs[0]), last = rank - 1;
  auto isLast = [&](StringRef key) {
    int64_t axis = layer.getInteger(key, -1);
    return axis == -1 || axis == last;
  };
  if (rank < 1 || layer.getRank(inputs[1]) != rank || !isLast("axisa") || !isLast("axisb") ||
      !isLast("axisc") || !isLast("axis") || layer.getKnownSize(inputs[0], last) != 3 ||
      layer.getKnownSize(inputs[1], last) != 3)
    return {layer.fault("only vectors of three numbers along the last axis are supported")};
  auto at = [&](unsigned input, int64_t place) {
    return layer.slice(inputs[input], last, place, 1);
  };
  Values parts;
  for (int64_t place = 0; place < 3; ++place) {
    int64_t next = (place + 1) % 3, other = (place + 2) % 3;
    parts.push_back(layer.make<tf::SubOp>(layer.make<tf::MulOp>(at(0, next), at(1, other)),
                                          layer.make<tf::MulOp>(at(0, other), at(1, next))));
  }
  return {layer.concat(parts, last)};
}

void tflc::keras::addProductOperations(LayerTable &table) {
  table["Cross"] = buildCross;
  table["Dot"] = buildDot;
  table["Inner"] = buildInner;
  table["Tensordot"] = buildTensordot;
  table["Vdot"] = buildVdot;
}
