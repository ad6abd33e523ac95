//===- KernelEmitter.cpp - loops of a kernel ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Loops and tiles. What happens to one vector stands in KernelValues.cpp, packed products in
// KernelContract.cpp.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

KernelEmitter::KernelEmitter(tflrt::KernelOp kernel, LoopNest &nest, const Strategy &strategy,
                             ConstantPool &pool, const TargetInfo &target)
    : b(kernel.getLoc(), kernel.getContext()), nest(nest), strategy(strategy),
      tileOrder(nest, strategy), pool(pool), target(target) {
  b.setInsertionPoint(kernel);
  if (nest.reduction)
    product = matchContraction(nest.reduction->body());
  if (strategy.form != Form::Contract)
    return;
  if (strategy.tiles) {
    tileSums = kernel.getScratch();
    tileLoops = findTileLoops(nest, strategy);
  } else {
    scratch = kernel.getScratch();
  }
  columns = &nest.reduction->inputs[strategy.weightsInput];
  rows = &nest.reduction->inputs[1 - strategy.weightsInput];
}

void KernelEmitter::emit() {
  nest.forEachAccess([&](LinearAccess &access) {
    if (access.constant && !access.buffer && !access.scalar)
      access.buffer = pool.get(b, b.getLoc(), access.elementType, access.constant.getRawData());
  });
  if (strategy.narrow)
    prepareWordPairs();
  // Views of whole buffers stand in front of all loops.
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
  if (strategy.tiles)
    packTileWeights();
  else if (strategy.form == Form::Contract)
    packWeights();
  if (strategy.bytePairs)
    prepareBytePairs();
  if (strategy.winograd)
    return emitWinograd();
  if (!strategy.block.empty()) {
    emitBlocks();
  } else {
    Position position;
    position.variables.resize(nest.dims.size());
    position.constants.assign(nest.dims.size(), 0);
    emitTiles(tileOrder.loops(), position, SmallVector<int64_t>(nest.dims.size(), 1));
  }
  if (strategy.tiles)
    releaseTiles();
}

void KernelEmitter::emitTiles(ArrayRef<unsigned> loops, const Position &position,
                              ArrayRef<int64_t> extents) {
  visitsTiles = true;
  bool configures = configureTiles(loops, extents);
  emitParallelLoops(loops, position, SmallVector<int64_t>(extents),
                    [&](Position inner, ArrayRef<int64_t> tile) {
                      inner.scope = ++scopes;
                      emitTile(inner, tile);
                    });
  areTilesConfigured &= !configures;
  visitsTiles = false;
}

KernelEmitter::LoopParts KernelEmitter::partsOf(unsigned dim) const {
  LoopParts parts{tileOrder.runsOf(dim), nullptr};
  if (!block || block->dim != dim)
    return parts;
  if (std::optional<int64_t> count = getConstantIntValue(block->count))
    return {TileRuns(*count, strategy.tile[dim]), nullptr};
  parts.count = cast<Value>(block->count);
  parts.rest = 0;
  return parts;
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
  auto enterColumns = [&] {
    if (!isColumn)
      return;
    columnBlock = b.getInsertionBlock();
    columnScope = ++scopes;
  };
  if (full > 0) {
    extents[dim] = tile;
    bool configures = configureTiles(loops.drop_front(), extents);
    if (full == 1 && !count) {
      enterColumns();
      emitParallelLoops(loops.drop_front(), position, extents, body);
    } else {
      Value lower = arith::ConstantIndexOp::create(b, 0);
      Value upper = count ? count : arith::ConstantIndexOp::create(b, full * tile).getResult();
      Value step = arith::ConstantIndexOp::create(b, tile);
      auto loop = scf::ForOp::create(b, lower, upper, step);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      Position inner = position;
      inner.variables[dim] = loop.getInductionVar();
      enterColumns();
      emitParallelLoops(loops.drop_front(), inner, extents, body);
    }
    areTilesConfigured &= !configures;
  }
  if (rest > 0) {
    position.constants[dim] = full * tile;
    extents[dim] = rest;
    bool configures = configureTiles(loops.drop_front(), extents);
    enterColumns();
    emitParallelLoops(loops.drop_front(), position, extents, body);
    areTilesConfigured &= !configures;
  }
}

/// The vectors that a vector of results with so many elements, which may be fewer than all lanes,
/// takes.
SmallVector<KernelEmitter::Piece> KernelEmitter::piecesOfVector(int64_t offset,
                                                                int64_t elements) const {
  if (strategy.form == Form::Reduce)
    return {{0, 1, 1}}; // the lanes run along the sum
  if (strategy.form == Form::Contract)
    return {{offset, strategy.lanes, static_cast<unsigned>(elements)}};
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

/// The vectors of all tiles of a vector loop of that size.
SmallVector<KernelEmitter::Piece> KernelEmitter::piecesOf(int64_t size) const {
  SmallVector<Piece> pieces;
  int64_t tile = strategy.tile[strategy.vectorDim], lanes = strategy.lanes;
  for (int64_t start = 0; start < size; start += tile) {
    int64_t end = std::min(start + tile, size);
    for (int64_t at = start; at < end; at += lanes)
      llvm::append_range(pieces, piecesOfVector(at, std::min(lanes, end - at)));
  }
  return pieces;
}

SmallVector<KernelEmitter::Point> KernelEmitter::tilePoints(ArrayRef<int64_t> extents) const {
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
  if (strategy.tiles)
    return emitTileProducts(position, extents);
  SmallVector<Point> points = tilePoints(extents);
  SmallVector<Value> accumulators;
  if (nest.reduction)
    accumulators = emitReduction(position, points);
  if (nest.pooling)
    return finishWindows(position, points, accumulators);
  if (strategy.epilogueLanes > strategy.lanes)
    joinForEpilogue(points, accumulators);
  finishTile(position, points, accumulators);
}

void KernelEmitter::finishTile(const Position &position, ArrayRef<Point> points,
                               ArrayRef<Value> accumulators) {
  const LinearAccess &output = nest.last().output;
  if (!nest.epilogue) {
    for (auto [point, accumulator] : llvm::zip_equal(points, accumulators))
      store(accumulator, output, position, point);
    return;
  }
  // All loads before the first store: the code generator need not prove that they do not overlap.
  SmallVector<Run> runs = evaluateEpilogue(position, points, accumulators);
  for (const Run &run : runs)
    store(run.value, output, position, run.point);
}

SmallVector<Value> KernelEmitter::emitReduction(const Position &position, ArrayRef<Point> points) {
  SmallVector<Value> initial;
  for (const Point &point : points) {
    Value value = nest.init ? evaluate(*nest.init, position, point, nullptr)
                            : load(nest.reduction->output, position, point);
    value = vectorize(value, point.piece.lanes);
    if (shiftOfRows.buffer)
      value = arith::SubIOp::create(b, value, load(shiftOfRows, position, point));
    initial.push_back(value);
  }
  SmallVector<Value> accumulators;
  if (strategy.form == Form::Reduce) {
    // The identity of the sum in every lane; the initial value joins at the end.
    Operation *combiner = matchCombiner(nest.reduction->body());
    Value identity = arith::ConstantOp::create(b, *arith::getNeutralElement(combiner));
    accumulators.assign(points.size() * strategy.split, vectorize(identity, strategy.lanes));
  } else if (strategy.matrix) {
    accumulators = exchangeRowPairs(initial, points);
  } else if (strategy.acrossLanes) {
    accumulators.assign(points.size() * strategy.lanes,
                        zero(vectorType(nest.reduction->output.elementType, strategy.lanes)));
  } else {
    accumulators = initial;
    for (unsigned part = 1; part < strategy.split; ++part)
      for (Value value : initial)
        accumulators.push_back(zero(value.getType()));
  }

  SmallVector<unsigned> order;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      order.push_back(dim);
  if (strategy.narrow)
    reorderForWordPairs(accumulators, points, /*back=*/false);
  accumulators = emitReductionLoops(order, position, SmallVector<int64_t>(nest.dims.size(), 1),
                                    points, accumulators);
  if (strategy.form == Form::Reduce)
    return sumAcrossLanes(position, points, initial, accumulators);
  if (strategy.narrow)
    reorderForWordPairs(accumulators, points, /*back=*/true);
  if (strategy.acrossLanes)
    return joinColumns(initial, accumulators);
  if (strategy.matrix) {
    accumulators = exchangeRowPairs(accumulators, points);
    accumulators.resize(points.size());
    return accumulators;
  }
  for (unsigned part = strategy.split; part-- > 1;)
    for (unsigned i = 0; i < points.size(); ++i) {
      Value &sum = accumulators[i];
      Value other = accumulators[part * points.size() + i];
      sum = product->isFloat ? arith::AddFOp::create(b, sum, other).getResult()
                             : arith::AddIOp::create(b, sum, other).getResult();
    }
  accumulators.resize(points.size());
  return accumulators;
}

SmallVector<Value> KernelEmitter::emitReductionLoops(ArrayRef<unsigned> order, Position position,
                                                     SmallVector<int64_t> extents,
                                                     ArrayRef<Point> points,
                                                     SmallVector<Value> accumulators) {
  if (order.empty())
    return emitSteps(position, extents, points, std::move(accumulators));
  unsigned dim = order.front();
  if (strategy.bytePairs)
    return emitBytePairs(position, points, std::move(accumulators));
  if ((strategy.words && dim == strategy.groupDim) || takesRunsTogether(order))
    return emitWordRuns(order, position, points, std::move(accumulators));
  int64_t size = nest.dims[dim].size, tile = strategy.tile[dim];
  int64_t full = size / tile, rest = size - full * tile;
  if (strategy.form == Form::Contract && dim == strategy.groupDim && strategy.lanes > 1)
    rest = llvm::alignTo(rest, strategy.group); // the last group is filled up with zero weights
  if (full > 0) {
    extents[dim] = tile;
    if (full == 1) {
      accumulators =
          emitReductionLoops(order.drop_front(), position, extents, points, accumulators);
    } else {
      Value lower = arith::ConstantIndexOp::create(b, 0);
      Value upper = arith::ConstantIndexOp::create(b, full * tile);
      Value step = arith::ConstantIndexOp::create(b, tile);
      auto loop = scf::ForOp::create(b, lower, upper, step, accumulators);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      Position inner = position;
      inner.variables[dim] = loop.getInductionVar();
      inner.scope = ++scopes;
      SmallVector<Value> carried(loop.getRegionIterArgs());
      carried = emitReductionLoops(order.drop_front(), inner, extents, points, carried);
      scf::YieldOp::create(b, carried);
      accumulators.assign(loop.getResults().begin(), loop.getResults().end());
    }
  }
  if (rest > 0) {
    position.constants[dim] = full * tile;
    extents[dim] = rest;
    accumulators = emitReductionLoops(order.drop_front(), position, extents, points, accumulators);
  }
  return accumulators;
}

SmallVector<Value> KernelEmitter::emitSteps(const Position &position, ArrayRef<int64_t> extents,
                                            ArrayRef<Point> points,
                                            SmallVector<Value> accumulators) {
  SmallVector<int64_t> step(nest.dims.size(), 0);
  SmallVector<SmallVector<int64_t>> together;
  unsigned count = 0;
  auto visit = [&](auto &self, unsigned dim) -> void {
    if (dim < nest.dims.size()) {
      if (!nest.dims[dim].isReduction)
        return self(self, dim + 1);
      int64_t stride = 1;
      if (strategy.form == Form::Contract && dim == strategy.groupDim)
        stride = strategy.group;
      else if (strategy.form == Form::Reduce && dim == strategy.vectorDim)
        stride = strategy.lanes;
      for (int64_t i = 0; i < extents[dim]; i += stride) {
        step[dim] = i;
        self(self, dim + 1);
      }
      step[dim] = 0;
      return;
    }
    if (strategy.acrossLanes)
      return emitAcrossStep(position, step, points, accumulators);
    if (strategy.matrix)
      return emitMatrixStep(position, step, extents, points, accumulators);
    unsigned part = count++ % strategy.split;
    auto slice = MutableArrayRef(accumulators).slice(part * points.size(), points.size());
    if (strategy.taps || strategy.narrow) {
      together.push_back(step);
      return;
    }
    if (strategy.form == Form::Contract)
      return emitContractStep(position, step, extents, points, slice);
    for (auto [accumulator, point] : llvm::zip_equal(slice, points)) {
      Point at = point;
      for (unsigned d = 0; d < step.size(); ++d)
        at.delta[d] += step[d];
      if (strategy.form == Form::Reduce) {
        unsigned valid = std::min<int64_t>(strategy.lanes,
                                           extents[strategy.vectorDim] - step[strategy.vectorDim]);
        at.piece = {step[strategy.vectorDim], strategy.lanes, valid};
      }
      Value next = evaluate(*nest.reduction, position, at, accumulator);
      if (at.piece.valid < at.piece.lanes)
        next = arith::SelectOp::create(b, validLanes(at.piece), next, accumulator);
      accumulator = next;
    }
  };
  visit(visit, 0);
  if (strategy.taps)
    emitTaps(position, together, points, accumulators);
  else if (strategy.narrow)
    addNarrowProducts(position, together, points, accumulators);
  return accumulators;
}
