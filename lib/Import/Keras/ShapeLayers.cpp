//===- ShapeLayers.cpp - layers that move and repeat values ---------------===//
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

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

static int64_t productOf(ArrayRef<int64_t> sizes) {
  int64_t product = 1;
  for (int64_t size : sizes)
    if (__builtin_mul_overflow(product, size, &product))
      return -1;
  return product;
}

/// [batch, target...], where one size of the target may be left open.
static Values buildReshape(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers target = layer.getIntegers("target_shape", std::nullopt, {});
  if (const json::Array *given = layer.config.getArray("target_shape"); given && given->empty())
    target.clear();
  auto open = llvm::find(target, -1);
  Integers known = layer.getShape(x);
  if (layer.hasFailed() || known.empty())
    return {layer.fault("its input has no dimensions")};
  bool areKnown = !llvm::is_contained(drop_begin(known), ShapedType::kDynamic);
  if (open != target.end() && areKnown) {
    int64_t total = productOf(ArrayRef(known).drop_front());
    *open = 1;
    int64_t rest = productOf(target);
    if (rest <= 0 || total % rest)
      return {layer.fault("its input does not fit the shape")};
    *open = total / rest;
  } else if (open != target.end() && ShapedType::isDynamic(known.front())) {
    // Only one size can be left open; the batch is read from the input.
    Value sizes = layer.makeAs<tf::ShapeOp>(layer.b.getI32Type(), x, TypeAttr());
    Value all = layer.concat({layer.slice(sizes, 0, 0, 1), layer.makeVector(target)}, 0);
    return {layer.make<tf::ReshapeOp>(x, all)};
  } else if (open != target.end()) {
    target.insert(target.begin(), known.front());
    return {layer.reshape(x, target)};
  }
  target.insert(target.begin(), -1);
  return {layer.reshape(x, target)};
}

static Values buildFlatten(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  if (layer.isChannelsFirst() && layer.getRank(x) > 2)
    x = layer.toChannelsLast(x);
  Integers shape = layer.getShape(x);
  if (layer.hasFailed() || shape.empty())
    return {layer.fault("its input is a scalar")};
  if (any_of(drop_begin(shape), [](int64_t size) { return ShapedType::isDynamic(size); }))
    return {layer.fault("the sizes of its input must be known")};
  return {layer.reshape(x, {-1, productOf(ArrayRef(shape).drop_front())})};
}

static Values buildPermute(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers order = layer.getIntegers("dims", std::nullopt);
  order.insert(order.begin(), 0);
  Integers sorted(order);
  llvm::sort(sorted);
  for (auto [i, dim] : enumerate(sorted))
    if (dim != int64_t(i))
      return {layer.fault("'dims' is no order of dimensions")};
  return {layer.transpose(inputs.front(), order)};
}

static Values buildRepeatVector(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = layer.expandDims(inputs.front(), 1);
  return {layer.make<tf::TileOp>(x, layer.makeVector({1, layer.getInteger("n"), 1}))};
}

//===----------------------------------------------------------------------===//
// Borders
//===----------------------------------------------------------------------===//

/// Two numbers for each spatial dimension: one for all, one each, or two each.
static SmallVector<std::pair<int64_t, int64_t>> readBorders(LayerBuilder &layer, StringRef key,
                                                            size_t rank) {
  SmallVector<std::pair<int64_t, int64_t>> borders;
  const json::Value *value = layer.config.get(key);
  std::optional<int64_t> single = value ? value->getAsInteger() : std::nullopt;
  const json::Array *list = value ? value->getAsArray() : nullptr;
  if (rank == 1 && list && list->size() == 2) {
    borders.push_back(
        {(*list)[0].getAsInteger().value_or(-1), (*list)[1].getAsInteger().value_or(-1)});
  } else {
    for (size_t i = 0; i < rank; ++i) {
      const json::Value *item = list && i < list->size() ? &(*list)[i] : nullptr;
      std::optional<int64_t> both = single ? single : item ? item->getAsInteger() : std::nullopt;
      const json::Array *pair = item ? item->getAsArray() : nullptr;
      if (both)
        borders.push_back({*both, *both});
      else if (pair && pair->size() == 2)
        borders.push_back(
            {(*pair)[0].getAsInteger().value_or(-1), (*pair)[1].getAsInteger().value_or(-1)});
    }
  }
  constexpr int64_t most = 1 << 20;
  if (borders.size() != rank || any_of(borders, [](auto border) {
        return border.first < 0 || border.second < 0 || border.first > most || border.second > most;
      })) {
    layer.fault("'" + key + "' does not say how many for each side");
    borders.assign(rank, {0, 0});
  }
  return borders;
}

template <size_t rank> static Values buildZeroPadding(LayerBuilder &layer, ArrayRef<Value> inputs) {
  SmallVector<std::pair<int64_t, int64_t>> amounts(rank + 2);
  size_t first = layer.isChannelsFirst() ? 2 : 1;
  for (auto [i, border] : enumerate(readBorders(layer, "padding", rank)))
    amounts[first + i] = border;
  if (layer.getRank(inputs.front()) != int64_t(rank) + 2)
    return {layer.fault("its input has another number of dimensions")};
  return {layer.pad(inputs.front(), amounts)};
}

template <size_t rank> static Values buildCropping(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers shape = layer.getShape(x);
  size_t first = layer.isChannelsFirst() ? 2 : 1;
  if (layer.hasFailed() || shape.size() < first + rank)
    return {layer.fault("its input has only " + Twine(shape.size()) + " dimensions")};
  // Ends count from the end, so that sizes may be open.
  Integers begins(shape.size(), 0), ends(shape.size(), 0);
  int64_t wholeEnds = (1 << shape.size()) - 1;
  for (auto [i, border] : enumerate(readBorders(layer, "cropping", rank))) {
    int64_t dim = first + i;
    if (!ShapedType::isDynamic(shape[dim]) && shape[dim] < border.first + border.second)
      return {layer.fault("it takes away more than there is")};
    begins[dim] = border.first;
    ends[dim] = -border.second;
    if (border.second)
      wholeEnds &= ~(1 << dim);
  }
  return {layer.make<tf::StridedSliceOp>(x, layer.makeVector(begins), layer.makeVector(ends),
                                         layer.makeVector(Integers(shape.size(), 1)),
                                         /*begin_mask=*/0, wholeEnds, 0, 0, 0)};
}

//===----------------------------------------------------------------------===//
// Repetition
//===----------------------------------------------------------------------===//

/// Each element of one dimension `count` times in a row.
static Value repeat(LayerBuilder &layer, Value x, int64_t dim, int64_t count) {
  Integers shape = layer.getShape(x), multiples(shape.size() + 1, 1);
  if (layer.hasFailed() || dim >= int64_t(shape.size()) || count < 1)
    return layer.fault("it repeats a dimension that its input does not have");
  multiples[dim + 1] = count;
  shape[dim] = layer.getKnownSize(x, dim) * count;
  shape.front() = -1;
  Value tiled = layer.make<tf::TileOp>(layer.expandDims(x, dim + 1), layer.makeVector(multiples));
  return layer.reshape(tiled, shape);
}

template <size_t rank> static Values buildUpSampling(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers factors = layer.getIntegers("size", rank, Integers(rank, 2));
  Value x = inputs.front();
  bool channelsFirst = layer.isChannelsFirst();
  if (channelsFirst)
    x = layer.toChannelsLast(x);
  if (rank == 2) {
    Integers sizes;
    for (auto [i, factor] : enumerate(factors))
      sizes.push_back(layer.getKnownSize(x, i + 1) * factor);
    x = layer.resize(x, sizes[0], sizes[1], layer.getText("interpolation", "nearest"));
  } else {
    for (auto [i, factor] : enumerate(factors))
      x = repeat(layer, x, i + 1, factor);
  }
  return {channelsFirst ? layer.toChannelsFirst(x) : x};
}

template <size_t rank> static void addRank(LayerTable &table) {
  std::string suffix = std::to_string(rank) + "D";
  table["Cropping" + suffix] = buildCropping<rank>;
  table["UpSampling" + suffix] = buildUpSampling<rank>;
  table["ZeroPadding" + suffix] = buildZeroPadding<rank>;
}

void tflc::keras::addShapeLayers(LayerTable &table) {
  addRank<1>(table);
  addRank<2>(table);
  addRank<3>(table);
  table["Flatten"] = buildFlatten;
  table["Permute"] = buildPermute;
  table["RepeatVector"] = buildRepeatVector;
  table["Reshape"] = buildReshape;
}
