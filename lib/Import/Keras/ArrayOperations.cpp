//===- ArrayOperations.cpp - arrays, in keras.ops -------------------------===//
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

/// The axis that a key names, counted from the front.
static int64_t getAxis(LayerBuilder &layer, Value x, StringRef key, int64_t otherwise) {
  int64_t rank = layer.getRank(x), axis = layer.getInteger(key, otherwise);
  axis += axis < 0 ? rank : 0;
  if (axis >= 0 && axis < rank)
    return axis;
  layer.fault("there is no axis " + Twine(axis));
  return 0;
}

/// Whether a key is there and not null.
static bool isGiven(LayerBuilder &layer, StringRef key) {
  const json::Value *value = layer.config.get(key);
  return value && value->kind() != json::Value::Null;
}

static Value flatten(LayerBuilder &layer, Value x) { return layer.reshape(x, {-1}); }

/// Exchanges two dimensions.
static Value swap(LayerBuilder &layer, Value x, int64_t a, int64_t b) {
  int64_t rank = layer.getRank(x);
  if (std::min(a, b) < 0 || std::max(a, b) >= rank)
    return layer.fault("its input has only " + Twine(rank) + " dimensions");
  Integers order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::swap(order[a], order[b]);
  return a == b ? x : layer.transpose(x, order);
}

//===----------------------------------------------------------------------===//
// Order and shape
//===----------------------------------------------------------------------===//

static Values buildSwapaxes(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  return {swap(layer, x, getAxis(layer, x, "axis1", 0), getAxis(layer, x, "axis2", 1))};
}

static Values buildMoveaxis(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t rank = layer.getRank(inputs.front());
  Integers from = layer.getIntegers("source", std::nullopt, {0}),
           to = layer.getIntegers("destination", from.size(), Integers(from.size(), 0));
  Integers order(rank, -1);
  SmallVector<bool> isMoved(rank);
  for (auto [source, target] : zip_equal(from, to)) {
    source += source < 0 ? rank : 0;
    target += target < 0 ? rank : 0;
    if (source < 0 || source >= rank || target < 0 || target >= rank || isMoved[source] ||
        order[target] >= 0)
      return {layer.fault("its axes do not fit")};
    isMoved[source] = true;
    order[target] = source;
  }
  int64_t next = 0;
  for (int64_t &entry : order) {
    while (entry < 0 && isMoved[next])
      ++next;
    if (entry < 0)
      entry = next++;
  }
  return {layer.transpose(inputs.front(), order)};
}

/// Reversed along one axis.
template <int64_t axis> static Values buildFlipped(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (layer.getRank(inputs.front()) <= axis)
    return {layer.fault("its input has too few dimensions")};
  return {layer.make<tf::ReverseV2Op>(inputs.front(), layer.makeVector({axis}))};
}

static Values buildRavel(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {flatten(layer, inputs.front())};
}

static Values buildRoll(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  if (!isGiven(layer, "axis"))
    return {layer.fault("only rolling along one axis is supported")};
  int64_t axis = getAxis(layer, x, "axis", 0), size = layer.getKnownSize(x, axis);
  int64_t shift = layer.getInteger("shift");
  if (layer.hasFailed() || size < 1)
    return {x};
  shift = (shift % size + size) % size;
  if (shift == 0)
    return {x};
  return {layer.concat(
      {layer.slice(x, axis, size - shift, shift), layer.slice(x, axis, 0, size - shift)}, axis)};
}

/// Each element several times in a row.
static Values buildRepeat(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = isGiven(layer, "axis") ? inputs.front() : flatten(layer, inputs.front());
  int64_t axis = getAxis(layer, x, "axis", 0), count = layer.getInteger("repeats");
  int64_t size = layer.getKnownSize(x, axis);
  if (layer.hasFailed() || count < 1)
    return {layer.fault("it repeats each element once or more often")};
  std::vector<int32_t> places;
  for (int64_t i = 0; i < size * count; ++i)
    places.push_back(i / count);
  auto type = RankedTensorType::get({int64_t(places.size())}, layer.b.getI32Type());
  Value indices =
      tf::ConstOp::create(layer.b, type, DenseElementsAttr::get(type, ArrayRef(places)));
  return {layer.make<tf::GatherV2Op>(x, indices, layer.makeIndex(axis))};
}

static Values buildStacked(LayerBuilder &layer, ArrayRef<Value> inputs, int64_t axis) {
  return {layer.concat(inputs, layer.getRank(inputs.front()) == 1 ? 0 : axis)};
}

static Values buildHstack(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildStacked(layer, inputs, 1);
}

static Values buildVstack(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildStacked(layer, inputs, 0);
}

static Values buildUnstack(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  int64_t axis = getAxis(layer, x, "axis", 0), count = layer.getKnownSize(x, axis);
  constexpr int64_t maxParts = 4096;
  if (layer.hasFailed() || count < 1 || count > maxParts)
    return {layer.fault("it has no or too many parts")};
  Integers shape = layer.getShape(x);
  shape.erase(shape.begin() + axis);
  SmallVector<Type> types(count, RankedTensorType::get(shape, layer.getElementType(x)));
  return Values(tf::UnpackOp::create(layer.b, types, x, axis).getResults());
}

static Values buildBroadcastTo(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.make<tf::BroadcastToOp>(
      inputs.front(), layer.makeVector(layer.getIntegers("shape", std::nullopt)))};
}

/// The lower triangle keeps what is up to `upper` places right of the diagonal.
template <bool isLower> static Values buildTriangle(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t k = layer.getInteger("k", 0);
  Value x = inputs.front(), all = layer.makeIndex(-1);
  // The number of diagonals counts from the main one, so that another offset is a mask.
  int64_t rank = layer.getRank(x);
  if (rank < 2)
    return {layer.fault("its input is no matrix")};
  int64_t rows = layer.getKnownSize(x, rank - 2), columns = layer.getKnownSize(x, rank - 1);
  if (layer.hasFailed())
    return {x};
  if (k == 0)
    return {layer.make<tf::MatrixBandPartOp>(x, isLower ? all : layer.makeIndex(0),
                                             isLower ? layer.makeIndex(0) : all)};
  std::vector<float> mask;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column)
      mask.push_back(isLower ? column - row <= k : column - row >= k);
  Value factor = layer.cast(layer.makeFloats(mask, {rows, columns}), layer.getElementType(x));
  return {layer.make<tf::MulOp>(x, factor)};
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

/// Numbers among the arguments come with the type of the array.
static Value toIndices(LayerBuilder &layer, Value value) {
  return layer.cast(value, layer.b.getI32Type());
}

static Values buildTake(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() < 2)
    return {layer.fault("it has no indices")};
  Value x = isGiven(layer, "axis") ? inputs[0] : flatten(layer, inputs[0]), indices = inputs[1];
  // A list of numbers stands as several arguments.
  if (inputs.size() > 2)
    indices =
        layer.makeAs<tf::PackOp>(layer.getElementType(indices), ValueRange(inputs.drop_front()), 0);
  return {layer.make<tf::GatherV2Op>(x, toIndices(layer, indices),
                                     layer.makeIndex(getAxis(layer, x, "axis", 0)))};
}

/// Along the last axis, for each place before it.
static Values buildTakeAlong(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 2)
    return {layer.fault("it has no indices")};
  Value x = inputs[0], indices = toIndices(layer, inputs[1]);
  int64_t axis = getAxis(layer, x, "axis", -1), last = layer.getRank(x) - 1;
  if (layer.getRank(indices) != last + 1)
    return {layer.fault("its indices have another number of dimensions")};
  Value rows = layer.make<tf::GatherV2Op>(swap(layer, x, axis, last),
                                          swap(layer, indices, axis, last), layer.makeIndex(last),
                                          /*batch_dims=*/last);
  return {swap(layer, rows, axis, last)};
}

static Values buildOneHot(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value on = layer.makeFloat(1), off = layer.makeFloat(0);
  Value indices = toIndices(layer, inputs.front());
  return {layer.makeAs<tf::OneHotOp>(layer.b.getF32Type(), indices,
                                     layer.makeIndex(layer.getInteger("num_classes")), on, off,
                                     layer.getInteger("axis", -1))};
}

static Values buildMultiHot(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value hot = buildOneHot(layer, inputs).front();
  int64_t axis = layer.getRank(inputs.front()) - 1;
  return {layer.make<tf::MaxOp>(hot, layer.makeVector({axis}), /*keep_dims=*/false)};
}

//===----------------------------------------------------------------------===//
// Order of values
//===----------------------------------------------------------------------===//

Values tflc::keras::findLargest(LayerBuilder &layer, Value x, int64_t count) {
  Integers shape = layer.getShape(x);
  if (shape.empty() || count < 1)
    return {layer.fault("it has no values"), x};
  shape.back() = count;
  Type types[] = {RankedTensorType::get(shape, layer.getElementType(x)),
                  RankedTensorType::get(shape, layer.b.getI32Type())};
  auto op =
      tf::TopKV2Op::create(layer.b, types, x, layer.makeIndex(count), /*sorted=*/true, TypeAttr());
  return {op.getValues(), op.getIndices()};
}

static Values buildTopK(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return findLargest(layer, inputs.front(), layer.getInteger("k"));
}

/// Ascending order is the descending order of the negatives.
template <bool givesIndices> static Values buildSort(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = isGiven(layer, "axis") ? inputs.front() : flatten(layer, inputs.front());
  int64_t axis = getAxis(layer, x, "axis", -1), last = layer.getRank(x) - 1;
  Value negative = layer.make<tf::NegOp>(swap(layer, x, axis, last));
  Values sorted = findLargest(layer, negative, layer.getKnownSize(negative, last));
  Value result = givesIndices ? sorted[1] : layer.make<tf::NegOp>(sorted[0]);
  return {swap(layer, result, axis, last)};
}

static Values buildCumsum(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = isGiven(layer, "axis") ? inputs.front() : flatten(layer, inputs.front());
  return {layer.make<tf::CumsumOp>(x, layer.makeIndex(getAxis(layer, x, "axis", 0)))};
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// As the layer of the rank of the input.
static Values buildPooling(LayerBuilder &layer, ArrayRef<Value> inputs, StringRef kind) {
  LayerTable table;
  addPoolingLayers(table);
  int64_t rank = layer.getRank(inputs.front()) - 2;
  LayerFunction function = table.lookup((kind + Twine(rank) + "D").str());
  return function ? function(layer, inputs) : Values{layer.fault("its input is no image")};
}

static Values buildMaxPool(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildPooling(layer, inputs, "MaxPooling");
}

static Values buildAveragePool(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildPooling(layer, inputs, "AveragePooling");
}

void tflc::keras::addArrayOperations(LayerTable &table) {
  table["Argsort"] = buildSort<true>;
  table["Fliplr"] = buildFlipped<1>;
  table["Flipud"] = buildFlipped<0>;
  table["AveragePool"] = buildAveragePool;
  table["BroadcastTo"] = buildBroadcastTo;
  table["Cumsum"] = buildCumsum;
  table["Hstack"] = buildHstack;
  table["MaxPool"] = buildMaxPool;
  table["Moveaxis"] = buildMoveaxis;
  table["MultiHot"] = buildMultiHot;
  table["OneHot"] = buildOneHot;
  table["Ravel"] = buildRavel;
  table["Repeat"] = buildRepeat;
  table["Roll"] = buildRoll;
  table["Sort"] = buildSort<false>;
  table["Swapaxes"] = buildSwapaxes;
  table["Take"] = buildTake;
  table["TakeAlongAxis"] = buildTakeAlong;
  table["TopK"] = buildTopK;
  table["Tril"] = buildTriangle<true>;
  table["Triu"] = buildTriangle<false>;
  table["Unstack"] = buildUnstack;
  table["Vstack"] = buildVstack;
}
