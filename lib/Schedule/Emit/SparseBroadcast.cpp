//===- SparseBroadcast.cpp - products of the weights that are not zero ----===//
//
// Part of tflc, under the Apache License 2.0.
//
// The loops of the reduction become one over the steps whose weights are not all zero for the
// columns of the tile. The object holds these weights alone, a table of where each step finds its
// group of a row, and where the steps of each tile begin:
//
//   weights   [step][vector of the tile][lane][element of the group]
//   places    [step]
//   starts    [whole tile of columns], and the end
//
// Tiles of whole columns come first, the rest of the columns behind them.
//
//===----------------------------------------------------------------------===//

#include "BroadcastEmitter.h"
#include "Schedule/Nest/LiveSteps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {

class SparseBroadcastEmitter : public BroadcastEmitter {
public:
  explicit SparseBroadcastEmitter(const KernelTask &task) : BroadcastEmitter(task) {}

private:
  void packWeights() override;
  void emitLoops() override;
  Values emitReductionLoops(ArrayRef<unsigned> order, Position position,
                            SmallVector<int64_t> extents, ArrayRef<Point> points,
                            Values sums) override;
  /// Numbers of a tile's first step and of the one behind its last.
  std::pair<Value, Value> stepsOfTile(const Position &position);
  /// Adds step number `first` and those behind it, `count` in all.
  void addLiveSteps(Position position, Value first, int64_t count, ArrayRef<Point> points,
                    Values &sums);
  Value makeTable(ArrayRef<int64_t> numbers);
  Value readTable(Value table, Value index);
  Value constant(int64_t value) { return arith::ConstantIndexOp::create(b, value); }

  SmallVector<int64_t> starts; ///< of all tiles, the rest included, and the end
  int64_t fullTiles = 0;
  Value places, startTable;
  unsigned placeDim = 0, stepDim = 0;           ///< loops that stand for the tables' contents
  std::map<unsigned, LinearAccess> stepWeights; ///< by vectors in a tile
};

} // namespace

/// Unsigned numbers, in as few bytes as hold them.
Value SparseBroadcastEmitter::makeTable(ArrayRef<int64_t> numbers) {
  int64_t largest = numbers.empty() ? 0 : *llvm::max_element(numbers);
  unsigned bytes = largest < 0x100 ? 1 : largest < 0x10000 ? 2 : 4;
  std::vector<char> data;
  for (int64_t number : numbers)
    for (unsigned i = 0; i < bytes; ++i)
      data.push_back(static_cast<char>(number >> 8 * i));
  if (data.empty())
    data.push_back(0);
  return pool.get(b, b.getLoc(), b.getIntegerType(8 * bytes), data);
}

Value SparseBroadcastEmitter::readTable(Value table, Value index) {
  return arith::IndexCastUIOp::create(b, b.getIndexType(),
                                      memref::LoadOp::create(b, table, index).getResult());
}

void SparseBroadcastEmitter::packWeights() {
  int64_t size = nest.dims[strategy.vectorDim].size, tile = strategy.tile[strategy.vectorDim];
  int64_t bytes = columns->elementType.getIntOrFloatBitWidth() / 8;
  int64_t columnStride = columns->coefficients[strategy.vectorDim];
  int64_t groupStride = columns->coefficients[packing.groupDim];
  ArrayRef<char> source = columns->constant.getRawData();
  LiveSteps steps(nest, packing, strategy.vectorDim, tile);
  fullTiles = size / tile;

  std::vector<char> packed;
  SmallVector<int64_t> rowPlaces;
  for (auto [number, live] : llvm::enumerate(steps.tiles())) {
    starts.push_back(rowPlaces.size());
    int64_t first = number * tile;
    int64_t lanes = llvm::alignTo(std::min(tile, size - first), strategy.lanes);
    for (const LiveSteps::Step &step : live) {
      rowPlaces.push_back(step.row);
      for (int64_t column = first; column < first + lanes; ++column)
        for (int64_t i = 0; i < group; ++i) {
          int64_t at = step.weights + column * columnStride + i * groupStride;
          if (column < size)
            packed.insert(packed.end(), source.data() + at * bytes,
                          source.data() + (at + 1) * bytes);
          else
            packed.insert(packed.end(), bytes, 0);
        }
    }
  }
  starts.push_back(rowPlaces.size());
  if (packed.empty())
    packed.assign(bytes, 0);
  Type type = packedType(packed);
  weights = pool.get(b, b.getLoc(), type, packed);
  places = makeTable(rowPlaces);
  startTable = makeTable(ArrayRef(starts).take_front(fullTiles + 1));
}

/// The place of a row's group and the number of the step are variables like those of loops.
void SparseBroadcastEmitter::emitLoops() {
  auto addDim = [&](int64_t rowCoefficient) {
    nest.dims.push_back({1, false});
    nest.forEachAccess([](LinearAccess &access) { access.coefficients.push_back(0); });
    nest.reduction->inputs[1 - packing.weightsInput].coefficients.back() = rowCoefficient;
    return unsigned(nest.dims.size() - 1);
  };
  placeDim = addDim(1);
  stepDim = addDim(0);
  BroadcastEmitter::emitLoops();
}

std::pair<Value, Value> SparseBroadcastEmitter::stepsOfTile(const Position &position) {
  int64_t tile = strategy.tile[strategy.vectorDim];
  Value column = position.variables[strategy.vectorDim];
  if (!column) {
    int64_t number = position.constants[strategy.vectorDim] / tile;
    return {constant(starts[number]), constant(starts[number + 1])};
  }
  Value number = arith::DivUIOp::create(b, column, constant(tile));
  Value next = arith::AddIOp::create(b, number, constant(1));
  return {readTable(startTable, number), readTable(startTable, next)};
}

void SparseBroadcastEmitter::addLiveSteps(Position position, Value first, int64_t count,
                                          ArrayRef<Point> points, Values &sums) {
  unsigned vectors = countVectors(points);
  LinearAccess &access = stepWeights[vectors];
  if (access.coefficients.empty()) {
    int64_t perStep = vectors * strategy.lanes * group;
    access.buffer = weights;
    access.elementType = cast<MemRefType>(weights.getType()).getElementType();
    access.coefficients.assign(nest.dims.size(), 0);
    access.coefficients[stepDim] = perStep;
    // The rest of the columns may have fewer vectors than the tiles before it.
    int64_t before = starts[fullTiles], tile = strategy.tile[strategy.vectorDim];
    access.offset = before * (tile * group - perStep);
  }
  for (int64_t i = 0; i < count; ++i) {
    Value step = i == 0 ? first : arith::AddIOp::create(b, first, constant(i)).getResult();
    position.scope = ++scopes;
    position.variables[stepDim] = step;
    position.variables[placeDim] = readTable(places, step);
    for (auto [point, sum] : llvm::zip_equal(points, sums)) {
      int64_t at = access.offset + point.piece.offset * group;
      Value row = rowFactor(position, point.delta, 0, group);
      Value column =
          columnFactor(access, position, at, point.piece.offset / strategy.lanes, vectors);
      sum = addProducts(sum, row, column, position, point);
    }
  }
}

KernelEmitter::Values SparseBroadcastEmitter::emitReductionLoops(ArrayRef<unsigned>,
                                                                 Position position,
                                                                 SmallVector<int64_t>,
                                                                 ArrayRef<Point> points,
                                                                 Values sums) {
  auto [lower, upper] = stepsOfTile(position);
  int64_t unroll = strategy.tile[packing.groupDim] / group;
  auto loop = [&](Value lower, Value upper, int64_t count) {
    auto loop = scf::ForOp::create(b, lower, upper, constant(count), sums);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Values carried(loop.getRegionIterArgs());
    addLiveSteps(position, loop.getInductionVar(), count, points, carried);
    scf::YieldOp::create(b, carried);
    sums.assign(loop.getResults().begin(), loop.getResults().end());
  };
  if (unroll == 1) {
    loop(lower, upper, 1);
    return sums;
  }
  Value count = arith::SubIOp::create(b, upper, lower);
  Value rest = arith::RemUIOp::create(b, count, constant(unroll));
  Value whole = arith::SubIOp::create(b, upper, rest);
  loop(lower, whole, unroll);
  loop(whole, upper, 1);
  return sums;
}

std::unique_ptr<KernelEmitter> tflc::makeSparseBroadcast(const KernelTask &task) {
  return std::make_unique<SparseBroadcastEmitter>(task);
}
