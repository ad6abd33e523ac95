//===- FloatRescale.cpp - rescaling in float, where it is exact -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatSums.h"
#include "Rescales.h"
#include "Schedule/Nest/Contraction.h"

#include "tflc/Quantization/FloatRescale.h"
#include "tflc/Quantization/Multiplier.h"
#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

namespace tflc {
#define GEN_PASS_DEF_FLOATRESCALE
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using tflc::tflrt::RescaleOp;

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

namespace {

constexpr tflc::IntegerRange everything{INT32_MIN, INT32_MAX};

/// Each exception takes two instructions more, of eight or so that float arithmetic saves.
constexpr unsigned mostRaised = 2;

/// What a channel's accumulator may hold: the sum of the weights times any byte, from the bias on.
/// Indexed by the result dimension `channel` of the contraction; empty where `accumulator` is not
/// a contraction of bytes with constant weights and bias.
SmallVector<tflc::IntegerRange> accumulatorRanges(Value accumulator, unsigned channel) {
  auto op = accumulator.getDefiningOp<linalg::GenericOp>();
  if (!op || op.getNumReductionLoops() == 0 || op.getNumDpsInputs() != 2 ||
      op.getNumDpsInits() != 1)
    return {};
  std::optional<tflc::Contraction> contraction = tflc::matchContraction(op.getBody());
  if (!contraction)
    return {};
  // Which factor is constant, and what the other one may be.
  DenseIntElementsAttr weights;
  AffineMap weightMap;
  int64_t lowest = 0, highest = 0;
  for (const tflc::Factor &factor : {contraction->lhs, contraction->rhs}) {
    if (!factor.extension || !factor.extension->getOperand(0).getType().isInteger(8))
      return {};
    OpOperand *operand = op.getDpsInputOperand(factor.input);
    bool isSigned = !factor.isUnsigned();
    DenseIntElementsAttr values;
    if (isSigned && matchPattern(operand->get(), m_Constant(&values))) {
      weights = values;
      weightMap = op.getMatchingIndexingMap(operand);
    } else {
      lowest = isSigned ? -128 : 0;
      highest = isSigned ? 127 : 255;
    }
  }
  if (!weights || highest == 0 || !weightMap.isProjectedPermutation())
    return {};
  // The bias: a constant for each channel.
  OpOperand *init = op.getDpsInitOperand(0);
  AffineMap resultMap = op.getMatchingIndexingMap(init);
  auto start = init->get().getDefiningOp<linalg::GenericOp>();
  if (!start || start.getNumDpsInputs() != 1 || !resultMap.isProjectedPermutation() ||
      start.getBody()->getTerminator()->getOperand(0) != start.getBody()->getArgument(0))
    return {};
  DenseIntElementsAttr bias;
  AffineMap biasMap = start.getMatchingIndexingMap(start.getDpsInputOperand(0));
  AffineExpr channelExpr = getAffineDimExpr(channel, op.getContext());
  if (!matchPattern(start.getDpsInputOperand(0)->get(), m_Constant(&bias)) ||
      biasMap.getNumResults() != 1 || biasMap.getResult(0) != channelExpr ||
      !start.getMatchingIndexingMap(start.getDpsInitOperand(0)).isIdentity())
    return {};
  // Where the weights' channel stands; all other loops over them are summed.
  unsigned channelLoop = cast<AffineDimExpr>(resultMap.getResult(channel)).getPosition();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  std::optional<unsigned> position;
  for (auto [i, result] : llvm::enumerate(weightMap.getResults())) {
    unsigned loop = cast<AffineDimExpr>(result).getPosition();
    if (loop == channelLoop)
      position = i;
    else if (iterators[loop] != utils::IteratorType::reduction)
      return {};
  }
  ArrayRef<int64_t> shape = weights.getType().getShape();
  if (!position || bias.getNumElements() != shape[*position] || weights.isSplat())
    return {};
  int64_t channels = shape[*position], inner = 1;
  for (int64_t size : shape.drop_front(*position + 1))
    inner *= size;
  // A sum over loops that the weights do not have counts each weight several times.
  int64_t repeated = 1;
  SmallVector<int64_t> sizes = op.getStaticLoopRanges();
  for (auto [loop, iterator] : llvm::enumerate(iterators)) {
    if (iterator != utils::IteratorType::reduction || weightMap.isFunctionOfDim(loop))
      continue;
    if (ShapedType::isDynamic(sizes[loop]))
      return {};
    repeated *= sizes[loop];
  }
  SmallVector<std::pair<int64_t, int64_t>> ends;
  for (const APInt &value : bias.getValues<APInt>())
    ends.push_back({value.getSExtValue(), value.getSExtValue()});
  for (auto [i, weight] : llvm::enumerate(weights.getValues<int8_t>())) {
    auto &[min, max] = ends[int64_t(i) / inner % channels];
    min += repeated * weight * (weight < 0 ? highest : lowest);
    max += repeated * weight * (weight < 0 ? lowest : highest);
  }
  SmallVector<tflc::IntegerRange> ranges;
  for (auto [min, max] : ends) {
    if (min < INT32_MIN || max > INT32_MAX)
      return {}; // wraps around
    ranges.push_back({static_cast<int32_t>(min), static_cast<int32_t>(max)});
  }
  return ranges;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Multipliers or shifts: one, or one for each index of a dimension of the loops.
struct ChannelConstants {
  SmallVector<int32_t> values;
  std::optional<unsigned> dim;
};

std::optional<ChannelConstants> readConstants(Value value, linalg::GenericOp op) {
  if (auto scalar = tflc::getConstantInt(value))
    return ChannelConstants{{static_cast<int32_t>(*scalar)}, std::nullopt};
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != op.getBody() ||
      argument.getArgNumber() >= op.getNumDpsInputs())
    return std::nullopt;
  OpOperand *operand = op.getDpsInputOperand(argument.getArgNumber());
  AffineMap map = op.getMatchingIndexingMap(operand);
  DenseIntElementsAttr elements;
  if (!matchPattern(operand->get(), m_Constant(&elements)) || map.getNumResults() != 1 ||
      !isa<AffineDimExpr>(map.getResult(0)))
    return std::nullopt;
  ChannelConstants result{{}, cast<AffineDimExpr>(map.getResult(0)).getPosition()};
  for (const APInt &element : elements.getValues<APInt>())
    result.values.push_back(static_cast<int32_t>(element.getSExtValue()));
  return result;
}

/// Float numbers for every channel of one rescale.
struct Replacement {
  SmallVector<float> scales, offsets;
  SmallVector<float> offsetsBelow; ///< of negative inputs; empty where they have the same ones
  /// The inputs whose result is one more: the first such input of every channel, then the second.
  SmallVector<SmallVector<int32_t>, 2> raised;
  std::optional<unsigned> dim;
  tflc::FloatRounding rounding = tflc::FloatRounding::Nearest;
  int32_t base = 0;

  /// Half instructions beyond a conversion, a product and another conversion. A zero point that the
  /// offsets do not have joins two vectors at once, in 16 bits.
  unsigned cost() const {
    bool addsZeroPoint = rounding == tflc::FloatRounding::Truncate;
    return addsZeroPoint + 2 * !offsetsBelow.empty() + 4 * raised.size();
  }
};

/// The integer rescale of every channel.
struct IntegerRescale {
  struct Channel {
    double scale;
    tflc::IntegerRange domain;
    std::vector<int64_t> thresholds;
  };
  SmallVector<Channel> channels;
  tflc::ClampedResult clamped;
  std::optional<unsigned> dim;
  bool twice = false; ///< rounded twice
};

std::optional<IntegerRescale> readRescale(RescaleOp rescale, linalg::GenericOp op) {
  bool twice = rescale.getRounding() == tflc::tflrt::Rounding::Double;
  if ((!twice && rescale.getRounding() != tflc::tflrt::Rounding::Single) ||
      !rescale.getInput().getType().isInteger(32) || !rescale.getType().isInteger(32))
    return std::nullopt;
  auto clamped = tflc::getClampedResult(rescale);
  auto multipliers = readConstants(rescale.getMultiplier(), op);
  auto shifts = readConstants(rescale.getShift(), op);
  if (!clamped || !multipliers || !shifts ||
      (multipliers->dim && shifts->dim && multipliers->dim != shifts->dim))
    return std::nullopt;
  IntegerRescale result;
  result.clamped = *clamped;
  result.twice = twice;
  result.dim = multipliers->dim ? multipliers->dim : shifts->dim;
  // The accumulators of a contraction, where the op is its epilogue.
  SmallVector<tflc::IntegerRange> domains;
  auto input = dyn_cast<BlockArgument>(rescale.getInput());
  if (result.dim && input && input.getArgNumber() < op.getNumDpsInputs()) {
    OpOperand *operand = op.getDpsInputOperand(input.getArgNumber());
    if (op.getMatchingIndexingMap(operand).isIdentity())
      domains = accumulatorRanges(operand->get(), *result.dim);
  }
  size_t channels = std::max(multipliers->values.size(), shifts->values.size());
  for (size_t channel = 0; channel < channels; ++channel) {
    auto pick = [&](const ChannelConstants &constants) {
      return constants.values[constants.dim ? channel : 0];
    };
    tflc::FixedPointMultiplier multiplier{pick(*multipliers), pick(*shifts)};
    if (multiplier.shift > 0)
      return std::nullopt; // the product is at least a half of the input: nothing is clamped to few
    tflc::IntegerRange domain = domains.size() == channels ? domains[channel] : everything;
    double scale = std::ldexp(double(multiplier.value), multiplier.shift - 31);
    auto exact = [&](int32_t x) {
      return twice ? tflc::rescaleDouble(x, multiplier) : tflc::rescaleSingle(x, multiplier);
    };
    result.channels.push_back(
        {scale, domain, tflc::findThresholds(exact, scale, clamped->range, domain)});
  }
  return result;
}

/// Numbers for all channels with one way of rounding, and one offset or two; nothing where a
/// channel has none.
std::optional<Replacement> findReplacement(const IntegerRescale &rescale,
                                           tflc::FloatRounding rounding, bool twoOffsets,
                                           unsigned mostRaised) {
  Replacement result;
  result.dim = rescale.dim;
  result.rounding = rounding;
  // The constants that readers add join the float offset: the base takes them away again.
  if (rounding == tflc::FloatRounding::Nearest)
    result.base = -rescale.clamped.added;
  SmallVector<SmallVector<int32_t, 2>> raised;
  SmallVector<int32_t> never;
  bool hasNever = true;
  for (const IntegerRescale::Channel &channel : rescale.channels) {
    auto found = tflc::findFloatRescale(channel.thresholds,
                                        {channel.scale, rescale.clamped.range, channel.domain,
                                         rounding, twoOffsets, result.base, mostRaised});
    if (!found)
      return std::nullopt;
    raised.push_back(found->raised);
    // An input that the channel never has.
    const tflc::IntegerRange &domain = channel.domain;
    never.push_back(domain.min > INT32_MIN ? domain.min - 1 : INT32_MAX);
    hasNever &= domain.min > INT32_MIN || domain.max < INT32_MAX;
    result.scales.push_back(found->scale);
    result.offsets.push_back(found->offset);
    if (twoOffsets)
      result.offsetsBelow.push_back(found->offsetBelow);
  }
  size_t slots = 0;
  for (ArrayRef<int32_t> inputs : raised)
    slots = std::max(slots, inputs.size());
  if (slots > 0 && !hasNever && rescale.channels.size() > 1)
    return std::nullopt;
  result.raised.assign(slots, never);
  for (auto [channel, inputs] : llvm::enumerate(raised))
    for (auto [slot, input] : llvm::enumerate(inputs))
      result.raised[slot][channel] = input;
  return result;
}

/// The cheapest numbers.
std::optional<Replacement> findReplacement(const IntegerRescale &rescale) {
  using tflc::FloatRounding;
  bool hasNegative = rescale.clamped.range.min < 0;
  std::optional<Replacement> best;
  auto consider = [&](FloatRounding rounding, bool twoOffsets) {
    if (best && best->raised.empty())
      return; // what follows takes more
    auto other = findReplacement(rescale, rounding, twoOffsets, mostRaised);
    if (!best || (other && other->cost() < best->cost()))
      best = other;
  };
  // Integers that are rounded twice have no one offset for both signs: their halves move away from
  // zero.
  if (!rescale.twice || !hasNegative)
    consider(FloatRounding::Nearest, /*twoOffsets=*/false);
  // Truncation needs the zero point behind it, but does for smaller steps. Its offsets are about a
  // half, where floats are closer to each other than about the zero point; and sums that became an
  // integer when they became floats all stay there, while a half goes to the even side. It moves
  // negative sums up, for which they need an offset of their own.
  if (!hasNegative)
    consider(FloatRounding::Truncate, /*twoOffsets=*/false);
  if (hasNegative) {
    consider(FloatRounding::Nearest, /*twoOffsets=*/true);
    consider(FloatRounding::Truncate, /*twoOffsets=*/true);
  }
  return best;
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

/// Adds constant inputs to a generic op.
class InputAdder {
public:
  explicit InputAdder(linalg::GenericOp op) : op(op), b(op.getLoc(), op) {}

  /// The block argument for a new input with one value for each index of loop `dim`, or a scalar
  /// constant.
  Value add(ArrayRef<float> values, std::optional<unsigned> dim) {
    return add(values, b.getF32Type(), dim);
  }
  Value add(ArrayRef<int32_t> values, std::optional<unsigned> dim) {
    return add(values, b.getI32Type(), dim);
  }

private:
  template <typename T> Value add(ArrayRef<T> values, Type element, std::optional<unsigned> dim) {
    auto type = RankedTensorType::get({static_cast<int64_t>(values.size())}, element);
    auto elements = DenseElementsAttr::get(type, values);
    if (!dim || llvm::all_equal(values))
      return arith::ConstantOp::create(
          b, cast<TypedAttr>(*elements.template value_begin<Attribute>()));
    Value constant = arith::ConstantOp::create(b, elements);
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    unsigned position = op.getNumDpsInputs();
    maps.insert(maps.begin() + position,
                AffineMap::get(op.getNumLoops(), 0, b.getAffineDimExpr(*dim)));
    op.getInputsMutable().append(constant);
    op.setIndexingMapsAttr(b.getAffineMapArrayAttr(maps));
    return op.getBody()->insertArgument(position, element, op.getLoc());
  }

  linalg::GenericOp op;
  ImplicitLocOpBuilder b;
};

void replace(RescaleOp rescale, linalg::GenericOp op, const Replacement &with) {
  InputAdder inputs(op);
  Value scale = inputs.add(with.scales, with.dim);
  Value offset = inputs.add(with.offsets, with.dim);
  SmallVector<Value> raised;
  for (ArrayRef<int32_t> values : with.raised)
    raised.push_back(inputs.add(values, with.dim));
  ImplicitLocOpBuilder b(rescale.getLoc(), rescale);
  Value input = arith::SIToFPOp::create(b, b.getF32Type(), rescale.getInput());
  if (!with.offsetsBelow.empty()) {
    // AVX2 selects by the sign of the accumulator itself (VBLENDVPS), with no comparison. AVX-512
    // needs a mask first (VPMOVD2M): two instructions, as many as for an offset with the sign of
    // the accumulator, since VPTERNLOG overwrites one of its operands.
    Value below = inputs.add(with.offsetsBelow, with.dim);
    Value isNegative =
        arith::CmpIOp::create(b, arith::CmpIPredicate::slt, rescale.getInput(),
                              arith::ConstantIntOp::create(b, 0, /*width=*/32).getResult());
    offset = arith::SelectOp::create(b, isNegative, below, offset);
  }
  Value sum = math::FmaOp::create(b, input, scale, offset);
  Value result = with.rounding == tflc::FloatRounding::Nearest
                     ? tflc::toNearestInteger(b, sum, with.base)
                     : arith::FPToSIOp::create(b, b.getI32Type(), sum).getResult();
  for (Value input : raised) {
    Value isRaised = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, rescale.getInput(), input);
    result = arith::AddIOp::create(b, result,
                                   arith::ExtUIOp::create(b, b.getI32Type(), isRaised).getResult());
  }
  // The scale is at most a half: constants that join the result leave it far from the ends of i32.
  for (Value value = rescale; value.hasOneUse();) {
    auto add = dyn_cast<arith::AddIOp>(*value.getUsers().begin());
    if (!add)
      break;
    add.setOverflowFlags(arith::IntegerOverflowFlags::nsw);
    value = add;
  }
  rescale.replaceAllUsesWith(result);
  rescale.erase();
}

/// A clamped integer that becomes a byte and is extended again is the clamped integer: packing and
/// unpacking vectors takes longer than the clamp that saturation would save.
struct ForwardClamped : OpRewritePattern<arith::ExtSIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtSIOp op, PatternRewriter &rewriter) const override {
    auto truncation = op.getIn().getDefiningOp<arith::TruncIOp>();
    if (!truncation || truncation.getIn().getType() != op.getType() ||
        !op.getIn().getType().isInteger(8))
      return rewriter.notifyMatchFailure(op, "no extended byte of this type");
    std::optional<int64_t> low, high;
    Value value = truncation.getIn();
    for (int i = 0; i < 2; ++i) {
      if (auto max = value.getDefiningOp<arith::MaxSIOp>(); max && !low) {
        low = tflc::getConstantInt(max.getRhs());
        value = max.getLhs();
      } else if (auto min = value.getDefiningOp<arith::MinSIOp>(); min && !high) {
        high = tflc::getConstantInt(min.getRhs());
        value = min.getLhs();
      }
    }
    if (!low || !high || *low < INT8_MIN || *high > INT8_MAX || *low > *high)
      return rewriter.notifyMatchFailure(op, "not clamped to the range of a byte");
    rewriter.replaceOp(op, truncation.getIn());
    return success();
  }
};

struct FloatRescalePass : tflc::impl::FloatRescaleBase<FloatRescalePass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    if (!target->instructions.floatRescale || target->vectorBits == 0)
      return;
    auto candidates = tflc::findElementwiseRescales(getOperation());
    // Sums of two bytes first: they take three rescales away.
    llvm::erase_if(candidates, [](auto &candidate) {
      return tflc::replaceByteSum(candidate.first, candidate.second);
    });
    for (auto [rescale, op] : candidates)
      if (auto exact = readRescale(rescale, op))
        if (auto replacement = findReplacement(*exact))
          replace(rescale, op, *replacement);
    // Multipliers and shifts that nothing reads any more, and zero points that cancel each other.
    RewritePatternSet patterns(&getContext());
    patterns.add<ForwardClamped>(&getContext());
    arith::AddIOp::getCanonicalizationPatterns(patterns, &getContext());
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
