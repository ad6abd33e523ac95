//===- TapQuads.cpp - four taps of a window at once -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Depthwise convolution of bytes, where an instruction multiplies groups of four bytes and adds
// their products (VPDPBUSD). The bytes of four inputs are interleaved, first as pairs and then as
// groups, within blocks of 128 bits, as the unpacking instructions do:
//
//   inputs      a0 a1 .. a15    b0 .. b15    c0 .. c15    d0 .. d15
//   pairs       a0 b0 .. a7 b7, a8 b8 .. a15 b15          c0 d0 .. c7 d7, ...
//   groups      a0 b0 c0 d0 .. a3 b3 c3 d3,  a4 ..,  a8 ..,  a12 b12 c12 d12 ..
//
// Sums are in the order of the groups: the first quarters of all blocks, then the second ones. That
// is the order in which saturating instructions pack four vectors of sums into one of bytes.
//
//===----------------------------------------------------------------------===//

#include "OrderedSums.h"

#include "Schedule/Nest/TapQuads.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <map>

using namespace mlir;
using namespace tflc;

static constexpr int64_t blockBytes = 16, groupBytes = 4;

namespace {
class TapQuadsEmitter final : public OrderedSumsEmitter {
public:
  explicit TapQuadsEmitter(const KernelTask &task)
      : OrderedSumsEmitter(task), form(*task.strategy.as<TapQuads>()) {}

private:
  class Factors;

  void prepareConstants() override;
  void addSteps(const Position &position, ArrayRef<int64_t> extents, ArrayRef<Step> steps,
                ArrayRef<Point> points, Values &sums) override;
  SmallVector<int64_t> orderOfSums(int64_t lanes) const override;

  const LinearAccess &inputs() const;
  QuadPlan plan(ArrayRef<Point> points, ArrayRef<unsigned> numbers) const;
  void findPatterns();
  void packWeights(ArrayRef<Piece> pieces);

  const TapQuads form;
  SmallVector<Step> taps;           ///< of the window
  std::map<QuadTaps, int> patterns; ///< taps that quads meet, numbered in the order of the weights
  LinearAccess weights;             ///< packed by patterns
};
} // namespace

/// In how many vectors the groups of so many lanes are.
static int64_t countParts(int64_t lanes) { return std::min(lanes, blockBytes) / groupBytes; }

SmallVector<int64_t> TapQuadsEmitter::orderOfSums(int64_t lanes) const {
  SmallVector<int64_t> order;
  int64_t block = std::min(lanes, blockBytes);
  for (int64_t part = 0; part < countParts(lanes); ++part)
    for (int64_t start = 0; start < lanes; start += block)
      for (int64_t i = 0; i < groupBytes; ++i)
        order.push_back(start + part * groupBytes + i);
  return order;
}

/// The factor that is no constant.
const LinearAccess &TapQuadsEmitter::inputs() const {
  ArrayRef<LinearAccess> factors = nest.reduction->inputs;
  return factors[0].constant ? factors[1] : factors[0];
}

/// The numbers of the points whose vectors have the same length, and so can share quads.
static std::map<unsigned, SmallVector<unsigned>> numbersByLanes(ArrayRef<Point> points) {
  std::map<unsigned, SmallVector<unsigned>> numbers;
  for (auto [number, point] : llvm::enumerate(points))
    numbers[point.piece.lanes].push_back(number);
  return numbers;
}

/// The quads of some of the points.
QuadPlan TapQuadsEmitter::plan(ArrayRef<Point> points, ArrayRef<unsigned> numbers) const {
  SmallVector<TapPlace> places;
  for (unsigned number : numbers)
    places.push_back(points[number].delta);
  return planTapQuads(inputs(), places, taps, form.along);
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

void TapQuadsEmitter::prepareConstants() {
  SmallVector<int64_t> window(nest.dims.size(), 1);
  for (unsigned dim : reductionLoops())
    window[dim] = nest.dims[dim].size;
  taps = stepsOf(window);
  findPatterns();
  packWeights(allPieces());
  OrderedSumsEmitter::prepareConstants();
}

/// Collects what quads meet in whole tiles and in those of all rests.
void TapQuadsEmitter::findPatterns() {
  SmallVector<int64_t> extents(nest.dims.size(), 1);
  auto walk = [&](auto &self, ArrayRef<unsigned> loops) -> void {
    if (loops.empty()) {
      SmallVector<Point> points = tilePoints(extents);
      for (const auto &[lanes, numbers] : numbersByLanes(points))
        for (const QuadProduct &product : plan(points, numbers).products)
          patterns.try_emplace(product.taps, patterns.size());
      return;
    }
    unsigned dim = loops[0];
    TileRuns runs = tileOrder.runsOf(dim);
    for (int64_t extent : {runs.full ? strategy.tile[dim] : 0, runs.rest})
      if (extent > 0) {
        extents[dim] = extent;
        self(self, loops.drop_front());
      }
  };
  walk(walk, tileOrder.loops());
}

/// Stores the weights as they are multiplied: [piece of the vector loop][pattern][lane][tap], with
/// lanes in the order of sums and zeros where a pattern has no tap.
void TapQuadsEmitter::packWeights(ArrayRef<Piece> pieces) {
  ArrayRef<LinearAccess> factors = nest.reduction->inputs;
  const LinearAccess &source = factors[0].constant ? factors[0] : factors[1];
  ArrayRef<char> bytes = source.constant.getRawData();
  bool isSplat = source.constant.isSplat(); // holds one byte
  SmallVector<int64_t> offsets;             // of the taps
  for (const Step &tap : taps) {
    offsets.push_back(source.offset);
    for (auto [coefficient, at] : llvm::zip_equal(source.coefficients, tap))
      offsets.back() += coefficient * at;
  }
  SmallVector<QuadTaps> inOrder(patterns.size());
  for (const auto &[pattern, number] : patterns)
    inOrder[number] = pattern;
  std::vector<char> packed;
  for (const Piece &piece : pieces)
    for (const QuadTaps &pattern : inOrder)
      for (int64_t lane : orderOfSums(piece.lanes))
        for (int tap : pattern)
          packed.push_back(tap < 0   ? 0
                           : isSplat ? bytes[0]
                                     : bytes[offsets[tap] + piece.offset + lane]);
  weights.buffer = pool.get(b, b.getLoc(), source.elementType, packed);
  weights.elementType = source.elementType;
  weights.coefficients.assign(nest.dims.size(), 0);
  weights.coefficients[strategy.vectorDim] = groupBytes * int64_t(patterns.size());
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The factors of one tile.
class TapQuadsEmitter::Factors {
public:
  Factors(TapQuadsEmitter &emitter, const Position &position, const QuadPlan &plan)
      : emitter(emitter), position(position), plan(plan) {}

  /// Part `part` of the groups that product `product` of `point` multiplies.
  Value inputs(const Point &point, const QuadProduct &product, unsigned part);
  Value weights(const Point &point, const QuadProduct &product, unsigned part);

private:
  Value interleave(Value first, Value second, int64_t elements, int64_t half);
  Value pairs(const Point &point, unsigned quad, unsigned pair, int64_t half);
  Value load(const Point &point, unsigned quad, unsigned number);

  TapQuadsEmitter &emitter;
  const Position &position;
  const QuadPlan &plan;
  std::map<std::tuple<unsigned, unsigned, unsigned>, Value> knownPairs; ///< quad, pair, half
  std::map<std::pair<unsigned, unsigned>, Value> knownGroups;           ///< quad, part
};

/// Takes elements of so many bytes in turns from two vectors: of each block the lower or the upper
/// half.
Value TapQuadsEmitter::Factors::interleave(Value first, Value second, int64_t elementBytes,
                                           int64_t half) {
  int64_t bytes = cast<VectorType>(first.getType()).getNumElements();
  SmallVector<int64_t> pick;
  for (int64_t block = 0; block < bytes; block += blockBytes)
    for (int64_t i = 0; i < blockBytes / 2; i += elementBytes)
      for (int64_t vector : {int64_t(0), bytes})
        for (int64_t byte = 0; byte < elementBytes; ++byte)
          pick.push_back(vector + block + half * blockBytes / 2 + i + byte);
  return vector::ShuffleOp::create(emitter.b, first, second, pick);
}

/// An input of a quad. One that no tap reads meets zero weights, and may be any other.
Value TapQuadsEmitter::Factors::load(const Point &point, unsigned quad, unsigned number) {
  const TapQuad &places = plan.quads[quad];
  while (!places[number])
    --number; // the first one is always read
  Point at = point;
  at.delta = *places[number];
  return emitter.vectorize(emitter.load(emitter.inputs(), position, at), point.piece.lanes);
}

/// Pairs of the first two inputs or of the last two.
Value TapQuadsEmitter::Factors::pairs(const Point &point, unsigned quad, unsigned pair,
                                      int64_t half) {
  const TapQuad &places = plan.quads[quad];
  if (pair == 1 && !places[2] && !places[3])
    pair = 0;
  auto [entry, isNew] = knownPairs.try_emplace({quad, pair, half});
  if (isNew)
    entry->second = interleave(load(point, quad, 2 * pair), load(point, quad, 2 * pair + 1),
                               /*elementBytes=*/1, half);
  return entry->second;
}

Value TapQuadsEmitter::Factors::inputs(const Point &point, const QuadProduct &product,
                                       unsigned part) {
  auto [entry, isNew] = knownGroups.try_emplace({product.quad, part});
  if (isNew)
    entry->second =
        interleave(pairs(point, product.quad, 0, part / 2), pairs(point, product.quad, 1, part / 2),
                   /*elementBytes=*/2, part % 2);
  return entry->second;
}

Value TapQuadsEmitter::Factors::weights(const Point &point, const QuadProduct &product,
                                        unsigned part) {
  int64_t lanes = point.piece.lanes, bytes = groupBytes * lanes / countParts(lanes);
  int64_t pattern = emitter.patterns.at(product.taps);
  const LinearAccess &packed = emitter.weights;
  int64_t offset = emitter.constantIndex(packed, position, point.delta) +
                   pattern * groupBytes * lanes + part * bytes;
  return vector::LoadOp::create(emitter.b, VectorType::get(bytes, packed.elementType),
                                packed.buffer,
                                emitter.index(emitter.baseIndex(packed, position), offset));
}

/// Adds the products of the whole window to the sums of `points`, which are in their own order. The
/// sums of one part are complete before the next ones begin, so that few vectors are alive.
void TapQuadsEmitter::addSteps(const Position &position, ArrayRef<int64_t> extents,
                               ArrayRef<Step> steps, ArrayRef<Point> points, Values &sums) {
  if (!areBlocksFull(points))
    return NarrowLoopsEmitter::addSteps(position, extents, steps, points, sums);
  bool rowsUnsigned = isUnsigned(inputs());
  SmallVector<Values> parts(points.size());
  for (const auto &[lanes, numbers] : numbersByLanes(points)) {
    QuadPlan products = plan(points, numbers);
    Factors factors(*this, position, products);
    for (unsigned part = 0, count = countParts(lanes); part < count; ++part) {
      for (unsigned number : numbers)
        parts[number].push_back(slice(sums[number], part * lanes / count, lanes / count));
      for (const QuadProduct &product : products.products) {
        unsigned number = numbers[product.point];
        Value &sum = parts[number].back();
        sum = tflrt::DotOp::create(b, sum, factors.inputs(points[number], product, part),
                                   factors.weights(points[number], product, part), rowsUnsigned);
      }
    }
  }
  for (auto [sum, vectors] : llvm::zip_equal(sums, parts))
    sum = join(vectors);
}

std::unique_ptr<KernelEmitter> tflc::makeTapQuads(const KernelTask &task) {
  return std::make_unique<TapQuadsEmitter>(task);
}
