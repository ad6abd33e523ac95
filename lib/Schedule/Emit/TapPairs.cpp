//===- TapPairs.cpp - two taps of a window at once ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Depthwise convolution of bytes, where an instruction multiplies neighbouring words and adds both
// products (VPMADDWD). The words of two taps are interleaved within blocks of 128 bits, as the
// unpacking instructions do, and so are their weights; sums are kept in that order: the lower
// halves of all blocks, then the upper halves. Where only constants join them behind the window,
// the results stay so until they are stored, and the constants come in the same order.
//
//===----------------------------------------------------------------------===//

#include "OrderedSums.h"
#include "TapPairing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <array>
#include <limits>
#include <map>
#include <set>

using namespace mlir;
using namespace tflc;

namespace {

/// Words of two taps, interleaved: of the lower halves of all blocks, then of the upper ones.
using Halves = std::array<Value, 2>;

class TapPairsEmitter final : public OrderedSumsEmitter {
public:
  using OrderedSumsEmitter::OrderedSumsEmitter;

private:
  class Factors;

  void prepareConstants() override;
  void addSteps(const Position &position, ArrayRef<int64_t> extents, ArrayRef<Step> steps,
                ArrayRef<Point> points, Values &sums) override;
  SmallVector<int64_t> orderOfSums(int64_t lanes) const override;

  const LinearAccess *findTapWeights() const;
  void packTapPairs(ArrayRef<Piece> pieces);

  LinearAccess tapWeights; ///< packed by pairs of taps; no buffer where they are not
};

} // namespace

/// Where each lane of a sum is in memory.
static SmallVector<int64_t> lanesByHalves(int64_t lanes) {
  SmallVector<int64_t> pick;
  for (int64_t half : {0, 4})
    for (int64_t block = 0; block < lanes; block += 8)
      for (int64_t i = 0; i < 4; ++i)
        pick.push_back(block + half + i);
  return pick;
}

SmallVector<int64_t> TapPairsEmitter::orderOfSums(int64_t lanes) const {
  return lanesByHalves(lanes);
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

void TapPairsEmitter::prepareConstants() {
  SmallVector<Piece> pieces = allPieces();
  if (areBlocksFull(pieces))
    packTapPairs(pieces);
  OrderedSumsEmitter::prepareConstants();
}

/// The weights of a window, one for each lane; null where they lie in another way.
const LinearAccess *TapPairsEmitter::findTapWeights() const {
  const LinearAccess *source = nullptr;
  for (const LinearAccess &input : nest.reduction->inputs)
    if (input.constant && !input.constant.isSplat())
      source = &input;
  if (!source || source->coefficients[strategy.vectorDim] != 1)
    return nullptr;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && dim != strategy.vectorDim && source->coefficients[dim] != 0)
      return nullptr;
  return source;
}

/// Stores the weights of all pairs of taps as they are multiplied:
///   [piece of the vector loop][pair][half][lane][tap of the pair],
/// if the whole window is one body. A single tap has a weight of zero beside its own.
void TapPairsEmitter::packTapPairs(ArrayRef<Piece> pieces) {
  SmallVector<int64_t> window(nest.dims.size(), 1);
  for (unsigned dim : reductionLoops()) {
    window[dim] = nest.dims[dim].size;
    if (strategy.tile[dim] < window[dim])
      return;
  }
  const LinearAccess *source = findTapWeights();
  if (!source)
    return;
  ArrayRef<char> bytes = source->constant.getRawData();
  SmallVector<TapPair> pairs = pairTaps(stepsOf(window));
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

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The factors of the pairs of taps of one tile.
class TapPairsEmitter::Factors {
public:
  Factors(TapPairsEmitter &emitter, const Position &position, ArrayRef<Point> points,
          ArrayRef<TapPair> pairs);

  /// The words of an input, or the weights of the pair with this number.
  Halves of(const LinearAccess &input, const Point &point, const TapPair &pair, int64_t number);

private:
  /// Taps whose words are interleaved; a null one has a weight of zero.
  using Taps = std::array<const Tap *, 2>;

  int64_t addressOf(const LinearAccess &input, const Point &point, const Tap &tap) const {
    return emitter.constantIndex(input, position, point.movedBy(tap).delta);
  }
  /// A single tap takes a pair of inputs that is read anyway: with the tap behind it, if a
  /// neighbouring sum pairs these, otherwise with the one in front of it.
  bool takesNext(const Point &point, const TapPair &pair) const;
  Halves interleave(const LinearAccess &input, const Point &point, Taps taps);
  Halves loadPacked(const Point &point, int64_t number, bool isSecond);

  TapPairsEmitter &emitter;
  const Position &position;
  const LinearAccess *rows = nullptr;         ///< the input that is no constant
  std::set<std::pair<int64_t, int64_t>> read; ///< addresses of pairs in there
  std::map<std::tuple<const LinearAccess *, int64_t, int64_t, unsigned>, Halves> known;
};

TapPairsEmitter::Factors::Factors(TapPairsEmitter &emitter, const Position &position,
                                  ArrayRef<Point> points, ArrayRef<TapPair> pairs)
    : emitter(emitter), position(position) {
  for (const LinearAccess &input : emitter.nest.reduction->inputs)
    if (!input.constant)
      rows = &input;
  for (const Point &point : points)
    for (const TapPair &pair : pairs)
      if (rows && pair.second)
        read.insert({addressOf(*rows, point, pair.first), addressOf(*rows, point, *pair.second)});
}

/// The tap that follows a single one as that follows the one in front of it.
static Tap tapBehind(const TapPair &pair) {
  Tap next = pair.first;
  for (auto [at, first, previous] : llvm::zip_equal(next, pair.first, *pair.previous))
    at += first - previous;
  return next;
}

bool TapPairsEmitter::Factors::takesNext(const Point &point, const TapPair &pair) const {
  return rows && read.count({addressOf(*rows, point, pair.first),
                             addressOf(*rows, point, tapBehind(pair))}) != 0;
}

Halves TapPairsEmitter::Factors::of(const LinearAccess &input, const Point &point,
                                    const TapPair &pair, int64_t number) {
  bool hasNeighbour = !pair.second && pair.previous;
  bool isSecond = hasNeighbour && !takesNext(point, pair);
  if (input.constant && emitter.tapWeights.buffer)
    return loadPacked(point, number, isSecond);
  if (pair.second)
    return interleave(input, point, {&pair.first, &*pair.second});
  if (!hasNeighbour || (input.constant && !isSecond))
    return interleave(input, point, {&pair.first, nullptr});
  if (input.constant)
    return interleave(input, point, {nullptr, &pair.first});
  if (isSecond)
    return interleave(input, point, {&*pair.previous, &pair.first});
  Tap next = tapBehind(pair);
  return interleave(input, point, {&pair.first, &next});
}

Halves TapPairsEmitter::Factors::interleave(const LinearAccess &input, const Point &point,
                                            Taps taps) {
  constexpr int64_t none = std::numeric_limits<int64_t>::min();
  auto addressOrNone = [&](const Tap *tap) { return tap ? addressOf(input, point, *tap) : none; };
  int64_t lanes = point.piece.lanes;
  auto [entry, isNew] = known.try_emplace(
      {&input, addressOrNone(taps[0]), addressOrNone(taps[1]), point.piece.lanes});
  if (!isNew)
    return entry->second;
  ImplicitLocOpBuilder &b = emitter.b;
  auto narrow = VectorType::get(lanes, b.getI16Type());
  std::array<Value, 2> words;
  for (unsigned i = 0; i < 2; ++i)
    words[i] = taps[i] ? emitter.loadWords(input, position, point.movedBy(*taps[i]))
                       : emitter.zero(narrow);
  SmallVector<int64_t> order = lanesByHalves(lanes);
  for (int64_t half = 0; half < 2; ++half) {
    SmallVector<int64_t> pick;
    for (int64_t lane : ArrayRef(order).slice(half * lanes / 2, lanes / 2))
      pick.append({lane, lanes + lane});
    entry->second[half] = vector::ShuffleOp::create(b, words[0], words[1], pick);
  }
  return entry->second;
}

/// The packed weights of a pair. Those of a single tap come first, and are moved where they meet
/// the second word.
Halves TapPairsEmitter::Factors::loadPacked(const Point &point, int64_t number, bool isSecond) {
  ImplicitLocOpBuilder &b = emitter.b;
  const LinearAccess &weights = emitter.tapWeights;
  int64_t lanes = point.piece.lanes;
  int64_t at = emitter.constantIndex(weights, position, point.delta) + number * 2 * lanes;
  auto [entry, isNew] = known.try_emplace({&weights, at, isSecond, point.piece.lanes});
  auto narrow = VectorType::get(lanes, b.getI16Type());
  auto wide = VectorType::get(lanes / 2, b.getI32Type());
  for (int64_t half = 0; isNew && half < 2; ++half) {
    Value bytes = vector::LoadOp::create(
        b, VectorType::get(lanes, weights.elementType), weights.buffer,
        emitter.index(emitter.baseIndex(weights, position), at + half * lanes));
    Value words = arith::ExtSIOp::create(b, narrow, bytes);
    if (isSecond) {
      Value distance =
          arith::ConstantOp::create(b, DenseElementsAttr::get(wide, b.getI32IntegerAttr(16)));
      words = arith::ShLIOp::create(b, vector::BitCastOp::create(b, wide, words), distance);
      words = vector::BitCastOp::create(b, narrow, words);
    }
    entry->second[half] = words;
  }
  return entry->second;
}

/// Adds the products of all taps to the sums of `points`, which are by halves.
void TapPairsEmitter::addSteps(const Position &position, ArrayRef<int64_t> extents,
                               ArrayRef<Step> taps, ArrayRef<Point> points, Values &accumulators) {
  if (!areBlocksFull(points))
    return NarrowLoopsEmitter::addSteps(position, extents, taps, points, accumulators);
  SmallVector<TapPair> pairs = pairTaps(taps);
  Factors factors(*this, position, points, pairs);
  SmallVector<Halves> sums;
  for (auto [accumulator, point] : llvm::zip_equal(accumulators, points)) {
    unsigned half = point.piece.lanes / 2;
    sums.push_back({slice(accumulator, 0, half), slice(accumulator, half, half)});
  }
  ArrayRef<LinearAccess> inputs = nest.reduction->inputs;
  for (auto [number, pair] : llvm::enumerate(pairs))
    for (auto [sum, point] : llvm::zip_equal(sums, points)) {
      Halves lhs = factors.of(inputs[0], point, pair, number);
      Halves rhs = factors.of(inputs[1], point, pair, number);
      for (unsigned half = 0; half < 2; ++half)
        sum[half] =
            tflrt::DotOp::create(b, sum[half], lhs[half], rhs[half], /*lhs_unsigned=*/false);
    }
  for (auto [accumulator, sum] : llvm::zip_equal(accumulators, sums))
    accumulator = join(sum);
}

std::unique_ptr<KernelEmitter> tflc::makeTapPairs(const KernelTask &task) {
  return std::make_unique<TapPairsEmitter>(task);
}
