//===- FloatRescale.cpp - rescaling in float, where it is exact -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatSums.h"
#include "Rescales.h"

#include "tflc/Quantization/FloatRescale.h"
#include "tflc/Quantization/Multiplier.h"
#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

namespace tflc {
#define GEN_PASS_DEF_FLOATRESCALE
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc::tflrt;

namespace {

constexpr tflc::IntegerRange everything{INT32_MIN, INT32_MAX};

/// Each exception takes two instructions more, of eight or so that float arithmetic saves.
constexpr unsigned mostRaised = 2;

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
  double largest = 0; ///< magnitude of a result

  /// Whether no result is smaller than that of a smaller input.
  bool neverDecreases() const {
    auto isSmaller = [](const auto &pair) { return std::get<0>(pair) < std::get<1>(pair); };
    return raised.empty() && llvm::all_of(scales, [](float scale) { return scale >= 0; }) &&
           llvm::none_of(llvm::zip(offsets, offsetsBelow), isSmaller);
  }
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
  bool twice = rescale.getRounding() == Rounding::Double;
  if ((!twice && rescale.getRounding() != Rounding::Single) ||
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
  size_t channels = std::max(multipliers->values.size(), shifts->values.size());
  ArrayRef<int32_t> ranges = rescale.getInputRanges().value_or(ArrayRef<int32_t>());
  for (size_t channel = 0; channel < channels; ++channel) {
    auto pick = [&](const ChannelConstants &constants) {
      return constants.values[constants.dim ? channel : 0];
    };
    tflc::FixedPointMultiplier multiplier{pick(*multipliers), pick(*shifts)};
    if (multiplier.shift > 0)
      return std::nullopt; // the product is at least a half of the input: nothing is clamped to few
    tflc::IntegerRange domain = everything;
    if (ranges.size() == 2 * channels)
      domain = {ranges[2 * channel], ranges[2 * channel + 1]};
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
    double farthest = std::max(std::abs(double(domain.min)), std::abs(double(domain.max)));
    double offset = std::max(std::abs(found->offset), std::abs(found->offsetBelow));
    result.largest = std::max(result.largest, farthest * std::abs(found->scale) + offset +
                                                  std::abs(double(result.base)) + 2);
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
  Value below;
  if (!with.offsetsBelow.empty())
    below = inputs.add(with.offsetsBelow, with.dim);
  ImplicitLocOpBuilder b(rescale.getLoc(), rescale);
  bool isNearest = with.rounding == tflc::FloatRounding::Nearest;
  auto result =
      FloatRescaleOp::create(b, b.getI32Type(), rescale.getInput(), scale, offset, below, raised,
                             isNearest ? RealRounding::Nearest : RealRounding::Truncate, with.base,
                             /*largest=*/IntegerAttr());
  // No more than an integer holds, together with the zero points that join it.
  if (double largest = std::ceil(with.largest); largest < (1LL << 31) - (1 << 21))
    result.setLargest(static_cast<int32_t>(largest));
  result.setNonDecreasing(with.neverDecreases());
  rescale.replaceAllUsesWith(result.getResult());
  rescale.erase();
  tflc::joinAddedConstants(result);
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
