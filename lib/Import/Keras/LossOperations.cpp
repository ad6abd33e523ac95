//===- LossOperations.cpp - distances between arrays, in keras.ops --------===//
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

/// Probabilities, without those of which there is no logarithm.
static Value clipProbabilities(LayerBuilder &layer, Value x) {
  constexpr double epsilon = 1e-7;
  x = layer.make<tf::MaximumOp>(x, layer.makeScalar(epsilon, x));
  return layer.make<tf::MinimumOp>(x, layer.makeScalar(1 - epsilon, x));
}

/// The sum along the last axis.
static Value sumLast(LayerBuilder &layer, Value x, bool keepDims = false) {
  return layer.make<tf::SumOp>(x, layer.makeVector({layer.getRank(x) - 1}), keepDims);
}

static Values buildBinaryCrossentropy(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value target = inputs[0], x = inputs[1];
  if (layer.getFlag("from_logits", false)) {
    // max(x, 0) - x * target + log(1 + exp(-|x|))
    Value rest = layer.make<tf::Log1pOp>(
        layer.make<tf::ExpOp>(layer.make<tf::NegOp>(layer.make<tf::AbsOp>(x))));
    Value sum = layer.make<tf::SubOp>(layer.make<tf::ReluOp>(x), layer.make<tf::MulOp>(x, target));
    return {layer.make<tf::AddV2Op>(sum, rest)};
  }
  x = clipProbabilities(layer, x);
  Value one = layer.makeScalar(1, x);
  Value yes = layer.make<tf::MulOp>(target, layer.make<tf::LogOp>(x));
  Value no = layer.make<tf::MulOp>(layer.make<tf::SubOp>(one, target),
                                   layer.make<tf::LogOp>(layer.make<tf::SubOp>(one, x)));
  return {layer.make<tf::NegOp>(layer.make<tf::AddV2Op>(yes, no))};
}

static Values buildCategoricalCrossentropy(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value target = inputs[0], x = inputs[1];
  if (layer.getAxes("axis", x, {-1}) != Integers{layer.getRank(x) - 1})
    return {layer.fault("only the last axis is supported")};
  Value logarithms;
  if (layer.getFlag("from_logits", false)) {
    logarithms = layer.make<tf::LogSoftmaxOp>(x);
  } else {
    x = layer.make<tf::RealDivOp>(x, sumLast(layer, x, /*keepDims=*/true));
    logarithms = layer.make<tf::LogOp>(clipProbabilities(layer, x));
  }
  return {layer.make<tf::NegOp>(sumLast(layer, layer.make<tf::MulOp>(target, logarithms)))};
}

/// The targets are places in the last axis.
static Values buildSparseCrossentropy(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value target = layer.cast(inputs[0], layer.b.getI32Type()), x = inputs[1];
  int64_t rank = layer.getRank(x), size = layer.getKnownSize(x, -1);
  if (layer.hasFailed())
    return {x};
  if (layer.getRank(target) == rank && layer.getKnownSize(target, -1) == 1)
    target = layer.squeeze(target, rank - 1);
  if (!layer.getFlag("from_logits", false))
    x = layer.make<tf::LogOp>(clipProbabilities(layer, x));
  Value chosen = layer.makeAs<tf::OneHotOp>(layer.getElementType(x), target, layer.makeIndex(size),
                                            layer.makeScalar(1, x), layer.makeScalar(0, x), -1);
  Value logarithms = layer.make<tf::LogSoftmaxOp>(x);
  return {layer.make<tf::NegOp>(sumLast(layer, layer.make<tf::MulOp>(chosen, logarithms)))};
}

/// The ratio of a peak to the mean error, in decibels.
static Values buildPsnr(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Integers all = llvm::to_vector(llvm::seq<int64_t>(0, layer.getRank(inputs[0])));
  Value square = layer.make<tf::SquaredDifferenceOp>(inputs[0], inputs[1]);
  Value error = layer.make<tf::MeanOp>(square, layer.makeVector(all), /*keep_dims=*/false);
  double peak = 20 * std::log10(layer.getNumber("max_val"));
  Value decibels = scale(layer, layer.make<tf::LogOp>(error), 10 / std::log(10.0));
  return {layer.make<tf::SubOp>(layer.makeScalar(peak, error), decibels)};
}

/// The distance of each row of one array to each of another.
static Values buildDistances(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  int64_t xRank = layer.getRank(inputs[0]), yRank = layer.getRank(inputs[1]);
  if (xRank < 2 || yRank < 2)
    return {layer.fault("its inputs have no rows")};
  Value squares = layer.make<tf::SquaredDifferenceOp>(layer.expandDims(inputs[0], xRank - 1),
                                                      layer.expandDims(inputs[1], yRank - 2));
  return {layer.make<tf::SqrtOp>(sumLast(layer, squares))};
}

/// Whether a place in the last axis is that of one of the `k` largest values: not more than `k - 1`
/// are larger.
static Values buildInTopK(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value place = layer.cast(inputs[0], layer.b.getI32Type()), x = inputs[1];
  int64_t size = layer.getKnownSize(x, -1), count = layer.getInteger("k");
  if (layer.hasFailed() || layer.getRank(x) != 2 || count < 1)
    return {layer.fault("only rows of predictions are supported")};
  Value chosen = layer.makeAs<tf::OneHotOp>(layer.getElementType(x), place, layer.makeIndex(size),
                                            layer.makeScalar(1, x), layer.makeScalar(0, x), -1);
  Value value = sumLast(layer, layer.make<tf::MulOp>(chosen, x), /*keepDims=*/true);
  Value larger = layer.cast(compare<tf::GreaterOp>(layer, x, value), layer.getElementType(x));
  Value number = sumLast(layer, larger);
  return {compare<tf::LessOp>(layer, number, layer.makeScalar(count, x))};
}

void tflc::keras::addLossOperations(LayerTable &table) {
  table["BinaryCrossentropy"] = buildBinaryCrossentropy;
  table["CDist"] = buildDistances;
  table["CategoricalCrossentropy"] = buildCategoricalCrossentropy;
  table["InTopK"] = buildInTopK;
  table["PSNR"] = buildPsnr;
  table["SparseCategoricalCrossentropy"] = buildSparseCrossentropy;
}
