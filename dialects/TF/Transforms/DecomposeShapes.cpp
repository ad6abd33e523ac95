//===- DecomposeShapes.cpp - order of elements by simpler operations ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Decompositions.h"

#include "PatternHelpers.h"

#include "TF/IR/TFOps.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tflc::tf;

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

/// The band of a matrix whose size or diagonals are known at run time only: an element is in it
/// where its row and column do not lie too far apart.
static LogicalResult expandOpenBand(MatrixBandPartOp op, PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  Value x = op.getInput();
  if (std::optional<Shape> shape = getShape(x); shape && shape->size() < 2)
    return rewriter.notifyMatchFailure(op, "no matrix");
  auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
  auto number = [&](int64_t value) -> Value {
    return ConstOp::create(rewriter, loc, makeIntegers(scalar, value));
  };
  Value sizes = ShapeOp::create(rewriter, loc, x, TypeAttr());
  // Counted from behind: the number of dimensions may be open.
  auto count = [&](int64_t dim) -> Value {
    Value size = StridedSliceOp::create(
        rewriter, loc, sizes, makeVector(rewriter, loc, dim), makeVector(rewriter, loc, dim + 1),
        makeVector(rewriter, loc, 1), 0, 0, 0, 0, /*shrink_axis_mask=*/1);
    return RangeOp::create(rewriter, loc, number(0), size, number(1));
  };
  Value rows = ExpandDimsOp::create(rewriter, loc, count(-2), number(1));
  Value below = SubOp::create(rewriter, loc, rows, count(-1));
  auto limit = [&](Value distance, Value given) -> Value {
    Value most = rewriter.createOrFold<CastOp>(loc, given, rewriter.getI32Type());
    Value isNear = LessEqualOp::create(rewriter, loc, distance, most);
    return LogicalOrOp::create(rewriter, loc, isNear,
                               LessOp::create(rewriter, loc, most, number(0)));
  };
  Value band = LogicalAndOp::create(rewriter, loc, limit(below, op.getNumLower()),
                                    limit(NegOp::create(rewriter, loc, below), op.getNumUpper()));
  rewriter.replaceOpWithNewOp<SelectV2Op>(op, band, x, makeScalar(rewriter, loc, x, 0));
  return success();
}

/// What lies beyond the lower and upper diagonals becomes zero.
static LogicalResult expandBandPart(MatrixBandPartOp op, PatternRewriter &rewriter) {
  std::optional<Shape> shape = getShape(op.getInput());
  std::optional<int64_t> lower = evaluateInt(op.getNumLower()),
                         upper = evaluateInt(op.getNumUpper());
  if (!shape || shape->size() < 2 || !lower || !upper)
    return expandOpenBand(op, rewriter);
  int64_t rows = (*shape)[shape->size() - 2], columns = shape->back();
  auto type = RankedTensorType::get({rows, columns}, rewriter.getI1Type());
  constexpr int64_t maxElements = 1 << 24;
  if (getNumElements(type.getShape()).value_or(maxElements) >= maxElements)
    return expandOpenBand(op, rewriter);
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
  // Several shifts along one axis are one.
  llvm::MapVector<int64_t, int64_t> placesByAxis;
  for (auto [shift, given] : llvm::zip_equal(*shifts, *axes)) {
    std::optional<int64_t> axis = normalizeAxis(given, type.getRank(), std::nullopt);
    if (!axis || type.isDynamicDim(*axis))
      return rewriter.notifyMatchFailure(op, "needs a known size");
    int64_t size = std::max<int64_t>(type.getDimSize(*axis), 1);
    int64_t &places = placesByAxis[*axis];
    places = ((places + shift % size) % size + size) % size;
  }
  for (auto [axis, places] : placesByAxis) {
    if (places == 0)
      continue;
    int64_t size = type.getDimSize(axis);
    auto slice = [&, axis = axis](int64_t first, int64_t count) {
      Shape begin(type.getRank(), 0), sizes(type.getRank(), -1);
      begin[axis] = first;
      sizes[axis] = count;
      return SliceOp::create(rewriter, loc, result, makeVector(rewriter, loc, begin),
                             makeVector(rewriter, loc, sizes))
          .getResult();
    };
    Value parts[] = {slice(size - places, places), slice(0, size - places)};
    auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
    Value dim = ConstOp::create(rewriter, loc, makeIntegers(scalar, axis));
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

/// A spectrum along one dimension is that of rows of one line each.
static LogicalResult expandFourier(RFFTOp op, PatternRewriter &rewriter) {
  std::optional<Shape> shape = getShape(op.getInput());
  std::optional<int64_t> length = evaluateInt(op.getFftLength());
  if (!shape || !length)
    return rewriter.notifyMatchFailure(op, "needs a known rank and length");
  Location loc = op.getLoc();
  int64_t line = int64_t(shape->size()) - 1;
  auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
  Value lines = ExpandDimsOp::create(rewriter, loc, op.getInput(),
                                     ConstOp::create(rewriter, loc, makeIntegers(scalar, line)));
  Value spectrum = RFFT2DOp::create(rewriter, loc, lines, makeVector(rewriter, loc, {1, *length}));
  rewriter.replaceOpWithNewOp<SqueezeOp>(op, op.getType(), spectrum, ArrayRef<int64_t>(line));
  return success();
}

void tflc::tf::populateShapeDecompositions(RewritePatternSet &patterns) {
  addPattern<ConcatOp>(patterns, expandConcat);
  addPattern<DynamicStitchOp>(patterns, expandStitch);
  addPattern<EmptyOp>(patterns, expandEmpty);
  addPattern<LinSpaceOp>(patterns, expandLinSpace);
  addPattern<MatrixBandPartOp>(patterns, expandBandPart);
  addPattern<RFFTOp>(patterns, expandFourier);
  addPattern<RollOp>(patterns, expandRoll);
  addPattern<ShapeNOp>(patterns, expandShapeN);
  addPattern<SizeOp>(patterns, expandSize);
}
