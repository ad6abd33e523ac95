//===- KernelNarrow.cpp - products of bytes in 16 bits --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Depthwise convolution of bytes: every lane has a sum of its own. Where the machine multiplies
// neighbouring words and adds both products (VPMADDWD), the words of two taps are interleaved, as
// are their weights, so that two taps join a sum at once. Words are interleaved within blocks of
// 128 bits, as the unpacking instructions do, and sums are kept in that order until the end: the
// lower halves of all blocks, then the upper halves.
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
bool KernelEmitter::joinsWordPairs(ArrayRef<Point> points) const {
  return (target.dot == "maddwd" || target.dot == "vnni512" || target.dot == "avxvnni") &&
         llvm::all_of(points, [](const Point &point) { return point.piece.lanes % 8 == 0; });
}

/// Where each lane of the other order is in the natural one.
static SmallVector<int64_t> lanesByHalves(int64_t lanes) {
  SmallVector<int64_t> pick;
  for (int64_t half : {0, 4})
    for (int64_t block = 0; block < lanes; block += 8)
      for (int64_t i = 0; i < 4; ++i)
        pick.push_back(block + half + i);
  return pick;
}

void KernelEmitter::reorderForWordPairs(MutableArrayRef<Value> sums, ArrayRef<Point> points,
                                        bool back) {
  if (!joinsWordPairs(points))
    return;
  for (auto [sum, point] : llvm::zip_equal(sums, points)) {
    if (point.piece.lanes == 8)
      continue; // one block is in order as it is
    SmallVector<int64_t> pick = lanesByHalves(point.piece.lanes), inverse(pick.size());
    for (auto [to, from] : llvm::enumerate(pick))
      inverse[from] = to;
    sum = vector::ShuffleOp::create(b, sum, sum, back ? inverse : pick);
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
  for (const TapPair &pair : pairs)
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
