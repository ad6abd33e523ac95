//===- ChooseVectorLoops.cpp - vectors along a parallel loop --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/Contraction.h"
#include "Schedule/Nest/Transposition.h"
#include "Schedule/Nest/WordLookup.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// Whether the body reads a table lane by lane, where vectors lie along `vectorDim`.
static bool looksUp(const Stage &stage, unsigned vectorDim, const TargetInfo &target) {
  return llvm::any_of(*stage.body(), [&](Operation &op) {
    auto load = dyn_cast<memref::LoadOp>(op);
    return load && !(target.instructions.looksUp() && matchByteLookup(load).table) &&
           !(looksUpPlanes(target) && matchWordLookup(load).table) &&
           !readsRunAlong(vectorDim, load, stage);
  });
}

/// The most iterations up to `most` that leave no rest; `most` itself where these are half of it or
/// less.
static int64_t chooseRun(int64_t size, int64_t most) {
  for (int64_t run = most; run > most / 2; --run)
    if (size % run == 0)
      return run;
  return std::min(size, most);
}

/// Reductions of few steps are written out. Of long ones a few steps are, more where bytes add up
/// in 16 bits before they join a sum.
static void unrollReductions(const LoopNest &nest, Strategy &strategy, int64_t limit,
                             bool addsBytes) {
  int64_t total = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      total *= info.size;
  if (total <= limit) {
    for (auto [dim, info] : llvm::enumerate(nest.dims))
      if (info.isReduction)
        strategy.tile[dim] = info.size;
    return;
  }
  for (unsigned dim = nest.dims.size(); dim-- > 0;)
    if (nest.dims[dim].isReduction) {
      strategy.tile[dim] =
          addsBytes ? chooseRun(nest.dims[dim].size, 8) : std::min<int64_t>(nest.dims[dim].size, 4);
      return;
    }
}

/// Bytes times signed constant bytes, whose product fits 16 bits. So does the sum of two where both
/// are signed and no constant is -128; products of bytes without sign join a sum of 32 bits.
static bool hasNarrowProducts(const LoopNest &nest, unsigned vectorDim) {
  const Stage &stage = *nest.reduction;
  auto product = matchContraction(stage.body());
  if (!product || product->isFloat || !product->isExtended() ||
      !stage.output.elementType.isInteger(32))
    return false;
  bool hasUnsigned = false, bounded = false;
  for (auto [number, input] : llvm::enumerate(stage.inputs)) {
    bool isUnsigned = product->isUnsigned(number);
    if (!input.elementType.isInteger(8) || input.coefficients[vectorDim] != 1 ||
        (isUnsigned && (input.constant || hasUnsigned)))
      return false;
    hasUnsigned |= isUnsigned;
    bounded |= input.constant && llvm::none_of(input.constant.getValues<int8_t>(),
                                               [](int8_t value) { return value == -128; });
  }
  return hasUnsigned || bounded;
}

/// How many ops of the body have the same vectors for all iterations of `dim`.
static int64_t countShared(const Stage &stage, unsigned dim, unsigned vectorDim) {
  DenseMap<Value, bool> isVector; // of the values that do not change along `dim`
  for (auto [argument, input] : llvm::zip(stage.body()->getArguments(), stage.inputs))
    if (!input.scalar && input.coefficients[dim] == 0)
      isVector[argument] = input.coefficients[vectorDim] != 0;
  int64_t count = 0;
  for (Operation &op : stage.body()->without_terminator()) {
    bool isShared = op.getNumResults() == 1 && isPure(&op), hasVector = false;
    for (Value operand : op.getOperands()) {
      auto known = isVector.find(operand);
      bool isOutside = operand.getParentBlock() != stage.body();
      isShared &= isOutside || known != isVector.end();
      hasVector |= known != isVector.end() && known->second;
    }
    if (!isShared)
      continue;
    isVector[op.getResult(0)] = hasVector;
    count += hasVector;
  }
  return count;
}

/// Iterations of another loop that join a tile because they share what the body computes of an
/// input: the gate of a channel, for all pixels.
static void shareVectors(const LoopNest &nest, Strategy &strategy) {
  constexpr int64_t worthwhile = 4; // less is as soon computed again
  for (unsigned dim = nest.dims.size(); dim-- > 0;) {
    int64_t size = nest.dims[dim].size;
    if (dim == strategy.vectorDim || size < 4 ||
        countShared(*nest.epilogue, dim, strategy.vectorDim) < worthwhile)
      continue;
    strategy.tile[dim] = chooseRun(size, 8); // a rest would be a copy of the code
    // More than one vector of bytes would not leave registers for what is shared.
    int64_t &tile = strategy.tile[strategy.vectorDim];
    tile = std::min<int64_t>(tile, 2 * strategy.lanes);
    return;
  }
}

/// Neighbouring bytes that are only added up.
static bool hasNarrowSums(const LoopNest &nest, unsigned vectorDim) {
  auto sum = matchAddedByte(nest.reduction->body());
  return sum && nest.reduction->inputs[sum->input].coefficients[vectorDim] == 1;
}

/// The loop along which the results are neighbours; none where they are far from each other.
static std::optional<unsigned> findContiguousLoop(const LoopNest &nest) {
  std::optional<unsigned> along;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && nest.last().output.coefficients[dim] == 1 && info.size > 1)
      along = dim;
  return along;
}

/// Whether nearly all that a body computes has 16 bits. Vectors are then as long as those hold, and
/// what is wider takes two of them.
static bool computesWords(const LoopNest &nest) {
  if (nest.reduction)
    return false;
  constexpr int64_t wordsPerOther = 4;
  int64_t words = 0, others = 0;
  for (Operation &op : nest.epilogue->body()->without_terminator())
    for (Type type : op.getResultTypes()) {
      words += type.isInteger(16);
      others += type.isInteger() && type.getIntOrFloatBitWidth() > 16;
      if (isa<FloatType>(type) || type.isInteger(64))
        return false;
    }
  return words > wordsPerOther * others;
}

/// Whether a body has a function of floats, a chain of twenty dependent operations or more. A
/// processor that looks for others looks no further than a few chains, so vectors of two registers
/// give it two at a time.
static bool hasLongChain(const LoopNest &nest) {
  return llvm::any_of(nest.epilogue->body()->without_terminator(), [](Operation &op) {
    return isa<math::ExpOp, math::ExpM1Op, math::LogOp, math::TanhOp, math::ErfOp>(op);
  });
}

/// Elements of a vector where none is narrowed.
static unsigned chooseLanes(const LoopNest &nest, const TargetInfo &target, unsigned vectorDim) {
  int64_t size = nest.dims[vectorDim].size;
  constexpr unsigned widestLane = 64; // a string is an integer of several registers
  if (widestScalar(nest) > widestLane)
    return 1;
  if (unsigned inPlanes = nest.reduction ? 0 : planeLanes(*nest.epilogue, target))
    return std::min<int64_t>(inPlanes, llvm::bit_floor<uint64_t>(size));
  unsigned bits = computesWords(nest) ? 16 : widestScalar(nest);
  unsigned lanes = std::min<int64_t>(lanesFor(target, bits), llvm::bit_floor<uint64_t>(size));
  lanes = std::max(1u, lanes);
  // Lanes are looked up one by one; more of them only make more code.
  constexpr unsigned mostLookups = 16;
  return looksUp(nest.last(), vectorDim, target) ? std::min(lanes, mostLookups) : lanes;
}

/// Whether elements are joined without a product, in more steps than one body has: a mean or a
/// maximum of a whole image, say.
static bool joinsManyElements(const LoopNest &nest, const Strategy &strategy) {
  if (matchProductSum(nest.reduction->body()))
    return false;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction && strategy.tile[dim] < info.size)
      return true;
  return false;
}

/// Sums of neighbouring outputs share what they read. Elements that are only joined do not, but
/// those of a few cache lines are best read together.
static void tileSums(const LoopNest &nest, const TargetInfo &target, Strategy &strategy,
                     bool addsBytes) {
  bool isNarrow = strategy.is<NarrowLoops>();
  int64_t vectors = nest.dims[strategy.vectorDim].size / strategy.lanes;
  bool readsLines = !isNarrow && joinsManyElements(nest, strategy);
  int64_t columns = addsBytes    ? chooseRun(vectors, 4)
                    : readsLines ? chooseRun(vectors, 8)
                                 : std::clamp<int64_t>(vectors, 1, isNarrow ? 1 : 2);
  strategy.tile[strategy.vectorDim] = strategy.lanes * columns;
  for (unsigned dim = nest.dims.size(); dim-- > 0;) {
    if (nest.dims[dim].isReduction || dim == strategy.vectorDim || nest.dims[dim].size == 1)
      continue;
    // Four results of two vectors each, where registers hold them beside what they read.
    constexpr unsigned enoughRegisters = 16;
    int64_t most = !target.vectorBits || readsLines           ? 1
                   : target.vectorRegisters < enoughRegisters ? 2
                                                              : 4;
    int64_t rows = std::min(nest.dims[dim].size, most);
    strategy.tile[dim] =
        llvm::divideCeil(nest.dims[dim].size, llvm::divideCeil(nest.dims[dim].size, rows));
    break;
  }
}

/// An input whose neighbours lie along another loop is loaded in blocks of as many vectors as they
/// have lanes, and transposed in registers. Bytes and words take vectors of 128 bits, whose halves
/// are interleaved by one instruction. False where there is no such input, and where machines do
/// not interleave two vectors (MVE) or do so by an index for each lane (RISC-V).
static bool tileBlocks(const LoopNest &nest, const TargetInfo &target, Strategy &strategy) {
  if (target.scalableVectors || target.instructions.extendsAlternateLanes)
    return false;
  constexpr int64_t leastRows = 4; // fewer are as soon loaded one by one
  constexpr unsigned narrowBits = 128, mostLanes = 16;
  for (const LinearAccess &input : nest.epilogue->inputs) {
    std::optional<unsigned> across = findTransposedLoop(nest, input, strategy.vectorDim);
    if (!across || nest.dims[*across].size < leastRows || strategy.lanes < leastRows ||
        !input.elementType.isIntOrFloat())
      continue;
    unsigned bits = input.elementType.getIntOrFloatBitWidth();
    strategy.lanes =
        std::min({strategy.lanes, mostLanes, bits < 32 ? narrowBits / bits : mostLanes});
    strategy.tile[strategy.vectorDim] = strategy.lanes;
    strategy.tile[*across] =
        std::min<int64_t>(strategy.lanes, llvm::bit_floor<uint64_t>(nest.dims[*across].size));
    return true;
  }
  return false;
}

Strategy tflc::chooseVectorLoops(const LoopNest &nest, const TargetInfo &target, ChoiceLog &log) {
  Strategy strategy;
  strategy.tile = SmallVector<int64_t>(nest.dims.size(), 1);
  std::optional<unsigned> along = findContiguousLoop(nest);
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction)
      strategy.vectorDim = dim; // the innermost, where none is contiguous
  if (along)
    strategy.vectorDim = *along;
  int64_t size = nest.dims[strategy.vectorDim].size;
  if (along && target.vectorBits)
    strategy.lanes = chooseLanes(nest, target, strategy.vectorDim);
  bool mayNarrow = strategy.lanes > 1 && nest.reduction;
  bool addsBytes = mayNarrow && hasNarrowSums(nest, strategy.vectorDim);
  if (addsBytes || (mayNarrow && hasNarrowProducts(nest, strategy.vectorDim))) {
    strategy.form = NarrowLoops();
    strategy.lanes = std::min<int64_t>(lanesFor(target, 16), llvm::bit_floor<uint64_t>(size));
  } else if (nest.reduction) {
    log.decline("narrow_loops", "no vectors of bytes whose products or sums fit 16 bits");
  }
  unrollReductions(nest, strategy, 30, addsBytes);
  if (nest.reduction) {
    tileSums(nest, target, strategy, addsBytes);
    return strategy;
  }
  bool byLanes = looksUp(*nest.epilogue, strategy.vectorDim, target);
  if (!byLanes && tileBlocks(nest, target, strategy))
    return strategy;
  bool inPlanes = planeLanes(*nest.epilogue, target) != 0;
  int64_t unroll = byLanes || inPlanes ? 1 : target.vectorBits ? 4 : 2;
  constexpr unsigned enoughRegisters = 32;
  if (strategy.lanes > 1 && target.vectorRegisters >= enoughRegisters && unroll > 1 &&
      hasLongChain(nest) && size >= 2 * int64_t(strategy.lanes)) {
    strategy.lanes *= 2;
    unroll /= 2;
  }
  strategy.tile[strategy.vectorDim] =
      strategy.lanes * std::clamp<int64_t>(size / strategy.lanes, 1, unroll);
  if (strategy.lanes > 1 && !inPlanes)
    shareVectors(nest, strategy);
  return strategy;
}

std::optional<Strategy> tflc::chooseNeighbours(const LoopNest &nest, const TargetInfo &target,
                                               const Strategy &parallel, ChoiceLog &log) {
  constexpr const char *form = "narrow_loops joined";
  int64_t channels = nest.dims[parallel.vectorDim].size;
  if (!parallel.is<NarrowLoops>() || !target.instructions.dot->addsWordPairs())
    return log.decline(form, "no products of word pairs");
  if (parallel.lanes != channels)
    return log.decline(form, "the channels of a pixel fill vectors");
  LoopNest joined = nest;
  for (int64_t count = lanesFor(target, 16) / channels; count > 1; --count) {
    if (!joined.joinNeighbours(count))
      continue;
    Strategy strategy = chooseVectorLoops(joined, target, log);
    strategy.form = NarrowLoops{count};
    return strategy;
  }
  return log.decline(form, "windows are not as far apart as their pixels");
}
