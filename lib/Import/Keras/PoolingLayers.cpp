//===- PoolingLayers.cpp - pooling layers ---------------------------------===//
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
enum class Pooling { Average, Max };
} // namespace

static Value reduce(LayerBuilder &layer, Value x, ArrayRef<int64_t> axes, bool keepDims,
                    Pooling kind) {
  Value indices = layer.makeVector(axes);
  return kind == Pooling::Average ? layer.make<tf::MeanOp>(x, indices, keepDims)
                                  : layer.make<tf::MaxOp>(x, indices, keepDims);
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

static Value pool(LayerBuilder &layer, Value x, ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides,
                  StringRef padding, Pooling kind) {
  auto build = [&](auto average, auto max, StringRef format) {
    using Average = decltype(average);
    using Max = decltype(max);
    return kind == Pooling::Average
               ? layer.make<Average>(x, sizes, strides, padding, ArrayRef<int64_t>(), format)
               : layer.make<Max>(x, sizes, strides, padding, ArrayRef<int64_t>(), format);
  };
  if (sizes.size() == 5)
    return build(tf::AvgPool3DOp(), tf::MaxPool3DOp(), "NDHWC");
  return build(tf::AvgPoolOp(), tf::MaxPoolOp(), "NHWC");
}

template <size_t rank, Pooling kind>
static Values buildPooling(LayerBuilder &layer, ArrayRef<Value> inputs) {
  // Keras 1D layers of old files call the size pool_length.
  Integers window = layer.getIntegers("pool_size", rank, Integers(rank, 2));
  Integers strides = layer.getIntegers("strides", rank, window);
  StringRef padding = layer.getText("padding", "valid") == "same" ? "SAME" : "VALID";
  if (any_of(window, [](int64_t n) { return n < 1; }) ||
      any_of(strides, [](int64_t n) { return n < 1; }))
    return {layer.fault("sizes and strides are at least one")};
  Value x = inputs.front();
  bool channelsFirst = layer.isChannelsFirst();
  if (channelsFirst)
    x = layer.toChannelsLast(x);
  if (rank == 1) {
    x = layer.expandDims(x, 1);
    window.insert(window.begin(), 1);
    strides.insert(strides.begin(), strides.front());
  }
  for (Integers *sizes : {&window, &strides}) {
    sizes->insert(sizes->begin(), 1);
    sizes->push_back(1);
  }
  x = pool(layer, x, window, strides, padding, kind);
  if (rank == 1)
    x = layer.squeeze(x, 1);
  return {channelsFirst ? layer.toChannelsFirst(x) : x};
}

//===----------------------------------------------------------------------===//
// Whole extents
//===----------------------------------------------------------------------===//

template <size_t rank, Pooling kind>
static Values buildGlobalPooling(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers axes;
  int64_t first = layer.isChannelsFirst() ? 2 : 1;
  for (size_t i = 0; i < rank; ++i)
    axes.push_back(first + i);
  if (Value mask = layer.getMask(inputs.front()); mask && rank == 1 && kind == Pooling::Average) {
    // The mean over the steps that count.
    bool keepDims = layer.getFlag("keepdims", false);
    Value factor = layer.cast(layer.expandDims(mask, first == 1 ? 2 : 1),
                              layer.getElementType(inputs.front()));
    Value sum = layer.make<tf::SumOp>(layer.make<tf::MulOp>(inputs.front(), factor),
                                      layer.makeVector(axes), keepDims);
    return {layer.make<tf::RealDivOp>(
        sum, layer.make<tf::SumOp>(factor, layer.makeVector(axes), keepDims))};
  }
  return {reduce(layer, inputs.front(), axes, layer.getFlag("keepdims", false), kind)};
}

/// Result i covers the inputs from floor(i * n / m) to ceil((i + 1) * n / m), along each dimension.
/// Windows are products of extents, so that one dimension after the other may be pooled.
static Value poolAdaptively(LayerBuilder &layer, Value x, int64_t dim, int64_t count,
                            Pooling kind) {
  int64_t size = layer.getKnownSize(x, dim);
  if (layer.hasFailed() || count < 1)
    return layer.fault("an output size is at least one");
  if (size == count)
    return x;
  constexpr int64_t maxParts = 1024;
  if (count > maxParts)
    return layer.fault("more than " + Twine(maxParts) + " output sizes are not supported");
  Values parts;
  for (int64_t i = 0; i < count; ++i) {
    int64_t begin = i * size / count, end = ((i + 1) * size + count - 1) / count;
    Value part = layer.slice(x, dim, begin, end - begin);
    parts.push_back(reduce(layer, part, {dim}, /*keepDims=*/true, kind));
  }
  return layer.concat(parts, dim);
}

template <size_t rank, Pooling kind>
static Values buildAdaptivePooling(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers counts = layer.getIntegers("output_size", rank);
  Value x = inputs.front();
  bool channelsFirst = layer.isChannelsFirst();
  if (channelsFirst)
    x = layer.toChannelsLast(x);
  Integers shape = layer.getShape(x);
  if (shape.size() != rank + 2)
    return {layer.fault("its input has another number of dimensions")};
  // Equal windows side by side are a plain pooling.
  bool isPlain = rank == 2;
  for (size_t i = 0; i < rank; ++i)
    isPlain &=
        counts[i] > 0 && !ShapedType::isDynamic(shape[i + 1]) && shape[i + 1] % counts[i] == 0;
  if (isPlain) {
    Integers window = {1, shape[1] / counts[0], shape[2] / counts[1], 1};
    x = pool(layer, x, window, window, "VALID", kind);
  } else {
    for (size_t i = 0; i < rank && !layer.hasFailed(); ++i)
      x = poolAdaptively(layer, x, i + 1, counts[i], kind);
  }
  return {channelsFirst ? layer.toChannelsFirst(x) : x};
}

template <size_t rank> static void addRank(LayerTable &table) {
  std::string suffix = std::to_string(rank) + "D";
  table["AveragePooling" + suffix] = table["AvgPool" + suffix] =
      buildPooling<rank, Pooling::Average>;
  table["MaxPooling" + suffix] = table["MaxPool" + suffix] = buildPooling<rank, Pooling::Max>;
  table["GlobalAveragePooling" + suffix] = table["GlobalAvgPool" + suffix] =
      buildGlobalPooling<rank, Pooling::Average>;
  table["GlobalMaxPooling" + suffix] = table["GlobalMaxPool" + suffix] =
      buildGlobalPooling<rank, Pooling::Max>;
  table["AdaptiveAveragePooling" + suffix] = buildAdaptivePooling<rank, Pooling::Average>;
  table["AdaptiveMaxPooling" + suffix] = buildAdaptivePooling<rank, Pooling::Max>;
}

void tflc::keras::addPoolingLayers(LayerTable &table) {
  addRank<1>(table);
  addRank<2>(table);
  addRank<3>(table);
}
