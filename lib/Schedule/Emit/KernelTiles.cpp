//===- KernelTiles.cpp - products in tile registers -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// One instruction multiplies 16 rows of 64 bytes by 16 columns of as many. Rows are loaded as they
// lie in memory, at equal distances; those of several lines with what is between the lines, whose
// sums are left alone. Weights are stored as tile registers hold them:
//   [tile of columns][outer loops][part of the run][vector][group][lane][byte of the group]
// The sums of a register tile go through memory to the epilogue, which takes a few rows at a time.
//
// Registers are named by numbers: sums come first, then rows, and the rest of the eight take
// weights in turn. One configuration of their sizes serves a whole loop.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "Schedule/Nest/RegisterTile.h"
#include "Schedule/Nest/Tiles.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

static constexpr int64_t numRegisters = 8;

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

void KernelEmitter::packTileWeights() {
  unsigned columnDim = strategy.vectorDim;
  int64_t size = nest.dims[columnDim].size, tile = strategy.tile[columnDim];
  int64_t run = nest.dims[strategy.groupDim].size, part = strategy.tile[strategy.groupDim];
  int64_t parts = llvm::divideCeil(run, part);
  ArrayRef<char> source = columns->constant.getRawData();
  bool splat = columns->constant.isSplat();

  SmallVector<int64_t> offsets{columns->offset}; // of each run, in the order of the loops
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction || dim == strategy.groupDim)
      continue;
    SmallVector<int64_t> next;
    for (int64_t offset : offsets)
      for (int64_t i = 0; i < info.size; ++i)
        next.push_back(offset + i * columns->coefficients[dim]);
    offsets = std::move(next);
  }
  std::vector<char> packed;
  packed.reserve(llvm::alignTo(size, tileColumns) * offsets.size() * parts * part);
  auto pack = [&](int64_t offset, int64_t start, int64_t column, int64_t group) {
    // The last part of a run ends with the run.
    int64_t first = std::min(start, run - part) + group * 4;
    for (int64_t element = first; element < first + 4; ++element) {
      bool exists = column < size && element >= start;
      int64_t at = offset + element * columns->coefficients[strategy.groupDim] +
                   column * columns->coefficients[columnDim];
      packed.push_back(exists ? source[splat ? 0 : at] : 0);
    }
  };
  for (int64_t begin = 0; begin < size; begin += tile) {
    int64_t end = begin + llvm::alignTo(std::min(tile, size - begin), tileColumns);
    for (int64_t offset : offsets)
      for (int64_t start = 0; start < run; start += part)
        for (int64_t vector = begin; vector < end; vector += tileColumns)
          for (int64_t group = 0; group < part / 4; ++group)
            for (int64_t lane = 0; lane < tileColumns; ++lane)
              pack(offset, start, vector + lane, group);
  }
  weights = pool.get(b, b.getLoc(), columns->elementType, packed);
}

/// Where a tile of that many vectors finds its weights. The loop of a run counts whole parts.
const LinearAccess &KernelEmitter::packedTileWeights(unsigned vectors) {
  auto [entry, isNew] = weightAccesses.try_emplace(vectors);
  LinearAccess &access = entry->second;
  if (!isNew)
    return access;
  access.buffer = weights;
  access.elementType = columns->elementType;
  access.coefficients.assign(nest.dims.size(), 0);
  int64_t part = strategy.tile[strategy.groupDim];
  int64_t column = llvm::alignTo(nest.dims[strategy.groupDim].size, part);
  access.coefficients[strategy.groupDim] = vectors * tileColumns;
  for (unsigned dim = nest.dims.size(); dim-- > 0;) {
    if (!nest.dims[dim].isReduction || dim == strategy.groupDim)
      continue;
    access.coefficients[dim] = vectors * tileColumns * column;
    column *= nest.dims[dim].size;
  }
  access.coefficients[strategy.vectorDim] = column;
  return access;
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

SmallVector<KernelEmitter::RowTile> KernelEmitter::rowTiles(ArrayRef<int64_t> extents) const {
  SmallVector<RowTile> result;
  int64_t count =
      tileLoops.rowsOf(tileLoops.line ? extents[*tileLoops.line] : 1, extents[*tileLoops.row]);
  for (int64_t first = 0; first < count; first += tileRows)
    result.push_back({first, std::min(tileRows, count - first)});
  return result;
}

/// The register with the sums of a tile of rows and a vector of columns.
unsigned KernelEmitter::sumRegister(unsigned rowTile, unsigned vector) const {
  return rowTile * (strategy.tile[strategy.vectorDim] / tileColumns) + vector;
}

unsigned KernelEmitter::rowRegister(unsigned rowTile) const {
  return sumRegister(rowTiles(strategy.tile).size(), 0) + rowTile;
}

/// Weights of neighbouring vectors take different registers, as far as there are some.
unsigned KernelEmitter::weightRegister(unsigned vector) const {
  unsigned first = rowRegister(rowTiles(strategy.tile).size());
  return first + vector % (numRegisters - first);
}

/// Configures the registers for all tiles that the loops `order` visit, if one configuration serves
/// all of them and there is none yet. `extents` holds what one tile covers of the other loops.
bool KernelEmitter::configureTiles(ArrayRef<unsigned> order, ArrayRef<int64_t> extents) {
  if (!strategy.tiles || !visitsTiles || areTilesConfigured)
    return false;
  SmallVector<int64_t> counts; // of rows, of the register tile with the most of them
  bool fits = true;
  auto visit = [&](auto &self, ArrayRef<unsigned> loops, SmallVector<int64_t> tile) -> void {
    if (loops.empty()) {
      for (auto [i, rowTile] : llvm::enumerate(rowTiles(tile))) {
        if (i == counts.size())
          counts.push_back(rowTile.count);
        fits &= counts[i] == rowTile.count;
      }
      return;
    }
    LoopParts parts = partsOf(loops.front());
    for (int64_t extent : {parts.full > 0 ? strategy.tile[loops.front()] : 0, parts.rest}) {
      if (extent == 0)
        continue;
      tile[loops.front()] = extent;
      self(self, loops.drop_front(), tile);
    }
  };
  visit(visit, order, SmallVector<int64_t>(extents));
  if (!fits)
    return false;

  SmallVector<int64_t> rowCounts(numRegisters, 0), rowSizes(numRegisters, 0);
  auto configure = [&](unsigned tile, int64_t rowCount, int64_t rowBytes) {
    rowCounts[tile] = rowCount;
    rowSizes[tile] = rowBytes;
  };
  int64_t part = strategy.tile[strategy.groupDim];
  unsigned vectors = strategy.tile[strategy.vectorDim] / tileColumns;
  for (auto [i, count] : llvm::enumerate(counts)) {
    configure(rowRegister(i), count, part);
    for (unsigned vector = 0; vector < vectors; ++vector)
      configure(sumRegister(i, vector), count, tileColumns * 4);
  }
  for (unsigned vector = 0; vector < vectors; ++vector)
    configure(weightRegister(vector), part / 4, tileColumns * 4);
  tflrt::TileConfigureOp::create(b, rowCounts, rowSizes);
  return areTilesConfigured = true;
}

void KernelEmitter::releaseTiles() { tflrt::TileReleaseOp::create(b); }

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

void KernelEmitter::emitTileProducts(const Position &position, ArrayRef<int64_t> extents) {
  SmallVector<RowTile> tiles = rowTiles(extents);
  unsigned vectors = llvm::divideCeil(extents[strategy.vectorDim], tileColumns);
  for (unsigned i = 0; i < tiles.size(); ++i)
    for (unsigned vector = 0; vector < vectors; ++vector)
      tflrt::TileZeroOp::create(b, sumRegister(i, vector));
  SmallVector<unsigned> order;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      order.push_back(dim);
  emitTileLoops(order, position, tiles, vectors, /*shift=*/0);

  // Rows of the register tile are rows of the buffer.
  int64_t rowSize = strategy.tile[strategy.vectorDim];
  for (auto [i, tile] : llvm::enumerate(tiles))
    for (unsigned vector = 0; vector < vectors; ++vector) {
      Value at = index(Value(), 2 * (tile.first * rowSize + vector * tileColumns));
      tflrt::TileStoreOp::create(b, sumRegister(i, vector), tileSums, at, rowSize * 4);
    }
  finishTileRows(position, extents);
}

/// The loops of the reduction. `shift` is how far the present part of a run begins in front of
/// where its number says.
void KernelEmitter::emitTileLoops(ArrayRef<unsigned> order, Position position,
                                  ArrayRef<RowTile> tiles, unsigned vectors, int64_t shift) {
  if (order.empty())
    return emitTileStep(position, tiles, vectors, shift);
  unsigned dim = order.front();
  bool isRun = dim == strategy.groupDim;
  int64_t size = nest.dims[dim].size, step = isRun ? strategy.tile[dim] : 1;
  int64_t full = size / step;
  if (full == 1) {
    emitTileLoops(order.drop_front(), position, tiles, vectors, shift);
  } else {
    Value lower = arith::ConstantIndexOp::create(b, 0);
    Value upper = arith::ConstantIndexOp::create(b, full * step);
    auto loop =
        scf::ForOp::create(b, lower, upper, arith::ConstantIndexOp::create(b, step).getResult());
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Position inner = position;
    inner.variables[dim] = loop.getInductionVar();
    inner.scope = ++scopes;
    emitTileLoops(order.drop_front(), inner, tiles, vectors, shift);
  }
  if (full * step == size)
    return;
  position.constants[dim] = full * step;
  emitTileLoops(order.drop_front(), position, tiles, vectors, (full + 1) * step - size);
}

/// All products of one part of a run.
void KernelEmitter::emitTileStep(const Position &position, ArrayRef<RowTile> tiles,
                                 unsigned vectors, int64_t shift) {
  Value rowBase = baseIndex(*rows, position);
  int64_t rowStride = rows->coefficients[*tileLoops.row];
  for (auto [i, tile] : llvm::enumerate(tiles)) {
    SmallVector<int64_t> delta(nest.dims.size(), 0);
    delta[strategy.groupDim] = -shift;
    delta[*tileLoops.row] = tile.first;
    Value buffer = flat(*rows), at = index(rowBase, constantIndex(*rows, position, delta));
    tflrt::TileLoadOp::create(b, rowRegister(i), buffer, at, rowStride);
  }
  const LinearAccess &columnAccess = packedTileWeights(vectors);
  Value columnBase = baseIndex(columnAccess, position);
  int64_t part = strategy.tile[strategy.groupDim];
  int64_t constant =
      constantIndex(columnAccess, position, SmallVector<int64_t>(nest.dims.size(), 0));
  for (unsigned vector = 0; vector < vectors; ++vector) {
    Value at = index(columnBase, constant + vector * tileColumns * part);
    tflrt::TileLoadOp::create(b, weightRegister(vector), weights, at, tileColumns * 4);
    for (unsigned i = 0; i < tiles.size(); ++i)
      tflrt::TileDotOp::create(b, sumRegister(i, vector), rowRegister(i), weightRegister(vector));
  }
}

/// What comes behind the sums, for as many rows at once as fill a vector of bytes.
void KernelEmitter::finishTileRows(const Position &position, ArrayRef<int64_t> extents) {
  unsigned vectors = llvm::divideCeil(extents[strategy.vectorDim], tileColumns);
  int64_t rowSize = strategy.tile[strategy.vectorDim];
  int64_t rowCount = extents[*tileLoops.row];
  int64_t lines = tileLoops.line ? extents[*tileLoops.line] : 1;
  int64_t together = std::min<int64_t>(rowCount, std::max(1u, 4 / vectors));
  SmallVector<int64_t> part(extents);
  if (tileLoops.line)
    part[*tileLoops.line] = 1;
  // `row` is null for the first one.
  auto finish = [&](int64_t line, Value row, int64_t count, int64_t constant) {
    Position at = position;
    at.scope = ++scopes;
    if (tileLoops.line)
      at.constants[*tileLoops.line] += line;
    at.constants[*tileLoops.row] += constant;
    if (Value &variable = at.variables[*tileLoops.row]; row)
      variable = variable ? arith::AddIOp::create(b, variable, row).getResult() : row;
    part[*tileLoops.row] = count;
    SmallVector<Point> points = tilePoints(part);
    SmallVector<Value> sums;
    for (const Point &point : points) {
      int64_t first = (line * tileLoops.pitch + constant + point.delta[*tileLoops.row]) * rowSize;
      Value from =
          row ? arith::MulIOp::create(b, row, arith::ConstantIndexOp::create(b, 2 * rowSize))
                    .getResult()
              : Value();
      Value words = vector::LoadOp::create(b, VectorType::get(2 * tileColumns, b.getI16Type()),
                                           tileSums, index(from, 2 * (first + point.piece.offset)));
      Value sum = vector::BitCastOp::create(b, vectorType(b.getI32Type(), tileColumns), words);
      Value initial = nest.init ? evaluate(*nest.init, at, point, nullptr)
                                : load(nest.reduction->output, at, point);
      sums.push_back(arith::AddIOp::create(b, sum, vectorize(initial, tileColumns)));
    }
    finishTile(at, points, sums);
  };
  for (int64_t line = 0; line < lines; ++line) {
    int64_t full = rowCount / together * together;
    if (full == together) {
      finish(line, Value(), together, 0);
    } else {
      Value lower = arith::ConstantIndexOp::create(b, 0);
      Value upper = arith::ConstantIndexOp::create(b, full);
      auto loop = scf::ForOp::create(b, lower, upper,
                                     arith::ConstantIndexOp::create(b, together).getResult());
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      finish(line, loop.getInductionVar(), together, 0);
    }
    if (full < rowCount)
      finish(line, Value(), rowCount - full, full);
  }
}
