//===- ConvolutionLayers.cpp - convolutions and dense layers --------------===//
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
/// A convolution as Keras configures it, over any number of spatial dimensions.
struct Window {
  Integers kernel, strides, dilations;
  StringRef padding; ///< "VALID" or "SAME"
  bool isCausal = false;
};
} // namespace

static Window readWindow(LayerBuilder &layer, size_t rank) {
  Window window;
  window.kernel = layer.getIntegers("kernel_size", rank);
  window.strides = layer.getIntegers("strides", rank, Integers(rank, 1));
  window.dilations = layer.getIntegers("dilation_rate", rank, Integers(rank, 1));
  StringRef padding = layer.getText("padding", "valid");
  window.isCausal = padding == "causal";
  window.padding = padding == "same" ? "SAME" : "VALID";
  if (!window.isCausal && padding != "same" && padding != "valid")
    layer.fault("there is no padding '" + padding + "'");
  for (ArrayRef<int64_t> sizes :
       {ArrayRef(window.kernel), ArrayRef(window.strides), ArrayRef(window.dilations)})
    if (any_of(sizes, [](int64_t size) { return size < 1; }))
      layer.fault("kernels, strides and dilations are at least one");
  return window;
}

/// With one for batch and channels around the spatial sizes.
static Integers surround(ArrayRef<int64_t> sizes) {
  Integers all = {1};
  append_range(all, sizes);
  all.push_back(1);
  return all;
}

/// Zeros in front, so that an output sees nothing that comes after it.
static Value padCausally(LayerBuilder &layer, Value x, const Window &window) {
  SmallVector<std::pair<int64_t, int64_t>> amounts(layer.getRank(x));
  if (amounts.size() == 3)
    amounts[1].first = (window.kernel.front() - 1) * window.dilations.front();
  return layer.pad(x, amounts);
}

/// A one-dimensional window is one of two dimensions over a single row.
static Window addRow(Window window) {
  for (Integers *sizes : {&window.kernel, &window.strides, &window.dilations})
    sizes->insert(sizes->begin(), 1);
  // TensorFlow has equal strides only; over one row the other one means nothing.
  window.strides.front() = window.strides.back();
  return window;
}

static Value addBias(LayerBuilder &layer, Value x) {
  return layer.getFlag("use_bias", true) ? layer.make<tf::BiasAddOp>(x, layer.takeWeight()) : x;
}

/// Whether the kernel is for the channels that the input has, or for equal groups of them.
static bool fitsChannels(LayerBuilder &layer, Value x, Value kernel, bool allowsGroups) {
  Integers shape = layer.getShape(kernel);
  int64_t channels = layer.getKnownSize(x, -1);
  int64_t wanted = shape.size() < 2 ? 0 : shape[shape.size() - 2];
  if (layer.hasFailed())
    return false;
  if (wanted > 0 && (allowsGroups ? channels % wanted == 0 : channels == wanted))
    return true;
  layer.fault("its input has " + Twine(channels) + " channels, its kernel is for " + Twine(wanted));
  return false;
}

static Value convolve(LayerBuilder &layer, Value x, Value kernel, const Window &window) {
  if (!fitsChannels(layer, x, kernel, /*allowsGroups=*/true))
    return x;
  Integers strides = surround(window.strides), dilations = surround(window.dilations);
  if (window.strides.size() == 3)
    return layer.make<tf::Conv3DOp>(x, kernel, ArrayRef<int64_t>(strides), window.padding, "NDHWC",
                                    ArrayRef<int64_t>(dilations));
  return layer.make<tf::Conv2DOp>(x, kernel, ArrayRef<int64_t>(strides), window.padding,
                                  ArrayRef<int64_t>(), "NHWC", ArrayRef<int64_t>(dilations));
}

static Value convolveDepthwise(LayerBuilder &layer, Value x, Value kernel, const Window &window) {
  if (!fitsChannels(layer, x, kernel, /*allowsGroups=*/false))
    return x;
  Integers strides = surround(window.strides), dilations = surround(window.dilations);
  return layer.make<tf::DepthwiseConv2dNativeOp>(x, kernel, ArrayRef<int64_t>(strides),
                                                 window.padding, ArrayRef<int64_t>(), "NHWC",
                                                 ArrayRef<int64_t>(dilations));
}

/// Runs `body` on channels last and in at least two spatial dimensions.
static Value inLayout(LayerBuilder &layer, Value x, size_t rank,
                      llvm::function_ref<Value(Value, const Window &)> body) {
  Window window = readWindow(layer, rank);
  bool channelsFirst = layer.isChannelsFirst();
  if (layer.getRank(x) != int64_t(rank) + 2)
    return layer.fault("its input has " + Twine(layer.getRank(x)) + " dimensions, expected " +
                       Twine(rank + 2));
  if (channelsFirst)
    x = layer.toChannelsLast(x);
  if (window.isCausal)
    x = padCausally(layer, x, window);
  x = rank == 1 ? layer.squeeze(body(layer.expandDims(x, 1), addRow(window)), 1) : body(x, window);
  x = addBias(layer, x);
  if (channelsFirst)
    x = layer.toChannelsFirst(x);
  return activate(layer, x);
}

template <size_t rank> static Values buildConvolution(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {inLayout(layer, inputs.front(), rank, [&](Value x, const Window &window) {
    Value kernel = layer.takeWeight();
    if (rank == 1)
      kernel = layer.expandDims(kernel, 0);
    return convolve(layer, x, kernel, window);
  })};
}

template <size_t rank> static Values buildDepthwise(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {inLayout(layer, inputs.front(), rank, [&](Value x, const Window &window) {
    Value kernel = layer.takeWeight();
    if (rank == 1)
      kernel = layer.expandDims(kernel, 0);
    return convolveDepthwise(layer, x, kernel, window);
  })};
}

template <size_t rank> static Values buildSeparable(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {inLayout(layer, inputs.front(), rank, [&](Value x, const Window &window) {
    Value depthwise = layer.takeWeight(), pointwise = layer.takeWeight();
    if (rank == 1) {
      depthwise = layer.expandDims(depthwise, 0);
      pointwise = layer.expandDims(pointwise, 0);
    }
    Window single = {{1, 1}, {1, 1}, {1, 1}, "VALID"};
    return convolve(layer, convolveDepthwise(layer, x, depthwise, window), pointwise, single);
  })};
}

//===----------------------------------------------------------------------===//
// Transposed convolutions
//===----------------------------------------------------------------------===//

/// One size of the result, by Keras' rule.
static int64_t getTransposedSize(int64_t size, int64_t kernel, int64_t stride, bool same,
                                 std::optional<int64_t> outputPadding) {
  if (ShapedType::isDynamic(size))
    return size;
  if (!outputPadding)
    return same ? size * stride : size * stride + std::max<int64_t>(kernel - stride, 0);
  int64_t border = same ? kernel / 2 : 0;
  return (size - 1) * stride + kernel - 2 * border + *outputPadding;
}

/// The shape of the result as a tensor: its batch is that of the input.
static Value makeResultSizes(LayerBuilder &layer, Value x, ArrayRef<int64_t> sizes) {
  if (!ShapedType::isDynamic(layer.getShape(x).front())) {
    Integers all(sizes);
    all.front() = layer.getShape(x).front();
    return layer.makeVector(all);
  }
  Value shape = layer.makeAs<tf::ShapeOp>(layer.b.getI32Type(), x, TypeAttr());
  Value batch = layer.slice(shape, 0, 0, 1);
  return layer.concat({batch, layer.makeVector(sizes.drop_front())}, 0);
}

static Value convolveTransposed(LayerBuilder &layer, Value x, const Window &window,
                                std::optional<Integers> outputPadding) {
  Value kernel = layer.takeWeight(); // [..., oc, ic]
  size_t rank = window.strides.size();
  while (layer.getRank(kernel) < int64_t(rank) + 2 && !layer.hasFailed())
    kernel = layer.expandDims(kernel, 0);
  Integers shape = layer.getShape(x), sizes = {1};
  if (layer.hasFailed() || shape.size() != rank + 2)
    return layer.fault("its input has another number of dimensions");
  if (rank == 3 && any_of(window.dilations, [](int64_t dilation) { return dilation != 1; }))
    return layer.fault("transposed convolutions of volumes with dilation are not supported");
  for (size_t i = 0; i < rank; ++i) {
    sizes.push_back(getTransposedSize(
        shape[i + 1], (window.kernel[i] - 1) * window.dilations[i] + 1, window.strides[i],
        window.padding == "SAME",
        outputPadding ? std::optional<int64_t>((*outputPadding)[i]) : std::nullopt));
    if (ShapedType::isDynamic(sizes.back()))
      return layer.fault("the spatial sizes of its input must be known");
  }
  sizes.push_back(layer.getKnownSize(kernel, rank));
  Value resultSizes = makeResultSizes(layer, x, sizes);
  Integers strides = surround(window.strides);
  Type type = layer.getElementType(x);
  if (rank == 3)
    return layer.makeAs<tf::Conv3DBackpropInputV2Op>(type, resultSizes, kernel, x,
                                                     ArrayRef<int64_t>(strides), window.padding,
                                                     "NDHWC", ArrayRef<int64_t>());
  return layer.makeAs<tf::Conv2DBackpropInputOp>(
      type, resultSizes, kernel, x, ArrayRef<int64_t>(strides), window.padding, ArrayRef<int64_t>(),
      "NHWC", ArrayRef<int64_t>(surround(window.dilations)));
}

template <size_t rank> static Values buildTransposed(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Value *given = layer.config.get("output_padding");
  std::optional<Integers> outputPadding;
  if (given && given->kind() != json::Value::Null) {
    outputPadding = layer.getIntegers("output_padding", rank);
    if (rank == 1)
      outputPadding->insert(outputPadding->begin(), 0);
  }
  return {inLayout(layer, inputs.front(), rank, [&](Value x, Window window) {
    if (rank == 1)
      window.strides.front() = 1;
    return convolveTransposed(layer, x, window, outputPadding);
  })};
}

//===----------------------------------------------------------------------===//
// Dense
//===----------------------------------------------------------------------===//

static Values buildDense(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = layer.multiply(inputs.front(), layer.takeWeight());
  return {activate(layer, addBias(layer, x))};
}

static Values buildEinsumDense(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value kernel = layer.takeWeight();
  StringRef equation = layer.getText("equation", "");
  Value x = layer.makeAs<tf::EinsumOp>(layer.getElementType(inputs.front()),
                                       ValueRange{inputs.front(), kernel}, equation);
  const json::Value *axes = layer.config.get("bias_axes");
  if (axes && axes->kind() == json::Value::String)
    x = layer.make<tf::AddV2Op>(x, layer.takeWeight());
  return {activate(layer, x)};
}

void tflc::keras::addConvolutionLayers(LayerTable &table) {
  table["Conv1D"] = table["Convolution1D"] = buildConvolution<1>;
  table["Conv2D"] = table["Convolution2D"] = buildConvolution<2>;
  table["Conv3D"] = table["Convolution3D"] = buildConvolution<3>;
  table["Conv1DTranspose"] = buildTransposed<1>;
  table["Conv2DTranspose"] = buildTransposed<2>;
  table["Conv3DTranspose"] = buildTransposed<3>;
  table["Dense"] = buildDense;
  table["DepthwiseConv1D"] = buildDepthwise<1>;
  table["DepthwiseConv2D"] = buildDepthwise<2>;
  table["EinsumDense"] = buildEinsumDense;
  table["SeparableConv1D"] = table["SeparableConvolution1D"] = buildSeparable<1>;
  table["SeparableConv2D"] = table["SeparableConvolution2D"] = buildSeparable<2>;
}
