//===- PartOperations.cpp - arrays taken apart and filled, keras.ops ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "OperationHelpers.h"

#include "TF/IR/TFOps.h"

#include <numeric>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

//===----------------------------------------------------------------------===//
// Taken apart, joined
//===----------------------------------------------------------------------===//

/// An operation of another class with this configuration.
static Values buildAs(LayerBuilder &layer, StringRef kind, ArrayRef<Value> inputs,
                      const json::Object &config) {
  LayerBuilder part(layer.b, layer.b.getLoc(), config, LayerWeights::none());
  Values results = buildOperation(part, kind, inputs, {});
  return part.hasFailed() ? Values{layer.fault("it cannot be built")} : results;
}

/// Along one axis, or one after the other.
static Values buildAppend(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  const json::Value *axis = layer.config.get("axis");
  if (axis && axis->kind() != json::Value::Null)
    return {layer.concat(inputs, layer.getAxes("axis", inputs[0], {}).front())};
  return {layer.concat({layer.reshape(inputs[0], {-1}), layer.reshape(inputs[1], {-1})}, 0)};
}

/// Parts of nearly equal sizes, the larger ones first.
static Values buildArraySplit(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  int64_t axis = layer.getAxes("axis", x, {0}).front();
  int64_t size = layer.getKnownSize(x, axis), count = layer.getInteger("indices_or_sections");
  if (layer.hasFailed() || count < 1 || count > size)
    return {layer.fault("its input has fewer elements than parts")};
  json::Array ends;
  int64_t end = 0;
  for (int64_t i = 0; i + 1 < count; ++i)
    ends.push_back(end += size / count + (i < size % count ? 1 : 0));
  if (ends.empty())
    return {x};
  json::Object config{{"indices_or_sections", std::move(ends)}, {"axis", axis}};
  return buildAs(layer, "Split", inputs, config);
}

/// Along one axis, whichever rank there is.
template <int64_t axis, int64_t axisOfVector>
static Values buildSplitAlong(LayerBuilder &layer, ArrayRef<Value> inputs) {
  json::Object config(layer.config);
  config["axis"] = layer.getRank(inputs.front()) == 1 ? axisOfVector : axis;
  return buildAs(layer, "Split", inputs, config);
}

/// Along the third axis, which is made where there is none.
static Values buildDstack(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Values planes;
  for (Value x : inputs) {
    int64_t rank = layer.getRank(x);
    if (rank < 2)
      x = layer.reshape(x, {1, -1, 1});
    planes.push_back(rank == 2 ? layer.expandDims(x, 2) : x);
  }
  return {layer.concat(planes, 2)};
}

/// Turned by quarters in the plane of two axes, from the first towards the second.
static Values buildRot90(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = layer.getAxes("axes", x, {0, 1});
  int64_t times = layer.getInteger("k", 1) % 4;
  times += times < 0 ? 4 : 0;
  if (layer.hasFailed() || axes.size() != 2 || axes[0] == axes[1])
    return {layer.fault("it has no two axes")};
  auto flip = [&](Value value, ArrayRef<int64_t> which) {
    return layer.make<tf::ReverseV2Op>(value, layer.makeVector(which));
  };
  if (times == 0)
    return {x};
  if (times == 2)
    return {flip(x, axes)};
  Integers order = llvm::to_vector(llvm::seq<int64_t>(0, layer.getRank(x)));
  std::swap(order[axes[0]], order[axes[1]]);
  return {flip(layer.transpose(x, order), times == 1 ? axes[0] : axes[1])};
}

//===----------------------------------------------------------------------===//
// Filled
//===----------------------------------------------------------------------===//

/// A vector as a diagonal of zeros, or a diagonal of a matrix.
static Values buildDiag(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  int64_t offset = layer.getInteger("k", 0);
  if (layer.getRank(x) == 2)
    return buildAs(layer, "Diagonal", inputs,
                   json::Object{{"offset", offset}, {"axis1", 0}, {"axis2", 1}});
  if (layer.getRank(x) != 1)
    return {layer.fault("it takes a vector or a matrix")};
  Value square = layer.make<tf::MatrixDiagOp>(x);
  if (offset == 0)
    return {square};
  std::pair<int64_t, int64_t> before(std::max<int64_t>(-offset, 0), std::max<int64_t>(offset, 0));
  std::pair<int64_t, int64_t> after(before.second, before.first);
  return {layer.pad(square, {{before.first, after.first}, {before.second, after.second}})};
}

static Values buildDiagflat(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildDiag(layer, layer.reshape(inputs.front(), {-1}));
}

/// The powers of each element, from the highest on unless they are increasing.
static Values buildVander(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  const json::Value *given = layer.config.get("N");
  bool isSquare = !given || given->kind() == json::Value::Null;
  int64_t count = isSquare ? layer.getKnownSize(x, 0) : layer.getInteger("N");
  constexpr int64_t maxCount = 4096;
  if (layer.hasFailed() || layer.getRank(x) != 1 || count < 1 || count > maxCount)
    return {layer.fault("it takes a vector, and up to " + Twine(maxCount) + " powers")};
  std::vector<float> powers(count);
  std::iota(powers.begin(), powers.end(), 0.0f);
  if (!layer.getFlag("increasing", false))
    std::reverse(powers.begin(), powers.end());
  Type type = layer.getElementType(x);
  Value numbers = layer.cast(layer.expandDims(x, 1), layer.b.getF32Type());
  return {layer.cast(layer.make<tf::PowOp>(numbers, layer.makeFloats(powers, {count})), type)};
}

/// Numbers at equal distances between two ends, along a new axis.
static Value makeSteps(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t count = layer.getInteger("num", 50);
  constexpr int64_t maxCount = 1 << 20;
  if (inputs.size() != 2 || layer.getFlag("retstep", false) || count < 1 || count > maxCount)
    return layer.fault("only its numbers are supported, not their distance");
  Type type = layer.b.getF32Type();
  Value start = layer.cast(inputs[0], type), stop = layer.cast(inputs[1], type);
  int64_t axis = layer.getInteger("axis", 0), rank = layer.getRank(start);
  axis += axis < 0 ? rank + 1 : 0;
  if (axis < 0 || axis > rank || layer.getRank(stop) != rank)
    return layer.fault("its ends differ in their dimensions");
  int64_t parts = layer.getFlag("endpoint", true) ? std::max<int64_t>(count - 1, 1) : count;
  std::vector<float> shares(count);
  for (int64_t i = 0; i < count; ++i)
    shares[i] = float(i) / float(parts);
  Integers shape(rank + 1, 1);
  shape[axis] = count;
  Value distance = layer.expandDims(layer.make<tf::SubOp>(stop, start), axis);
  return layer.make<tf::AddV2Op>(layer.expandDims(start, axis),
                                 layer.make<tf::MulOp>(distance, layer.makeFloats(shares, shape)));
}

static Values buildLinspace(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {makeSteps(layer, inputs)};
}

static Values buildLogspace(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value steps = makeSteps(layer, inputs);
  return {layer.make<tf::PowOp>(layer.makeScalar(layer.getNumber("base", 10), steps), steps)};
}

//===----------------------------------------------------------------------===//
// Chosen, counted, summed
//===----------------------------------------------------------------------===//

/// The value behind the first condition that holds. Conditions, values and the default follow each
/// other.
static Values buildSelect(LayerBuilder &layer, ArrayRef<Value> inputs) {
  size_t count = inputs.size() / 2;
  if (inputs.size() % 2 == 0)
    return {layer.fault("it has no default")};
  Value result = inputs.back();
  for (size_t i = count; i-- > 0;)
    result = select(layer, toBool(layer, inputs[i]), inputs[count + i], result);
  return {result};
}

/// The sum of means of neighbours, each times their distance.
static Values buildTrapezoid(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value y = inputs.front();
  const json::Value *places = layer.config.get("x");
  int64_t axis = layer.getAxes("axis", y, {-1}).front(), size = layer.getKnownSize(y, axis);
  if (layer.hasFailed() || inputs.size() != 1 || size < 2 ||
      (places && places->kind() != json::Value::Null))
    return {layer.fault("only equal distances are supported")};
  Value sums =
      layer.make<tf::AddV2Op>(layer.slice(y, axis, 1, size - 1), layer.slice(y, axis, 0, size - 1));
  Value heights = scale(layer, sums, 0.5 * layer.getNumber("dx", 1));
  return {layer.make<tf::SumOp>(heights, layer.makeVector({axis}), /*keep_dims=*/false)};
}

/// The places along each axis that numbers of elements stand for. Keras begins with the last axis
/// only where the numbers are a vector.
static Values buildUnravel(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value rest = inputs.front();
  Integers shape = layer.getIntegers("shape", std::nullopt);
  if (layer.getRank(rest) == 1)
    std::reverse(shape.begin(), shape.end());
  Values places;
  for (int64_t length : shape) {
    if (length < 1)
      return {layer.fault("its shape has no elements")};
    Value size = layer.makeScalar(length, rest);
    places.push_back(layer.make<tf::FloorModOp>(rest, size));
    rest = layer.make<tf::FloorDivOp>(rest, size);
  }
  std::reverse(places.begin(), places.end());
  return places;
}

/// For each value the number of limits, in ascending order, that are below it, or not above.
static Value countBelow(LayerBuilder &layer, Value x, Value limits, bool countsEqual) {
  Value each = layer.expandDims(x, layer.getRank(x));
  Value below = countsEqual ? compare<tf::LessEqualOp>(layer, limits, each)
                            : compare<tf::LessOp>(layer, limits, each);
  return layer.make<tf::SumOp>(layer.cast(below, layer.b.getI32Type()),
                               layer.makeVector({layer.getRank(x)}), /*keep_dims=*/false);
}

static Values buildDigitize(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  return {countBelow(layer, inputs[0], inputs[1], /*countsEqual=*/true)};
}

static Values buildSearchSorted(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  return {countBelow(layer, inputs[1], inputs[0], layer.getText("side", "left") == "right")};
}

/// Whether each element is one of a list.
static Values buildIsIn(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value x = inputs[0], all = layer.reshape(inputs[1], {-1});
  int64_t rank = layer.getRank(x);
  Value same = compare<tf::EqualOp>(layer, layer.expandDims(x, rank), all);
  Value found = layer.makeAs<tf::AnyOp>(layer.b.getI1Type(), same, layer.makeVector({rank}),
                                        /*keep_dims=*/false);
  return {layer.getFlag("invert", false) ? layer.make<tf::LogicalNotOp>(found) : found};
}

/// The number of elements.
static Values buildSize(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Type i32 = layer.b.getI32Type();
  return {layer.makeAs<tf::SizeOp>(i32, inputs.front(), TypeAttr::get(i32))};
}

static Values buildNdim(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.makeIndex(layer.getRank(inputs.front()))};
}

/// The product of a vector with all parts of another.
static Values buildCorrelate(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  if (layer.getRank(inputs[0]) != 1 || layer.getRank(inputs[1]) != 1)
    return {layer.fault("it takes vectors")};
  Value x = inputs[0];
  int64_t length = layer.getKnownSize(x, 0), width = layer.getKnownSize(inputs[1], 0);
  StringRef mode = layer.getText("mode", "valid");
  if (layer.hasFailed() || length < 1 || width < 1)
    return {layer.fault("its inputs are empty")};
  if (mode != "valid") {
    x = layer.pad(x, {{width - 1, width - 1}});
    length += 2 * (width - 1);
  }
  if (length < width)
    return {layer.fault("its first input is shorter than its second")};
  Value line = layer.reshape(x, {1, 1, length, 1});
  Value kernel = layer.reshape(inputs[1], {1, width, 1, 1});
  Integers ones(4, 1);
  Value sums =
      layer.reshape(layer.make<tf::Conv2DOp>(line, kernel, ArrayRef<int64_t>(ones), "VALID",
                                             ArrayRef<int64_t>(), "NHWC", ArrayRef<int64_t>(ones)),
                    {length - width + 1});
  if (mode != "same")
    return {sums};
  int64_t full = length - width + 1, wanted = std::max(full - width + 1, width);
  return {layer.slice(sums, 0, (full - wanted) / 2, wanted)};
}

/// Blocks of one array, each times an element of another.
static Values buildKron(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  int64_t rank = layer.getRank(inputs[0]);
  if (layer.getRank(inputs[1]) != rank)
    return {layer.fault("its inputs differ in their dimensions")};
  Integers left, right, whole;
  for (int64_t dim = 0; dim < rank; ++dim) {
    int64_t x = layer.getKnownSize(inputs[0], dim), y = layer.getKnownSize(inputs[1], dim);
    left.append({x, 1});
    right.append({1, y});
    whole.push_back(x * y);
  }
  Value product =
      layer.make<tf::MulOp>(layer.reshape(inputs[0], left), layer.reshape(inputs[1], right));
  return {layer.reshape(product, whole)};
}

void tflc::keras::addPartOperations(LayerTable &table) {
  table["Append"] = buildAppend;
  table["ArraySplit"] = buildArraySplit;
  table["Correlate"] = buildCorrelate;
  table["Diag"] = buildDiag;
  table["Diagflat"] = buildDiagflat;
  table["Digitize"] = buildDigitize;
  table["Dsplit"] = buildSplitAlong<2, 2>;
  table["Dstack"] = buildDstack;
  table["Hsplit"] = buildSplitAlong<1, 0>;
  table["IsIn"] = buildIsIn;
  table["Kron"] = buildKron;
  table["Linspace"] = buildLinspace;
  table["Logspace"] = buildLogspace;
  table["Ndim"] = buildNdim;
  table["Rot90"] = buildRot90;
  table["SearchSorted"] = buildSearchSorted;
  table["Select"] = buildSelect;
  table["Size"] = buildSize;
  table["Trapezoid"] = buildTrapezoid;
  table["UnravelIndex"] = buildUnravel;
  table["Vander"] = buildVander;
  table["Vsplit"] = buildSplitAlong<0, 0>;
}
