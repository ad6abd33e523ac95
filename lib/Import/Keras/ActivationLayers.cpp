//===- ActivationLayers.cpp - activation functions ------------------------===//
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

static Value clip(LayerBuilder &layer, Value x, double low, double high) {
  Value limited = layer.make<tf::MaximumOp>(x, layer.makeScalar(low, x));
  return layer.make<tf::MinimumOp>(limited, layer.makeScalar(high, x));
}

static Value add(LayerBuilder &layer, Value x, double value) {
  return layer.make<tf::AddV2Op>(x, layer.makeScalar(value, x));
}

static Value compareGreater(LayerBuilder &layer, Value x, double threshold) {
  return layer.makeAs<tf::GreaterOp>(layer.b.getI1Type(), x, layer.makeScalar(threshold, x));
}

static Value zero(LayerBuilder &layer, Value x) { return layer.make<tf::ZerosLikeOp>(x); }

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static Value softmax(LayerBuilder &layer, Value x, int64_t axis) {
  int64_t rank = layer.getRank(x);
  axis += axis < 0 ? rank : 0;
  if (axis < 0 || axis >= rank)
    return layer.fault("there is no axis " + Twine(axis));
  if (axis == rank - 1)
    return layer.make<tf::SoftmaxOp>(x);
  Integers order;
  for (int64_t dim = 0; dim < rank; ++dim)
    order.push_back(dim);
  std::swap(order[axis], order.back());
  return layer.transpose(layer.make<tf::SoftmaxOp>(layer.transpose(x, order)), order);
}

static Value hardSigmoid(LayerBuilder &layer, Value x) {
  if (layer.isKeras2)
    return clip(layer, add(layer, scale(layer, x, 0.2), 0.5), 0, 1);
  return scale(layer, layer.make<tf::Relu6Op>(add(layer, x, 3)), 1.0 / 6);
}

static Value gelu(LayerBuilder &layer, Value x, bool approximate) {
  return layer.make<tf::GeluOp>(x, approximate);
}

static Value elu(LayerBuilder &layer, Value x, double alpha) {
  Value y = layer.make<tf::EluOp>(x);
  return alpha == 1 ? y : select(layer, compareGreater(layer, x, 0), x, scale(layer, y, alpha));
}

/// max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))
static Value celu(LayerBuilder &layer, Value x, double alpha) {
  Value negative = layer.make<tf::MinimumOp>(x, layer.makeScalar(0, x));
  Value curve = layer.make<tf::Expm1Op>(scale(layer, negative, 1 / alpha));
  return layer.make<tf::AddV2Op>(layer.make<tf::ReluOp>(x), scale(layer, curve, alpha));
}

static Value logSigmoid(LayerBuilder &layer, Value x) {
  return layer.make<tf::NegOp>(layer.make<tf::SoftplusOp>(layer.make<tf::NegOp>(x)));
}

static Value glu(LayerBuilder &layer, Value x) {
  int64_t last = layer.getRank(x) - 1, size = layer.getKnownSize(x, -1);
  if (layer.hasFailed() || size % 2)
    return layer.fault("the last size of its input is odd");
  Integers shape = layer.getShape(x);
  shape[last] = size / 2;
  SmallVector<Type> types(2, RankedTensorType::get(shape, layer.getElementType(x)));
  auto halves = tf::SplitOp::create(layer.b, types, layer.makeIndex(last), x);
  return layer.make<tf::MulOp>(halves.getOutput()[0],
                               layer.make<tf::SigmoidOp>(halves.getOutput()[1]));
}

static Value softShrink(LayerBuilder &layer, Value x, double threshold) {
  Value above = layer.make<tf::ReluOp>(add(layer, x, -threshold));
  Value below = layer.make<tf::ReluOp>(add(layer, layer.make<tf::NegOp>(x), -threshold));
  return layer.make<tf::SubOp>(above, below);
}

/// `x` where |x| is greater than the threshold, else zero.
static Value hardShrink(LayerBuilder &layer, Value x, double threshold) {
  Value large = compareGreater(layer, layer.make<tf::AbsOp>(x), threshold);
  return select(layer, large, x, zero(layer, x));
}

static Value squareplus(LayerBuilder &layer, Value x, double b) {
  Value root = layer.make<tf::SqrtOp>(add(layer, layer.make<tf::SquareOp>(x), b));
  return scale(layer, layer.make<tf::AddV2Op>(x, root), 0.5);
}

/// 0 up to -1, (x + 1)^2 / 4 up to 1, x above.
static Value sparsePlus(LayerBuilder &layer, Value x) {
  Value curve = scale(layer, layer.make<tf::SquareOp>(add(layer, x, 1)), 0.25);
  Value upper = select(layer, compareGreater(layer, x, 1), x, curve);
  return select(layer, compareGreater(layer, x, -1), upper, zero(layer, x));
}

/// ReLU with its upper limit, the slope on the other side and the threshold between both.
static Value relu(LayerBuilder &layer, Value x, std::optional<double> max, double slope,
                  double threshold) {
  if (threshold == 0 && slope == 0 && max == 6.0)
    return layer.make<tf::Relu6Op>(x);
  Value y;
  if (threshold == 0)
    y = slope == 0 ? layer.make<tf::ReluOp>(x)
                   : layer.make<tf::LeakyReluOp>(x, APFloat(float(slope)));
  else
    y = select(layer, compareGreater(layer, x, threshold), x,
               slope == 0 ? zero(layer, x) : scale(layer, add(layer, x, -threshold), slope));
  return max ? layer.make<tf::MinimumOp>(y, layer.makeScalar(*max, y)) : y;
}

static Value leakyRelu(LayerBuilder &layer, Value x, double slope) {
  return layer.make<tf::LeakyReluOp>(x, APFloat(float(slope)));
}

/// max(x - t, 0) for a threshold t of each row, from those of its sorted values z that are in the
/// support: 1 + r * z[r] > z[1] + ... + z[r]. Keras adds up the sums of all of these, which differs
/// from the published formula where there are several.
static Value sparsemax(LayerBuilder &layer, Value x) {
  int64_t count = layer.getKnownSize(x, -1), last = layer.getRank(x) - 1;
  if (layer.hasFailed())
    return x;
  std::vector<float> places(count);
  std::iota(places.begin(), places.end(), 1.0f);
  Value sorted = findLargest(layer, x, count).front();
  Value sums = layer.make<tf::CumsumOp>(sorted, layer.makeIndex(last));
  Value means = layer.make<tf::RealDivOp>(add(layer, sums, -1), layer.makeFloats(places, {count}));
  Value support = compareGreater(layer, layer.make<tf::SubOp>(sorted, means), 0);
  auto sum = [&](Value values) {
    return layer.make<tf::SumOp>(values, layer.makeVector({last}), /*keep_dims=*/true);
  };
  Value total = sum(select(layer, support, sums, zero(layer, sums)));
  Value threshold = layer.make<tf::RealDivOp>(add(layer, total, -1),
                                              sum(layer.cast(support, layer.getElementType(x))));
  return layer.make<tf::ReluOp>(layer.make<tf::SubOp>(x, threshold));
}

namespace {
using Function = Value (*)(LayerBuilder &, Value);
} // namespace

static const StringMap<Function> &getFunctions() {
  static const StringMap<Function> functions = [] {
    StringMap<Function> map;
    map["linear"] = [](LayerBuilder &, Value x) { return x; };
    map["relu"] = [](LayerBuilder &l, Value x) { return l.make<tf::ReluOp>(x); };
    map["relu6"] = [](LayerBuilder &l, Value x) { return l.make<tf::Relu6Op>(x); };
    map["leaky_relu"] = [](LayerBuilder &l, Value x) { return leakyRelu(l, x, 0.2); };
    map["elu"] = [](LayerBuilder &l, Value x) { return elu(l, x, 1); };
    map["selu"] = [](LayerBuilder &l, Value x) { return l.make<tf::SeluOp>(x); };
    map["celu"] = [](LayerBuilder &l, Value x) { return celu(l, x, 1); };
    map["tanh"] = [](LayerBuilder &l, Value x) { return l.make<tf::TanhOp>(x); };
    map["sigmoid"] = [](LayerBuilder &l, Value x) { return l.make<tf::SigmoidOp>(x); };
    map["softplus"] = [](LayerBuilder &l, Value x) { return l.make<tf::SoftplusOp>(x); };
    map["softsign"] = [](LayerBuilder &l, Value x) { return l.make<tf::SoftsignOp>(x); };
    map["exponential"] = [](LayerBuilder &l, Value x) { return l.make<tf::ExpOp>(x); };
    map["softmax"] = [](LayerBuilder &l, Value x) { return softmax(l, x, -1); };
    map["log_softmax"] = [](LayerBuilder &l, Value x) { return l.make<tf::LogSoftmaxOp>(x); };
    map["silu"] = map["swish"] = [](LayerBuilder &l, Value x) {
      return l.make<tf::MulOp>(x, l.make<tf::SigmoidOp>(x));
    };
    map["gelu"] = [](LayerBuilder &l, Value x) { return gelu(l, x, false); };
    map["hard_sigmoid"] = hardSigmoid;
    map["hard_silu"] =
        map["hard_swish"] = [](LayerBuilder &l, Value x) { return l.make<tf::HardSwishOp>(x); };
    map["hard_tanh"] = [](LayerBuilder &l, Value x) { return clip(l, x, -1, 1); };
    map["mish"] = [](LayerBuilder &l, Value x) {
      return l.make<tf::MulOp>(x, l.make<tf::TanhOp>(l.make<tf::SoftplusOp>(x)));
    };
    map["log_sigmoid"] = logSigmoid;
    map["glu"] = glu;
    map["tanh_shrink"] = [](LayerBuilder &l, Value x) {
      return l.make<tf::SubOp>(x, l.make<tf::TanhOp>(x));
    };
    map["soft_shrink"] = [](LayerBuilder &l, Value x) { return softShrink(l, x, 0.5); };
    map["hard_shrink"] = [](LayerBuilder &l, Value x) { return hardShrink(l, x, 0.5); };
    map["sparsemax"] = sparsemax;
    map["squareplus"] = [](LayerBuilder &l, Value x) { return squareplus(l, x, 4); };
    map["sparse_plus"] = sparsePlus;
    map["sparse_sigmoid"] = [](LayerBuilder &l, Value x) {
      return clip(l, scale(l, add(l, x, 1), 0.5), 0, 1);
    };
    return map;
  }();
  return functions;
}

bool tflc::keras::hasActivation(StringRef name) { return getFunctions().contains(name); }

static const LayerTable &getActivationLayers() {
  static const LayerTable table = [] {
    LayerTable layers;
    addActivationLayers(layers);
    return layers;
  }();
  return table;
}

namespace {
/// An activation of a configuration: a function, or a layer.
struct Activation {
  StringRef name;
  const json::Object *config = nullptr; ///< of a layer, or null
};
} // namespace

/// A function is a name, or {"class_name": "function", "config": "gelu"}; a layer is a name, or
/// {"class_name": "ReLU", "config": {...}}. Names may be those of a package ("pack>name") or
/// module.
static Activation readActivation(const json::Value &value) {
  Activation result;
  if (const json::Object *object = value.getAsObject()) {
    result.config = object->getObject("config");
    std::optional<StringRef> function = object->getString("config");
    result.name = function ? *function : object->getString("class_name").value_or("?");
  } else {
    result.name = value.getAsString().value_or("?");
  }
  result.name = result.name.substr(result.name.find_last_of(">.") + 1);
  // tf.nn.softmax calls itself so.
  if (result.name == "softmax_v2")
    result.name = "softmax";
  return result;
}

StringRef tflc::keras::getActivationName(const json::Value *activation) {
  return activation ? readActivation(*activation).name : "";
}

Value tflc::keras::activate(LayerBuilder &layer, Value x, const json::Value *activation) {
  if (!activation || activation->kind() == json::Value::Null)
    return x;
  static const json::Object none;
  Activation chosen = readActivation(*activation);
  if (LayerFunction build = getActivationLayers().lookup(chosen.name)) {
    LayerBuilder inner(layer.b, layer.b.getLoc(), chosen.config ? *chosen.config : none,
                       layer.weights);
    inner.isKeras2 = layer.isKeras2;
    Values results = build(inner, {x});
    if (inner.hasFailed())
      return layer.fault("its activation cannot be built");
    layer.weights = inner.weights;
    return results.front();
  }
  if (Function function = getFunctions().lookup(chosen.name))
    return function(layer, x);
  return layer.fault("the activation '" + chosen.name + "' is not supported");
}

Value tflc::keras::activate(LayerBuilder &layer, Value x) {
  return activate(layer, x, layer.config.get("activation"));
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

static Values buildActivation(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {activate(layer, inputs.front())};
}

static Values buildRelu(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Value *max = layer.config.get("max_value");
  bool isLimited = max && max->kind() != json::Value::Null;
  return {relu(layer, inputs.front(),
               isLimited ? std::optional(layer.getNumber("max_value")) : std::nullopt,
               layer.getNumber("negative_slope", 0), layer.getNumber("threshold", 0))};
}

static Values buildLeakyRelu(LayerBuilder &layer, ArrayRef<Value> inputs) {
  double slope = layer.getNumber("negative_slope", layer.getNumber("alpha", 0.3));
  return {leakyRelu(layer, inputs.front(), slope)};
}

static Values buildElu(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {elu(layer, inputs.front(), layer.getNumber("alpha", 1))};
}

static Values buildPrelu(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.make<tf::PreluOp>(inputs.front(), layer.takeWeight())};
}

/// `x` above `theta`, else zero.
static Values buildThresholdedRelu(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Value isAbove = compareGreater(layer, x, layer.getNumber("theta", 1));
  return {layer.make<tf::MulOp>(x, layer.cast(isAbove, layer.getElementType(x)))};
}

/// Over several axes: they become one.
static Value softmaxOver(LayerBuilder &layer, Value x, ArrayRef<int64_t> axes) {
  int64_t rank = layer.getRank(x);
  Integers order, sizes, back(rank);
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(axes, dim))
      order.push_back(dim);
  append_range(order, axes);
  for (auto [place, dim] : enumerate(order))
    back[dim] = place;
  Value moved = layer.transpose(x, order);
  for (int64_t place = 0; place < rank; ++place)
    sizes.push_back(place == 0 && order[0] == 0 ? -1 : layer.getKnownSize(moved, place));
  Integers flat(ArrayRef(sizes).drop_back(axes.size()));
  flat.push_back(std::accumulate(sizes.end() - axes.size(), sizes.end(), int64_t(1),
                                 std::multiplies<int64_t>()));
  Value y = layer.make<tf::SoftmaxOp>(layer.reshape(moved, flat));
  return layer.transpose(layer.reshape(y, sizes), back);
}

static Values buildSoftmax(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), mask = layer.getMask(x);
  // A mask that goes along with steps is none of single elements.
  if (mask && layer.getRank(mask) == layer.getRank(x)) {
    if (!layer.getElementType(mask).isInteger(1))
      mask = compareGreater(layer, mask, 0.5);
    x = select(layer, mask, x, layer.makeScalar(-1e9, x));
  }
  Integers axes = layer.getAxes("axis", x, {-1});
  if (layer.hasFailed())
    return {x};
  return {axes.size() == 1 ? softmax(layer, x, axes.front()) : softmaxOver(layer, x, axes)};
}

void tflc::keras::addActivationLayers(LayerTable &table) {
  table["Activation"] = buildActivation;
  table["ELU"] = buildElu;
  table["LeakyReLU"] = buildLeakyRelu;
  table["PReLU"] = buildPrelu;
  table["ReLU"] = buildRelu;
  table["Softmax"] = buildSoftmax;
  table["ThresholdedReLU"] = buildThresholdedRelu;
}
