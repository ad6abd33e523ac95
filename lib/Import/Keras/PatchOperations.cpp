//===- PatchOperations.cpp - windows of arrays, in keras.ops --------------===//
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

/// Two numbers; one counts for both.
static Integers getPair(LayerBuilder &layer, StringRef key, int64_t otherwise) {
  return layer.getIntegers(key, 2, {otherwise, otherwise});
}

/// Every `step`-th of `count` elements from `begin` on, along one dimension.
static Value takeEvery(LayerBuilder &layer, Value x, int64_t dim, int64_t begin, int64_t count,
                       int64_t step) {
  if (step == 1)
    return layer.slice(x, dim, begin, count);
  int64_t rank = layer.getRank(x), whole = ((int64_t(1) << rank) - 1) & ~(int64_t(1) << dim);
  Integers begins(rank, 0), ends(rank, 0), steps(rank, 1);
  begins[dim] = begin;
  ends[dim] = begin + (count - 1) * step + 1;
  steps[dim] = step;
  return layer.make<tf::StridedSliceOp>(x, layer.makeVector(begins), layer.makeVector(ends),
                                        layer.makeVector(steps), whole, whole, 0, 0, 0);
}

/// How many windows of `size` elements at distances of `dilation` there are.
static int64_t countWindows(int64_t length, int64_t size, int64_t dilation, int64_t stride) {
  return (length - dilation * (size - 1) - 1) / stride + 1;
}

/// Windows of pictures [n, h, w, c] as channels: a convolution with a kernel of zeros and ones.
static Values buildExtractPatches(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  bool isFirst = layer.isChannelsFirst();
  if (layer.getRank(x) != 4)
    return {layer.fault("only batches of pictures are supported")};
  x = isFirst ? layer.toChannelsLast(x) : x;
  Integers size = getPair(layer, "size", 1), strides = size;
  if (const json::Value *given = layer.config.get("strides");
      given && given->kind() != json::Value::Null)
    strides = getPair(layer, "strides", 1);
  Integers dilation = getPair(layer, "dilation_rate", 1);
  int64_t channels = layer.getKnownSize(x, 3), count = size[0] * size[1] * channels;
  constexpr int64_t maxCount = 1 << 12;
  if (layer.hasFailed() || size[0] < 1 || size[1] < 1 || count < 1 || count > maxCount)
    return {layer.fault("its windows have no or too many elements")};
  std::vector<float> identity(count * count, 0.0f);
  for (int64_t i = 0; i < count; ++i)
    identity[i * count + i] = 1;
  Value kernel = layer.makeFloats(identity, {size[0], size[1], channels, count});
  Integers full = {1, strides[0], strides[1], 1}, wide = {1, dilation[0], dilation[1], 1};
  Value y = layer.make<tf::Conv2DOp>(x, kernel, ArrayRef<int64_t>(full),
                                     layer.getText("padding", "valid") == "same" ? "SAME" : "VALID",
                                     ArrayRef<int64_t>(), "NHWC", ArrayRef<int64_t>(wide));
  return {isFirst ? layer.toChannelsFirst(y) : y};
}

/// Windows of pictures [n, c, h, w] as columns [n, c * kh * kw, windows].
static Values buildUnfold(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers size = getPair(layer, "kernel_size", 1), dilation = getPair(layer, "dilation", 1);
  Integers padding = getPair(layer, "padding", 0), stride = getPair(layer, "stride", 1);
  if (layer.getRank(x) != 4 || size[0] < 1 || size[1] < 1 || stride[0] < 1 || stride[1] < 1)
    return {layer.fault("it takes batches of pictures")};
  if (padding[0] || padding[1])
    x = layer.pad(x, {{0, 0}, {0, 0}, {padding[0], padding[0]}, {padding[1], padding[1]}});
  int64_t channels = layer.getKnownSize(x, 1);
  int64_t rows = countWindows(layer.getKnownSize(x, 2), size[0], dilation[0], stride[0]);
  int64_t columns = countWindows(layer.getKnownSize(x, 3), size[1], dilation[1], stride[1]);
  constexpr int64_t maxParts = 1024;
  if (layer.hasFailed() || rows < 1 || columns < 1 || size[0] * size[1] > maxParts)
    return {layer.fault("its windows are larger than its input, or too large")};
  Values parts;
  for (int64_t i = 0; i < size[0]; ++i)
    for (int64_t j = 0; j < size[1]; ++j) {
      Value part = takeEvery(layer, x, 2, i * dilation[0], rows, stride[0]);
      part = takeEvery(layer, part, 3, j * dilation[1], columns, stride[1]);
      parts.push_back(layer.reshape(part, {-1, channels, 1, rows * columns}));
    }
  Value y = layer.concat(parts, 2);
  return {layer.reshape(y, {-1, channels * size[0] * size[1], rows * columns})};
}

/// The sum of windows [n, c * kh * kw, windows] at their places in pictures [n, c, h, w].
static Values buildFold(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers output = getPair(layer, "output_size", 1), size = getPair(layer, "kernel_size", 1);
  Integers dilation = getPair(layer, "dilation", 1), padding = getPair(layer, "padding", 0);
  Integers stride = getPair(layer, "stride", 1);
  int64_t area = size[0] * size[1];
  constexpr int64_t maxParts = 1024;
  if (layer.getRank(x) != 3 || area < 1 || area > maxParts || stride[0] < 1 || stride[1] < 1 ||
      layer.getKnownSize(x, 1) % area)
    return {layer.fault("its input has no such windows")};
  int64_t channels = layer.getKnownSize(x, 1) / area;
  Integers whole = {output[0] + 2 * padding[0], output[1] + 2 * padding[1]};
  Integers count = {countWindows(whole[0], size[0], dilation[0], stride[0]),
                    countWindows(whole[1], size[1], dilation[1], stride[1])};
  if (layer.hasFailed() || layer.getKnownSize(x, 2) != count[0] * count[1])
    return {layer.fault("its input has another number of windows")};
  // One picture for each place in a window, with zeros between its elements.
  Value places = layer.reshape(x, {-1, channels, area, count[0] * count[1]});
  Value sum;
  for (int64_t i = 0; i < area; ++i) {
    Value part = layer.reshape(layer.slice(places, 2, i, 1), {-1, channels, count[0], count[1]});
    Integers offset = {i / size[1] * dilation[0], i % size[1] * dilation[1]};
    for (int64_t d = 0; d < 2; ++d) {
      int64_t dim = 2 + d, spread = count[d] * stride[d], other = dim == 2 ? count[1] : whole[0];
      if (stride[d] > 1) {
        Integers thin = dim == 2 ? Integers{-1, channels, count[0], 1, other}
                                 : Integers{-1, channels, other, count[1], 1};
        SmallVector<std::pair<int64_t, int64_t>> zeros(5, {0, 0});
        zeros[dim + 1].second = stride[d] - 1;
        part = layer.pad(layer.reshape(part, thin), zeros);
        part = layer.reshape(part, dim == 2 ? Integers{-1, channels, spread, other}
                                            : Integers{-1, channels, other, spread});
      }
      // The zeros behind the last element may reach beyond the picture.
      int64_t kept = std::min(spread, whole[d] - offset[d]);
      if (kept < spread)
        part = layer.slice(part, dim, 0, kept);
      SmallVector<std::pair<int64_t, int64_t>> border(4, {0, 0});
      border[dim] = {offset[d], whole[d] - offset[d] - kept};
      part = layer.pad(part, border);
    }
    sum = sum ? layer.make<tf::AddV2Op>(sum, part) : part;
  }
  for (int64_t d = 0; d < 2; ++d)
    if (padding[d])
      sum = layer.slice(sum, 2 + d, padding[d], output[d]);
  return {sum};
}

/// Windows along the last axis.
static Values buildExtractSequences(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  int64_t length = layer.getInteger("sequence_length"), step = layer.getInteger("sequence_stride");
  int64_t last = layer.getRank(x) - 1, size = layer.getKnownSize(x, -1);
  if (layer.hasFailed() || length < 1 || step < 1 || length > size)
    return {layer.fault("its windows are longer than its input")};
  Integers places;
  for (int64_t begin = 0; begin + length <= size; begin += step)
    for (int64_t i = 0; i < length; ++i)
      places.push_back(begin + i);
  Value indices =
      layer.reshape(layer.makeVector(places), {int64_t(places.size()) / length, length});
  return {layer.make<tf::GatherV2Op>(x, indices, layer.makeIndex(last))};
}

void tflc::keras::addPatchOperations(LayerTable &table) {
  table["ExtractPatches"] = buildExtractPatches;
  table["ExtractSequences"] = buildExtractSequences;
  table["Fold"] = buildFold;
  table["Unfold"] = buildUnfold;
}
