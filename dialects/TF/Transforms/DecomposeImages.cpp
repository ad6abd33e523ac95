//===- DecomposeImages.cpp - operations on pictures and volumes -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Decompositions.h"

#include "PatternHelpers.h"

#include "TF/IR/TFOps.h"

using namespace mlir;
using namespace tflc::tf;

static Value reshape(PatternRewriter &rewriter, Location loc, Value x, ArrayRef<int64_t> sizes) {
  Shape shape(sizes);
  for (int64_t &size : shape)
    size = ShapedType::isDynamic(size) ? -1 : size;
  return rewriter.createOrFold<ReshapeOp>(loc, x, makeVector(rewriter, loc, shape));
}

/// `count` times a size that may be open.
static int64_t scaleSize(int64_t size, int64_t count) {
  return ShapedType::isDynamic(size) ? size : size * count;
}

/// The shape of a tensor whose first size alone may be open.
static std::optional<Shape> getBatchedShape(Value value, size_t rank) {
  std::optional<Shape> shape = getShape(value);
  if (!shape || shape->size() != rank ||
      llvm::is_contained(ArrayRef(*shape).drop_front(), ShapedType::kDynamic))
    return std::nullopt;
  return shape;
}

//===----------------------------------------------------------------------===//
// Pooling of volumes
//===----------------------------------------------------------------------===//

/// A window of a volume is one of its planes, and then one along the depth. Where a window leaves
/// the volume, the number of elements in it is a product too, so that means stay means.
template <typename Op, typename Plane>
static LogicalResult expandPool(Op op, PatternRewriter &rewriter) {
  std::optional<Shape> in = getBatchedShape(op.getInput(), 5),
                       out = getBatchedShape(op.getOutput(), 5);
  ArrayRef<int64_t> window = op.getKsize(), strides = op.getStrides();
  if (!in || !out || op.getDataFormat() != "NDHWC" || window[0] != 1 || window[4] != 1)
    return rewriter.notifyMatchFailure(op, "needs known sizes, and windows within a channel");
  Location loc = op.getLoc();
  auto pool = [&](Value x, Shape sizes, Shape steps) -> Value {
    if (llvm::all_of(sizes, [](int64_t n) { return n == 1; }) && sizes == steps)
      return x;
    return Plane::create(rewriter, loc, x, sizes, steps, op.getPadding(), ArrayRef<int64_t>(),
                         "NHWC");
  };
  int64_t batch = (*in)[0], depth = (*in)[1], channels = (*in)[4];
  Value planes = reshape(rewriter, loc, op.getInput(),
                         {scaleSize(batch, depth), (*in)[2], (*in)[3], channels});
  planes = pool(planes, {1, window[2], window[3], 1}, {1, strides[2], strides[3], 1});
  Value columns = reshape(rewriter, loc, planes, {batch, depth, (*out)[2] * (*out)[3], channels});
  columns = pool(columns, {1, window[1], 1, 1}, {1, strides[1], 1, 1});
  rewriter.replaceOp(op, reshape(rewriter, loc, columns, *out));
  return success();
}

//===----------------------------------------------------------------------===//
// Cubic interpolation
//===----------------------------------------------------------------------===//

namespace {
/// How results lie among the inputs of one dimension, as ResizeBicubic has it.
struct Grid {
  int64_t from, to;
  bool alignCorners, halfPixelCenters;

  double getScale() const {
    return alignCorners && to > 1 ? double(float(from - 1) / float(to - 1))
                                  : double(float(from) / float(to));
  }
};
} // namespace

/// The four weights of the cubic convolution at `place` behind the second of four samples. Keys,
/// "Cubic convolution interpolation for digital image processing", 1981, with the slope `a`.
static std::array<double, 4> getCubicWeights(double place, double a) {
  auto inner = [a](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  auto outer = [a](double x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
  return {outer(place + 1), inner(place), inner(1 - place), outer(2 - place)};
}

/// The matrix [to, from] of one dimension. TensorFlow reads the weights from a table of 1024
/// places. Samples beyond the border are left out with half pixels, and those at the border
/// without.
static std::vector<double> makeCubicMatrix(const Grid &grid) {
  constexpr double tableSize = 1024, keysSlope = -0.5, oldSlope = -0.75;
  std::vector<double> matrix(grid.from * grid.to);
  for (int64_t row = 0; row < grid.to; ++row) {
    float scale = float(grid.getScale());
    float place = grid.halfPixelCenters ? (float(row) + 0.5f) * scale - 0.5f : float(row) * scale;
    auto first = int64_t(std::floor(place));
    double offset = std::nearbyint((place - float(first)) * tableSize) / tableSize;
    auto weights = getCubicWeights(offset, grid.halfPixelCenters ? keysSlope : oldSlope);
    double sum = 0;
    for (int64_t i = 0; i < 4; ++i) {
      int64_t source = first - 1 + i, near = std::clamp<int64_t>(source, 0, grid.from - 1);
      if (grid.halfPixelCenters && source != near)
        continue;
      matrix[row * grid.from + near] += weights[i];
      sum += weights[i];
    }
    if (grid.halfPixelCenters && std::fabs(sum) >= 1e-3)
      for (int64_t column = 0; column < grid.from; ++column)
        matrix[row * grid.from + column] /= sum;
  }
  return matrix;
}

/// Interpolation is linear in the picture: one product with a matrix for each dimension.
static LogicalResult expandBicubic(ResizeBicubicOp op, PatternRewriter &rewriter) {
  std::optional<Shape> in = getBatchedShape(op.getImages(), 4),
                       out = getBatchedShape(op.getResizedImages(), 4);
  if (!in || !out || !getElementType(op.getImages()).isF32())
    return rewriter.notifyMatchFailure(op, "needs known sizes, and float32");
  constexpr int64_t maxElements = 1 << 24;
  Location loc = op.getLoc();
  auto getMatrix = [&](size_t dim) -> Value {
    Grid grid = {(*in)[dim], (*out)[dim], op.getAlignCorners(), op.getHalfPixelCenters()};
    if (grid.from < 1 || grid.to < 1 || grid.from * grid.to > maxElements)
      return {};
    auto type = RankedTensorType::get({grid.to, grid.from}, rewriter.getF32Type());
    return ConstOp::create(rewriter, loc, makeReals(type, makeCubicMatrix(grid)));
  };
  Value lines = getMatrix(1), pixels = getMatrix(2);
  if (!lines || !pixels)
    return rewriter.notifyMatchFailure(op, "the pictures are empty, or too large");
  int64_t batch = (*in)[0], height = (*out)[1], width = (*out)[2], channels = (*in)[3];
  Value x = reshape(rewriter, loc, op.getImages(), {batch, (*in)[1], (*in)[2] * channels});
  x = BatchMatMulV2Op::create(rewriter, loc, lines, x, false, false);
  x = reshape(rewriter, loc, x, {scaleSize(batch, height), (*in)[2], channels});
  x = BatchMatMulV2Op::create(rewriter, loc, pixels, x, false, false);
  rewriter.replaceOp(op, reshape(rewriter, loc, x, {batch, height, width, channels}));
  return success();
}

/// The kernel takes float32.
static LogicalResult widenPictures(ResizeBilinearOp op, PatternRewriter &rewriter) {
  Type type = getElementType(op.getImages());
  if (!type.isInteger())
    return rewriter.notifyMatchFailure(op, "no pictures of integers");
  Value images = CastOp::create(rewriter, op.getLoc(), op.getImages(), rewriter.getF32Type());
  rewriter.modifyOpInPlace(op, [&] { op.getImagesMutable().assign(images); });
  return success();
}

//===----------------------------------------------------------------------===//
// Suppression of boxes
//===----------------------------------------------------------------------===//

/// The first `count` elements: those that are no filling.
static Value takeFirst(PatternRewriter &rewriter, Location loc, Value list, Value count) {
  Value size = ReshapeOp::create(rewriter, loc, count, makeVector(rewriter, loc, 1));
  return SliceOp::create(rewriter, loc, list, makeVector(rewriter, loc, 0), size);
}

/// The operators fill their results up to the most that there can be.
template <typename Op> static LogicalResult fillSuppression(Op op, PatternRewriter &rewriter) {
  if (op.getPadToMaxOutputSize())
    return rewriter.notifyMatchFailure(op, "filled already");
  SmallVector<Type> types;
  auto filled = cast<Op>(rewriter.clone(*op));
  filled.setPadToMaxOutputSize(true);
  if (failed(Op::inferReturnTypes(op->getContext(), op.getLoc(), filled->getOperands(),
                                  filled->getDiscardableAttrDictionary(),
                                  filled->getPropertiesStorage(), {}, types)))
    return failure();
  SmallVector<Value> results;
  for (auto [result, type] : llvm::zip_equal(filled->getResults(), types))
    result.setType(type);
  for (Value result : filled->getResults().drop_back())
    results.push_back(takeFirst(rewriter, op.getLoc(), result, filled.getValidOutputs()));
  results.push_back(filled.getValidOutputs());
  rewriter.replaceOp(op, results);
  return success();
}

static LogicalResult expandSuppression(NonMaxSuppressionV3Op op, PatternRewriter &rewriter) {
  auto filled = NonMaxSuppressionV4Op::create(rewriter, op.getLoc(), op.getBoxes(), op.getScores(),
                                              op.getMaxOutputSize(), op.getIouThreshold(),
                                              op.getScoreThreshold(),
                                              /*pad_to_max_output_size=*/true);
  rewriter.replaceOp(
      op, takeFirst(rewriter, op.getLoc(), filled.getSelectedIndices(), filled.getValidOutputs()));
  return success();
}

static LogicalResult addThreshold(NonMaxSuppressionV2Op op, PatternRewriter &rewriter) {
  Value least = makeScalar(rewriter, op.getLoc(), op.getScores(), -HUGE_VAL);
  rewriter.replaceOpWithNewOp<NonMaxSuppressionV3Op>(
      op, op.getBoxes(), op.getScores(), op.getMaxOutputSize(), op.getIouThreshold(), least);
  return success();
}

void tflc::tf::populateImageDecompositions(RewritePatternSet &patterns) {
  addPattern<AvgPool3DOp>(patterns, expandPool<AvgPool3DOp, AvgPoolOp>);
  addPattern<MaxPool3DOp>(patterns, expandPool<MaxPool3DOp, MaxPoolOp>);
  addPattern<NonMaxSuppressionV2Op>(patterns, addThreshold);
  addPattern<NonMaxSuppressionV3Op>(patterns, expandSuppression);
  addPattern<NonMaxSuppressionV4Op>(patterns, fillSuppression<NonMaxSuppressionV4Op>);
  addPattern<NonMaxSuppressionV5Op>(patterns, fillSuppression<NonMaxSuppressionV5Op>);
  addPattern<ResizeBicubicOp>(patterns, expandBicubic);
  addPattern<ResizeBilinearOp>(patterns, widenPictures);
}
