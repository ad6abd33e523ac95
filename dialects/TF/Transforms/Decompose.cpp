//===- Decompose.cpp - operations made of simpler ones --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/TFOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_DECOMPOSEPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

static LogicalResult expandSoftplus(SoftplusOp op, PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  Value exponential = ExpOp::create(rewriter, loc, op.getX());
  Value sum = AddV2Op::create(rewriter, loc, exponential, makeScalar(rewriter, loc, op.getX(), 1));
  rewriter.replaceOpWithNewOp<LogOp>(op, sum);
  return success();
}

static LogicalResult expandSoftsign(SoftsignOp op, PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  Value x = op.getX();
  Value sum = AddV2Op::create(rewriter, loc, AbsOp::create(rewriter, loc, x),
                              makeScalar(rewriter, loc, x, 1));
  rewriter.replaceOpWithNewOp<RealDivOp>(op, x, sum);
  return success();
}

static LogicalResult expandSelu(SeluOp op, PatternRewriter &rewriter) {
  // The ELU is exp(x) - 1 for what lies below 0.
  Location loc = op.getLoc();
  Value x = op.getX();
  constexpr double scale = 1.0507009873554805, alpha = 1.6732632423543772;
  Value zero = makeScalar(rewriter, loc, x, 0);
  Value isPositive = GreaterOp::create(rewriter, loc, x, zero);
  Value above = MulOp::create(rewriter, loc, x, makeScalar(rewriter, loc, x, scale));
  Value below = MulOp::create(rewriter, loc, EluOp::create(rewriter, loc, x),
                              makeScalar(rewriter, loc, x, scale * alpha));
  rewriter.replaceOpWithNewOp<SelectV2Op>(op, isPositive, above, below);
  return success();
}

static LogicalResult expandLog1p(Log1pOp op, PatternRewriter &rewriter) {
  Value sum = AddV2Op::create(rewriter, op.getLoc(), op.getX(),
                              makeScalar(rewriter, op.getLoc(), op.getX(), 1));
  rewriter.replaceOpWithNewOp<LogOp>(op, sum);
  return success();
}

static LogicalResult expandExpm1(Expm1Op op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<SubOp>(op, ExpOp::create(rewriter, op.getLoc(), op.getX()),
                                     makeScalar(rewriter, op.getLoc(), op.getX(), 1));
  return success();
}

template <typename Op> static LogicalResult expandReciprocal(Op op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<RealDivOp>(op, makeScalar(rewriter, op.getLoc(), op.getX(), 1),
                                         op.getX());
  return success();
}

static LogicalResult expandTan(TanOp op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<RealDivOp>(op, SinOp::create(rewriter, op.getLoc(), op.getX()),
                                         CosOp::create(rewriter, op.getLoc(), op.getX()));
  return success();
}

static LogicalResult expandOnesLike(OnesLikeOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type)
    return failure();
  if (type.hasStaticShape() && isWorthFolding(type, 0)) {
    auto one =
        cast<DenseElementsAttr>(getConstant(makeScalar(rewriter, op.getLoc(), op.getX(), 1)));
    rewriter.replaceOpWithNewOp<ConstOp>(op, one.resizeSplat(type));
    return success();
  }
  Value zeros = ZerosLikeOp::create(rewriter, op.getLoc(), op.getX());
  rewriter.replaceOpWithNewOp<AddV2Op>(op, zeros, makeScalar(rewriter, op.getLoc(), op.getX(), 1));
  return success();
}

static LogicalResult expandIsNan(IsNanOp op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<NotEqualOp>(op, op.getX(), op.getX());
  return success();
}

static LogicalResult expandIsInf(IsInfOp op, PatternRewriter &rewriter) {
  Value infinity = makeScalar(rewriter, op.getLoc(), op.getX(), HUGE_VAL);
  rewriter.replaceOpWithNewOp<EqualOp>(op, AbsOp::create(rewriter, op.getLoc(), op.getX()),
                                       infinity);
  return success();
}

static LogicalResult expandIsFinite(IsFiniteOp op, PatternRewriter &rewriter) {
  // Of infinities and NaN the difference with itself is NaN, which equals nothing.
  Value difference = SubOp::create(rewriter, op.getLoc(), op.getX(), op.getX());
  rewriter.replaceOpWithNewOp<EqualOp>(op, difference, difference);
  return success();
}

/// `quotient` where the factor is not zero, and 0 elsewhere.
static void replaceByZeroWhere(Operation *op, Value factor, Value value,
                               PatternRewriter &rewriter) {
  Value zero = makeScalar(rewriter, op->getLoc(), factor, 0);
  Value isZero = EqualOp::create(rewriter, op->getLoc(), factor, zero);
  rewriter.replaceOpWithNewOp<SelectV2Op>(op, isZero, zero, value);
}

static LogicalResult expandDivNoNan(DivNoNanOp op, PatternRewriter &rewriter) {
  replaceByZeroWhere(op, op.getY(), RealDivOp::create(rewriter, op.getLoc(), op.getX(), op.getY()),
                     rewriter);
  return success();
}

static LogicalResult expandMulNoNan(MulNoNanOp op, PatternRewriter &rewriter) {
  replaceByZeroWhere(op, op.getY(), MulOp::create(rewriter, op.getLoc(), op.getX(), op.getY()),
                     rewriter);
  return success();
}

static LogicalResult expandXdivy(XdivyOp op, PatternRewriter &rewriter) {
  replaceByZeroWhere(op, op.getX(), RealDivOp::create(rewriter, op.getLoc(), op.getX(), op.getY()),
                     rewriter);
  return success();
}

static LogicalResult expandXlogy(XlogyOp op, PatternRewriter &rewriter) {
  Value logarithm = LogOp::create(rewriter, op.getLoc(), op.getY());
  replaceByZeroWhere(op, op.getX(), MulOp::create(rewriter, op.getLoc(), op.getX(), logarithm),
                     rewriter);
  return success();
}

static LogicalResult expandXlog1py(Xlog1pyOp op, PatternRewriter &rewriter) {
  Value logarithm = Log1pOp::create(rewriter, op.getLoc(), op.getY());
  replaceByZeroWhere(op, op.getX(), MulOp::create(rewriter, op.getLoc(), op.getX(), logarithm),
                     rewriter);
  return success();
}

/// The operator takes 64-bit integers not at all.
static LogicalResult expandSquaredDifference(SquaredDifferenceOp op, PatternRewriter &rewriter) {
  if (!getElementType(op.getZ()).isInteger(64))
    return rewriter.notifyMatchFailure(op, "there is an operator");
  Value difference = SubOp::create(rewriter, op.getLoc(), op.getX(), op.getY());
  rewriter.replaceOpWithNewOp<MulOp>(op, difference, difference);
  return success();
}

static LogicalResult expandClip(ClipByValueOp op, PatternRewriter &rewriter) {
  Value upper = MinimumOp::create(rewriter, op.getLoc(), op.getT(), op.getClipValueMax());
  rewriter.replaceOpWithNewOp<MaximumOp>(op, upper, op.getClipValueMin());
  return success();
}

static LogicalResult expandAddN(AddNOp op, PatternRewriter &rewriter) {
  if (op.getInputs().size() > 2)
    return rewriter.notifyMatchFailure(op, "there is an operator for more than two");
  if (op.getInputs().size() == 1)
    rewriter.replaceOp(op, op.getInputs()[0]);
  else
    rewriter.replaceOpWithNewOp<AddV2Op>(op, op.getInputs()[0], op.getInputs()[1]);
  return success();
}

//===----------------------------------------------------------------------===//
// Norms
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

static LogicalResult expandSize(SizeOp op, PatternRewriter &rewriter) {
  Type type = getElementType(op.getOutput());
  Value shape = ShapeOp::create(rewriter, op.getLoc(), op.getInput(), TypeAttr::get(type));
  rewriter.replaceOpWithNewOp<ProdOp>(op, shape, makeVector(rewriter, op.getLoc(), 0));
  return success();
}

static LogicalResult expandShapeN(ShapeNOp op, PatternRewriter &rewriter) {
  SmallVector<Value> shapes;
  for (auto [input, output] : llvm::zip_equal(op.getInput(), op.getOutput()))
    shapes.push_back(
        ShapeOp::create(rewriter, op.getLoc(), input, TypeAttr::get(getElementType(output))));
  rewriter.replaceOp(op, shapes);
  return success();
}

static LogicalResult expandEmpty(EmptyOp op, PatternRewriter &rewriter) {
  Value zero = makeScalar(rewriter, op.getLoc(), op.getOutput(), 0);
  rewriter.replaceOpWithNewOp<FillOp>(op, op.getShape(), zero);
  return success();
}

/// What lies beyond the lower and upper diagonals becomes zero.
static LogicalResult expandBandPart(MatrixBandPartOp op, PatternRewriter &rewriter) {
  std::optional<Shape> shape = getShape(op.getInput());
  std::optional<int64_t> lower = evaluateInt(op.getNumLower()),
                         upper = evaluateInt(op.getNumUpper());
  if (!shape || shape->size() < 2 || !lower || !upper)
    return rewriter.notifyMatchFailure(op, "unknown rank or diagonals");
  int64_t rows = (*shape)[shape->size() - 2], columns = shape->back();
  auto type = RankedTensorType::get({rows, columns}, rewriter.getI1Type());
  constexpr int64_t maxElements = 1 << 24;
  if (getNumElements(type.getShape()).value_or(maxElements) >= maxElements)
    return rewriter.notifyMatchFailure(op, "matrices of unknown size, or very large ones");
  auto isInBand = [&](int64_t row, int64_t column) {
    return (*lower < 0 || row - column <= *lower) && (*upper < 0 || column - row <= *upper);
  };
  if (DenseElementsAttr constant = getConstant(op.getInput())) {
    bool isFloat = isa<FloatType>(constant.getElementType());
    auto resultType = cast<RankedTensorType>(constant.getType());
    std::vector<double> reals = isFloat ? getReals(constant) : std::vector<double>();
    std::vector<int64_t> integers = isFloat ? std::vector<int64_t>() : getIntegers(constant);
    for (int64_t i = 0; i < constant.getNumElements(); ++i)
      if (!isInBand(i / columns % rows, i % columns))
        (isFloat ? reals[i] = 0 : integers[i] = 0);
    rewriter.replaceOpWithNewOp<ConstOp>(op, isFloat ? makeReals(resultType, reals)
                                                     : makeIntegers(resultType, integers));
    return success();
  }
  SmallVector<bool> band;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column)
      band.push_back(isInBand(row, column));
  Value mask = ConstOp::create(rewriter, op.getLoc(), DenseElementsAttr::get(type, ArrayRef(band)));
  rewriter.replaceOpWithNewOp<SelectV2Op>(op, mask, op.getInput(),
                                          makeScalar(rewriter, op.getLoc(), op.getInput(), 0));
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

static LogicalResult expandConcat(ConcatOp op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<ConcatV2Op>(op, op.getValues(), op.getConcatDim());
  return success();
}

static LogicalResult expandLinSpace(LinSpaceOp op, PatternRewriter &rewriter) {
  std::optional<int64_t> count = evaluateInt(op.getNum());
  DenseElementsAttr start = getConstant(op.getStart()), stop = getConstant(op.getStop());
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!count || *count < 1 || !start || !stop || !type || !type.hasStaticShape() ||
      !isa<FloatType>(type.getElementType()) || !isWorthFolding(type, 0))
    return rewriter.notifyMatchFailure(op, "needs constants");
  double first = getReals(start)[0], last = getReals(stop)[0];
  std::vector<double> values;
  for (int64_t i = 0; i < *count; ++i)
    values.push_back(*count == 1 ? first : first + (last - first) * double(i) / double(*count - 1));
  rewriter.replaceOpWithNewOp<ConstOp>(op, makeReals(type, values));
  return success();
}

/// Rolling by a constant joins the last elements and the first ones.
static LogicalResult expandRoll(RollOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  auto shifts = evaluateAllInts(op.getShift()), axes = evaluateAllInts(op.getAxis());
  if (!type || !shifts || !axes || shifts->size() != axes->size())
    return rewriter.notifyMatchFailure(op, "needs constant shifts and axes");
  Location loc = op.getLoc();
  Value result = op.getInput();
  for (auto [shift, given] : llvm::zip_equal(*shifts, *axes)) {
    std::optional<int64_t> axis = normalizeAxis(given, type.getRank(), std::nullopt);
    if (!axis || type.isDynamicDim(*axis))
      return rewriter.notifyMatchFailure(op, "needs a known size");
    int64_t size = type.getDimSize(*axis);
    int64_t places = size == 0 ? 0 : (shift % size + size) % size;
    if (places == 0)
      continue;
    auto slice = [&](int64_t first, int64_t count) {
      Shape begin(type.getRank(), 0), sizes(type.getRank(), -1);
      begin[*axis] = first;
      sizes[*axis] = count;
      return SliceOp::create(rewriter, loc, result, makeVector(rewriter, loc, begin),
                             makeVector(rewriter, loc, sizes))
          .getResult();
    };
    Value parts[] = {slice(size - places, places), slice(0, size - places)};
    auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
    Value dim = ConstOp::create(rewriter, loc, makeIntegers(scalar, *axis));
    result = ConcatV2Op::create(rewriter, loc, parts, dim);
  }
  rewriter.replaceOp(op, result);
  return success();
}

/// Interleaving by constant indices gathers from what is joined; of several rows for one place the
/// last one counts.
static LogicalResult expandStitch(DynamicStitchOp op, PatternRewriter &rewriter) {
  size_t count = op.getInputs().size() / 2;
  ValueRange indices = op.getInputs().take_front(count), data = op.getInputs().drop_front(count);
  Location loc = op.getLoc();
  llvm::SmallDenseMap<int64_t, int64_t> sources;
  int64_t row = 0, size = 0;
  SmallVector<Value> rows;
  for (auto [index, values] : llvm::zip(indices, data)) {
    auto places = evaluateAllInts(index);
    std::optional<Shape> indexShape = getShape(index), shape = getShape(values);
    if (!places || !indexShape || !shape || shape->size() < indexShape->size())
      return rewriter.notifyMatchFailure(op, "needs constant indices");
    for (int64_t place : *places) {
      if (place < 0 || place > 1 << 20)
        return rewriter.notifyMatchFailure(op, "an index outside of any range");
      sources[place] = row++;
      size = std::max(size, place + 1);
    }
    Shape flat = {int64_t(places->size())};
    flat.append(shape->begin() + indexShape->size(), shape->end());
    if (llvm::is_contained(flat, ShapedType::kDynamic))
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    rows.push_back(rewriter.createOrFold<ReshapeOp>(loc, values, makeVector(rewriter, loc, flat)));
  }
  if (int64_t(sources.size()) != size || rows.empty())
    return rewriter.notifyMatchFailure(op, "places that nothing fills");
  Shape order;
  for (int64_t place = 0; place < size; ++place)
    order.push_back(sources[place]);
  auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
  Value zero = ConstOp::create(rewriter, loc, makeIntegers(scalar, int64_t(0)));
  Value joined = ConcatV2Op::create(rewriter, loc, rows, zero);
  rewriter.replaceOpWithNewOp<GatherV2Op>(op, joined, makeVector(rewriter, loc, order), zero, 0);
  return success();
}

namespace {

class Decompose : public tflc::tf::impl::DecomposePassBase<Decompose> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<AddNOp>(patterns, expandAddN);
    addPattern<ClipByValueOp>(patterns, expandClip);
    addPattern<ConcatOp>(patterns, expandConcat);
    addPattern<DivNoNanOp>(patterns, expandDivNoNan);
    addPattern<DynamicStitchOp>(patterns, expandStitch);
    addPattern<EmptyOp>(patterns, expandEmpty);
    addPattern<Expm1Op>(patterns, expandExpm1);
    addPattern<InvOp>(patterns, expandReciprocal<InvOp>);
    addPattern<IsFiniteOp>(patterns, expandIsFinite);
    addPattern<IsInfOp>(patterns, expandIsInf);
    addPattern<IsNanOp>(patterns, expandIsNan);
    addPattern<LinSpaceOp>(patterns, expandLinSpace);
    addPattern<Log1pOp>(patterns, expandLog1p);
    addPattern<Conv2DBackpropInputOp>(patterns, expandDilation);
    addPattern<FusedBatchNormOp>(patterns, expandTrainingNorm<FusedBatchNormOp>);
    addPattern<FusedBatchNormV2Op>(patterns, expandTrainingNorm<FusedBatchNormV2Op>);
    addPattern<FusedBatchNormV3Op>(patterns, expandTrainingNorm<FusedBatchNormV3Op>);
    addPattern<MatrixBandPartOp>(patterns, expandBandPart);
    addPattern<MulNoNanOp>(patterns, expandMulNoNan);
    addPattern<OnesLikeOp>(patterns, expandOnesLike);
    addPattern<ReciprocalOp>(patterns, expandReciprocal<ReciprocalOp>);
    addPattern<RollOp>(patterns, expandRoll);
    addPattern<SeluOp>(patterns, expandSelu);
    addPattern<ShapeNOp>(patterns, expandShapeN);
    addPattern<SizeOp>(patterns, expandSize);
    addPattern<SoftplusOp>(patterns, expandSoftplus);
    addPattern<SoftsignOp>(patterns, expandSoftsign);
    addPattern<TanOp>(patterns, expandTan);
    addPattern<XdivyOp>(patterns, expandXdivy);
    addPattern<SquaredDifferenceOp>(patterns, expandSquaredDifference);
    addPattern<Xlog1pyOp>(patterns, expandXlog1py);
    addPattern<XlogyOp>(patterns, expandXlogy);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
