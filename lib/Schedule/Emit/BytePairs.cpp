//===- BytePairs.cpp - products of bytes in pairs -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The loop over the groups of a row runs from one group with large pairs to the next one (see
// Schedule/Nest/BytePairs.h); where these are, stands in a table that is as long as there are such
// groups.
//
//===----------------------------------------------------------------------===//

#include "Schedule/Nest/BytePairs.h"
#include "BroadcastEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
class BytePairsEmitter final : public BroadcastEmitter {
public:
  explicit BytePairsEmitter(const KernelTask &task) : BroadcastEmitter(task) {}

private:
  void prepare() override;
  Value initialValue(const Position &position, const Point &point) override;
  Values emitReductionLoops(ArrayRef<unsigned> order, Position position,
                            SmallVector<int64_t> extents, ArrayRef<Point> points,
                            Values sums) override;
  Value adjustRow(Value row) override;
  Value addProducts(Value sum, Value row, Value column, const Position &position,
                    const Point &point) override;

  Value storeTable(ArrayRef<int32_t> values);
  void prepareTables();
  void prepareShift();
  LinearAccess *findConstantBias() const;
  Position at(const Position &position, Value element) const;
  Values addGroup(Position at, ArrayRef<Point> points, Values carried, bool fits);
  Values addRun(const Position &position, ArrayRef<Point> points, Value lower, Value upper,
                ValueRange initial);
  Value read(Value table, Value index);
  Value tileNumber(const Position &position);
  Values addUpToLargePairs(const Position &position, ArrayRef<Point> points, Values sums,
                           Value &lower);

  bool pairsFit = false;    ///< no pair of the step's products leaves 16 bits
  Value largePairs;         ///< where other groups are, tile by tile; null where there are none
  Value largePairStarts;    ///< the first of each tile in there
  LinearAccess shiftOfRows; ///< to be taken from a column's sum; no buffer where it is nothing
};
} // namespace

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

void BytePairsEmitter::prepare() {
  packWeights();
  prepareTables();
  if (!areRowsUnsigned())
    prepareShift();
}

Value BytePairsEmitter::storeTable(ArrayRef<int32_t> values) {
  return pool.get(b, b.getLoc(), b.getI32Type(),
                  {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(int32_t)});
}

void BytePairsEmitter::prepareTables() {
  SmallVector<int32_t> starts{0}, places;
  for (ArrayRef<int32_t> tile : findLargePairs(nest, strategy)) {
    places.append(tile.begin(), tile.end());
    starts.push_back(places.size());
  }
  if (places.empty())
    return;
  largePairs = storeTable(places);
  largePairStarts = storeTable(starts);
}

/// What rows of signed bytes, read as x + 128, add to each column.
void BytePairsEmitter::prepareShift() {
  int64_t count = nest.dims[strategy.vectorDim].size;
  SmallVector<int32_t> shifts(llvm::alignTo(count, strategy.lanes), 0);
  for (int64_t column = 0; column < count; ++column) {
    uint32_t sum = 0; // modulo 2^32, like the products
    for (int64_t i = 0, e = nest.dims[packing.groupDim].size; i < e; ++i)
      sum += weightOf(nest, strategy, column, i);
    shifts[column] = 128 * sum;
  }
  // A constant that the sums begin with becomes another one.
  if (LinearAccess *bias = findConstantBias()) {
    auto values = llvm::to_vector(bias->constant.getValues<int32_t>());
    for (auto [value, shift] : llvm::zip(values, shifts)) // without the rest of a vector
      value = static_cast<uint32_t>(value) - static_cast<uint32_t>(shift);
    bias->constant = DenseElementsAttr::get(RankedTensorType::get({count}, b.getI32Type()),
                                            ArrayRef<int32_t>(values));
    bias->buffer = storeTable(values);
    return;
  }
  shiftOfRows.buffer = storeTable(shifts);
  shiftOfRows.elementType = b.getI32Type();
  shiftOfRows.coefficients.assign(nest.dims.size(), 0);
  shiftOfRows.coefficients[strategy.vectorDim] = 1;
}

/// The constant of each column that a sum begins with, if that is all; otherwise null.
LinearAccess *BytePairsEmitter::findConstantBias() const {
  if (!nest.init)
    return nullptr;
  Block *body = nest.init->body();
  auto argument = dyn_cast<BlockArgument>(body->getTerminator()->getOperand(0));
  if (!argument || argument.getArgNumber() >= nest.init->inputs.size())
    return nullptr;
  LinearAccess &input = nest.init->inputs[argument.getArgNumber()];
  bool isBias = input.elementType.isInteger(32) && isVectorConstant(input);
  return isBias ? &input : nullptr;
}

Value BytePairsEmitter::initialValue(const Position &position, const Point &point) {
  Value value = BroadcastEmitter::initialValue(position, point);
  if (!shiftOfRows.buffer)
    return value;
  return arith::SubIOp::create(b, value, load(shiftOfRows, position, point));
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// Signed rows are read as x + 128.
Value BytePairsEmitter::adjustRow(Value row) {
  if (areRowsUnsigned())
    return row;
  return arith::XOrIOp::create(
      b, row, vectorize(arith::ConstantIntOp::create(b, -128, 8), strategy.lanes * group));
}

Value BytePairsEmitter::addProducts(Value sum, Value row, Value column, const Position &,
                                    const Point &) {
  auto dot = tflrt::DotOp::create(b, sum, row, column, /*lhs_unsigned=*/true);
  dot.setSmallPairs(pairsFit);
  return dot;
}

Position BytePairsEmitter::at(const Position &position, Value element) const {
  Position inner = position;
  inner.variables[packing.groupDim] = element;
  return inner;
}

/// One group of the row.
KernelEmitter::Values BytePairsEmitter::addGroup(Position at, ArrayRef<Point> points,
                                                 Values carried, bool fits) {
  at.scope = ++scopes;
  SmallVector<int64_t> extents(nest.dims.size(), 1);
  extents[packing.groupDim] = group;
  pairsFit = fits;
  addSteps(at, extents, {Step(nest.dims.size(), 0)}, points, carried);
  pairsFit = false;
  return carried;
}

/// Groups without large pairs.
KernelEmitter::Values BytePairsEmitter::addRun(const Position &position, ArrayRef<Point> points,
                                               Value lower, Value upper, ValueRange initial) {
  Value step = arith::ConstantIndexOp::create(b, group);
  auto loop = scf::ForOp::create(b, lower, upper, step, initial);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Values carried(loop.getRegionIterArgs());
  scf::YieldOp::create(
      b, addGroup(at(position, loop.getInductionVar()), points, std::move(carried), true));
  return llvm::to_vector(ValueRange(loop.getResults()));
}

Value BytePairsEmitter::read(Value table, Value index) {
  Value number = memref::LoadOp::create(b, table, index);
  return arith::IndexCastUIOp::create(b, b.getIndexType(), number);
}

Value BytePairsEmitter::tileNumber(const Position &position) {
  unsigned dim = strategy.vectorDim;
  int64_t tile = strategy.tile[dim];
  Value number = arith::ConstantIndexOp::create(b, position.constants[dim] / tile);
  if (Value column = position.variables[dim])
    number = arith::AddIOp::create(
        b, number, arith::DivUIOp::create(b, column, arith::ConstantIndexOp::create(b, tile)));
  return number;
}

/// Runs up to the tile's last group with large pairs. `lower` becomes the first element behind it.
KernelEmitter::Values BytePairsEmitter::addUpToLargePairs(const Position &position,
                                                          ArrayRef<Point> points, Values sums,
                                                          Value &lower) {
  Value tile = tileNumber(position);
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value first = read(largePairStarts, tile);
  Value last = read(largePairStarts, arith::AddIOp::create(b, tile, one));
  sums.push_back(lower);
  auto loop = scf::ForOp::create(b, first, last, one, sums);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    ValueRange carried = loop.getRegionIterArgs();
    Value large = read(largePairs, loop.getInductionVar());
    Values next = addRun(position, points, carried.back(), large, carried.drop_back());
    next = addGroup(at(position, large), points, std::move(next), false);
    Value size = arith::ConstantIndexOp::create(b, group);
    next.push_back(arith::AddIOp::create(b, large, size));
    scf::YieldOp::create(b, next);
  }
  lower = loop.getResults().back();
  return llvm::to_vector(ValueRange(loop.getResults()).drop_back());
}

KernelEmitter::Values BytePairsEmitter::emitReductionLoops(ArrayRef<unsigned>, Position position,
                                                           SmallVector<int64_t>,
                                                           ArrayRef<Point> points, Values sums) {
  int64_t size = nest.dims[packing.groupDim].size, full = size / group * group;
  Value lower = arith::ConstantIndexOp::create(b, 0);
  Value upper = arith::ConstantIndexOp::create(b, full);
  if (largePairs)
    sums = addUpToLargePairs(position, points, std::move(sums), lower);
  sums = addRun(position, points, lower, upper, sums);
  if (full == size)
    return sums;
  position.constants[packing.groupDim] = full;
  return addGroup(position, points, std::move(sums), false);
}

std::unique_ptr<KernelEmitter> tflc::makeBytePairs(const KernelTask &task) {
  return std::make_unique<BytePairsEmitter>(task);
}
