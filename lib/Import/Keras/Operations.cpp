//===- Operations.cpp - operations of keras.ops between layers ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "OperationHelpers.h"

#include "TF/IR/TFOps.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSwitch.h"

#include <tuple>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

template <typename Op> static Values buildLogical(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  return {layer.make<Op>(toBool(layer, inputs[0]), toBool(layer, inputs[1]))};
}

template <typename Op> static Values buildComparison(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  return {layer.makeAs<Op>(layer.b.getI1Type(), inputs[0], inputs[1])};
}

static Values buildLogicalNot(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.make<tf::LogicalNotOp>(toBool(layer, inputs.front()))};
}

static Values buildWhere(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 3)
    return {layer.fault("only the form with two values is supported")};
  return {layer.makeAs<tf::SelectV2Op>(layer.getElementType(inputs[1]), inputs[0], inputs[1],
                                       inputs[2])};
}

static Values buildClip(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Value low = layer.makeScalar(layer.getNumber("x_min"), x);
  Value high = layer.makeScalar(layer.getNumber("x_max"), x);
  return {layer.make<tf::MinimumOp>(layer.make<tf::MaximumOp>(x, low), high)};
}

static Values buildCast(LayerBuilder &layer, ArrayRef<Value> inputs) {
  StringRef name = layer.getText("dtype", "float32");
  Type type = llvm::StringSwitch<Type>(name)
                  .Cases({"float32", "float16", "bfloat16", "float64"}, layer.b.getF32Type())
                  .Case("int32", layer.b.getI32Type())
                  .Case("int64", layer.b.getI64Type())
                  .Case("int8", layer.b.getI8Type())
                  .Case("int16", layer.b.getI16Type())
                  .Case("uint8", IntegerType::get(layer.b.getContext(), 8, IntegerType::Unsigned))
                  .Case("bool", layer.b.getI1Type())
                  .Default(nullptr);
  if (!type)
    return {layer.fault("the type '" + name + "' is not supported")};
  return {layer.cast(inputs.front(), type)};
}

/// Whether a function whose parameter is fixed here has it: the key is missing, or has that value.
static bool hasFixedParameter(LayerBuilder &layer, StringRef name) {
  static constexpr std::tuple<const char *, const char *, double> parameters[] = {
      {"celu", "alpha", 1},
      {"glu", "axis", -1},
      {"hard_shrink", "threshold", 0.5},
      {"log_softmax", "axis", -1},
      {"soft_shrink", "threshold", 0.5},
      {"squareplus", "b", 4}};
  for (const auto &[function, key, value] : parameters)
    if (name == function && layer.getNumber(key, value) != value) {
      layer.fault(Twine("other values of '") + key + "' than its default are not supported");
      return false;
    }
  return true;
}

/// A function of keras.activations under the name of its class: Relu, LogSoftmax.
static Values buildActivation(LayerBuilder &layer, ArrayRef<Value> inputs, StringRef name) {
  Value x = inputs.front();
  if (name == "gelu")
    return {layer.make<tf::GeluOp>(x, layer.getFlag("approximate", true))};
  // Some have a layer with the same parameters.
  StringRef kind = llvm::StringSwitch<StringRef>(name)
                       .Case("elu", "ELU")
                       .Case("leaky_relu", "LeakyReLU")
                       .Case("softmax", "Softmax")
                       .Default("");
  json::Value function(name);
  if (!kind.empty())
    function = json::Object{{"class_name", kind}, {"config", json::Object(layer.config)}};
  if (!hasFixedParameter(layer, name))
    return {x};
  return {activate(layer, x, &function)};
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

static Values buildReshape(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.reshape(inputs.front(), layer.getIntegers("newshape", std::nullopt))};
}

static Values buildTranspose(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers reversed;
  for (int64_t dim = layer.getRank(inputs.front()) - 1; dim >= 0; --dim)
    reversed.push_back(dim);
  return {layer.transpose(inputs.front(), layer.getIntegers("axes", std::nullopt, reversed))};
}

static Values buildExpandDims(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.expandDims(inputs.front(), layer.getInteger("axis"))};
}

static Values buildSqueeze(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers ones;
  for (auto [dim, size] : enumerate(layer.getShape(inputs.front())))
    if (size == 1)
      ones.push_back(dim);
  Integers axes = ones.empty() ? Integers() : layer.getIntegers("axis", std::nullopt, ones);
  return {layer.make<tf::SqueezeOp>(inputs.front(), ArrayRef<int64_t>(axes))};
}

static Values buildConcatenate(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t axis = layer.getInteger("axis", -1), rank = layer.getRank(inputs.front());
  return {layer.concat(inputs, axis < 0 ? axis + rank : axis)};
}

static Values buildStack(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.makeAs<tf::PackOp>(layer.getElementType(inputs.front()), ValueRange(inputs),
                                   layer.getInteger("axis", 0))};
}

static Values buildTile(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers counts = layer.getIntegers("repeats", std::nullopt);
  size_t rank = layer.getRank(inputs.front());
  if (counts.size() > rank)
    return {layer.fault("it repeats more dimensions than its input has")};
  counts.insert(counts.begin(), rank - counts.size(), 1);
  return {layer.make<tf::TileOp>(inputs.front(), layer.makeVector(counts))};
}

static Values buildFlip(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.make<tf::ReverseV2Op>(inputs.front(), makeReducedAxes(layer, inputs.front()))};
}

static Values buildSplit(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = getReducedAxes(layer, x);
  if (axes.size() != 1)
    return {layer.fault("it has no axis")};
  int64_t size = layer.getKnownSize(x, axes.front());
  const json::Value *parts = layer.config.get("indices_or_sections");
  Integers bounds = {0};
  if (parts && parts->getAsArray()) {
    append_range(bounds, layer.getIntegers("indices_or_sections", std::nullopt));
    bounds.push_back(size);
  } else {
    int64_t count = layer.getInteger("indices_or_sections");
    if (count < 1 || count > size || size % count)
      return {layer.fault("its input cannot be split into equal parts")};
    for (int64_t i = 1; i <= count; ++i)
      bounds.push_back(i * (size / count));
  }
  Integers sizes, shape = layer.getShape(x);
  SmallVector<Type> types;
  for (size_t i = 1; i < bounds.size(); ++i) {
    if (bounds[i] < bounds[i - 1] || bounds[i] > size)
      return {layer.fault("its input cannot be split there")};
    sizes.push_back(shape[axes.front()] = bounds[i] - bounds[i - 1]);
    types.push_back(RankedTensorType::get(shape, layer.getElementType(x)));
  }
  Value axis = layer.makeIndex(axes.front());
  if (llvm::all_equal(sizes))
    return Values(tf::SplitOp::create(layer.b, types, axis, x).getResults());
  return Values(
      tf::SplitVOp::create(layer.b, types, x, layer.makeVector(sizes), axis).getResults());
}

/// Whether a constant is zero.
static bool isZero(Value value) {
  DenseElementsAttr constant;
  return matchPattern(value, m_Constant(&constant)) && constant.isSplat() &&
         (isa<FloatType>(constant.getElementType()) ? constant.getSplatValue<APFloat>().isZero()
                                                    : constant.getSplatValue<APInt>().isZero());
}

/// Zeros, another value, or what lies inside of the border.
static Values buildPad(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  const json::Array *list = layer.config.getArray("pad_width");
  StringRef mode = layer.getText("mode", "constant");
  if (!list || int64_t(list->size()) != layer.getRank(x))
    return {layer.fault("it has no two numbers for each dimension")};
  Integers amounts;
  for (const json::Value &item : *list) {
    const json::Array *pair = item.getAsArray();
    if (!pair || pair->size() != 2)
      return {layer.fault("it has no two numbers for each dimension")};
    for (const json::Value &number : *pair)
      amounts.push_back(number.getAsInteger().value_or(0));
  }
  Value paddings = layer.reshape(layer.makeVector(amounts), {int64_t(list->size()), 2});
  if (mode == "reflect" || mode == "symmetric")
    return {layer.make<tf::MirrorPadOp>(x, paddings, mode == "reflect" ? "REFLECT" : "SYMMETRIC")};
  if (mode != "constant")
    return {layer.fault("the mode '" + mode + "' is not supported")};
  Value value = layer.takeArgument("constant_values");
  if (!value || isZero(value))
    return {layer.make<tf::PadOp>(x, paddings)};
  return {layer.make<tf::PadV2Op>(x, paddings, value)};
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static Values buildMatmul(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildBinary<tf::BatchMatMulV2Op>(layer, inputs);
}

static Values buildEinsum(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.makeAs<tf::EinsumOp>(layer.getElementType(inputs.front()), ValueRange(inputs),
                                     layer.getText("subscripts", ""))};
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

static LayerTable makeTable() {
  LayerTable table;
  addArrayOperations(table);
  addConvolutionOperations(table);
  addFunctionOperations(table);
  addImageOperations(table);
  addLossOperations(table);
  addMathOperations(table);
  addNeuralOperations(table);
  addNormalizationOperations(table);
  addNumberOperations(table);
  addPartOperations(table);
  addPatchOperations(table);
  addProductOperations(table);
  addReductionOperations(table);
  addScatterOperations(table);
  addSignalOperations(table);
  table["Absolute"] = table["Abs"] = buildUnary<tf::AbsOp>;
  table["Add"] = buildBinary<tf::AddV2Op>;
  table["Cast"] = buildCast;
  table["Ceil"] = buildUnary<tf::CeilOp>;
  table["Clip"] = buildClip;
  table["Concatenate"] = buildConcatenate;
  table["Cos"] = buildUnary<tf::CosOp>;
  table["Divide"] = table["TrueDivide"] = buildBinary<tf::RealDivOp>;
  table["Einsum"] = buildEinsum;
  table["Equal"] = buildComparison<tf::EqualOp>;
  table["Exp"] = buildUnary<tf::ExpOp>;
  table["ExpandDims"] = buildExpandDims;
  table["Expm1"] = buildUnary<tf::Expm1Op>;
  table["Flip"] = buildFlip;
  table["Floor"] = buildUnary<tf::FloorOp>;
  table["FloorDivide"] = buildBinary<tf::FloorDivOp>;
  table["Greater"] = buildComparison<tf::GreaterOp>;
  table["GreaterEqual"] = buildComparison<tf::GreaterEqualOp>;
  table["Less"] = buildComparison<tf::LessOp>;
  table["LessEqual"] = buildComparison<tf::LessEqualOp>;
  table["Log"] = buildUnary<tf::LogOp>;
  table["Log1p"] = buildUnary<tf::Log1pOp>;
  table["LogicalAnd"] = buildLogical<tf::LogicalAndOp>;
  table["LogicalNot"] = buildLogicalNot;
  table["LogicalOr"] = buildLogical<tf::LogicalOrOp>;
  table["Matmul"] = buildMatmul;
  table["Maximum"] = buildBinary<tf::MaximumOp>;
  table["Minimum"] = buildBinary<tf::MinimumOp>;
  table["Mod"] = buildBinary<tf::FloorModOp>;
  table["Multiply"] = buildBinary<tf::MulOp>;
  table["Negative"] = buildUnary<tf::NegOp>;
  table["NotEqual"] = buildComparison<tf::NotEqualOp>;
  table["Pad"] = buildPad;
  table["Power"] = buildBinary<tf::PowOp>;
  table["Reshape"] = buildReshape;
  table["Round"] = buildUnary<tf::RoundOp>;
  table["Rsqrt"] = buildUnary<tf::RsqrtOp>;
  table["Sign"] = buildUnary<tf::SignOp>;
  table["Sin"] = buildUnary<tf::SinOp>;
  table["Split"] = buildSplit;
  table["Sqrt"] = buildUnary<tf::SqrtOp>;
  table["Square"] = buildUnary<tf::SquareOp>;
  table["Squeeze"] = buildSqueeze;
  table["Stack"] = buildStack;
  table["Subtract"] = buildBinary<tf::SubOp>;
  table["Tile"] = buildTile;
  table["Transpose"] = buildTranspose;
  table["Where"] = buildWhere;
  return table;
}

static const LayerTable &getTable() {
  static const LayerTable table = makeTable();
  return table;
}

bool tflc::keras::hasOperation(StringRef kind) {
  return kind == "GetItem" || getTable().count(kind) || hasActivation(toSnakeCase(kind));
}

Values tflc::keras::buildOperation(LayerBuilder &layer, StringRef kind, ArrayRef<Value> inputs,
                                   const json::Array &arguments) {
  if (kind == "GetItem")
    return buildGetItem(layer, inputs.front(), arguments);
  if (LayerFunction function = getTable().lookup(kind))
    return function(layer, inputs);
  std::string name = toSnakeCase(kind);
  if (hasActivation(name))
    return buildActivation(layer, inputs, name);
  return {layer.fault("operations of class '" + kind + "' are not supported")};
}
