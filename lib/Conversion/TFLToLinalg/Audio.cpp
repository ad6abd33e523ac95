//===- Audio.cpp - spectrograms and their coefficients --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CustomLowerings.h"
#include "IndexMath.h"
#include "Loops.h"
#include "Utils.h"

#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

static constexpr double pi = 3.14159265358979323846;

static Value createTable(OpBuilder &builder, Location loc, ArrayRef<float> values,
                         ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return arith::ConstantOp::create(builder, loc, type, DenseElementsAttr::get(type, values));
}

//===----------------------------------------------------------------------===//
// AudioSpectrogram
//===----------------------------------------------------------------------===//

/// Bin k of a frame is the sum of its samples, each times its weight in a Hann window and times
/// cos(2 pi i k / N) or sin(2 pi i k / N), with N the window's size rounded up to a power of two.
/// The product i k is taken modulo N, so that both need one table of N numbers.
FailureOr<SmallVector<Value>> tflc::lowerSpectrogram(ConversionPatternRewriter &rewriter,
                                                     tfl::CustomOp op, ValueRange operands,
                                                     const tfl::SpectrogramOptions &options) {
  Location loc = op.getLoc();
  IndexMath math(rewriter, loc);
  Value input = operands[0];
  int64_t length = llvm::PowerOf2Ceil(options.windowSize);
  std::vector<float> window, cosines;
  for (int64_t i = 0; i < options.windowSize; ++i)
    window.push_back(0.5 - 0.5 * std::cos(2 * pi * i / options.windowSize));
  for (int64_t i = 0; i < length; ++i)
    cosines.push_back(std::cos(2 * pi * i / length));
  Value weights = createTable(rewriter, loc, window, options.windowSize);
  Value waves = createTable(rewriter, loc, cosines, length);

  OpFoldResult samples = tensor::getMixedSize(rewriter, loc, input, 0);
  OpFoldResult rest = math.sub(samples, math.get(options.windowSize));
  OpFoldResult frames = math.div(math.max(math.add(rest, math.get(options.stride)), math.get(0)),
                                 math.get(options.stride));
  Value result = buildElementwise(
      rewriter, loc, {},
      {tensor::getMixedSize(rewriter, loc, input, 1), frames, math.get(length / 2 + 1)},
      rewriter.getF32Type(), [&](OpBuilder &builder, Location at, ValueRange) -> Value {
        ScalarBuilder b(builder, at);
        auto number = [&](int64_t value) { return b.integer(builder.getIndexType(), value); };
        Value channel = linalg::IndexOp::create(builder, at, 0);
        Value frame = linalg::IndexOp::create(builder, at, 1);
        Value bin = linalg::IndexOp::create(builder, at, 2);
        Value start = b.emit<arith::MulIOp>(frame, number(options.stride));
        Value zero = b.constant(b.f32(), 0);
        SmallVector<Value> sums = buildLoops(
            b, number(options.windowSize), {zero, zero},
            [&](ScalarBuilder &b, ValueRange i, ValueRange args) -> SmallVector<Value> {
              Value sample = extract(b, input, {b.emit<arith::AddIOp>(start, i[0]), channel});
              sample = b.emit<arith::MulFOp>(sample, extract(b, weights, i));
              Value mask = number(length - 1);
              Value phase = b.emit<arith::AndIOp>(b.emit<arith::MulIOp>(i[0], bin), mask);
              // -sin(x) = cos(x + pi / 2); the sign plays no role for the magnitude.
              Value quarter = b.emit<arith::AddIOp>(phase, number(length / 4));
              Value other = length < 4 ? number(0) : b.emit<arith::AndIOp>(quarter, mask);
              auto addWave = [&](Value sum, Value wave) -> Value {
                return b.emit<arith::AddFOp>(
                    sum, b.emit<arith::MulFOp>(sample, extract(b, waves, wave)));
              };
              // Of two samples every sine is zero.
              Value imaginary = length < 4 ? args[1] : addWave(args[1], other);
              return {addWave(args[0], phase), imaginary};
            });
        Value power = b.emit<arith::AddFOp>(b.emit<arith::MulFOp>(sums[0], sums[0]),
                                            b.emit<arith::MulFOp>(sums[1], sums[1]));
        return options.isSquared ? power : b.emit<math::SqrtOp>(power);
      });
  return SmallVector<Value>{result};
}

//===----------------------------------------------------------------------===//
// Mfcc
//===----------------------------------------------------------------------===//

/// Triangles over the bins, evenly spaced on the mel scale: row c of the matrix holds the share of
/// each bin in channel c. Nothing where the spectrogram ends below the upper limit.
static std::optional<std::vector<float>> makeFilterbank(const tfl::MfccOptions &options,
                                                        int64_t bins, double sampleRate) {
  auto getMel = [](double frequency) { return 1127.0 * std::log1p(frequency / 700.0); };
  double low = getMel(options.lowerFrequency), high = getMel(options.upperFrequency);
  std::vector<double> centers;
  for (int64_t c = 0; c <= options.numChannels; ++c)
    centers.push_back(low + (high - low) / double(options.numChannels + 1) * double(c + 1));
  double width = 0.5 * sampleRate / double(bins - 1);
  double first = 1.5 + options.lowerFrequency / width, last = options.upperFrequency / width;
  if (!(last < double(bins)))
    return std::nullopt;
  std::vector<float> matrix(options.numChannels * bins, 0.0f);
  int64_t channel = 0;
  for (int64_t i = int64_t(first); i <= int64_t(last); ++i) {
    double mel = getMel(double(i) * width);
    while (channel < options.numChannels && centers[channel] < mel)
      ++channel;
    // Between the centre before and the one at `channel`.
    double before = channel > 0 ? centers[channel - 1] : low;
    double share = (centers[channel] - mel) / (centers[channel] - before);
    if (channel > 0)
      matrix[(channel - 1) * bins + i] = float(share);
    if (channel < options.numChannels)
      matrix[channel * bins + i] = float(1 - share);
  }
  return matrix;
}

/// The rows of a transform to the first coefficients of the discrete cosine series.
static std::vector<float> makeCosineTransform(const tfl::MfccOptions &options) {
  std::vector<float> matrix;
  double norm = std::sqrt(2.0 / double(options.numChannels));
  for (int64_t i = 0; i < options.numCoefficients; ++i)
    for (int64_t c = 0; c < options.numChannels; ++c)
      matrix.push_back(norm *
                       std::cos(double(i) * pi / double(options.numChannels) * (double(c) + 0.5)));
  return matrix;
}

/// `result[a, f, r] = sum over i of value[a, f, i] * matrix[r, i]`.
static Value multiplyRows(OpBuilder &builder, Location loc, Value value, Value matrix) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  sizes[2] = tensor::getMixedSize(builder, loc, matrix, 0);
  Value init = createFilled(builder, loc, sizes, createZero(builder, loc, builder.getF32Type()));
  AffineExpr a, f, r, i;
  bindDims(builder.getContext(), a, f, r, i);
  auto map = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(4, 0, exprs, builder.getContext());
  };
  SmallVector<utils::IteratorType> iterators(3, utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), ValueRange{value, matrix}, init,
             ArrayRef<AffineMap>{map({a, f, i}), map({r, i}), map({a, f, r})}, iterators,
             [](OpBuilder &b, Location at, ValueRange args) {
               Value product = arith::MulFOp::create(b, at, args[0], args[1]);
               linalg::YieldOp::create(b, at,
                                       arith::AddFOp::create(b, at, args[2], product).getResult());
             })
      .getResult(0);
}

FailureOr<SmallVector<Value>> tflc::lowerMfcc(ConversionPatternRewriter &rewriter, tfl::CustomOp op,
                                              ValueRange operands,
                                              const tfl::MfccOptions &options) {
  Location loc = op.getLoc();
  int64_t bins = cast<RankedTensorType>(operands[0].getType()).getDimSize(2);
  std::optional<int64_t> rate = tfl::evaluateInt(op.getInputs()[1]);
  auto filterbank = rate ? makeFilterbank(options, bins, double(*rate)) : std::nullopt;
  if (!filterbank)
    return failure();
  auto map = [&](Value value, auto body) {
    return buildElementwise(rewriter, loc, value, tensor::getMixedSizes(rewriter, loc, value),
                            rewriter.getF32Type(),
                            [&](OpBuilder &builder, Location at, ValueRange args) -> Value {
                              ScalarBuilder b(builder, at);
                              return body(b, args[0]);
                            });
  };
  constexpr double floor = 1e-12;
  Value magnitudes = map(operands[0], [](ScalarBuilder &b, Value power) -> Value {
    return b.emit<math::SqrtOp>(power);
  });
  Value channels =
      multiplyRows(rewriter, loc, magnitudes,
                   createTable(rewriter, loc, *filterbank, {options.numChannels, bins}));
  Value logs = map(channels, [&](ScalarBuilder &b, Value energy) -> Value {
    Value least = b.constant(b.f32(), floor);
    Value isLow = b.compare(arith::CmpFPredicate::OLT, energy, least);
    return b.emit<math::LogOp>(b.select(isLow, least, energy));
  });
  Value transform = createTable(rewriter, loc, makeCosineTransform(options),
                                {options.numCoefficients, options.numChannels});
  return SmallVector<Value>{multiplyRows(rewriter, loc, logs, transform)};
}
