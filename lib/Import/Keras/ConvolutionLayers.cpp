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

/// `kernel` has the sizes of the kernel where the configuration does not say them.
static Window readWindow(LayerBuilder &layer, size_t rank, ArrayRef<int64_t> kernel = {}) {
  Window window;
  window.kernel = kernel.empty() ? layer.getIntegers("kernel_size", rank) : Integers(kernel);
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

/// The operator for volumes knows no groups of channels: one for each, side by side.
static Value convolveVolumes(LayerBuilder &layer, Value x, Value kernel, const Window &window) {
  int64_t inputs = layer.getKnownSize(kernel, 3), outputs = layer.getKnownSize(kernel, 4);
  int64_t groups = layer.getKnownSize(x, 4) / inputs;
  constexpr int64_t maxGroups = 1 << 12;
  if (layer.hasFailed() || outputs % groups != 0 || groups > maxGroups)
    return layer.fault("its filters cannot be divided into groups");
  Integers strides = surround(window.strides), dilations = surround(window.dilations);
  Values parts;
  for (int64_t group = 0; group < groups; ++group) {
    Value part = x, filters = kernel;
    if (groups > 1) {
      part = layer.slice(x, 4, group * inputs, inputs);
      filters = layer.slice(kernel, 4, group * (outputs / groups), outputs / groups);
    }
    parts.push_back(layer.make<tf::Conv3DOp>(part, filters, ArrayRef<int64_t>(strides),
                                             window.padding, "NDHWC",
                                             ArrayRef<int64_t>(dilations)));
  }
  return groups > 1 ? layer.concat(parts, 4) : parts.front();
}

static Value convolve(LayerBuilder &layer, Value x, Value kernel, const Window &window) {
  if (!fitsChannels(layer, x, kernel, /*allowsGroups=*/true))
    return x;
  if (window.strides.size() == 3)
    return convolveVolumes(layer, x, kernel, window);
  Integers strides = surround(window.strides), dilations = surround(window.dilations);
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

using WindowBody = llvm::function_ref<Value(Value, const Window &)>;

/// Runs `body` on channels last and in at least two spatial dimensions, then `finish` on channels
/// last.
static Value inLayout(LayerBuilder &layer, Value x, const Window &window, WindowBody body,
                      llvm::function_ref<Value(Value)> finish) {
  size_t rank = window.strides.size();
  bool channelsFirst = layer.isChannelsFirst();
  if (layer.getRank(x) != int64_t(rank) + 2)
    return layer.fault("its input has " + Twine(layer.getRank(x)) + " dimensions, expected " +
                       Twine(rank + 2));
  if (channelsFirst)
    x = layer.toChannelsLast(x);
  if (window.isCausal)
    x = padCausally(layer, x, window);
  x = rank == 1 ? layer.squeeze(body(layer.expandDims(x, 1), addRow(window)), 1) : body(x, window);
  x = finish(x);
  return channelsFirst ? layer.toChannelsFirst(x) : x;
}

/// A layer: its window is configured, and a bias and an activation follow.
static Value inLayout(LayerBuilder &layer, Value x, size_t rank, WindowBody body) {
  Value y = inLayout(layer, x, readWindow(layer, rank), body,
                     [&](Value value) { return addBias(layer, value); });
  return activate(layer, y);
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

/// A constant kernel [..., oc, ic] with zeros between its elements.
static Value dilateKernel(LayerBuilder &layer, Value kernel, ArrayRef<int64_t> dilations) {
  auto constant = kernel.getDefiningOp<tf::ConstOp>();
  auto values = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  if (!values || !values.getElementType().isF32() || values.getType().getRank() != 5)
    return layer.fault("only constant kernels can be dilated");
  ArrayRef<int64_t> from = values.getType().getShape();
  Integers to(from);
  int64_t inner = from[3] * from[4], place = 0, count = inner;
  constexpr int64_t maxCount = 1 << 26;
  for (auto [size, dilation] : zip(to, dilations)) {
    if (dilation > maxCount || (size - 1) * dilation >= maxCount / std::max<int64_t>(count, 1))
      return layer.fault("its dilated kernel is too large");
    size = (size - 1) * dilation + 1;
    count *= size;
  }
  std::vector<float> all(count);
  auto numbers = values.getValues<float>();
  for (int64_t d = 0; d < from[0]; ++d)
    for (int64_t h = 0; h < from[1]; ++h)
      for (int64_t w = 0; w < from[2]; ++w) {
        int64_t row = (d * dilations[0] * to[1] + h * dilations[1]) * to[2] + w * dilations[2];
        for (int64_t i = 0; i < inner; ++i)
          all[row * inner + i] = numbers[place++];
      }
  return layer.makeFloats(all, to);
}

/// `kernel`: [..., oc, ic].
static Value convolveTransposed(LayerBuilder &layer, Value x, Value kernel, const Window &window,
                                std::optional<Integers> outputPadding) {
  size_t rank = window.strides.size();
  while (layer.getRank(kernel) < int64_t(rank) + 2 && !layer.hasFailed())
    kernel = layer.expandDims(kernel, 0);
  Integers shape = layer.getShape(x), sizes = {1};
  if (layer.hasFailed() || shape.size() != rank + 2)
    return layer.fault("its input has another number of dimensions");
  // The operator for volumes knows no dilation.
  if (rank == 3 && any_of(window.dilations, [](int64_t dilation) { return dilation != 1; }))
    kernel = dilateKernel(layer, kernel, window.dilations);
  if (layer.hasFailed())
    return x;
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

static std::optional<Integers> readOutputPadding(LayerBuilder &layer, size_t rank) {
  const json::Value *given = layer.config.get("output_padding");
  if (!given || given->kind() == json::Value::Null)
    return std::nullopt;
  Integers padding = layer.getIntegers("output_padding", rank);
  if (rank == 1)
    padding.insert(padding.begin(), 0);
  return padding;
}

/// The same, with the one row of a window of one dimension.
static Value transposeWindow(LayerBuilder &layer, Value x, Value kernel, Window window,
                             size_t rank) {
  if (rank == 1)
    window.strides.front() = 1;
  return convolveTransposed(layer, x, kernel, window, readOutputPadding(layer, rank));
}

template <size_t rank> static Values buildTransposed(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {inLayout(layer, inputs.front(), rank, [&](Value x, const Window &window) {
    return transposeWindow(layer, x, layer.takeWeight(), window, rank);
  })};
}

//===----------------------------------------------------------------------===//
// Operations of keras.ops, whose kernels are inputs
//===----------------------------------------------------------------------===//

using KernelBody =
    llvm::function_ref<Value(Value x, ArrayRef<Value> kernels, const Window &window)>;

/// Runs `body` on an input and its `count` kernels, of as many dimensions as the input has.
static Values inOperation(LayerBuilder &layer, ArrayRef<Value> inputs, size_t count,
                          KernelBody body) {
  if (inputs.size() != count + 1)
    return {
        layer.fault("it has " + Twine(inputs.size()) + " inputs, expected " + Twine(count + 1))};
  int64_t rank = layer.getRank(inputs[0]) - 2;
  Integers sizes = layer.getShape(inputs[1]);
  if (rank < 1 || rank > 3 || int64_t(sizes.size()) != rank + 2 ||
      is_contained(sizes, ShapedType::kDynamic))
    return {layer.fault("its input and its kernel do not fit")};
  sizes.resize(rank);
  Values kernels(inputs.drop_front());
  if (rank == 1)
    for (Value &kernel : kernels)
      kernel = layer.expandDims(kernel, 0);
  return {inLayout(
      layer, inputs[0], readWindow(layer, rank, sizes),
      [&](Value x, const Window &window) { return body(x, kernels, window); },
      [](Value x) { return x; })};
}

static Values buildConvOperation(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return inOperation(layer, inputs, 1, [&](Value x, ArrayRef<Value> kernels, const Window &window) {
    return convolve(layer, x, kernels[0], window);
  });
}

static Values buildDepthwiseOperation(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return inOperation(layer, inputs, 1, [&](Value x, ArrayRef<Value> kernels, const Window &window) {
    return convolveDepthwise(layer, x, kernels[0], window);
  });
}

static Values buildSeparableOperation(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return inOperation(layer, inputs, 2, [&](Value x, ArrayRef<Value> kernels, const Window &window) {
    Window single = {{1, 1}, {1, 1}, {1, 1}, "VALID"};
    return convolve(layer, convolveDepthwise(layer, x, kernels[0], window), kernels[1], single);
  });
}

static Values buildTransposedOperation(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return inOperation(layer, inputs, 1, [&](Value x, ArrayRef<Value> kernels, const Window &window) {
    size_t rank = layer.getRank(inputs[0]) - 2;
    return transposeWindow(layer, x, kernels[0], window, rank);
  });
}

void tflc::keras::addConvolutionOperations(LayerTable &table) {
  table["Conv"] = buildConvOperation;
  table["ConvTranspose"] = buildTransposedOperation;
  table["DepthwiseConv"] = buildDepthwiseOperation;
  table["SeparableConv"] = buildSeparableOperation;
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
