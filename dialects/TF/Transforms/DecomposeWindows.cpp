//===- DecomposeWindows.cpp - norms and windows of simpler operations -----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Decompositions.h"

#include "PatternHelpers.h"

#include "TF/IR/TFOps.h"

using namespace mlir;
using namespace tflc::tf;

/// The number that all elements of a value equal, which may be filled at run time.
static std::optional<double> getFilledNumber(Value value) {
  auto fill = value.getDefiningOp<FillOp>();
  return getNumber(fill ? fill.getValue() : value);
}

/// A batch norm with the statistics of its input, which is how Keras 2 writes a layer norm.
template <typename Op> static LogicalResult expandTrainingNorm(Op op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getX().getType());
  if (!op.getIsTraining() || !type)
    return rewriter.notifyMatchFailure(op, "for inference, or of unknown rank");
  for (Value unused : op->getResults().drop_front())
    if (!unused.use_empty())
      return rewriter.notifyMatchFailure(op, "statistics are used");
  Location loc = op.getLoc();
  int64_t rank = type.getRank(), channel = op.getDataFormat().starts_with("NC") ? 1 : rank - 1;
  SmallVector<int64_t> dims;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (dim != channel)
      dims.push_back(dim);
  Value axes = makeVector(rewriter, loc, dims), x = op.getX();
  Value mean = MeanOp::create(rewriter, loc, x, axes, /*keep_dims=*/true);
  Value squares = SquaredDifferenceOp::create(rewriter, loc, x, mean);
  Value variance = MeanOp::create(rewriter, loc, squares, axes, /*keep_dims=*/true);
  Value epsilon = makeScalar(rewriter, loc, x, op.getEpsilon().convertToDouble());
  Value root = RsqrtOp::create(rewriter, loc, AddV2Op::create(rewriter, loc, variance, epsilon));
  Value y = MulOp::create(rewriter, loc, SubOp::create(rewriter, loc, x, mean), root);
  // One value a channel, with as many dimensions behind it as the input has.
  Shape view = {-1};
  view.append(rank - 1 - channel, 1);
  auto spread = [&](Value value) -> Value {
    return ReshapeOp::create(rewriter, loc, value, makeVector(rewriter, loc, view));
  };
  if (getFilledNumber(op.getScale()) != 1.0)
    y = MulOp::create(rewriter, loc, y, spread(op.getScale()));
  if (getFilledNumber(op.getOffset()) != 0.0)
    y = AddV2Op::create(rewriter, loc, y, spread(op.getOffset()));
  rewriter.replaceAllUsesWith(op->getResult(0), y);
  rewriter.eraseOp(op);
  return success();
}

static LogicalResult expandCrossEntropy(SoftmaxCrossEntropyWithLogitsOp op,
                                        PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  auto type = dyn_cast<RankedTensorType>(op.getBackprop().getType());
  if (!type || !op.getBackprop().use_empty())
    return rewriter.notifyMatchFailure(op, "unknown rank, or the gradient is used");
  Value logarithms = LogSoftmaxOp::create(rewriter, loc, op.getFeatures());
  Value products = MulOp::create(rewriter, loc, op.getLabels(), logarithms);
  Value sums = SumOp::create(rewriter, loc, products, makeVector(rewriter, loc, type.getRank() - 1),
                             /*keep_dims=*/false);
  rewriter.replaceAllUsesWith(op.getLoss(), NegOp::create(rewriter, loc, sums));
  rewriter.eraseOp(op);
  return success();
}

/// A row of zeros with a one stands for each label.
static LogicalResult expandSparseCrossEntropy(SparseSoftmaxCrossEntropyWithLogitsOp op,
                                              PatternRewriter &rewriter) {
  std::optional<Shape> shape = getShape(op.getFeatures());
  if (!shape || shape->size() != 2 || ShapedType::isDynamic(shape->back()) ||
      !op.getBackprop().use_empty())
    return rewriter.notifyMatchFailure(op, "unknown sizes, or the gradient is used");
  Location loc = op.getLoc();
  auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
  Value depth = ConstOp::create(rewriter, loc, makeIntegers(scalar, shape->back()));
  Value labels = OneHotOp::create(rewriter, loc, op.getLabels(), depth,
                                  makeScalar(rewriter, loc, op.getFeatures(), 1),
                                  makeScalar(rewriter, loc, op.getFeatures(), 0), /*axis=*/-1);
  auto entropy = SoftmaxCrossEntropyWithLogitsOp::create(rewriter, loc, op.getFeatures(), labels);
  rewriter.replaceOp(op, entropy);
  return success();
}

/// A filter with zeros between its rows and columns does what a dilation does.
static LogicalResult expandDilation(Conv2DBackpropInputOp op, PatternRewriter &rewriter) {
  DenseElementsAttr filter = getConstant(op.getFilter());
  ArrayRef<int64_t> dilations = op.getDilations();
  if (!filter || dilations.size() != 4 || op.getDataFormat() != "NHWC" ||
      (dilations[1] == 1 && dilations[2] == 1) || !isa<FloatType>(filter.getElementType()))
    return rewriter.notifyMatchFailure(op, "no constant filter, or not dilated");
  ArrayRef<int64_t> shape = filter.getType().getShape();
  Shape wide(shape);
  constexpr int64_t maxElements = 1 << 26;
  for (unsigned dim : {0, 1})
    wide[dim] = (shape[dim] - 1) * dilations[dim + 1] + 1;
  std::optional<int64_t> count = getNumElements(wide);
  if (!count || *count > maxElements)
    return rewriter.notifyMatchFailure(op, "the filter would be very large");
  std::vector<double> values = getReals(filter), spread(*count);
  Shape from = getStrides(shape), to = getStrides(wide);
  for (int64_t i = 0, end = values.size(); i < end; ++i)
    spread[i / from[0] * dilations[1] * to[0] + i / from[1] % shape[1] * dilations[2] * to[1] +
           i % from[1]] = values[i];
  auto type = RankedTensorType::get(wide, filter.getElementType());
  Value constant = ConstOp::create(rewriter, op.getLoc(), makeReals(type, spread));
  rewriter.modifyOpInPlace(op, [&] {
    op.getFilterMutable().assign(constant);
    op.setDilations({1, 1, 1, 1});
  });
  return success();
}

void tflc::tf::populateWindowDecompositions(RewritePatternSet &patterns) {
  addPattern<Conv2DBackpropInputOp>(patterns, expandDilation);
  addPattern<FusedBatchNormOp>(patterns, expandTrainingNorm<FusedBatchNormOp>);
  addPattern<FusedBatchNormV2Op>(patterns, expandTrainingNorm<FusedBatchNormV2Op>);
  addPattern<FusedBatchNormV3Op>(patterns, expandTrainingNorm<FusedBatchNormV3Op>);
  addPattern<SoftmaxCrossEntropyWithLogitsOp>(patterns, expandCrossEntropy);
  addPattern<SparseSoftmaxCrossEntropyWithLogitsOp>(patterns, expandSparseCrossEntropy);
}
