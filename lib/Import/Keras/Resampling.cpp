//===- Resampling.cpp - pictures in another size by weighted sums ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//
//
// Methods for which no operator stands are linear in the picture: one product with a matrix for
// each dimension. The weights are those of TensorFlow's ScaleAndTranslate and ResizeArea.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

namespace {
/// What a sample counts at a distance from the place that is asked for, up to `radius`.
struct Kernel {
  double radius;
  double (*weigh)(double distance);
};
} // namespace

static double weighTriangle(double x) { return x < 1 ? 1 - x : 0; }

/// Keys, "Cubic convolution interpolation for digital image processing", 1981, with a slope of
/// -1/2.
static double weighCubic(double x) {
  if (x >= 2)
    return 0;
  return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1;
}

/// Mitchell and Netravali, "Reconstruction filters in computer graphics", 1988, with B = C = 1/3.
static double weighMitchell(double x) {
  if (x >= 2)
    return 0;
  return x >= 1 ? ((-7.0 / 18 * x + 2) * x - 10.0 / 3) * x + 16.0 / 9
                : (7.0 / 6 * x - 2) * x * x + 8.0 / 9;
}

static double weighGaussian(double x) {
  constexpr double radius = 1.5, sigma = radius / 3;
  return x >= radius ? 0 : std::exp(-x * x / (2 * sigma * sigma));
}

/// sinc(x) * sinc(x / radius)
template <int radius> static double weighLanczos(double x) {
  constexpr double pi = 3.141592653589793;
  if (x > radius)
    return 0;
  return x <= 1e-3 ? 1 : radius * std::sin(pi * x) * std::sin(pi * x / radius) / (pi * pi * x * x);
}

static std::optional<Kernel> getKernel(StringRef method) {
  return llvm::StringSwitch<std::optional<Kernel>>(method)
      .Case("bilinear", Kernel{1, weighTriangle})
      .Case("bicubic", Kernel{2, weighCubic})
      .Case("mitchellcubic", Kernel{2, weighMitchell})
      .Case("gaussian", Kernel{1.5, weighGaussian})
      .Case("lanczos3", Kernel{3, weighLanczos<3>})
      .Case("lanczos5", Kernel{5, weighLanczos<5>})
      .Default(std::nullopt);
}

/// The matrix [to, from] of one dimension: rows that sum to one. Against aliasing, the kernel is as
/// much wider as the picture becomes smaller.
static std::vector<float> makeMatrix(const Kernel &kernel, bool antialias, int64_t from,
                                     int64_t to) {
  std::vector<float> matrix(from * to);
  double scale = double(from) / double(to), width = antialias ? std::max(scale, 1.0) : 1.0;
  std::vector<double> weights(from);
  for (int64_t row = 0; row < to; ++row) {
    double place = (double(row) + 0.5) * scale, sum = 0;
    for (int64_t i = 0; i < from; ++i)
      sum += weights[i] = kernel.weigh(std::fabs(double(i) + 0.5 - place) / width);
    for (int64_t i = 0; i < from; ++i)
      matrix[row * from + i] = float(weights[i] / sum);
  }
  return matrix;
}

/// The mean over what each result covers, also parts of a sample.
static std::vector<float> makeAreaMatrix(int64_t from, int64_t to) {
  std::vector<float> matrix(from * to);
  double scale = double(from) / double(to);
  for (int64_t row = 0; row < to; ++row) {
    double begin = double(row) * scale, end = double(row + 1) * scale;
    for (int64_t i = 0; i < from; ++i) {
      double covered = std::min(end, double(i + 1)) - std::max(begin, double(i));
      matrix[row * from + i] = float(std::max(covered, 0.0) / scale);
    }
  }
  return matrix;
}

Value tflc::keras::resample(LayerBuilder &layer, Value x, int64_t height, int64_t width,
                            StringRef method, bool antialias) {
  std::optional<Kernel> kernel = getKernel(method);
  if (!kernel && method != "area")
    return layer.fault("the interpolation '" + method + "' is not supported");
  int64_t lines = layer.getKnownSize(x, 1), pixels = layer.getKnownSize(x, 2);
  int64_t channels = layer.getKnownSize(x, 3);
  constexpr int64_t maxElements = 1 << 24;
  if (layer.hasFailed() || lines < 1 || pixels < 1 || lines > maxElements / height ||
      pixels > maxElements / width)
    return layer.fault("its pictures are empty, or too large");
  auto getMatrix = [&](int64_t from, int64_t to) {
    return layer.makeFloats(
        kernel ? makeMatrix(*kernel, antialias, from, to) : makeAreaMatrix(from, to), {to, from});
  };
  Value matrix = getMatrix(lines, height);
  x = layer.reshape(x, {-1, lines, pixels * channels});
  x = layer.make<tf::BatchMatMulV2Op>(matrix, x, false, false);
  matrix = getMatrix(pixels, width);
  x = layer.reshape(x, {-1, pixels, channels});
  x = layer.make<tf::BatchMatMulV2Op>(matrix, x, false, false);
  return layer.reshape(x, {-1, height, width, channels});
}
