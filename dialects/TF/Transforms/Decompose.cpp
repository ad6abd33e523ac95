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
    addPattern<XlogyOp>(patterns, expandXlogy);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
