//===- TileRegisters.cpp - products in tile registers ---------------------===//
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

#include "Schedule/Nest/TileRegisters.h"
#include "BlockedEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

static constexpr int64_t numRegisters = 8;

namespace {
class TileRegistersEmitter final : public BlockedEmitter {
public:
  explicit TileRegistersEmitter(const KernelTask &task)
      : BlockedEmitter(task), storedSums(task.scratch()), loops(findRegisterLoops(nest, strategy)) {
  }

private:
  /// Rows of a tile that one register holds.
  struct RegisterRows {
    int64_t first, count;
  };

  void packWeights() override;
  void emitLoops() override;
  void emitTiles(ArrayRef<unsigned> loopsWithin, const Position &position,
                 ArrayRef<int64_t> extents) override;
  bool enterLoops(ArrayRef<unsigned> loopsWithin, ArrayRef<int64_t> extents) override;
  void leaveLoops() override { isConfigured = false; }
  void emitTile(Position position, ArrayRef<int64_t> extents) override;

  SmallVector<int64_t> offsetsOfRuns() const;
  const LinearAccess &registerWeights(unsigned vectors);

  SmallVector<RegisterRows> registersOf(ArrayRef<int64_t> extents) const;
  unsigned sumRegister(unsigned rowRegisterNumber, unsigned vector) const;
  unsigned rowRegister(unsigned number) const;
  unsigned weightRegister(unsigned vector) const;
  bool collectRows(ArrayRef<unsigned> loopsWithin, SmallVector<int64_t> extents,
                   SmallVector<int64_t> &counts) const;
  void configure(ArrayRef<int64_t> counts);

  void emitRun(ArrayRef<unsigned> order, Position position, ArrayRef<RegisterRows> registers,
               unsigned vectors, int64_t shift);
  void emitStep(const Position &position, ArrayRef<RegisterRows> registers, unsigned vectors,
                int64_t shift);
  void storeSums(ArrayRef<RegisterRows> registers, unsigned vectors);
  void finishLine(const Position &position, ArrayRef<int64_t> extents, int64_t line);
  void finishRows(Position position, SmallVector<int64_t> extents, int64_t line, Value row,
                  int64_t first);
  Value loadSum(int64_t line, Value row, int64_t first, const Point &point);

  Value storedSums; ///< of a tile, on their way to the epilogue; each has two elements
  RegisterLoops loops;
  std::map<unsigned, LinearAccess> registerAccesses; ///< to weights, by vectors in a tile
  bool isConfigured = false;                         ///< for the tiles that are being emitted
  bool isInBlock = false;                            ///< all loops of rows and columns are known
};
} // namespace

void TileRegistersEmitter::emitLoops() {
  BlockedEmitter::emitLoops();
  tflrt::TileReleaseOp::create(b);
}

void TileRegistersEmitter::emitTiles(ArrayRef<unsigned> loopsWithin, const Position &position,
                                     ArrayRef<int64_t> extents) {
  isInBlock = true;
  BlockedEmitter::emitTiles(loopsWithin, position, extents);
  isInBlock = false;
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// Where the runs of the reduction begin, in the order of the loops.
SmallVector<int64_t> TileRegistersEmitter::offsetsOfRuns() const {
  SmallVector<int64_t> offsets{columns->offset};
  for (unsigned dim : reductionLoops()) {
    if (dim == packing.groupDim)
      continue;
    SmallVector<int64_t> next;
    for (int64_t offset : offsets)
      for (int64_t i = 0; i < nest.dims[dim].size; ++i)
        next.push_back(offset + i * columns->coefficients[dim]);
    offsets = std::move(next);
  }
  return offsets;
}

void TileRegistersEmitter::packWeights() {
  unsigned columnDim = strategy.vectorDim;
  int64_t size = nest.dims[columnDim].size, tile = strategy.tile[columnDim];
  int64_t run = nest.dims[packing.groupDim].size, part = strategy.tile[packing.groupDim];
  ArrayRef<char> source = columns->constant.getRawData();
  bool splat = columns->constant.isSplat();
  std::vector<char> packed;
  auto pack = [&](int64_t offset, int64_t start, int64_t column, int64_t group) {
    // The last part of a run ends with the run.
    int64_t first = std::min(start, run - part) + group * 4;
    for (int64_t element = first; element < first + 4; ++element) {
      bool exists = column < size && element >= start;
      int64_t at = offset + element * columns->coefficients[packing.groupDim] +
                   column * columns->coefficients[columnDim];
      packed.push_back(exists ? source[splat ? 0 : at] : 0);
    }
  };
  for (int64_t begin = 0; begin < size; begin += tile) {
    int64_t end = begin + llvm::alignTo(std::min(tile, size - begin), registerColumns);
    for (int64_t offset : offsetsOfRuns())
      for (int64_t start = 0; start < run; start += part)
        for (int64_t vector = begin; vector < end; vector += registerColumns)
          for (int64_t group = 0; group < part / 4; ++group)
            for (int64_t lane = 0; lane < registerColumns; ++lane)
              pack(offset, start, vector + lane, group);
  }
  weights = pool.get(b, b.getLoc(), columns->elementType, packed);
}

/// Where a tile of that many vectors finds its weights. The loop of a run counts whole parts.
const LinearAccess &TileRegistersEmitter::registerWeights(unsigned vectors) {
  auto [entry, isNew] = registerAccesses.try_emplace(vectors);
  LinearAccess &access = entry->second;
  if (!isNew)
    return access;
  access.buffer = weights;
  access.elementType = columns->elementType;
  access.coefficients.assign(nest.dims.size(), 0);
  int64_t part = strategy.tile[packing.groupDim];
  int64_t column = llvm::alignTo(nest.dims[packing.groupDim].size, part);
  access.coefficients[packing.groupDim] = vectors * registerColumns;
  for (unsigned dim = nest.dims.size(); dim-- > 0;) {
    if (!nest.dims[dim].isReduction || dim == packing.groupDim)
      continue;
    access.coefficients[dim] = vectors * registerColumns * column;
    column *= nest.dims[dim].size;
  }
  access.coefficients[strategy.vectorDim] = column;
  return access;
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

SmallVector<TileRegistersEmitter::RegisterRows>
TileRegistersEmitter::registersOf(ArrayRef<int64_t> extents) const {
  SmallVector<RegisterRows> result;
  int64_t count = loops.rowsOf(loops.line ? extents[*loops.line] : 1, extents[*loops.row]);
  for (int64_t first = 0; first < count; first += registerRows)
    result.push_back({first, std::min(registerRows, count - first)});
  return result;
}

/// The register with the sums of a register of rows and a vector of columns.
unsigned TileRegistersEmitter::sumRegister(unsigned rowRegisterNumber, unsigned vector) const {
  return rowRegisterNumber * (strategy.tile[strategy.vectorDim] / registerColumns) + vector;
}

unsigned TileRegistersEmitter::rowRegister(unsigned number) const {
  return sumRegister(registersOf(strategy.tile).size(), 0) + number;
}

/// Weights of neighbouring vectors take different registers, as far as there are some.
unsigned TileRegistersEmitter::weightRegister(unsigned vector) const {
  unsigned first = rowRegister(registersOf(strategy.tile).size());
  return first + vector % (numRegisters - first);
}

/// Collects in `counts` how many rows each register has in the tiles that the loops visit; false
/// where tiles differ. `extents` holds what one tile covers of the other loops.
bool TileRegistersEmitter::collectRows(ArrayRef<unsigned> loopsWithin, SmallVector<int64_t> extents,
                                       SmallVector<int64_t> &counts) const {
  bool fits = true;
  if (loopsWithin.empty()) {
    for (auto [i, rowsOfOne] : llvm::enumerate(registersOf(extents))) {
      if (i == counts.size())
        counts.push_back(rowsOfOne.count);
      fits &= counts[i] == rowsOfOne.count;
    }
    return fits;
  }
  LoopParts parts = partsOf(loopsWithin.front());
  for (int64_t extent : {parts.full > 0 ? strategy.tile[loopsWithin.front()] : 0, parts.rest}) {
    if (extent == 0)
      continue;
    extents[loopsWithin.front()] = extent;
    fits &= collectRows(loopsWithin.drop_front(), extents, counts);
  }
  return fits;
}

/// Configures the registers for all tiles that the loops visit, if one configuration serves all of
/// them and there is none yet.
bool TileRegistersEmitter::enterLoops(ArrayRef<unsigned> loopsWithin, ArrayRef<int64_t> extents) {
  SmallVector<int64_t> counts; // of rows, of the tile with the most of them
  if (!isInBlock || isConfigured ||
      !collectRows(loopsWithin, SmallVector<int64_t>(extents), counts))
    return false;
  configure(counts);
  return isConfigured = true;
}

void TileRegistersEmitter::configure(ArrayRef<int64_t> counts) {
  SmallVector<int64_t> rowCounts(numRegisters, 0), rowSizes(numRegisters, 0);
  auto setSize = [&](unsigned number, int64_t rowCount, int64_t rowBytes) {
    rowCounts[number] = rowCount;
    rowSizes[number] = rowBytes;
  };
  int64_t part = strategy.tile[packing.groupDim];
  unsigned vectors = strategy.tile[strategy.vectorDim] / registerColumns;
  for (auto [i, count] : llvm::enumerate(counts)) {
    setSize(rowRegister(i), count, part);
    for (unsigned vector = 0; vector < vectors; ++vector)
      setSize(sumRegister(i, vector), count, registerColumns * 4);
  }
  for (unsigned vector = 0; vector < vectors; ++vector)
    setSize(weightRegister(vector), part / 4, registerColumns * 4);
  tflrt::TileConfigureOp::create(b, rowCounts, rowSizes);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

void TileRegistersEmitter::emitTile(Position position, ArrayRef<int64_t> extents) {
  SmallVector<RegisterRows> registers = registersOf(extents);
  unsigned vectors = llvm::divideCeil(extents[strategy.vectorDim], registerColumns);
  for (unsigned i = 0; i < registers.size(); ++i)
    for (unsigned vector = 0; vector < vectors; ++vector)
      tflrt::TileZeroOp::create(b, sumRegister(i, vector));
  emitRun(reductionLoops(), position, registers, vectors, /*shift=*/0);
  storeSums(registers, vectors);
  for (int64_t line = 0, e = loops.line ? extents[*loops.line] : 1; line < e; ++line)
    finishLine(position, extents, line);
}

/// Rows of the tile are rows of the buffer.
void TileRegistersEmitter::storeSums(ArrayRef<RegisterRows> registers, unsigned vectors) {
  int64_t rowSize = strategy.tile[strategy.vectorDim];
  for (auto [i, rowsOfOne] : llvm::enumerate(registers))
    for (unsigned vector = 0; vector < vectors; ++vector) {
      Value at = index(Value(), 2 * (rowsOfOne.first * rowSize + vector * registerColumns));
      tflrt::TileStoreOp::create(b, sumRegister(i, vector), storedSums, at, rowSize * 4);
    }
}

/// The loops of the reduction. `shift` is how far the present part of a run begins in front of
/// where its number says.
void TileRegistersEmitter::emitRun(ArrayRef<unsigned> order, Position position,
                                   ArrayRef<RegisterRows> registers, unsigned vectors,
                                   int64_t shift) {
  if (order.empty())
    return emitStep(position, registers, vectors, shift);
  unsigned dim = order.front();
  bool isRun = dim == packing.groupDim;
  int64_t size = nest.dims[dim].size, step = isRun ? strategy.tile[dim] : 1;
  int64_t full = size / step;
  if (full == 1) {
    emitRun(order.drop_front(), position, registers, vectors, shift);
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
    emitRun(order.drop_front(), inner, registers, vectors, shift);
  }
  if (full * step == size)
    return;
  position.constants[dim] = full * step;
  emitRun(order.drop_front(), position, registers, vectors, (full + 1) * step - size);
}

/// All products of one part of a run.
void TileRegistersEmitter::emitStep(const Position &position, ArrayRef<RegisterRows> registers,
                                    unsigned vectors, int64_t shift) {
  Value rowBase = baseIndex(*rows, position);
  int64_t rowStride = rows->coefficients[*loops.row];
  for (auto [i, rowsOfOne] : llvm::enumerate(registers)) {
    SmallVector<int64_t> delta(nest.dims.size(), 0);
    delta[packing.groupDim] = -shift;
    delta[*loops.row] = rowsOfOne.first;
    Value buffer = flat(*rows), at = index(rowBase, constantIndex(*rows, position, delta));
    tflrt::TileLoadOp::create(b, rowRegister(i), buffer, at, rowStride);
  }
  const LinearAccess &columnAccess = registerWeights(vectors);
  Value columnBase = baseIndex(columnAccess, position);
  int64_t part = strategy.tile[packing.groupDim];
  int64_t constant =
      constantIndex(columnAccess, position, SmallVector<int64_t>(nest.dims.size(), 0));
  for (unsigned vector = 0; vector < vectors; ++vector) {
    Value at = index(columnBase, constant + vector * registerColumns * part);
    tflrt::TileLoadOp::create(b, weightRegister(vector), weights, at, registerColumns * 4);
    for (unsigned i = 0; i < registers.size(); ++i)
      tflrt::TileDotOp::create(b, sumRegister(i, vector), rowRegister(i), weightRegister(vector));
  }
}

/// What comes behind the sums of a line, for as many rows at once as fill a vector of bytes.
void TileRegistersEmitter::finishLine(const Position &position, ArrayRef<int64_t> extents,
                                      int64_t line) {
  unsigned vectors = llvm::divideCeil(extents[strategy.vectorDim], registerColumns);
  int64_t rowCount = extents[*loops.row];
  int64_t together = std::min<int64_t>(rowCount, std::max(1u, 4 / vectors));
  int64_t full = rowCount / together * together;
  SmallVector<int64_t> part(extents);
  if (loops.line)
    part[*loops.line] = 1;
  part[*loops.row] = together;
  if (full == together) {
    finishRows(position, part, line, Value(), 0);
  } else {
    Value lower = arith::ConstantIndexOp::create(b, 0);
    Value upper = arith::ConstantIndexOp::create(b, full);
    auto loop = scf::ForOp::create(b, lower, upper,
                                   arith::ConstantIndexOp::create(b, together).getResult());
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    finishRows(position, part, line, loop.getInductionVar(), 0);
  }
  if (full == rowCount)
    return;
  part[*loops.row] = rowCount - full;
  finishRows(position, part, line, Value(), full);
}

/// What comes behind the sums of some rows of a line, which begin `row`, if that is not null, and
/// `first` behind those of the tile.
void TileRegistersEmitter::finishRows(Position position, SmallVector<int64_t> extents, int64_t line,
                                      Value row, int64_t first) {
  position.scope = ++scopes;
  if (loops.line)
    position.constants[*loops.line] += line;
  position.constants[*loops.row] += first;
  if (Value &variable = position.variables[*loops.row]; row)
    variable = variable ? arith::AddIOp::create(b, variable, row).getResult() : row;
  SmallVector<Point> points = tilePoints(extents);
  Values sums;
  for (const Point &point : points) {
    Value sum = loadSum(line, row, first, point);
    sums.push_back(arith::AddIOp::create(b, sum, initialValue(position, point)));
  }
  finishTile(position, points, sums);
}

Value TileRegistersEmitter::loadSum(int64_t line, Value row, int64_t first, const Point &point) {
  int64_t rowSize = strategy.tile[strategy.vectorDim];
  int64_t start = (line * loops.pitch + first + point.delta[*loops.row]) * rowSize;
  Value from = row ? arith::MulIOp::create(b, row, arith::ConstantIndexOp::create(b, 2 * rowSize))
                         .getResult()
                   : Value();
  Value words = vector::LoadOp::create(b, VectorType::get(2 * registerColumns, b.getI16Type()),
                                       storedSums, index(from, 2 * (start + point.piece.offset)));
  return vector::BitCastOp::create(b, vectorType(b.getI32Type(), registerColumns), words);
}

std::unique_ptr<KernelEmitter> tflc::makeTileRegisters(const KernelTask &task) {
  return std::make_unique<TileRegistersEmitter>(task);
}
