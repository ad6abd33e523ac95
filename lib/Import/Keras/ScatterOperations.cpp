//===- ScatterOperations.cpp - updates and counts by indices, in keras.ops ===//
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

static Value toIndices(LayerBuilder &layer, Value value) {
  return layer.cast(value, layer.b.getI32Type());
}

static Values buildScatterUpdate(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 3)
    return {layer.fault("it has no indices and updates")};
  Value x = inputs[0], indices = toIndices(layer, inputs[1]), updates = inputs[2];
  StringRef reduction = layer.getText("reduction", "");
  if (reduction.empty())
    return {layer.make<tf::TensorScatterUpdateOp>(x, indices, updates)};
  if (reduction == "add")
    return {layer.make<tf::TensorScatterAddOp>(x, indices, updates)};
  return {layer.fault("the reduction '" + reduction + "' is not supported")};
}

static Values buildScatter(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 2)
    return {layer.fault("it has no indices and values")};
  Value shape = layer.makeVector(layer.getIntegers("shape", std::nullopt));
  return {layer.makeAs<tf::ScatterNdOp>(layer.getElementType(inputs[1]),
                                        toIndices(layer, inputs[0]), inputs[1], shape)};
}

static Values buildSlice(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 2)
    return {layer.fault("it has no start")};
  return {layer.make<tf::SliceOp>(inputs[0], toIndices(layer, inputs[1]),
                                  layer.makeVector(layer.getIntegers("shape", std::nullopt)))};
}

static Values buildSliceUpdate(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 3)
    return {layer.fault("it has no start and updates")};
  return {
      layer.make<tf::XlaDynamicUpdateSliceOp>(inputs[0], inputs[2], toIndices(layer, inputs[1]))};
}

template <typename Op> static Values buildSegments(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Value *count = layer.config.get("num_segments");
  if (inputs.size() != 2 || !count || !count->getAsInteger())
    return {layer.fault("it has no number of segments")};
  return {layer.make<Op>(inputs[0], toIndices(layer, inputs[1]),
                         layer.makeIndex(*count->getAsInteger()))};
}

/// How often each number occurs along the last axis. The counts reach up to the largest number.
static Values buildBincount(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Value *weights = layer.config.get("weights");
  if (inputs.size() != 1 || (weights && weights->kind() != json::Value::Null) ||
      layer.getFlag("sparse", false))
    return {layer.fault("only counts without weights are supported")};
  Value x = toIndices(layer, inputs.front());
  int64_t rank = layer.getRank(x);
  Integers all = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  Value most = layer.make<tf::MaxOp>(x, layer.makeVector(all), /*keep_dims=*/false);
  Value depth = layer.make<tf::MaximumOp>(layer.make<tf::AddV2Op>(most, layer.makeIndex(1)),
                                          layer.makeIndex(layer.getInteger("minlength", 0)));
  Value hot = layer.makeAs<tf::OneHotOp>(layer.b.getI32Type(), x, depth, layer.makeIndex(1),
                                         layer.makeIndex(0));
  return {layer.make<tf::SumOp>(hot, layer.makeVector({rank - 1}), /*keep_dims=*/false)};
}

/// The elements whose indices along two axes differ by `offset`, as the last dimension.
static Value takeDiagonal(LayerBuilder &layer, Value x) {
  int64_t rank = layer.getRank(x), offset = layer.getInteger("offset", 0);
  auto getAxis = [&](StringRef key, int64_t otherwise) {
    int64_t axis = layer.getInteger(key, otherwise);
    return axis + (axis < 0 ? rank : 0);
  };
  int64_t rows = getAxis("axis1", 0), columns = getAxis("axis2", 1);
  if (rank < 2 || rows < 0 || columns < 0 || rows >= rank || columns >= rank || rows == columns)
    return layer.fault("its axes do not fit");
  Integers order, shape;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (dim != rows && dim != columns)
      order.push_back(dim);
  order.append({rows, columns});
  x = layer.transpose(x, order);
  int64_t height = layer.getKnownSize(x, rank - 2), width = layer.getKnownSize(x, rank - 1);
  Integers places;
  for (int64_t row = std::max<int64_t>(0, -offset); row < height && row + offset < width; ++row)
    places.push_back(row * width + row + offset);
  if (layer.hasFailed() || places.empty())
    return layer.fault("the diagonal is empty");
  Integers sizes = layer.getShape(x);
  for (int64_t size : ArrayRef(sizes).drop_back(2))
    shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
  shape.push_back(height * width);
  return layer.make<tf::GatherV2Op>(layer.reshape(x, shape), layer.makeVector(places),
                                    layer.makeIndex(rank - 2));
}

static Values buildDiagonal(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {takeDiagonal(layer, inputs.front())};
}

static Values buildTrace(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value diagonal = takeDiagonal(layer, inputs.front());
  return {layer.make<tf::SumOp>(diagonal, layer.makeVector({layer.getRank(diagonal) - 1}),
                                /*keep_dims=*/false)};
}

/// Differences of neighbours, `n` times.
static Values buildDiff(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = layer.getAxes("axis", x, {-1});
  int64_t times = layer.getInteger("n", 1);
  constexpr int64_t maxTimes = 64;
  if (times < 0 || times > maxTimes || axes.size() != 1)
    return {layer.fault("only up to " + Twine(maxTimes) + " differences are supported")};
  for (int64_t i = 0; i < times && !layer.hasFailed(); ++i) {
    int64_t size = layer.getKnownSize(x, axes[0]);
    if (size < 2)
      return {layer.fault("it has too few elements")};
    x = layer.make<tf::SubOp>(layer.slice(x, axes[0], 1, size - 1),
                              layer.slice(x, axes[0], 0, size - 1));
  }
  return {x};
}

void tflc::keras::addScatterOperations(LayerTable &table) {
  table["Bincount"] = buildBincount;
  table["Diagonal"] = buildDiagonal;
  table["Diff"] = buildDiff;
  table["Scatter"] = buildScatter;
  table["ScatterUpdate"] = buildScatterUpdate;
  table["SegmentMax"] = buildSegments<tf::UnsortedSegmentMaxOp>;
  table["SegmentMin"] = buildSegments<tf::UnsortedSegmentMinOp>;
  table["SegmentProd"] = buildSegments<tf::UnsortedSegmentProdOp>;
  table["SegmentSum"] = buildSegments<tf::UnsortedSegmentSumOp>;
  table["Slice"] = buildSlice;
  table["SliceUpdate"] = buildSliceUpdate;
  table["Trace"] = buildTrace;
}
