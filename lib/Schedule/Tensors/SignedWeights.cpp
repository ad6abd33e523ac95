//===- SignedWeights.cpp - weights of bytes without a zero point ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Weights with a zero point, less that, are integers of 9 bits, and no instruction multiplies
// those. Where columns share their rows, a sum is split: x * (w - z) is x * (w - 128), products of
// signed bytes, less (z - 128) times the sum of the row, which all columns have in common.
// Depthwise windows share nothing; there each weight becomes the sum of two signed bytes.
//
//===----------------------------------------------------------------------===//

#include "InitialSums.h"
#include "Schedule/Nest/Contraction.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace tflc {
#define GEN_PASS_DEF_SIGNEDWEIGHTS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

/// A contraction acc + ext(row) * (ext(weight) - zero) in 32 bits, with constant weights.
struct OffsetContraction {
  linalg::GenericOp op;
  OpOperand *row, *weights;
  Operation *rowExtension, *weightExtension;
  arith::SubIOp difference; ///< of the weight and its zero point
  DenseElementsAttr values; ///< of the weights, as they are stored
  int64_t zero;

  bool areUnsigned() const { return isa<arith::ExtUIOp>(weightExtension); }
  AffineMap rowMap() const { return linalg::GenericOp(op).getMatchingIndexingMap(row); }
  AffineMap weightMap() const { return linalg::GenericOp(op).getMatchingIndexingMap(weights); }
  /// Whether rows have the loop of every column of the weights, so that no two results share a row.
  bool isDepthwise() const;
};

} // namespace

/// The extension of an integer of at most 16 bits that the body reads, of which nothing else does.
static Operation *matchExtension(Value value) {
  Operation *op = value.getDefiningOp();
  constexpr unsigned widest = 16;
  return isa_and_present<arith::ExtSIOp, arith::ExtUIOp>(op) && op->hasOneUse() &&
                 isa<BlockArgument>(op->getOperand(0)) &&
                 op->getOperand(0).getType().getIntOrFloatBitWidth() <= widest
             ? op
             : nullptr;
}

static std::optional<OffsetContraction> match(linalg::GenericOp op) {
  if (op.getNumReductionLoops() == 0 || op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      !op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isProjectedPermutation() ||
      !op.getBody()->getArguments().back().getType().isInteger(32))
    return std::nullopt;
  std::optional<tflc::ProductSum> sum = tflc::matchProductSum(op.getBody());
  if (!sum || sum->isFloat || !sum->multiply->hasOneUse())
    return std::nullopt;
  for (unsigned side : {0u, 1u}) {
    auto difference = sum->multiply->getOperand(side).getDefiningOp<arith::SubIOp>();
    Operation *rowExtension = matchExtension(sum->multiply->getOperand(1 - side));
    APInt zero;
    if (!difference || !difference->hasOneUse() || !rowExtension ||
        !matchPattern(difference.getRhs(), m_ConstantInt(&zero)))
      continue;
    Operation *weightExtension = matchExtension(difference.getLhs());
    if (!weightExtension || !weightExtension->getOperand(0).getType().isInteger(8))
      continue;
    auto operandOf = [&](Operation *extension) {
      auto argument = cast<BlockArgument>(extension->getOperand(0));
      return op.getDpsInputOperand(argument.getArgNumber());
    };
    OffsetContraction result{op,           operandOf(rowExtension), operandOf(weightExtension),
                             rowExtension, weightExtension,         difference,
                             nullptr,      zero.getSExtValue()};
    if (result.row != result.weights && result.weightMap().isProjectedPermutation() &&
        matchPattern(result.weights->get(), m_Constant(&result.values)))
      return result;
  }
  return std::nullopt;
}

bool OffsetContraction::isDepthwise() const {
  linalg::GenericOp generic = op;
  SmallVector<utils::IteratorType> iterators = generic.getIteratorTypesArray();
  return llvm::all_of(weightMap().getResults(), [&](AffineExpr result) {
    unsigned loop = cast<AffineDimExpr>(result).getPosition();
    return iterators[loop] == utils::IteratorType::reduction || rowMap().isFunctionOfDim(loop);
  });
}

//===----------------------------------------------------------------------===//
// Sums of rows
//===----------------------------------------------------------------------===//

namespace {
/// Loops of a contraction that move its rows, parallel ones and those of the reduction.
struct RowLoops {
  SmallVector<unsigned> rows, window;
};
} // namespace

/// None where a loop of the reduction does not move the row, or has no known size.
static std::optional<RowLoops> findRowLoops(const OffsetContraction &contraction) {
  linalg::GenericOp op = contraction.op;
  RowLoops loops;
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  for (auto [loop, type] : llvm::enumerate(op.getIteratorTypesArray())) {
    bool moves = contraction.rowMap().isFunctionOfDim(loop);
    if (type == utils::IteratorType::parallel) {
      if (moves)
        loops.rows.push_back(loop);
      continue;
    }
    if (!moves || ShapedType::isDynamic(ranges[loop]))
      return std::nullopt;
    loops.window.push_back(loop);
  }
  return loops;
}

/// The sums of all that the contraction's windows read.
static Value sumRows(ImplicitLocOpBuilder &b, const OffsetContraction &contraction,
                     const RowLoops &loops) {
  linalg::GenericOp op = contraction.op;
  AffineMap rowMap = contraction.rowMap();
  AffineMap outMap = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  unsigned count = loops.rows.size() + loops.window.size();
  SmallVector<AffineExpr> numbers(rowMap.getNumDims(), b.getAffineConstantExpr(0)), window;
  SmallVector<utils::IteratorType> iterators;
  SmallVector<OpFoldResult> outSizes = tensor::getMixedSizes(b, b.getLoc(), op.getDpsInits()[0]);
  SmallVector<OpFoldResult> sizes;
  for (unsigned loop : loops.rows) {
    numbers[loop] = b.getAffineDimExpr(iterators.size());
    iterators.push_back(utils::IteratorType::parallel);
    sizes.push_back(outSizes[*outMap.getResultPosition(b.getAffineDimExpr(loop))]);
  }
  SmallVector<int64_t> ranges = op.getStaticLoopRanges(), windowShape;
  for (unsigned loop : loops.window) {
    numbers[loop] = b.getAffineDimExpr(iterators.size());
    iterators.push_back(utils::IteratorType::reduction);
    window.push_back(numbers[loop]);
    windowShape.push_back(ranges[loop]);
  }
  SmallVector<Value> inputs{contraction.row->get()};
  SmallVector<AffineMap> maps{rowMap.replaceDimsAndSymbols(numbers, {}, count, 0)};
  if (!rowMap.isProjectedPermutation(/*allowZeroInResults=*/true)) {
    // An operand that is not read says how large the window is. It has all of its loops, so that
    // those which rows walk as one stay so.
    inputs.push_back(tensor::EmptyOp::create(b, windowShape, b.getI8Type()));
    maps.push_back(AffineMap::get(count, 0, window, b.getContext()));
  }
  maps.push_back(b.getMultiDimIdentityMap(count).getMajorSubMap(sizes.size()));
  Value zero = arith::ConstantOp::create(b, b.getI32IntegerAttr(0));
  Value empty = tensor::EmptyOp::create(b, sizes, b.getI32Type());
  Value init = linalg::FillOp::create(b, zero, empty).getResult(0);
  return linalg::GenericOp::create(
             b, init.getType(), inputs, init, maps, iterators,
             [&](OpBuilder &inner, Location at, ValueRange args) {
               IRMapping mapping;
               mapping.map(contraction.rowExtension->getOperand(0), args[0]);
               Value extended = inner.clone(*contraction.rowExtension, mapping)->getResult(0);
               linalg::YieldOp::create(
                   inner, at, arith::AddIOp::create(inner, at, args.back(), extended).getResult());
             })
      .getResult(0);
}

/// The stored byte, less 128 where it has no sign.
static DenseElementsAttr makeSigned(const OffsetContraction &contraction) {
  if (!contraction.areUnsigned())
    return contraction.values;
  SmallVector<int8_t> values;
  for (uint8_t value : contraction.values.getValues<uint8_t>())
    values.push_back(static_cast<int8_t>(value ^ 0x80));
  return DenseElementsAttr::get(contraction.values.getType(), ArrayRef(values));
}

static void subtractRowSums(OffsetContraction &contraction) {
  linalg::GenericOp op = contraction.op;
  ImplicitLocOpBuilder b(op.getLoc(), op);
  constexpr int64_t half = 128;
  int64_t rest = contraction.zero - (contraction.areUnsigned() ? half : 0);
  if (rest != 0) {
    std::optional<RowLoops> loops = findRowLoops(contraction);
    if (!loops)
      return;
    SmallVector<AffineExpr> rows;
    for (unsigned loop : loops->rows)
      rows.push_back(b.getAffineDimExpr(loop));
    AffineMap map = AffineMap::get(op.getNumLoops(), 0, rows, b.getContext());
    tflc::subtractFromSums(b, *op.getDpsInitOperand(0), sumRows(b, contraction, *loops),
                           tflc::mapFromOutput(op, map), rest);
  }
  contraction.weights->set(arith::ConstantOp::create(b, makeSigned(contraction)));
  b.setInsertionPoint(contraction.difference);
  contraction.difference.replaceAllUsesWith(
      arith::ExtSIOp::create(b, b.getI32Type(), contraction.weightExtension->getOperand(0))
          .getResult());
  contraction.difference.erase();
  contraction.weightExtension->erase();
}

//===----------------------------------------------------------------------===//
// Two bytes for each weight
//===----------------------------------------------------------------------===//

/// Adds an innermost loop of the reduction that runs over two bytes of each weight: the difference
/// as far as seven bits hold it, and the rest.
static void splitWeights(OffsetContraction &contraction) {
  linalg::GenericOp op = contraction.op;
  ImplicitLocOpBuilder b(op.getLoc(), op);
  constexpr int64_t parts = 2, most = 127;
  SmallVector<int8_t> nearest, rests;
  for (int8_t stored : contraction.values.getValues<int8_t>()) {
    int64_t value = contraction.areUnsigned() ? uint8_t(stored) : stored;
    int64_t difference = value - contraction.zero;
    nearest.push_back(std::clamp(difference, -most, most));
    rests.push_back(difference - nearest.back());
  }
  llvm::append_range(nearest, rests);
  SmallVector<int64_t> shape{parts};
  llvm::append_range(shape, contraction.values.getType().getShape());
  Value weights = arith::ConstantOp::create(
      b, DenseElementsAttr::get(RankedTensorType::get(shape, b.getI8Type()), ArrayRef(nearest)));

  unsigned count = op.getNumLoops();
  auto widen = [&](AffineMap map) {
    return AffineMap::get(count + 1, 0, map.getResults(), b.getContext());
  };
  SmallVector<AffineExpr> places{b.getAffineDimExpr(count)};
  llvm::append_range(places, contraction.weightMap().getResults());
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  iterators.push_back(utils::IteratorType::reduction);
  SmallVector<AffineMap> maps{widen(contraction.rowMap()),
                              AffineMap::get(count + 1, 0, places, b.getContext()),
                              widen(op.getMatchingIndexingMap(op.getDpsInitOperand(0)))};
  auto split = linalg::GenericOp::create(
      b, op.getResultTypes(), ValueRange{contraction.row->get(), weights}, op.getDpsInits(), maps,
      iterators, [&](OpBuilder &inner, Location at, ValueRange args) {
        IRMapping mapping;
        mapping.map(contraction.rowExtension->getOperand(0), args[0]);
        Value row = inner.clone(*contraction.rowExtension, mapping)->getResult(0);
        Value weight = arith::ExtSIOp::create(inner, at, inner.getI32Type(), args[1]);
        Value product = arith::MulIOp::create(inner, at, row, weight);
        linalg::YieldOp::create(inner, at,
                                arith::AddIOp::create(inner, at, args[2], product).getResult());
      });
  op.replaceAllUsesWith(split.getResults());
  op.erase();
}

/// Whether a machine multiplies the bytes of rows of either kind in a lane, and twice as many
/// products of bytes cost less than those of wider integers.
static bool multipliesQuads(const OffsetContraction &contraction, const tflc::DotProduct &dot) {
  return getElementTypeOrSelf(contraction.row->get()).isInteger(8) && dot.addsWordPairs() &&
         dot.hasBytes();
}

namespace {
struct SignedWeightsPass : tflc::impl::SignedWeightsBase<SignedWeightsPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    SmallVector<OffsetContraction> contractions;
    getOperation().walk([&](linalg::GenericOp op) {
      if (auto contraction = match(op))
        contractions.push_back(*contraction);
    });
    for (OffsetContraction &contraction : contractions)
      if (!contraction.isDepthwise())
        subtractRowSums(contraction);
      else if (multipliesQuads(contraction, *target->instructions.dot))
        splitWeights(contraction);
  }
};
} // namespace
