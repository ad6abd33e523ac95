//===- Winograd.cpp - 3x3 windows with fewer products ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Inputs of a block of patches and weights of some columns are transformed into the scratch buffer,
// multiplied there, and transformed back to the results of a patch (see Schedule/Nest/Winograd.h).
//
//===----------------------------------------------------------------------===//

#include "Schedule/Nest/Winograd.h"
#include "BroadcastEmitter.h"
#include "WinogradParts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

namespace {
/// Sums of floats are computed once more tap by tap where they are not finite, as a broadcast.
class WinogradEmitter final : public BroadcastEmitter {
public:
  explicit WinogradEmitter(const KernelTask &task);

private:
  using Matrix = WinogradParts::Matrix;

  void emitLoops() override;
  void emitByChannels(const Position &at);
  void emitByColumns(const Position &at);
  void emitByBlocks(const Position &at);
  void forBlocks(function_ref<void(Value first, Value count)> body);
  void forColumns(int64_t step, function_ref<void(Value column)> body);

  Position movedToPatch(Position position, Value patch);
  int64_t tapOffset(const LinearAccess &access, int64_t line, int64_t pixel) const;
  void transformWeights(Value firstColumn, Value firstChannel);
  void transformWeightsOfLanes(Value source, Value target);
  void transformInputs(const Position &position, Value firstPatch, Value count);
  void multiplyBlock(const Position &position, Value firstPatch, Value count, Value firstColumn);
  void finishBlock(const Position &position, Value firstPatch, Value count, Value column);
  void finishPatch(const Position &at, Value row, Value lane);
  Values directIfNotFinite(const Position &at, ArrayRef<Point> points, ArrayRef<Value> sums);
  Value hasNonFinite(ArrayRef<Value> vectors);

  int64_t columnTile() const { return strategy.tile[strategy.vectorDim]; }
  /// Columns whose results are finished together: vector by vector is less code. A float tile that
  /// is computed once more needs all: its weights are packed so.
  int64_t finishedColumns() const { return product->isFloat ? columnTile() : strategy.lanes; }

  const Winograd &form;
  WinogradLoops loops;
  WinogradParts parts;
};
} // namespace

WinogradEmitter::WinogradEmitter(const KernelTask &task)
    : BroadcastEmitter(task), form(*strategy.as<Winograd>()), loops(*matchWinograd(nest, strategy)),
      parts(b, task.scratch(), strategy, loops, product->isFloat) {}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void WinogradEmitter::emitLoops() {
  emitParallelLoops(loops.outer, Position(nest.dims.size()),
                    SmallVector<int64_t>(nest.dims.size(), 1),
                    [&](const Position &at, ArrayRef<int64_t>) {
                      if (form.channels < loops.channels)
                        emitByChannels(at);
                      else if (form.weightsFirst && loops.patches(form) > form.patches)
                        emitByColumns(at);
                      else
                        emitByBlocks(at);
                    });
}

/// Parts of the channels, for all patches at once.
void WinogradEmitter::emitByChannels(const Position &at) {
  Value patches = parts.constant(loops.patches(form)), zero = parts.constant(0);
  transformInputs(at, zero, patches);
  forColumns(columnTile(), [&](Value column) {
    parts.clearProducts();
    parts.loop(loops.channels, form.channels, [&](Value channel) {
      transformWeights(column, channel);
      parts.multiplyPatches(zero, channel, patches);
    });
    finishBlock(at, zero, patches, column);
  });
}

/// The weights of some columns meet all blocks of patches before the next ones.
void WinogradEmitter::emitByColumns(const Position &at) {
  Value zero = parts.constant(0);
  forColumns(form.columns, [&](Value column) {
    transformWeights(column, zero);
    forBlocks([&](Value first, Value count) {
      transformInputs(at, first, count);
      multiplyBlock(at, first, count, column);
    });
  });
}

/// A block of patches meets the weights of all columns before the next one.
void WinogradEmitter::emitByBlocks(const Position &at) {
  Value zero = parts.constant(0);
  forBlocks([&](Value first, Value count) {
    transformInputs(at, first, count);
    forColumns(form.columns, [&](Value column) {
      transformWeights(column, zero);
      multiplyBlock(at, first, count, column);
    });
  });
}

void WinogradEmitter::forBlocks(function_ref<void(Value, Value)> body) {
  int64_t all = loops.patches(form);
  Value patches = parts.constant(all);
  auto emitBlock = [&](Value first) {
    Value count = all <= form.patches
                      ? patches
                      : parts.least(parts.constant(form.patches), parts.subtract(patches, first));
    body(first, count);
  };
  if (!isShared(loops.line))
    return parts.loop(patches, form.patches, emitBlock);
  UnitRange range =
      shareUnits(llvm::divideCeil(all, form.patches), /*hasRest=*/false, form.patches);
  parts.loop(range.lower, parts.least(range.upper, patches), form.patches, emitBlock);
}

void WinogradEmitter::forColumns(int64_t step, function_ref<void(Value)> body) {
  int64_t all = nest.dims[strategy.vectorDim].size;
  if (!isShared(strategy.vectorDim))
    return parts.loop(all, step, body);
  UnitRange range = shareUnits(all / step, /*hasRest=*/false, step);
  parts.loop(range.lower, range.upper, step, body);
}

//===----------------------------------------------------------------------===//
// Weights and inputs
//===----------------------------------------------------------------------===//

/// Where the results of a patch begin. The last one overlaps the one before it where a size is no
/// multiple.
Position WinogradEmitter::movedToPatch(Position position, Value patch) {
  Value perLine = parts.constant(loops.patchesInLine(form));
  auto start = [&](Value number, int64_t size, int64_t step) {
    Value first = parts.multiply(number, step);
    return size % step == 0 ? first : parts.least(first, parts.constant(size - step));
  };
  position.variables[loops.line] =
      start(arith::DivUIOp::create(b, patch, perLine), loops.lines, form.lines);
  position.variables[loops.pixel] =
      start(arith::RemUIOp::create(b, patch, perLine), loops.pixels, form.pixels);
  position.scope = ++scopes;
  return position;
}

/// Where a window's element is, or one of the lines and pixels that a patch needs.
int64_t WinogradEmitter::tapOffset(const LinearAccess &access, int64_t line, int64_t pixel) const {
  int64_t next = loops.tap ? access.coefficients[*loops.tap]
                           : loops.channels * access.coefficients[packing.groupDim];
  return line * access.coefficients[loops.tapLine] + pixel * next;
}

void WinogradEmitter::transformWeights(Value firstColumn, Value firstChannel) {
  const LinearAccess &packed = packedWeights(columnTile() / strategy.lanes);
  int64_t perChannel = packed.coefficients[packing.groupDim];
  parts.loop(form.columns / columnTile(), 1, [&](Value tile) {
    Value column = parts.add(firstColumn, parts.multiply(tile, columnTile()));
    Value from = parts.add(parts.multiply(column, packed.coefficients[strategy.vectorDim]),
                           parts.multiply(firstChannel, perChannel));
    Value to = parts.multiply(tile, parts.layout.perColumnTile);
    parts.loop(form.channels, group, [&](Value channel) {
      Value source = parts.add(from, parts.multiply(channel, perChannel));
      Value target = parts.add(to, parts.multiply(channel, columnTile() * parts.layout.perFactor));
      transformWeightsOfLanes(source, target);
    });
  });
}

/// The weights of one group of channels, vector by vector.
void WinogradEmitter::transformWeightsOfLanes(Value source, Value target) {
  const LinearAccess &packed = packedWeights(columnTile() / strategy.lanes);
  int64_t lanes = strategy.lanes;
  parts.loop(columnTile(), lanes, [&](Value lane) {
    Value window = parts.add(source, parts.multiply(lane, group));
    Matrix taps(3);
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < 3; ++j)
        taps[i].push_back(parts.loadExtended(weights, parts.add(window, tapOffset(packed, i, j)),
                                             group * lanes, /*isUnsigned=*/false));
    Matrix values = parts.transformWeights(taps);
    parts.storeAll(values, parts.add(target, parts.multiply(lane, 2)),
                   parts.layout.perWeightPosition);
  });
}

void WinogradEmitter::transformInputs(const Position &position, Value firstPatch, Value count) {
  int64_t width = group * strategy.lanes;
  while (loops.channels % width != 0)
    width /= 2;
  parts.loop(count, 1, [&](Value number) {
    Position at = movedToPatch(position, parts.add(firstPatch, number));
    Value from = index(baseIndex(*rows, at), constantIndex(*rows, at, zeros()));
    Value to = parts.add(parts.multiply(number, parts.layout.perInputs), parts.layout.inputs);
    parts.loop(loops.channels, width, [&](Value channel) {
      Value source = parts.add(from, channel);
      Value target = parts.add(to, parts.multiply(channel, parts.layout.perFactor));
      Matrix inputs(form.lines + 2);
      for (int64_t i = 0; i < form.lines + 2; ++i)
        for (int64_t j = 0; j < form.pixels + 2; ++j)
          inputs[i].push_back(parts.loadExtended(
              flat(*rows), parts.add(source, tapOffset(*rows, i, j)), width, areRowsUnsigned()));
      parts.storeAll(parts.transformInputs(inputs), target, parts.layout.perInputPosition);
    });
  });
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

void WinogradEmitter::multiplyBlock(const Position &position, Value firstPatch, Value count,
                                    Value firstColumn) {
  parts.loop(form.columns / columnTile(), 1, [&](Value tile) {
    parts.multiplyPatches(tile, parts.constant(0), count);
    finishBlock(position, firstPatch, count,
                parts.add(firstColumn, parts.multiply(tile, columnTile())));
  });
}

/// Results from the products of all patches of a block, for one tile of columns.
void WinogradEmitter::finishBlock(const Position &position, Value firstPatch, Value count,
                                  Value column) {
  parts.loop(count, 1, [&](Value row) {
    Position patch = movedToPatch(position, parts.add(firstPatch, row));
    parts.loop(columnTile(), finishedColumns(), [&](Value lane) {
      Position at = patch;
      at.scope = ++scopes;
      at.variables[strategy.vectorDim] = parts.add(column, lane);
      finishPatch(at, row, lane);
    });
  });
}

/// The results of one patch in some columns.
void WinogradEmitter::finishPatch(const Position &at, Value row, Value lane) {
  int64_t lanes = strategy.lanes, part = finishedColumns();
  SmallVector<Matrix> results;
  for (int64_t offset = 0; offset < part; offset += lanes)
    results.push_back(parts.resultsOf(row, parts.add(lane, offset)));
  SmallVector<int64_t> extents(nest.dims.size(), 1);
  extents[loops.line] = form.lines;
  extents[loops.pixel] = form.pixels;
  extents[strategy.vectorDim] = part;
  SmallVector<Point> points = tilePoints(extents);
  // Four pixels at once fill a vector of bytes, and leave registers for their constants.
  size_t step = 4 * (part / lanes);
  for (ArrayRef<Point> rest = points; !rest.empty(); rest = rest.drop_front(step)) {
    ArrayRef<Point> pixels = rest.take_front(step);
    Values sums;
    for (const Point &point : pixels) {
      Value initial = initialValue(at, point);
      Value result =
          results[point.piece.offset / lanes][point.delta[loops.line]][point.delta[loops.pixel]];
      sums.push_back(parts.add(initial, result));
    }
    if (product->isFloat)
      sums = directIfNotFinite(at, pixels, sums);
    finishTile(at, pixels, sums);
  }
}

/// Sums of a patch, without Winograd where one of them is not finite.
KernelEmitter::Values WinogradEmitter::directIfNotFinite(const Position &at, ArrayRef<Point> points,
                                                         ArrayRef<Value> sums) {
  auto choice = scf::IfOp::create(b, ValueRange(sums).getTypes(), hasNonFinite(sums),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  Position inside = at;
  inside.scope = ++scopes;
  scf::YieldOp::create(b, emitReduction(inside, points));
  b.setInsertionPointToStart(choice.elseBlock());
  scf::YieldOp::create(b, sums);
  return Values(choice.getResults());
}

/// Whether a lane of any vector is an infinity or a NaN.
Value WinogradEmitter::hasNonFinite(ArrayRef<Value> vectors) {
  // Zero times them is a NaN, and stays one.
  Value zeroes = zero(vectors[0].getType());
  Value sum = zeroes;
  for (Value vector : vectors)
    sum = vector::FMAOp::create(b, vector, zeroes, sum);
  Value isNaN = arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, sum, sum);
  return vector::ReductionOp::create(b, vector::CombiningKind::OR, isNaN);
}

std::unique_ptr<KernelEmitter> tflc::makeWinograd(const KernelTask &task) {
  return std::make_unique<WinogradEmitter>(task);
}
