//===- KernelEmitter.cpp - what the loops of all kernels share ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tflc;

KernelEmitter::KernelEmitter(const KernelTask &task)
    : KernelValues(task), tileOrder(nest, strategy), share(task.share) {}

void KernelEmitter::emit() {
  nest.forEachAccess([&](LinearAccess &access) {
    if (access.constant && !access.buffer && !access.scalar)
      access.buffer = pool.get(b, b.getLoc(), access.elementType, access.constant.getRawData());
  });
  prepareConstants();
  viewBuffers();
  prepare();
  emitLoops();
}

/// Views of whole buffers stand in front of all loops.
void KernelEmitter::viewBuffers() {
  for (std::optional<Stage> *stage : {&nest.init, &nest.reduction, &nest.epilogue}) {
    if (!*stage)
      continue;
    for (auto [input, isAccumulator] :
         llvm::zip_equal((*stage)->inputs, (*stage)->readsAccumulator))
      if (input.buffer && !isAccumulator)
        flat(input);
  }
  flat(nest.last().output);
  if (nest.reduction && !nest.init)
    flat(nest.reduction->output);
}

void KernelEmitter::emitLoops() {
  emitTiles(tileOrder.loops(), Position(nest.dims.size()),
            SmallVector<int64_t>(nest.dims.size(), 1));
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

void KernelEmitter::emitTiles(ArrayRef<unsigned> loops, const Position &position,
                              ArrayRef<int64_t> extents) {
  bool entered = enterLoops(loops, extents);
  emitParallelLoops(loops, position, SmallVector<int64_t>(extents),
                    [&](Position inner, ArrayRef<int64_t> tile) {
                      inner.scope = ++scopes;
                      emitTile(inner, tile);
                    });
  if (entered)
    leaveLoops();
}

KernelEmitter::LoopParts KernelEmitter::partsOf(unsigned dim) const {
  return {tileOrder.runsOf(dim), nullptr};
}

void KernelEmitter::emitParallelLoops(
    ArrayRef<unsigned> loops, Position position, SmallVector<int64_t> extents,
    function_ref<void(const Position &, ArrayRef<int64_t>)> body) {
  if (loops.empty())
    return body(position, extents);
  unsigned dim = loops.front();
  int64_t tile = strategy.tile[dim];
  LoopParts parts = partsOf(dim);
  Value count = parts.count;
  int64_t full = parts.full, rest = parts.rest;
  bool isColumn = strategy.columnsFirst() && dim == strategy.vectorDim;
  auto beginColumns = [&] {
    if (!isColumn)
      return;
    columnBlock = b.getInsertionBlock();
    columnScope = ++scopes;
  };
  UnitRange range;
  if (sharesTiles(dim))
    range = shareUnits(full, rest > 0, tile);
  if (full > 0) {
    extents[dim] = tile;
    bool entered = enterLoops(loops.drop_front(), extents);
    if (full == 1 && !count && !range.lower) {
      beginColumns();
      emitParallelLoops(loops.drop_front(), position, extents, body);
    } else {
      Value lower = range.lower ? range.lower : arith::ConstantIndexOp::create(b, 0).getResult();
      Value upper = range.upper ? range.upper
                    : count     ? count
                                : arith::ConstantIndexOp::create(b, full * tile).getResult();
      Value step = arith::ConstantIndexOp::create(b, tile);
      auto loop = scf::ForOp::create(b, lower, upper, step);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      Position inner = position;
      inner.variables[dim] = loop.getInductionVar();
      beginColumns();
      emitParallelLoops(loops.drop_front(), inner, extents, body);
    }
    if (entered)
      leaveLoops();
  }
  if (rest > 0) {
    position.constants[dim] = full * tile;
    extents[dim] = rest;
    emitRest(range.hasRest, [&] {
      bool entered = enterLoops(loops.drop_front(), extents);
      beginColumns();
      emitParallelLoops(loops.drop_front(), position, extents, body);
      if (entered)
        leaveLoops();
    });
  }
}

KernelEmitter::UnitRange KernelEmitter::shareUnits(int64_t full, bool hasRest, int64_t step) {
  int64_t units = full + hasRest;
  auto constant = [&](int64_t value) { return arith::ConstantIndexOp::create(b, value); };
  auto firstOf = [&](Value task) -> Value {
    Value scaled = arith::MulIOp::create(b, task, constant(units));
    Value unit = arith::DivUIOp::create(b, scaled, constant(share->count));
    if (hasRest)
      unit = arith::MinUIOp::create(b, unit, constant(full));
    return arith::MulIOp::create(b, unit, constant(step));
  };
  UnitRange range;
  range.lower = firstOf(share->task);
  range.upper = firstOf(arith::AddIOp::create(b, share->task, constant(1)));
  range.hasRest =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, share->task, constant(share->count - 1));
  return range;
}

void KernelEmitter::emitRest(Value hasRest, function_ref<void()> body) {
  if (!hasRest)
    return body();
  auto branch = scf::IfOp::create(b, hasRest, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

/// Vectors, and shorter ones for what is left of one.
SmallVector<Piece> KernelEmitter::piecesOfVector(int64_t offset, int64_t elements) const {
  SmallVector<Piece> pieces;
  unsigned lanes = strategy.lanes;
  for (int64_t end = offset + elements; offset < end; offset += lanes) {
    while (lanes > end - offset)
      lanes /= 2; // lanes are a power of two
    if (lanes == 2 && !target.instructions.hasHalfVectors)
      lanes = 1;
    pieces.push_back({offset, lanes, lanes});
  }
  return pieces;
}

SmallVector<Point> KernelEmitter::tilePoints(ArrayRef<int64_t> extents) const {
  SmallVector<Point> points;
  tileOrder.forEachVector(extents, [&](ArrayRef<int64_t> place, int64_t elements) {
    for (const Piece &piece : piecesOfVector(place[strategy.vectorDim], elements)) {
      points.push_back({SmallVector<int64_t>(place), piece});
      points.back().delta[strategy.vectorDim] = piece.offset;
    }
  });
  return points;
}

void KernelEmitter::emitTile(Position position, ArrayRef<int64_t> extents) {
  SmallVector<Point> points = tilePoints(extents);
  Values sums;
  if (nest.reduction)
    sums = emitReduction(position, points);
  if (nest.pooling)
    return finishWindows(position, points, sums);
  joinForEpilogue(points, sums);
  finishTile(position, points, sums);
}

/// Whether `access` reads constants that change from column to column only.
bool KernelEmitter::isColumnConstant(const LinearAccess &access, const Position &position) const {
  if (!keepsColumnConstants || !columnBlock || !access.constant || access.constant.isSplat())
    return false;
  for (auto [dim, coefficient] : llvm::enumerate(access.coefficients))
    if (dim != strategy.vectorDim && coefficient != 0 &&
        !(nest.dims[dim].isReduction && !position.variables[dim]))
      return false;
  return true;
}

Value KernelEmitter::load(const LinearAccess &access, const Position &position,
                          const Point &point) {
  if (!isColumnConstant(access, position) || position.scope == columnScope)
    return KernelAccess::load(access, position, point);
  OpBuilder::InsertionGuard guard(b);
  if (b.getInsertionBlock() != columnBlock)
    b.setInsertionPoint(columnBlock->findAncestorOpInBlock(*b.getInsertionBlock()->getParentOp()));
  Position outside = position;
  outside.scope = columnScope;
  return KernelAccess::load(access, outside, point);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

Value KernelEmitter::initialValue(const Position &position, const Point &point) {
  Value value = nest.init ? evaluate(*nest.init, position, point, nullptr)
                          : load(nest.reduction->output, position, point);
  return vectorize(value, point.piece.lanes);
}

KernelEmitter::Values KernelEmitter::startSums(ArrayRef<Value> initial, ArrayRef<Point> points) {
  return Values(initial);
}

KernelEmitter::Values KernelEmitter::finishSums(ArrayRef<Point> points, ArrayRef<Value> initial,
                                                Values sums) {
  return sums;
}

SmallVector<unsigned> KernelEmitter::reductionLoops() const {
  SmallVector<unsigned> loops;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      loops.push_back(dim);
  return loops;
}

KernelEmitter::Values KernelEmitter::emitReduction(const Position &position,
                                                   ArrayRef<Point> points) {
  Values initial;
  for (const Point &point : points)
    initial.push_back(initialValue(position, point));
  Values sums = startSums(initial, points);
  sums = emitReductionLoops(reductionLoops(), position, SmallVector<int64_t>(nest.dims.size(), 1),
                            points, std::move(sums));
  return finishSums(points, initial, std::move(sums));
}

KernelEmitter::Values KernelEmitter::emitReductionLoops(ArrayRef<unsigned> order, Position position,
                                                        SmallVector<int64_t> extents,
                                                        ArrayRef<Point> points, Values sums) {
  if (order.empty()) {
    addSteps(position, extents, stepsOf(extents), points, sums);
    return sums;
  }
  unsigned dim = order.front();
  int64_t size = nest.dims[dim].size, tile = strategy.tile[dim];
  int64_t full = size / tile, rest = coveredRest(dim, size % tile);
  if (full > 0) {
    extents[dim] = tile;
    if (full == 1) {
      sums = emitReductionLoops(order.drop_front(), position, extents, points, sums);
    } else {
      Value lower = arith::ConstantIndexOp::create(b, 0);
      Value upper = arith::ConstantIndexOp::create(b, full * tile);
      Value step = arith::ConstantIndexOp::create(b, tile);
      auto loop = scf::ForOp::create(b, lower, upper, step, sums);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      Position inner = position;
      inner.variables[dim] = loop.getInductionVar();
      inner.scope = ++scopes;
      Values carried(loop.getRegionIterArgs());
      carried = emitReductionLoops(order.drop_front(), inner, extents, points, carried);
      scf::YieldOp::create(b, carried);
      sums.assign(loop.getResults().begin(), loop.getResults().end());
    }
  }
  if (rest > 0) {
    position.constants[dim] = full * tile;
    extents[dim] = rest;
    sums = emitReductionLoops(order.drop_front(), position, extents, points, sums);
  }
  return sums;
}

SmallVector<KernelEmitter::Step> KernelEmitter::stepsOf(ArrayRef<int64_t> extents) const {
  SmallVector<Step> steps{Step(nest.dims.size(), 0)};
  for (unsigned dim : reductionLoops()) {
    SmallVector<Step> next;
    for (const Step &step : steps)
      for (int64_t i = 0; i < extents[dim]; i += stepAlong(dim)) {
        next.push_back(step);
        next.back()[dim] = i;
      }
    steps = std::move(next);
  }
  return steps;
}

void KernelEmitter::addSteps(const Position &position, ArrayRef<int64_t> extents,
                             ArrayRef<Step> steps, ArrayRef<Point> points, Values &sums) {
  for (const Step &step : steps)
    for (auto [sum, point] : llvm::zip_equal(sums, points))
      sum = evaluate(*nest.reduction, position, point.movedBy(step), sum);
}
