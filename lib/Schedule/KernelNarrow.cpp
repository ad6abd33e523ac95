//===- KernelNarrow.cpp - products of bytes in 16 bits --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Depthwise convolution of bytes: every lane has a sum of its own. Where the machine multiplies
// neighbouring words and adds both products (VPMADDWD), the words of two taps are interleaved, as
// are their weights, so that two taps join a sum at once. Words are interleaved within blocks of
// 128 bits, as the unpacking instructions do, and sums are kept in that order: the lower halves of
// all blocks, then the upper halves. Where only constants join them behind the window, the results
// stay so until they are stored, and the constants come in the same order; so do the weights.
//
// Elsewhere bytes are multiplied in 16 bits, and two products are added there, which the strategy
// has checked to fit. Such words join a sum of 32 bits one by one (sign extension).
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <array>
#include <set>

using namespace mlir;
using namespace tflc;

/// Blocks of words must be full.
bool KernelEmitter::joinsWordPairs(ArrayRef<Piece> pieces) const {
  return strategy.narrow &&
         (target.dot == "maddwd" || target.dot == "vnni512" || target.dot == "avxvnni") &&
         llvm::all_of(pieces, [](const Piece &piece) { return piece.lanes % 8 == 0; });
}

bool KernelEmitter::joinsWordPairs(ArrayRef<Point> points) const {
  SmallVector<Piece> pieces;
  for (const Point &point : points)
    pieces.push_back(point.piece);
  return joinsWordPairs(pieces);
}

/// Where each lane of the other order is in the natural one, or the other way round.
static SmallVector<int64_t> lanesByHalves(int64_t lanes, bool back = false) {
  SmallVector<int64_t> pick;
  for (int64_t half : {0, 4})
    for (int64_t block = 0; block < lanes; block += 8)
      for (int64_t i = 0; i < 4; ++i)
        pick.push_back(block + half + i);
  if (!back)
    return pick;
  SmallVector<int64_t> inverse(pick.size());
  for (auto [to, from] : llvm::enumerate(pick))
    inverse[from] = to;
  return inverse;
}

/// A vector of several times `lanes` lanes in the other order, or the natural one.
Value KernelEmitter::reorderHalves(Value vector, int64_t lanes, bool back) {
  if (lanes == 8)
    return vector; // one block is in order as it is
  SmallVector<int64_t> pick;
  int64_t all = cast<VectorType>(vector.getType()).getNumElements();
  for (int64_t start = 0; start < all; start += lanes)
    for (int64_t lane : lanesByHalves(lanes, back))
      pick.push_back(start + lane);
  return vector::ShuffleOp::create(b, vector, vector, pick);
}

void KernelEmitter::reorderForWordPairs(MutableArrayRef<Value> sums, ArrayRef<Point> points,
                                        bool back) {
  if (!joinsWordPairs(points) || keepsHalves)
    return;
  for (auto [sum, point] : llvm::zip_equal(sums, points))
    sum = reorderHalves(sum, point.piece.lanes, back);
}

/// A constant that has one element for each iteration of the vector loop.
bool KernelEmitter::isVectorConstant(const LinearAccess &access) const {
  if (!access.constant || access.constant.getNumElements() != nest.dims[strategy.vectorDim].size ||
      access.offset != 0)
    return false;
  for (auto [dim, coefficient] : llvm::enumerate(access.coefficients))
    if (coefficient != (dim == strategy.vectorDim ? 1 : 0))
      return false;
  return true;
}

/// Puts what joins the sums in their order, if all of it is constant.
void KernelEmitter::prepareWordPairs() {
  SmallVector<Piece> pieces = piecesOf(nest.dims[strategy.vectorDim].size);
  if (!joinsWordPairs(pieces))
    return;
  packTapPairs(pieces);
  if (!nest.epilogue || !nest.init || nest.epilogue->op.getNumReductionLoops() > 0 ||
      !nest.epilogue->op.getBlock()->getArguments().back().use_empty())
    return;
  SmallVector<LinearAccess *> constants;
  for (Stage *stage : {&*nest.init, &*nest.epilogue})
    for (auto [input, isAccumulator] : llvm::zip_equal(stage->inputs, stage->readsAccumulator)) {
      if (isAccumulator || input.scalar || (input.constant && input.constant.isSplat()))
        continue;
      if (!isVectorConstant(input))
        return;
      constants.push_back(&input);
    }
  keepsHalves = true;
  for (LinearAccess *access : constants) {
    ArrayRef<char> source = access->constant.getRawData();
    int64_t bytes = access->elementType.getIntOrFloatBitWidth() / 8;
    std::vector<char> ordered;
    for (const Piece &piece : pieces)
      for (int64_t lane : lanesByHalves(piece.lanes)) {
        ArrayRef<char> element = source.slice((piece.offset + lane) * bytes, bytes);
        ordered.insert(ordered.end(), element.begin(), element.end());
      }
    access->buffer = pool.get(b, b.getLoc(), access->elementType, ordered);
    access->constant = DenseElementsAttr::getFromRawBuffer(access->constant.getType(), ordered);
  }
}

namespace {

/// Two taps that join a sum at once, or a single one.
struct TapPair {
  SmallVector<int64_t> first;
  std::optional<SmallVector<int64_t>> second;
  /// Of a single one that ends a line: the tap in front of it.
  std::optional<SmallVector<int64_t>> previous;
};

} // namespace

/// Pairs taps so that neighbouring sums read the same pairs: lines of a window two at a time, each
/// tap with the one of the next line; in a last line each tap with the next.
static SmallVector<TapPair> pairTaps(ArrayRef<SmallVector<int64_t>> steps) {
  // A line is a run of steps that differ in one loop.
  SmallVector<ArrayRef<SmallVector<int64_t>>> lines;
  auto loopBetween = [](ArrayRef<int64_t> from, ArrayRef<int64_t> to) -> std::optional<unsigned> {
    std::optional<unsigned> loop;
    for (unsigned d = 0; d < from.size(); ++d)
      if (from[d] != to[d]) {
        if (loop)
          return std::nullopt;
        loop = d;
      }
    return loop;
  };
  for (size_t start = 0; start < steps.size();) {
    size_t end = start + 1;
    std::optional<unsigned> along;
    for (; end < steps.size(); ++end) {
      auto loop = loopBetween(steps[end - 1], steps[end]);
      if (!loop || (along && *loop != *along) || steps[end][*loop] < steps[end - 1][*loop])
        break;
      along = loop;
    }
    lines.push_back(steps.slice(start, end - start));
    start = end;
  }
  SmallVector<TapPair> pairs;
  for (size_t line = 0; line < lines.size(); ++line) {
    if (line + 1 < lines.size() && lines[line].size() == lines[line + 1].size()) {
      for (auto [upper, lower] : llvm::zip_equal(lines[line], lines[line + 1]))
        pairs.push_back({upper, lower, std::nullopt});
      ++line;
      continue;
    }
    ArrayRef<SmallVector<int64_t>> taps = lines[line];
    for (; taps.size() > 1; taps = taps.drop_front(2))
      pairs.push_back({taps[0], taps[1], std::nullopt});
    if (!taps.empty())
      pairs.push_back({taps[0], std::nullopt, std::nullopt});
    if (!taps.empty() && lines[line].size() > 1)
      pairs.back().previous = lines[line][lines[line].size() - 2];
  }
  return pairs;
}

/// Stores the weights of all pairs of taps as they are multiplied:
///   [piece of the vector loop][pair][half][lane][tap of the pair],
/// if the whole window is one body. A single tap has a weight of zero beside its own.
void KernelEmitter::packTapPairs(ArrayRef<Piece> pieces) {
  SmallVector<SmallVector<int64_t>> steps{SmallVector<int64_t>(nest.dims.size(), 0)};
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction)
      continue;
    if (strategy.tile[dim] < info.size)
      return;
    SmallVector<SmallVector<int64_t>> next;
    for (const SmallVector<int64_t> &step : steps)
      for (int64_t i = 0; i < info.size; ++i) {
        next.push_back(step);
        next.back()[dim] = i;
      }
    steps = std::move(next);
  }
  const LinearAccess *source = nullptr;
  for (const LinearAccess &input : nest.reduction->inputs)
    if (input.constant && !input.constant.isSplat())
      source = &input;
  if (!source || source->coefficients[strategy.vectorDim] != 1)
    return;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && dim != strategy.vectorDim && source->coefficients[dim] != 0)
      return;
  ArrayRef<char> bytes = source->constant.getRawData();
  SmallVector<TapPair> pairs = pairTaps(steps);
  auto offsetOf = [&](ArrayRef<int64_t> step) {
    int64_t offset = source->offset;
    for (auto [coefficient, at] : llvm::zip_equal(source->coefficients, step))
      offset += coefficient * at;
    return offset;
  };
  std::vector<char> packed;
  for (const Piece &piece : pieces)
    for (const TapPair &pair : pairs)
      for (int64_t lane : lanesByHalves(piece.lanes)) {
        int64_t column = piece.offset + lane;
        packed.push_back(bytes[offsetOf(pair.first) + column]);
        packed.push_back(pair.second ? bytes[offsetOf(*pair.second) + column] : 0);
      }
  tapWeights.buffer = pool.get(b, b.getLoc(), source->elementType, packed);
  tapWeights.elementType = source->elementType;
  tapWeights.coefficients.assign(nest.dims.size(), 0);
  tapWeights.coefficients[strategy.vectorDim] = 2 * int64_t(pairs.size());
}

/// Adds the products of all steps to the sums of `points`, which are by halves.
void KernelEmitter::addTapPairs(const Position &position, ArrayRef<SmallVector<int64_t>> steps,
                                ArrayRef<Point> points, MutableArrayRef<Value> accumulators) {
  SmallVector<TapPair> pairs = pairTaps(steps);
  ArrayRef<LinearAccess> inputs = nest.reduction->inputs;
  auto at = [&](const Point &point, ArrayRef<int64_t> step) {
    Point result = point;
    for (unsigned d = 0; d < step.size(); ++d)
      result.delta[d] += step[d];
    return result;
  };
  auto addressOfTap = [&](const LinearAccess &input, const Point &point, ArrayRef<int64_t> step) {
    return constantIndex(input, position, at(point, step).delta);
  };
  // Addresses of pairs that are read anyway.
  std::set<std::pair<int64_t, int64_t>> read;
  for (const LinearAccess &input : inputs)
    if (!input.constant)
      for (const Point &point : points)
        for (const TapPair &pair : pairs)
          if (pair.second)
            read.insert(
                {addressOfTap(input, point, pair.first), addressOfTap(input, point, *pair.second)});

  using Halves = std::array<Value, 2>;
  auto interleave = [&](Value lower, Value upper) {
    int64_t lanes = cast<VectorType>(lower.getType()).getNumElements();
    SmallVector<int64_t> order = lanesByHalves(lanes);
    Halves halves;
    for (int64_t half = 0; half < 2; ++half) {
      SmallVector<int64_t> pick;
      for (int64_t lane : ArrayRef(order).slice(half * lanes / 2, lanes / 2))
        pick.append({lane, lanes + lane});
      halves[half] = vector::ShuffleOp::create(b, lower, upper, pick);
    }
    return halves;
  };
  std::map<std::tuple<const LinearAccess *, int64_t, int64_t, unsigned>, Halves> known;
  constexpr int64_t none = std::numeric_limits<int64_t>::min();
  /// The words of two taps; a tap that is null counts as zero.
  auto wordsOf = [&](const LinearAccess &input, const Point &point,
                     std::array<const SmallVector<int64_t> *, 2> taps) {
    std::array<int64_t, 2> addresses = {none, none};
    for (unsigned i = 0; i < 2; ++i)
      if (taps[i])
        addresses[i] = addressOfTap(input, point, *taps[i]);
    auto [entry, isNew] =
        known.try_emplace({&input, addresses[0], addresses[1], point.piece.lanes});
    if (isNew) {
      auto narrow = vectorType(b.getI16Type(), point.piece.lanes);
      std::array<Value, 2> words;
      for (unsigned i = 0; i < 2; ++i)
        words[i] =
            taps[i] ? arith::ExtSIOp::create(b, narrow, load(input, position, at(point, *taps[i])))
                    : zero(narrow);
      entry->second = interleave(words[0], words[1]);
    }
    return entry->second;
  };

  SmallVector<Halves> sums;
  for (auto [accumulator, point] : llvm::zip_equal(accumulators, points)) {
    unsigned half = point.piece.lanes / 2;
    sums.push_back({slice(accumulator, 0, half), slice(accumulator, half, half)});
  }
  /// The packed weights of a pair; those of a single tap meet the second word of each two if
  /// `isSecond`.
  auto packedWeights = [&](int64_t pair, const Point &point, bool isSecond) {
    int64_t lanes = point.piece.lanes;
    int64_t at = constantIndex(tapWeights, position, point.delta) + pair * 2 * lanes;
    auto [entry, isNew] = known.try_emplace({&tapWeights, at, isSecond, point.piece.lanes});
    for (int64_t half = 0; isNew && half < 2; ++half) {
      Value loaded = vector::LoadOp::create(
          b, VectorType::get(lanes, tapWeights.elementType), tapWeights.buffer,
          index(baseIndex(tapWeights, position), at + half * lanes));
      auto narrow = VectorType::get(lanes, b.getI16Type());
      Value words = arith::ExtSIOp::create(b, narrow, loaded);
      if (isSecond) {
        auto wide = VectorType::get(lanes / 2, b.getI32Type());
        Value distance =
            arith::ConstantOp::create(b, DenseElementsAttr::get(wide, b.getI32IntegerAttr(16)));
        words = arith::ShLIOp::create(b, vector::BitCastOp::create(b, wide, words), distance);
        words = vector::BitCastOp::create(b, narrow, words);
      }
      entry->second[half] = words;
    }
    return entry->second;
  };
  for (auto [number, pair] : llvm::enumerate(pairs))
    for (auto [sum, point] : llvm::zip_equal(sums, points)) {
      SmallVector<Halves, 2> factors;
      // A single tap takes a pair that is read anyway, with a weight of zero for the other one.
      bool takesPrevious = false, takesNext = false;
      SmallVector<int64_t> next = pair.first;
      if (!pair.second && pair.previous) {
        takesPrevious = true;
        for (unsigned d = 0; d < next.size(); ++d)
          next[d] += pair.first[d] - (*pair.previous)[d];
        for (const LinearAccess &input : inputs)
          if (!input.constant)
            takesNext |= read.count({addressOfTap(input, point, pair.first),
                                     addressOfTap(input, point, next)}) != 0;
      }
      for (const LinearAccess &input : inputs) {
        if (input.constant && tapWeights.buffer) {
          bool isSecond = !pair.second && takesPrevious && !takesNext;
          factors.push_back(packedWeights(number, point, isSecond));
          continue;
        }
        bool fills = pair.second || !input.constant; // others have the weight zero instead
        std::array<const SmallVector<int64_t> *, 2> taps = {&pair.first, nullptr};
        if (pair.second)
          taps[1] = &*pair.second;
        else if (takesNext)
          taps[1] = fills ? &next : nullptr;
        else if (takesPrevious)
          taps = {fills ? &*pair.previous : nullptr, &pair.first};
        factors.push_back(wordsOf(input, point, taps));
      }
      for (unsigned half = 0; half < 2; ++half)
        sum[half] = tflrt::DotOp::create(b, sum[half], factors[0][half], factors[1][half],
                                         /*lhs_unsigned=*/false);
    }
  for (auto [accumulator, sum] : llvm::zip_equal(accumulators, sums))
    accumulator = join(sum);
}

/// Adds the products of all steps to the sums of `points`.
void KernelEmitter::addNarrowProducts(const Position &position,
                                      ArrayRef<SmallVector<int64_t>> steps, ArrayRef<Point> points,
                                      MutableArrayRef<Value> accumulators) {
  if (joinsWordPairs(points))
    return addTapPairs(position, steps, points, accumulators);
  for (; !steps.empty(); steps = steps.drop_front(std::min<size_t>(2, steps.size())))
    for (auto [accumulator, point] : llvm::zip_equal(accumulators, points)) {
      auto narrow = vectorType(b.getI16Type(), point.piece.lanes);
      Value word; // the sum of two products
      for (const SmallVector<int64_t> &step : steps.take_front(std::min<size_t>(2, steps.size()))) {
        Point at = point;
        for (unsigned d = 0; d < step.size(); ++d)
          at.delta[d] += step[d];
        SmallVector<Value, 2> factors;
        for (const LinearAccess &input : nest.reduction->inputs)
          factors.push_back(arith::ExtSIOp::create(b, narrow, load(input, position, at)));
        Value product = arith::MulIOp::create(b, factors[0], factors[1]);
        word = word ? arith::AddIOp::create(b, word, product).getResult() : product;
      }
      accumulator = arith::AddIOp::create(b, accumulator,
                                          arith::ExtSIOp::create(b, accumulator.getType(), word));
    }
}
