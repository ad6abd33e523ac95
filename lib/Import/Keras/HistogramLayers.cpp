//===- HistogramLayers.cpp - pictures by how often values occur -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "OperationHelpers.h"

#include "TF/IR/TFOps.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

namespace {

/// ContrastLimitedAdaptiveHistogramEqualization: a picture is cut into tiles, each of which has a
/// table of what its values become. A pixel takes what the tables of the four tiles around it say,
/// by its distance to their centres.
class Equalizer {
public:
  explicit Equalizer(LayerBuilder &layer) : layer(layer) {}

  Value build(Value x);

private:
  Value changeRange(Value x, ArrayRef<double> from, ArrayRef<double> to);
  Value makeTables(Value x);
  Value lookUp(Value tables, Value pixels);

  static constexpr int64_t numValues = 256;
  LayerBuilder &layer;
  Integers grid;            ///< tiles along lines and pixels
  int64_t tile[2] = {1, 1}; ///< their sizes
  int64_t channels = 1;
};

} // namespace

Value Equalizer::changeRange(Value x, ArrayRef<double> from, ArrayRef<double> to) {
  if (from == to)
    return x;
  auto add = [&](Value value, double number) {
    return number == 0 ? value : layer.make<tf::AddV2Op>(value, layer.makeScalar(number, value));
  };
  Value share = layer.make<tf::RealDivOp>(add(x, -from[0]), layer.makeScalar(from[1] - from[0], x));
  return add(scale(layer, share, to[1] - to[0]), to[0]);
}

/// [b, lines of tiles + 2, tiles in a line + 2, channels, values], those at the border twice.
Value Equalizer::makeTables(Value x) {
  int64_t pixels = tile[0] * tile[1];
  Value tiles = layer.reshape(x, {-1, grid[0], tile[0], grid[1], tile[1], channels});
  tiles = layer.reshape(layer.transpose(tiles, {0, 1, 3, 5, 2, 4}), {-1, pixels});
  Value hot = layer.makeAs<tf::OneHotOp>(layer.b.getF32Type(), tiles, layer.makeIndex(numValues),
                                         layer.makeFloat(1), layer.makeFloat(0), -1);
  Value counts = layer.make<tf::SumOp>(hot, layer.makeVector({1}), /*keep_dims=*/false);
  auto limit = [&](Value value, double low, double high) {
    value = layer.make<tf::MaximumOp>(value, layer.makeScalar(low, value));
    return layer.make<tf::MinimumOp>(value, layer.makeScalar(high, value));
  };
  double clipLimit = layer.getNumber("clip_limit", 4.0);
  if (clipLimit > 0) {
    Value clipped = limit(counts, 0, clipLimit * double(pixels) / double(numValues));
    Value excess = layer.make<tf::SumOp>(layer.make<tf::SubOp>(counts, clipped),
                                         layer.makeVector({1}), /*keep_dims=*/true);
    counts = layer.make<tf::AddV2Op>(clipped, scale(layer, excess, 1.0 / numValues));
  }
  Value sums = layer.make<tf::CumsumOp>(counts, layer.makeIndex(1));
  Value least = layer.make<tf::MinOp>(sums, layer.makeVector({1}), /*keep_dims=*/true);
  Value rest = layer.make<tf::SubOp>(layer.makeScalar(double(pixels), least), least);
  Value isEmpty = compare<tf::EqualOp>(layer, rest, layer.makeScalar(0, rest));
  rest = select(layer, isEmpty, layer.makeScalar(1, rest), rest);
  Value table = layer.make<tf::RealDivOp>(
      scale(layer, layer.make<tf::SubOp>(sums, least), numValues - 1), rest);
  table =
      layer.reshape(limit(table, 0, numValues - 1), {-1, grid[0], grid[1], channels * numValues});
  for (int64_t dim = 1; dim <= 2; ++dim)
    table = layer.concat(
        {layer.slice(table, dim, 0, 1), table, layer.slice(table, dim, grid[dim - 1] - 1, 1)}, dim);
  return layer.reshape(table, {-1, (grid[0] + 2) * (grid[1] + 2) * channels * numValues});
}

Value Equalizer::lookUp(Value tables, Value pixels) {
  int64_t strides[2] = {channels * numValues * (grid[1] + 2), channels * numValues};
  // For each line, and each pixel of a line: the tile before, the tile behind, and how near that
  // is.
  struct Axis {
    Value before, behind, nearBefore, nearBehind;
  };
  auto measure = [&](unsigned dim) {
    Integers before, behind;
    std::vector<float> shares, others;
    for (int64_t i = 0; i < tile[dim] * grid[dim]; ++i) {
      float place = (float(i) - float(tile[dim]) / 2) / float(tile[dim]) + 1;
      float number = std::floor(place);
      shares.push_back(place - number);
      others.push_back(1 - shares.back());
      before.push_back(int64_t(number) * strides[dim]);
      behind.push_back(std::min(int64_t(number) + 1, grid[dim] + 1) * strides[dim]);
    }
    Integers shape = {int64_t(before.size()), 1};
    if (dim == 0)
      shape.insert(shape.begin() + 1, 1);
    return Axis{layer.reshape(layer.makeVector(before), shape),
                layer.reshape(layer.makeVector(behind), shape), layer.makeFloats(others, shape),
                layer.makeFloats(shares, shape)};
  };
  auto add = [&](Value a, Value b) { return layer.make<tf::AddV2Op>(a, b); };
  auto multiply = [&](Value a, Value b) { return layer.make<tf::MulOp>(a, b); };
  Axis lines = measure(0), columns = measure(1);
  Integers starts;
  for (int64_t channel = 0; channel < channels; ++channel)
    starts.push_back(channel * numValues);
  Value base = add(pixels, layer.makeVector(starts));
  auto read = [&](Value line, Value column) {
    return layer.make<tf::GatherV2Op>(tables, add(base, add(line, column)), layer.makeIndex(1),
                                      /*batch_dims=*/1);
  };
  auto readLine = [&](Value line) {
    return add(multiply(read(line, columns.before), columns.nearBefore),
               multiply(read(line, columns.behind), columns.nearBehind));
  };
  return add(multiply(readLine(lines.before), lines.nearBefore),
             multiply(readLine(lines.behind), lines.nearBehind));
}

Value Equalizer::build(Value x) {
  grid = layer.getIntegers("tile_grid_size", 2, {8, 8});
  double range[2] = {0, 255};
  if (const json::Array *given = layer.config.getArray("value_range"))
    for (size_t i = 0; i < 2 && i < given->size(); ++i)
      range[i] = (*given)[i].getAsNumber().value_or(range[i]);
  int64_t height = layer.getKnownSize(x, 1), width = layer.getKnownSize(x, 2);
  channels = layer.getKnownSize(x, 3);
  constexpr int64_t maxEntries = 1 << 24;
  if (layer.hasFailed() || layer.getRank(x) != 4 || grid[0] < 1 || grid[1] < 1 ||
      grid[0] * grid[1] > maxEntries / numValues || height < 1 || width < 1 || range[0] == range[1])
    return layer.fault("its input is no picture, or its tiles are empty");
  tile[0] = (height + grid[0] - 1) / grid[0];
  tile[1] = (width + grid[1] - 1) / grid[1];
  Type type = layer.getElementType(x), i32 = layer.b.getI32Type();
  const double whole[2] = {0, 255};
  Value y = changeRange(layer.cast(x, layer.b.getF32Type()), range, whole);
  int64_t below = tile[0] * grid[0] - height, right = tile[1] * grid[1] - width;
  if (below || right) {
    Value amounts = layer.reshape(layer.makeVector({0, 0, 0, below, 0, right, 0, 0}), {4, 2});
    y = layer.make<tf::MirrorPadOp>(y, amounts, "SYMMETRIC");
  }
  Value pixels = layer.cast(y, i32);
  pixels = layer.make<tf::MaximumOp>(pixels, layer.makeScalar(0, pixels));
  pixels = layer.make<tf::MinimumOp>(pixels, layer.makeScalar(numValues - 1, pixels));
  Value result = lookUp(makeTables(pixels), pixels);
  if (below)
    result = layer.slice(result, 1, 0, height);
  if (right)
    result = layer.slice(result, 2, 0, width);
  return layer.cast(changeRange(result, whole, range), type);
}

static Values buildEqualizer(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  if (layer.getRank(x) != 4)
    return {layer.fault("only batches of pictures are supported")};
  bool isFirst = layer.isChannelsFirst();
  Value y = Equalizer(layer).build(isFirst ? layer.toChannelsLast(x) : x);
  return {isFirst && !layer.hasFailed() ? layer.toChannelsFirst(y) : y};
}

void tflc::keras::addHistogramLayers(LayerTable &table) {
  table["ContrastLimitedAdaptiveHistogramEqualization"] = buildEqualizer;
}
