//===- ImageOperations.cpp - pictures, in keras.ops.image -----------------===//
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

//===----------------------------------------------------------------------===//
// Borders
//===----------------------------------------------------------------------===//

static std::optional<int64_t> findNumber(LayerBuilder &layer, StringRef key) {
  const json::Value *value = layer.config.get(key);
  if (!value || value->kind() == json::Value::Null)
    return std::nullopt;
  return layer.getInteger(key);
}

/// The dimension of lines; that of pixels follows it.
static int64_t getLines(LayerBuilder &layer, Value x) {
  int64_t rank = layer.getRank(x);
  if (rank != 3 && rank != 4)
    layer.fault("it takes pictures");
  return layer.isChannelsFirst() ? rank - 2 : rank - 3;
}

/// What is before a part of size `target` and behind it, of which one number may be missing.
static std::pair<int64_t, int64_t> readBorder(LayerBuilder &layer, StringRef before,
                                              StringRef behind, StringRef target, int64_t total) {
  std::optional<int64_t> first = findNumber(layer, before), last = findNumber(layer, behind);
  std::optional<int64_t> size = findNumber(layer, target);
  if (int64_t(bool(first)) + bool(last) + bool(size) < 2)
    layer.fault("two of '" + before + "', '" + behind + "' and '" + target + "' must be given");
  else if (!first)
    first = total - *size - *last;
  else if (!last)
    last = total - *size - *first;
  return {first.value_or(0), last.value_or(0)};
}

static Values buildCropImages(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  int64_t lines = getLines(layer, x);
  if (layer.hasFailed())
    return {};
  auto crop = [&](int64_t dim, StringRef before, StringRef behind, StringRef target) {
    int64_t size = layer.getKnownSize(x, dim);
    auto [first, last] = readBorder(layer, before, behind, target, size);
    if (layer.hasFailed() || first < 0 || last < 0 || first + last > size)
      layer.fault("it takes away more than there is");
    else
      x = layer.slice(x, dim, first, size - first - last);
  };
  crop(lines, "top_cropping", "bottom_cropping", "target_height");
  crop(lines + 1, "left_cropping", "right_cropping", "target_width");
  return {x};
}

static Values buildPadImages(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  int64_t lines = getLines(layer, x);
  if (layer.hasFailed())
    return {};
  SmallVector<std::pair<int64_t, int64_t>> amounts(layer.getRank(x), {0, 0});
  auto read = [&](int64_t dim, StringRef before, StringRef behind, StringRef target) {
    // Of the total that is wanted, the picture is the part.
    int64_t size = layer.getKnownSize(x, dim);
    std::optional<int64_t> first = findNumber(layer, before), last = findNumber(layer, behind);
    std::optional<int64_t> total = findNumber(layer, target);
    if (!first && last && total)
      first = *total - *last - size;
    if (!last && first && total)
      last = *total - *first - size;
    if (!first || !last || *first < 0 || *last < 0)
      layer.fault("two of '" + before + "', '" + behind + "' and '" + target + "' must be given");
    else
      amounts[dim] = {*first, *last};
  };
  read(lines, "top_padding", "bottom_padding", "target_height");
  read(lines + 1, "left_padding", "right_padding", "target_width");
  return {layer.hasFailed() ? x : layer.pad(x, amounts)};
}

//===----------------------------------------------------------------------===//
// Blur
//===----------------------------------------------------------------------===//

/// The normal distribution at the places of a window, in sum one.
static std::vector<float> makeBell(int64_t size, double sigma) {
  std::vector<float> bell;
  float sum = 0;
  for (int64_t i = 0; i < size; ++i) {
    float place = (float(i) - float(size - 1) / 2) / float(sigma);
    bell.push_back(std::exp(-0.5f * place * place));
    sum += bell.back();
  }
  for (float &value : bell)
    value /= sum;
  return bell;
}

static Values buildGaussianBlur(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  bool isFirst = layer.isChannelsFirst();
  if (layer.getRank(x) != 4 || !layer.isFloat(x))
    return {layer.fault("only batches of pictures of floats are supported")};
  x = isFirst ? layer.toChannelsLast(x) : x;
  Integers size = layer.getIntegers("kernel_size", 2, {3, 3});
  const json::Array *sigmas = layer.config.getArray("sigma");
  double sigma[2] = {1, 1};
  for (size_t i = 0; sigmas && i < 2 && i < sigmas->size(); ++i)
    sigma[i] = (*sigmas)[i].getAsNumber().value_or(1);
  int64_t channels = layer.getKnownSize(x, 3);
  constexpr int64_t maxArea = 1 << 16;
  if (layer.hasFailed() || size[0] < 1 || size[1] < 1 || size[0] * size[1] > maxArea)
    return {layer.fault("its window is empty or too large")};
  // Keras takes the first size for columns of the product, and lays it out by lines.
  std::vector<float> first = makeBell(size[0], sigma[0]), second = makeBell(size[1], sigma[1]);
  std::vector<float> kernel;
  for (float a : second)
    for (float b : first)
      kernel.insert(kernel.end(), channels, a * b);
  Value window = layer.makeFloats(kernel, {size[0], size[1], channels, 1});
  Integers ones(4, 1);
  Value y =
      layer.make<tf::DepthwiseConv2dNativeOp>(x, window, ArrayRef<int64_t>(ones), "SAME",
                                              ArrayRef<int64_t>(), "NHWC", ArrayRef<int64_t>(ones));
  return {isFirst ? layer.toChannelsFirst(y) : y};
}

//===----------------------------------------------------------------------===//
// Colours
//===----------------------------------------------------------------------===//

/// The three colours, each with one channel; `join` makes pictures of three again.
static Values splitColours(LayerBuilder &layer, Value x) {
  int64_t dim = layer.isChannelsFirst() ? layer.getRank(x) - 3 : layer.getRank(x) - 1;
  if (layer.hasFailed() || dim < 0 || layer.getKnownSize(x, dim) != 3 || !layer.isFloat(x)) {
    layer.fault("it takes pictures of three channels, in floats");
    return {};
  }
  return {layer.slice(x, dim, 0, 1), layer.slice(x, dim, 1, 1), layer.slice(x, dim, 2, 1)};
}

static Value joinColours(LayerBuilder &layer, ArrayRef<Value> colours) {
  int64_t rank = layer.getRank(colours.front());
  return layer.concat(colours, layer.isChannelsFirst() ? rank - 3 : rank - 1);
}

/// Hue by sixths of a turn: which colour is the largest, and by how much the others differ.
static Values buildRgbToHsv(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Values rgb = splitColours(layer, inputs.front());
  if (rgb.empty())
    return {};
  auto sub = [&](Value a, Value b) { return layer.make<tf::SubOp>(a, b); };
  auto plus = [&](Value a, double b) { return layer.make<tf::AddV2Op>(a, layer.makeScalar(b, a)); };
  Value value = layer.make<tf::MaximumOp>(layer.make<tf::MaximumOp>(rgb[0], rgb[1]), rgb[2]);
  Value least = layer.make<tf::MinimumOp>(layer.make<tf::MinimumOp>(rgb[0], rgb[1]), rgb[2]);
  Value range = sub(value, least), zero = layer.makeScalar(0, value);
  Value one = layer.makeScalar(1, value);
  Value isGrey = compare<tf::EqualOp>(layer, range, zero);
  Value isBlack = compare<tf::LessEqualOp>(layer, value, zero);
  Value saturation = select(layer, isBlack, zero,
                            layer.make<tf::RealDivOp>(range, select(layer, isBlack, one, value)));
  Value norm = layer.make<tf::RealDivOp>(layer.makeScalar(1.0 / 6, value),
                                         select(layer, isGrey, one, range));
  auto turn = [&](unsigned a, unsigned b) {
    return layer.make<tf::MulOp>(norm, sub(rgb[a], rgb[b]));
  };
  Value hue = select(layer, compare<tf::EqualOp>(layer, rgb[0], value), turn(1, 2),
                     select(layer, compare<tf::EqualOp>(layer, rgb[1], value),
                            plus(turn(2, 0), 2.0 / 6), plus(turn(0, 1), 4.0 / 6)));
  hue = select(layer, isGrey, zero, hue);
  hue = select(layer, compare<tf::LessOp>(layer, hue, zero), plus(hue, 1), hue);
  return {joinColours(layer, {hue, saturation, value})};
}

/// value * (1 - saturation + saturation * clip(|6 hue - centre| - 1)), for each colour.
static Values buildHsvToRgb(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Values hsv = splitColours(layer, inputs.front());
  if (hsv.empty())
    return {};
  auto plus = [&](Value a, double b) { return layer.make<tf::AddV2Op>(a, layer.makeScalar(b, a)); };
  auto distance = [&](double centre) {
    return layer.make<tf::AbsOp>(plus(scale(layer, hsv[0], 6), -centre));
  };
  auto clip = [&](Value x) {
    return layer.make<tf::MinimumOp>(layer.make<tf::ReluOp>(x), layer.makeScalar(1, x));
  };
  Value colours[] = {clip(plus(distance(3), -1)), clip(plus(layer.make<tf::NegOp>(distance(2)), 2)),
                     clip(plus(layer.make<tf::NegOp>(distance(4)), 2))};
  Values rgb;
  for (Value colour : colours) {
    Value share = plus(layer.make<tf::MulOp>(plus(colour, -1), hsv[1]), 1);
    rgb.push_back(layer.make<tf::MulOp>(share, hsv[2]));
  }
  return {joinColours(layer, rgb)};
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

namespace {
/// Neighbours of places along one dimension: which, whether they are inside, and their weight.
struct Neighbour {
  Value index, isInside, weight;
};
} // namespace

/// Values between elements, at places whose coordinates along each dimension are given.
static Values buildMapCoordinates(LayerBuilder &layer, ArrayRef<Value> inputs) {
  StringRef mode = layer.getText("fill_mode", "constant");
  if (inputs.size() < 2 || (mode != "constant" && mode != "nearest"))
    return {layer.fault("the fill mode '" + mode + "' is not supported")};
  Value x = inputs[0], places = inputs[1];
  int64_t rank = layer.getRank(x), order = layer.getInteger("order", 1);
  constexpr int64_t maxRank = 4;
  if (layer.hasFailed() || rank < 1 || rank > maxRank || layer.getRank(places) < 2 ||
      layer.getKnownSize(places, 0) != rank || (order != 0 && order != 1) || !layer.isFloat(x))
    return {layer.fault("its coordinates do not go with its input")};
  Type i32 = layer.b.getI32Type();
  SmallVector<SmallVector<Neighbour>> along;
  for (int64_t dim = 0; dim < rank; ++dim) {
    Value place = layer.squeeze(layer.slice(places, 0, dim, 1), 0);
    int64_t size = layer.getKnownSize(x, dim);
    auto add = [&](Value number, Value weight) {
      Value index = layer.cast(number, i32);
      Value low = layer.makeScalar(0, index), high = layer.makeScalar(size - 1, index);
      Value inside = layer.make<tf::LogicalAndOp>(compare<tf::GreaterEqualOp>(layer, index, low),
                                                  compare<tf::LessEqualOp>(layer, index, high));
      Value kept = layer.make<tf::MinimumOp>(layer.make<tf::MaximumOp>(index, low), high);
      along.back().push_back({kept, inside, weight});
    };
    along.emplace_back();
    if (order == 0) {
      add(layer.make<tf::RoundOp>(place), nullptr);
      continue;
    }
    Value lower = layer.make<tf::FloorOp>(place), upper = layer.make<tf::SubOp>(place, lower);
    Value one = layer.makeScalar(1, place);
    add(lower, layer.make<tf::SubOp>(one, upper));
    add(layer.make<tf::AddV2Op>(lower, one), upper);
  }
  Value filling = layer.makeScalar(layer.getNumber("fill_value", 0), x), sum;
  for (int64_t corner = 0; corner < (order ? int64_t(1) << rank : 1); ++corner) {
    Values indices;
    Value inside, weight;
    for (int64_t dim = 0; dim < rank; ++dim) {
      const Neighbour &one = along[dim][(corner >> dim) & 1];
      indices.push_back(one.index);
      inside = inside ? layer.make<tf::LogicalAndOp>(inside, one.isInside) : one.isInside;
      if (one.weight)
        weight = weight ? layer.make<tf::MulOp>(weight, one.weight) : one.weight;
    }
    Value index =
        layer.makeAs<tf::PackOp>(i32, ValueRange(indices), layer.getRank(indices.front()));
    Value value = layer.make<tf::GatherNdOp>(x, index);
    if (mode == "constant")
      value = select(layer, inside, value, filling);
    value = weight ? layer.make<tf::MulOp>(value, weight) : value;
    sum = sum ? layer.make<tf::AddV2Op>(sum, value) : value;
  }
  return {sum};
}

void tflc::keras::addImageOperations(LayerTable &table) {
  table["CropImages"] = buildCropImages;
  table["GaussianBlur"] = buildGaussianBlur;
  table["HSVToRGB"] = buildHsvToRgb;
  table["MapCoordinates"] = buildMapCoordinates;
  table["PadImages"] = buildPadImages;
  table["RGBToHSV"] = buildRgbToHsv;
}
