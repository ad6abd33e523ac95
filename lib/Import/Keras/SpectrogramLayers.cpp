//===- SpectrogramLayers.cpp - short-time spectra by convolutions ---------===//
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

/// What Keras adds below roots and logarithms.
static constexpr double epsilon = 1e-7;

/// A signal [b, t, c] as pictures [b * c, 1, t, 1] of one line.
static Value toLines(LayerBuilder &layer, Value x, int64_t channels) {
  if (channels == 1)
    return layer.expandDims(x, 1);
  int64_t steps = layer.getKnownSize(x, 1);
  return layer.reshape(layer.transpose(x, {0, 2, 1}), {-1, 1, steps, 1});
}

/// The products of each frame with the layer's next kernel [length, 1, bins], a window times sines
/// or cosines: [b * c, 1, frames, bins].
static Value correlate(LayerBuilder &layer, Value lines, int64_t step) {
  Value kernel = layer.expandDims(layer.takeWeight(), 0);
  if (layer.hasFailed() || layer.getRank(kernel) != 4 || step < 1)
    return layer.fault("its kernel or step is not that of a spectrogram");
  SmallVector<int64_t> strides = {1, 1, step, 1}, dilations = {1, 1, 1, 1};
  bool isSame = layer.getText("padding", "valid") == "same";
  return layer.make<tf::Conv2DOp>(lines, kernel, ArrayRef<int64_t>(strides),
                                  isSame ? "SAME" : "VALID", ArrayRef<int64_t>(), "NHWC",
                                  ArrayRef<int64_t>(dilations));
}

/// From [b * c, 1, frames, bins] to the order of dimensions that the layer promises.
static Value arrange(LayerBuilder &layer, Value x, int64_t channels, bool isChannelsFirst) {
  bool isExpanded = layer.getFlag("expand_dims", false);
  if (channels == 1) {
    if (isExpanded)
      return isChannelsFirst ? x : layer.expandDims(layer.squeeze(x, 1), 3);
    x = layer.squeeze(x, 1);
    return isChannelsFirst ? layer.transpose(x, {0, 2, 1}) : x;
  }
  int64_t frames = layer.getKnownSize(x, 2), bins = layer.getKnownSize(x, 3);
  x = layer.reshape(x, {-1, channels, frames, bins});
  if (isExpanded)
    return isChannelsFirst ? x : layer.transpose(x, {0, 2, 3, 1});
  return isChannelsFirst
             ? layer.reshape(layer.transpose(x, {0, 1, 3, 2}), {-1, channels * bins, frames})
             : layer.reshape(layer.transpose(x, {0, 2, 1, 3}), {-1, frames, channels * bins});
}

/// Twice the power, but for the first and the last bin, which have no mirror image.
static Value addMirrored(LayerBuilder &layer, Value power) {
  std::vector<float> factors(layer.getKnownSize(power, 3), 2);
  factors.front() = factors.back() = 1;
  return layer.make<tf::MulOp>(power, layer.makeFloats(factors, {int64_t(factors.size())}));
}

/// What a mode makes of both parts of the spectrum.
static Value combine(LayerBuilder &layer, StringRef mode, Value real, Value imaginary) {
  if (mode == "stft")
    return layer.concat({real, imaginary}, 3);
  if (mode == "angle")
    return layer.make<tf::Atan2Op>(imaginary, real);
  Value power =
      layer.make<tf::AddV2Op>(layer.make<tf::SquareOp>(real), layer.make<tf::SquareOp>(imaginary));
  if (mode == "psd")
    return addMirrored(layer, power);
  auto limit = [&](Value x) { return layer.make<tf::MaximumOp>(x, layer.makeScalar(epsilon, x)); };
  Value magnitude = layer.make<tf::SqrtOp>(limit(power));
  if (mode == "log")
    return layer.make<tf::LogOp>(limit(magnitude));
  if (mode != "magnitude")
    return layer.fault("the mode '" + mode + "' is not supported");
  return magnitude;
}

static Values buildSpectrogram(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  if (layer.getRank(x) != 3 || !layer.isFloat(x))
    return {layer.fault("its input is no signal with channels")};
  bool isChannelsFirst = layer.isChannelsFirst();
  if (isChannelsFirst)
    x = layer.toChannelsLast(x);
  int64_t channels = layer.getKnownSize(x, 2), length = layer.getInteger("frame_length", 256);
  const json::Value *given = layer.config.get("frame_step");
  int64_t step = given && given->getAsInteger() ? *given->getAsInteger() : length / 2;
  StringRef mode = layer.getText("mode", "log");
  if (layer.hasFailed())
    return {x};
  Value lines = toLines(layer, x, channels);
  Value result;
  if (mode == "real" || mode == "imag") {
    result = correlate(layer, lines, step);
  } else {
    Value real = correlate(layer, lines, step);
    result = combine(layer, mode, real, correlate(layer, lines, step));
  }
  if (layer.hasFailed())
    return {x};
  return {arrange(layer, result, channels, isChannelsFirst)};
}

void tflc::keras::addSpectrogramLayers(LayerTable &table) {
  table["STFTSpectrogram"] = buildSpectrogram;
}
