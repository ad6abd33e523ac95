//===- UnsignedActivations.cpp - bytes as VPDPBUSD wants them -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "InitialSums.h"
#include "Schedule/Nest/Contraction.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"

namespace tflc {
#define GEN_PASS_DEF_UNSIGNEDACTIVATIONS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

/// A contraction of signed bytes: acc + sext(row) * sext(weight).
struct SignedContraction {
  linalg::GenericOp op;
  unsigned row;              // input number
  arith::ExtSIOp extension;  // of the row
  DenseElementsAttr weights; // null where they are data

  Value getWeights() const { return linalg::GenericOp(op).getDpsInputOperand(1 - row)->get(); }
  AffineMap getWeightMap() const {
    linalg::GenericOp copy = op;
    return copy.getMatchingIndexingMap(copy.getDpsInputOperand(1 - row));
  }
};

/// `x` with the sign bit of every byte flipped.
Value flip(OpBuilder &b, Location loc, Value x) {
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, x);
  Value empty = tensor::EmptyOp::create(b, loc, sizes, type.getElementType());
  AffineMap map = b.getMultiDimIdentityMap(type.getRank());
  return linalg::GenericOp::create(
             b, loc, TypeRange{type}, ValueRange{x}, ValueRange{empty},
             ArrayRef<AffineMap>{map, map},
             SmallVector<utils::IteratorType>(type.getRank(), utils::IteratorType::parallel),
             [](OpBuilder &builder, Location at, ValueRange args) {
               Value sign = arith::ConstantOp::create(builder, at, builder.getI8IntegerAttr(-128));
               linalg::YieldOp::create(
                   builder, at, arith::XOrIOp::create(builder, at, args[0], sign).getResult());
             })
      .getResult(0);
}

std::optional<SignedContraction> match(linalg::GenericOp op) {
  if (op.getNumReductionLoops() == 0 || op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1)
    return std::nullopt;
  std::optional<tflc::Contraction> contraction = tflc::matchContraction(op.getBody());
  if (!contraction || !op.getBody()->getArguments().back().getType().isInteger(32))
    return std::nullopt;
  AffineMap outMap = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (outMap.getNumResults() == 0)
    return std::nullopt;
  auto column = dyn_cast<AffineDimExpr>(outMap.getResult(outMap.getNumResults() - 1));
  if (!column)
    return std::nullopt;
  for (const tflc::Factor &factor : {contraction->lhs, contraction->rhs}) {
    auto extension = dyn_cast_if_present<arith::ExtSIOp>(factor.extension);
    if (!extension || !extension.getIn().getType().isInteger(8) || !extension->hasOneUse())
      return std::nullopt;
  }
  // A depthwise kernel multiplies lane by lane: its columns are those of the rows, too.
  for (const tflc::Factor &factor : {contraction->lhs, contraction->rhs}) {
    SignedContraction result{op, factor.input, cast<arith::ExtSIOp>(factor.extension), nullptr};
    AffineMap rowMap = op.getMatchingIndexingMap(op.getDpsInputOperand(factor.input));
    AffineMap weightMap = result.getWeightMap();
    DenseElementsAttr constant;
    if (matchPattern(op.getDpsInputOperand(factor.input)->get(), m_Constant(&constant)) ||
        !weightMap.isProjectedPermutation(/*allowZeroInResults=*/true) ||
        !weightMap.isFunctionOfDim(column.getPosition()))
      continue;
    bool isConstant = matchPattern(result.getWeights(), m_Constant(&result.weights));
    bool isDepthwise = rowMap.isFunctionOfDim(column.getPosition());
    if (isConstant ? !weightMap.isProjectedPermutation()
                   : isDepthwise || op.getNumReductionLoops() != 1)
      continue;
    return result;
  }
  return std::nullopt;
}

/// 128 * the sum of the weights for each combination of the parallel loops that the weights depend
/// on, and the map from the contraction's loops to it.
std::pair<DenseElementsAttr, AffineMap> correction(const SignedContraction &contraction) {
  linalg::GenericOp op = contraction.op;
  AffineMap map = contraction.getWeightMap();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  ArrayRef<int64_t> shape = contraction.weights.getType().getShape();
  SmallVector<int64_t> keptShape;
  SmallVector<AffineExpr> kept;
  SmallVector<bool> keeps;
  for (auto [result, size] : llvm::zip_equal(map.getResults(), shape)) {
    keeps.push_back(iterators[cast<AffineDimExpr>(result).getPosition()] ==
                    utils::IteratorType::parallel);
    if (keeps.back()) {
      keptShape.push_back(size);
      kept.push_back(result);
    }
  }
  int64_t count = 1;
  for (int64_t size : keptShape)
    count *= size;
  SmallVector<int32_t> sums(count, 0);
  SmallVector<int64_t> index(shape.size(), 0);
  for (int8_t weight : contraction.weights.getValues<int8_t>()) {
    int64_t at = 0;
    for (unsigned d = 0; d < shape.size(); ++d)
      if (keeps[d])
        at = at * shape[d] + index[d];
    sums[at] += weight * 128;
    for (unsigned d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
  MLIRContext *context = op.getContext();
  auto type = RankedTensorType::get(keptShape, IntegerType::get(context, 32));
  return {DenseElementsAttr::get(type, ArrayRef(sums)),
          AffineMap::get(map.getNumDims(), 0, kept, context)};
}

/// The sums of `value` along one dimension where they are computed in front of `op`: zero points
/// ask for the same ones.
Value findSums(Value value, unsigned dim, Operation *op) {
  for (Operation *user : value.getUsers()) {
    auto sums = dyn_cast<linalg::GenericOp>(user);
    if (!sums || sums->getBlock() != op->getBlock() || !sums->isBeforeInBlock(op) ||
        sums.getNumDpsInputs() != 1 || sums.getNumReductionLoops() != 1 ||
        sums.getIteratorTypesArray()[dim] != utils::IteratorType::reduction ||
        !sums.getMatchingIndexingMap(sums.getDpsInputOperand(0)).isIdentity())
      continue;
    std::optional<tflc::AddedByte> added = tflc::matchAddedByte(sums.getBody());
    auto fill = sums.getDpsInits()[0].getDefiningOp<linalg::FillOp>();
    if (added && !added->isUnsigned && fill && matchPattern(fill.value(), m_Zero()))
      return sums.getResult(0);
  }
  return nullptr;
}

/// The sums of weights that are data, and the map from the contraction's loops to them.
std::pair<Value, AffineMap> sumWeights(OpBuilder &b, const SignedContraction &contraction) {
  linalg::GenericOp op = contraction.op;
  Location loc = op.getLoc();
  AffineMap map = contraction.getWeightMap();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, contraction.getWeights());
  SmallVector<utils::IteratorType> iterators;
  unsigned reduced = 0;
  for (auto [dim, result] : llvm::enumerate(map.getResults())) {
    auto loop = dyn_cast<AffineDimExpr>(result);
    iterators.push_back(loop ? op.getIteratorTypesArray()[loop.getPosition()]
                             : utils::IteratorType::parallel);
    if (iterators.back() == utils::IteratorType::reduction)
      reduced = dim;
  }
  if (Value known = findSums(contraction.getWeights(), reduced, op))
    return {known, map.dropResult(reduced)};
  sizes.erase(sizes.begin() + reduced);
  Type i32 = b.getI32Type();
  Value zero = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
  Value empty = tensor::EmptyOp::create(b, loc, sizes, i32);
  Value init = linalg::FillOp::create(b, loc, zero, empty).getResult(0);
  AffineMap identity = b.getMultiDimIdentityMap(map.getNumResults());
  auto sums = linalg::GenericOp::create(
      b, loc, init.getType(), contraction.getWeights(), init,
      ArrayRef<AffineMap>{identity, identity.dropResult(reduced)}, iterators,
      [&](OpBuilder &inner, Location at, ValueRange args) {
        Value weight = arith::ExtSIOp::create(inner, at, i32, args[0]);
        linalg::YieldOp::create(inner, at,
                                arith::AddIOp::create(inner, at, args[1], weight).getResult());
      });
  return {sums.getResult(0), map.dropResult(reduced)};
}

struct UnsignedActivationsPass : tflc::impl::UnsignedActivationsBase<UnsignedActivationsPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    const tflc::DotProduct &dot = *target->instructions.dot;
    if (dot.signedBytes || !dot.unsignedBytes)
      return;
    SmallVector<SignedContraction> contractions;
    getOperation().walk([&](linalg::GenericOp op) {
      if (auto contraction = match(op))
        contractions.push_back(*contraction);
    });
    DenseMap<Value, Value> flipped;
    for (SignedContraction &contraction : contractions) {
      OpOperand *row = contraction.op.getDpsInputOperand(contraction.row);
      row->set(flipValue(row->get(), flipped));
      OpBuilder b(contraction.extension);
      Value extended =
          arith::ExtUIOp::create(b, contraction.extension.getLoc(), contraction.extension.getType(),
                                 contraction.extension.getIn());
      contraction.extension.replaceAllUsesWith(extended);
      contraction.extension.erase();
      subtractCorrection(contraction);
    }
  }

private:
  /// The flipped form of `value`; padding is flipped by itself. Other readers of `value` take it
  /// from the flipped form, so that only that one exists in memory.
  Value flipValue(Value value, DenseMap<Value, Value> &flipped) {
    Value &known = flipped[value];
    if (known)
      return known;
    OpBuilder b(&getContext());
    b.setInsertionPointAfterValue(value);
    Location loc = value.getLoc();
    auto pad = value.getDefiningOp<tensor::PadOp>();
    IntegerAttr padding;
    if (pad && matchPattern(pad.getConstantPaddingValue(), m_Constant(&padding))) {
      Value source = flipValue(pad.getSource(), flipped);
      b.setInsertionPoint(pad);
      Value constant = arith::ConstantOp::create(
          b, loc, b.getI8IntegerAttr(static_cast<int8_t>(padding.getInt() ^ 0x80)));
      Value result = tensor::PadOp::create(b, loc, pad.getResultType(), source,
                                           pad.getMixedLowPad(), pad.getMixedHighPad(), constant);
      return flipped[value] = result;
    }
    Value result = flip(b, loc, value);
    if (value.getDefiningOp<linalg::GenericOp>()) {
      // Readers flip back what they read; fusion makes that a part of their bodies.
      b.setInsertionPointAfterValue(result);
      SmallVector<OpOperand *> others;
      for (OpOperand &use : value.getUses())
        if (use.getOwner() != result.getDefiningOp())
          others.push_back(&use);
      bool allLinalg = llvm::all_of(others, [](OpOperand *use) {
        auto generic = dyn_cast<linalg::GenericOp>(use->getOwner());
        return generic && generic.getNumParallelLoops() == generic.getNumLoops();
      });
      if (allLinalg)
        for (OpOperand *use : others) {
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPoint(use->getOwner());
          use->set(flip(b, loc, result));
        }
    }
    return flipped[value] = result;
  }

  /// A bias that is constant and broadcast along `map`, less `values`; null for another value.
  static Value subtractFromConstant(Value init, DenseElementsAttr values, AffineMap map) {
    auto start = init.getDefiningOp<linalg::GenericOp>();
    DenseIntElementsAttr bias;
    if (!start || start.getNumDpsInputs() != 1 ||
        start.getBody()->getTerminator()->getOperand(0) != start.getBody()->getArgument(0) ||
        !matchPattern(start.getDpsInputOperand(0)->get(), m_Constant(&bias)) ||
        bias.getType() != values.getType() ||
        start.getMatchingIndexingMap(start.getDpsInputOperand(0)) != map ||
        !start.getMatchingIndexingMap(start.getDpsInitOperand(0)).isIdentity())
      return nullptr;
    SmallVector<APInt> differences;
    for (auto [value, correction] :
         llvm::zip_equal(bias.getValues<APInt>(), values.getValues<APInt>()))
      differences.push_back(value - correction);
    ImplicitLocOpBuilder b(start.getLoc(), start);
    auto moved = cast<linalg::GenericOp>(b.clone(*start));
    b.setInsertionPoint(moved);
    moved.getDpsInputOperand(0)->set(
        arith::ConstantOp::create(b, DenseElementsAttr::get(bias.getType(), differences)));
    return moved.getResult(0);
  }

  void subtractCorrection(const SignedContraction &contraction) {
    linalg::GenericOp op = contraction.op;
    ImplicitLocOpBuilder b(op.getLoc(), op);
    OpOperand *init = op.getDpsInitOperand(0);
    if (!contraction.weights) {
      auto [sums, map] = sumWeights(b, contraction);
      constexpr int64_t half = 128;
      return tflc::subtractFromSums(b, *init, sums, tflc::mapFromOutput(op, map), half);
    }
    auto [values, map] = correction(contraction);
    AffineMap constantMap = tflc::mapFromOutput(op, map);
    if (Value moved = subtractFromConstant(init->get(), values, constantMap))
      init->set(moved);
    else
      tflc::subtractFromSums(b, *init, arith::ConstantOp::create(b, values), constantMap, 1);
  }
};

} // namespace
