//===- SignalOperations.cpp - spectra of signals --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

namespace {
/// How a signal is cut into frames, and what each is multiplied with.
struct Framing {
  int64_t length = 0, step = 0, fftLength = 0;
  StringRef window;
  bool isCentered = true;
};
} // namespace

static constexpr double pi = 3.141592653589793;

/// Real and imaginary part of the spectrum along the last dimension.
static Values transform(LayerBuilder &layer, Value x, int64_t length) {
  Type real = layer.getElementType(x);
  Value spectrum = layer.makeAs<tf::RFFTOp>(ComplexType::get(real), x, layer.makeVector({length}));
  return {layer.makeAs<tf::RealOp>(real, spectrum), layer.makeAs<tf::ImagOp>(real, spectrum)};
}

static Values buildRealFourier(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  int64_t size = layer.getKnownSize(x, -1), length = layer.getInteger("fft_length", size);
  // The kernel takes powers of two only.
  if (layer.hasFailed() || length < 1 || (length & (length - 1)) || !layer.isFloat(x))
    return {layer.fault("only transforms whose length is a power of two are supported")};
  return transform(layer, x, length);
}

/// A window of `length` numbers with zeros around it, periodic as spectra want it.
static std::vector<float> makeWindow(const Framing &framing) {
  std::vector<float> window(framing.fftLength);
  int64_t begin = (framing.fftLength - framing.length) / 2;
  double offset = framing.window == "hamming" ? 0.54 : 0.5;
  for (int64_t i = 0; i < framing.length; ++i)
    window[begin + i] =
        float(framing.window.empty()
                  ? 1.0
                  : offset - (1 - offset) * std::cos(2 * pi * double(i) / framing.length));
  return window;
}

/// The short-time spectrum: [..., t] gives [..., frames, bins], twice.
static Values transformFrames(LayerBuilder &layer, Value x, const Framing &framing) {
  int64_t rank = layer.getRank(x), last = rank - 1, length = framing.fftLength;
  bool isKnownWindow =
      framing.window.empty() || framing.window == "hann" || framing.window == "hamming";
  if (rank < 1 || !layer.isFloat(x) || framing.length < 1 || framing.step < 1 ||
      length < framing.length || (length & (length - 1)) || !isKnownWindow)
    return {layer.fault("only windows of Hann and Hamming, and lengths that are powers of two, "
                        "are supported")};
  if (framing.isCentered) {
    Integers edges(2 * rank, 0);
    edges[2 * last] = edges[2 * last + 1] = length / 2;
    Value paddings = layer.reshape(layer.makeVector(edges), {rank, 2});
    x = layer.make<tf::MirrorPadOp>(x, paddings, "REFLECT");
  }
  int64_t size = layer.getKnownSize(x, last);
  if (layer.hasFailed() || size < length)
    return {layer.fault("the signal is shorter than a frame")};
  int64_t count = (size - length) / framing.step + 1;
  constexpr int64_t maxPlaces = 1 << 26;
  if (count > maxPlaces / length)
    return {layer.fault("it has too many frames")};
  Integers places;
  for (int64_t frame = 0; frame < count; ++frame)
    for (int64_t i = 0; i < length; ++i)
      places.push_back(frame * framing.step + i);
  Value indices = layer.reshape(layer.makeVector(places), {count, length});
  Value frames = layer.make<tf::GatherV2Op>(x, indices, layer.makeIndex(last));
  frames = layer.make<tf::MulOp>(frames, layer.makeFloats(makeWindow(framing), {length}));
  return transform(layer, frames, length);
}

/// Windows that a list of numbers gives are none of those with a name.
static StringRef readWindow(LayerBuilder &layer) {
  const json::Value *window = layer.config.get("window");
  if (window && window->kind() == json::Value::Null)
    return "";
  return layer.getText("window", "hann");
}

static Values buildStft(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Framing framing = {layer.getInteger("sequence_length"), layer.getInteger("sequence_stride"),
                     layer.getInteger("fft_length"), readWindow(layer),
                     layer.getFlag("center", true)};
  return transformFrames(layer, inputs.front(), framing);
}

//===----------------------------------------------------------------------===//
// Mel scale
//===----------------------------------------------------------------------===//

/// Hertz on the mel scale, 2595 * log10(1 + f / 700).
static double toMel(double frequency) { return 1127 * std::log(1 + frequency / 700); }

/// Triangles with a peak of 1 on the mel scale: [bins, mels]. The bin of frequency 0 has no weight.
static std::vector<float> makeMelMatrix(int64_t bins, int64_t mels, double rate, double low,
                                        double high) {
  std::vector<float> matrix(bins * mels);
  double first = toMel(low), step = (toMel(high) - first) / double(mels + 1);
  for (int64_t bin = 1; bin < bins; ++bin) {
    double place = toMel(rate / 2 * double(bin) / double(bins - 1));
    for (int64_t mel = 0; mel < mels; ++mel) {
      double begin = first + step * double(mel), middle = begin + step, end = middle + step;
      double rise = (place - begin) / (middle - begin), fall = (end - place) / (end - middle);
      matrix[bin * mels + mel] = float(std::max(0.0, std::min(rise, fall)));
    }
  }
  return matrix;
}

/// Decibels above `ref_power`, at most `top_db` below the largest value of all.
static Value toDecibels(LayerBuilder &layer, Value x) {
  double least = layer.getNumber("min_power", 1e-10);
  double reference = std::max(std::fabs(layer.getNumber("ref_power", 1)), least);
  x = layer.make<tf::LogOp>(layer.make<tf::MaximumOp>(x, layer.makeScalar(least, x)));
  x = layer.make<tf::MulOp>(x, layer.makeScalar(10 / std::log(10.0), x));
  x = layer.make<tf::SubOp>(x, layer.makeScalar(10 * std::log10(reference), x));
  Integers all = llvm::to_vector(llvm::seq<int64_t>(0, layer.getRank(x)));
  Value most = layer.make<tf::MaxOp>(x, layer.makeVector(all), /*keep_dims=*/false);
  Value floor = layer.make<tf::SubOp>(most, layer.makeScalar(layer.getNumber("top_db", 80), most));
  return layer.make<tf::MaximumOp>(x, floor);
}

static Values buildMelSpectrogram(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t fftLength = layer.getInteger("fft_length", 2048);
  Framing framing = {layer.getInteger("sequence_length", fftLength),
                     layer.getInteger("sequence_stride", 512), fftLength, readWindow(layer), true};
  Values parts = transformFrames(layer, inputs.front(), framing);
  if (layer.hasFailed())
    return {inputs.front()};
  Value power = layer.make<tf::AddV2Op>(layer.make<tf::SquareOp>(parts[0]),
                                        layer.make<tf::SquareOp>(parts[1]));
  double exponent = layer.getNumber("mag_exp", 2);
  if (exponent != 2)
    power = layer.make<tf::PowOp>(power, layer.makeScalar(exponent / 2, power));
  double rate = layer.getNumber("sampling_rate", 16000);
  int64_t bins = fftLength / 2 + 1, mels = layer.getInteger("num_mel_bins", 128);
  constexpr int64_t maxMels = 1 << 14;
  if (mels < 1 || mels > maxMels)
    return {layer.fault("its number of bins is out of range")};
  std::vector<float> matrix = makeMelMatrix(bins, mels, rate, layer.getNumber("min_freq", 20),
                                            layer.getNumber("max_freq", rate / 2));
  Value x = layer.multiply(power, layer.makeFloats(matrix, {bins, mels}));
  if (layer.getFlag("power_to_db", true))
    x = toDecibels(layer, x);
  Integers order = llvm::to_vector(llvm::seq<int64_t>(0, layer.getRank(x)));
  if (layer.hasFailed() || order.size() < 2)
    return {layer.fault("it has no frames")};
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return {layer.transpose(x, order)};
}

void tflc::keras::addSignalLayers(LayerTable &table) {
  table["MelSpectrogram"] = buildMelSpectrogram;
}

void tflc::keras::addSignalOperations(LayerTable &table) {
  table["RFFT"] = buildRealFourier;
  table["STFT"] = buildStft;
}
