//===- KernelContract.cpp - packed products -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The weights of a contraction are stored in the order in which the kernel reads them:
//   [tile of columns][outer reduction loops][group][vector of the tile][lane][element of the group]
// so that every step reads the next bytes. Rows are read where they are: an element (or a group of
// neighbours along the reduction) is broadcast to all lanes. Weights that are float16 stay so where
// the target widens them as it loads them.
//
//===----------------------------------------------------------------------===//

#include "HalfWeights.h"
#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

void KernelEmitter::packWeights() {
  unsigned columnDim = strategy.vectorDim;
  int64_t size = nest.dims[columnDim].size, tile = strategy.tile[columnDim];
  int64_t lanes = strategy.lanes, group = strategy.group;
  unsigned elementBytes = llvm::divideCeil(columns->elementType.getIntOrFloatBitWidth(), 8);
  ArrayRef<char> source = columns->constant.getRawData();
  bool splat = columns->constant.isSplat();

  // Offsets of the source for each step of the reduction, in the order of the loops.
  struct Step {
    int64_t offset; // of the first element that exists
    int64_t valid;  // elements of the group that exist
    int64_t row;    // how far the loops that are written out have moved the rows
  };
  SmallVector<Step> steps{{columns->offset, group, 0}};
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction)
      continue;
    int64_t stride = columns->coefficients[dim];
    int64_t by = dim == strategy.groupDim ? group : 1;
    int64_t rowStride = isWrittenOut(dim) ? rows->coefficients[dim] : 0;
    SmallVector<Step> next;
    for (const Step &step : steps)
      for (int64_t i = 0; i < info.size; i += by)
        next.push_back({step.offset + i * stride,
                        dim == strategy.groupDim ? std::min(by, info.size - i) : step.valid,
                        step.row + i * rowStride});
    steps = std::move(next);
  }
  int64_t groupStride = columns->coefficients[strategy.groupDim];

  std::vector<char> packed;
  packed.reserve(llvm::alignTo(size, lanes) * steps.size() * group * elementBytes);
  for (int64_t start = 0; start < size; start += tile) {
    int64_t vectors = llvm::divideCeil(std::min(tile, size - start), lanes);
    for (const Step &step : steps)
      for (int64_t lane = 0; lane < vectors * lanes; ++lane)
        for (int64_t i = 0; i < group; ++i) {
          int64_t column = start + lane;
          int64_t element = i - leadingZeros(step.valid, step.row).value_or(0);
          if (column >= size || element < 0 || element >= step.valid) {
            packed.insert(packed.end(), elementBytes, 0);
            continue;
          }
          int64_t at = splat ? 0
                             : step.offset + element * groupStride +
                                   column * columns->coefficients[columnDim];
          const char *bytes = source.data() + at * elementBytes;
          packed.insert(packed.end(), bytes, bytes + elementBytes);
        }
  }
  if (isHalfNoSlower(packed.size()))
    if (std::optional<std::vector<char>> halves = narrowToHalf(packed)) {
      weights = pool.get(b, b.getLoc(), b.getF16Type(), *halves);
      return;
    }
  weights = pool.get(b, b.getLoc(), columns->elementType, packed);
}

/// Whether widening f32 weights of that many bytes from f16 costs nothing: each vector of them is
/// widened once for all rows of a tile, or comes from beyond the first-level cache.
bool KernelEmitter::isHalfNoSlower(size_t bytes) const {
  if (!columns->elementType.isF32() || !target.hasHalfConversion || target.vectorBits == 0)
    return false;
  int64_t rowsOfTile = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && dim != strategy.vectorDim)
      rowsOfTile *= strategy.tile[dim];
  constexpr int64_t enoughRows = 4;
  return rowsOfTile >= enoughRows || static_cast<int64_t>(bytes) > target.l1Bytes;
}

/// Where a tile of that many vectors finds its weights. Elements of one column tile come before
/// those of the next, so the column's coefficient is the length of a whole column.
const LinearAccess &KernelEmitter::packedWeights(unsigned vectors) {
  auto [entry, isNew] = weightAccesses.try_emplace(vectors);
  LinearAccess &access = entry->second;
  if (!isNew)
    return access;
  access.buffer = weights;
  access.elementType = cast<MemRefType>(weights.getType()).getElementType();
  access.coefficients.assign(nest.dims.size(), 0);
  int64_t perStep = vectors * strategy.lanes * strategy.group;
  int64_t column = strategy.group;
  for (unsigned dim = nest.dims.size(); dim-- > 0;) {
    if (!nest.dims[dim].isReduction)
      continue;
    int64_t iterations = nest.dims[dim].size;
    access.coefficients[dim] = perStep;
    if (dim == strategy.groupDim) {
      // This loop's variable counts elements, not groups.
      iterations = llvm::divideCeil(iterations, strategy.group);
      access.coefficients[dim] = perStep / strategy.group;
    }
    perStep *= iterations;
    column *= iterations;
  }
  access.coefficients[strategy.vectorDim] = column;
  return access;
}

/// Elements of the group that belong to the run.
unsigned KernelEmitter::validInGroup(const Position &position, ArrayRef<int64_t> delta) const {
  unsigned dim = strategy.groupDim;
  if (position.variables[dim])
    return strategy.group; // loops cover full groups
  return std::min<int64_t>(strategy.group,
                           nest.dims[dim].size - position.constants[dim] - delta[dim]);
}

/// An outer loop of the reduction whose iterations are all in one body.
bool KernelEmitter::isWrittenOut(unsigned dim) const {
  return nest.dims[dim].isReduction && dim != strategy.groupDim &&
         strategy.tile[dim] >= nest.dims[dim].size;
}

/// Of a group with `valid` elements of the run, those that come first and meet zero weights; the
/// rest of the group behind the run does so, too. A run's last group ends with the run, so that
/// nothing behind it is read. A run that is shorter than a group is loaded with its neighbours on
/// one side, if the buffer has them for every row: `rowOffset` is where the loops that are written
/// out are. None where a group must be put together.
std::optional<unsigned> KernelEmitter::leadingZeros(unsigned valid, int64_t rowOffset) const {
  unsigned missing = strategy.group - valid;
  int64_t run = nest.dims[strategy.groupDim].size;
  if (missing == 0)
    return 0;
  if (strategy.lanes == 1 || (run < strategy.group && scratch))
    return std::nullopt;
  if (run >= strategy.group)
    return missing;
  int64_t first = rows->offset + rowOffset, last = first + run - 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (dim == strategy.groupDim || isWrittenOut(dim))
      continue;
    if (rows->coefficients[dim] < 0)
      return std::nullopt;
    last += rows->coefficients[dim] * (info.size - 1);
  }
  auto whole = cast<MemRefType>(flatBuffers.lookup(rows->buffer).getType());
  // How far a buffer of the caller's reaches is not always known.
  if (whole.hasStaticShape() && last + missing < whole.getNumElements())
    return 0;
  return first >= missing ? std::optional<unsigned>(missing) : std::nullopt;
}

/// The elements of one group of a row, as they lie in memory.
Value KernelEmitter::loadGroup(const LinearAccess &row, const Position &position,
                               ArrayRef<int64_t> delta) {
  unsigned group = strategy.group, valid = validInGroup(position, delta);
  int64_t rowOffset = 0;
  for (unsigned dim = 0; dim < delta.size(); ++dim)
    if (isWrittenOut(dim))
      rowOffset += row.coefficients[dim] * (position.constants[dim] + delta[dim]);
  std::optional<unsigned> before = leadingZeros(valid, rowOffset);
  bool whole = before.has_value();
  int64_t constant = constantIndex(row, position, delta) - before.value_or(0);
  Value &result = loads[{&row, position.scope, constant, whole ? group : valid}];
  if (result)
    return result;
  Value base = baseIndex(row, position);
  auto type = VectorType::get(group, row.elementType);
  if (whole)
    return result = vector::LoadOp::create(b, type, flat(row), index(base, constant));
  if (strategy.lanes > 1)
    return result = loadPieces(row, base, constant, group, valid);
  return result = vector::MaskedLoadOp::create(
             b, type, flat(row), ValueRange{index(base, constant)}, validLanes({0, group, valid}),
             zero(type), llvm::MaybeAlign(1));
}

/// One group of a row, in every lane. A single lane takes the group as it is.
Value KernelEmitter::rowFactor(const LinearAccess &row, const Position &position,
                               ArrayRef<int64_t> delta) {
  unsigned group = strategy.group;
  if (group == 1) {
    int64_t constant = constantIndex(row, position, delta);
    Value &result = loads[{&row, position.scope, constant, 1}];
    if (!result)
      result = memref::LoadOp::create(b, flat(row), index(baseIndex(row, position), constant));
    return result;
  }
  Value elements = loadGroup(row, position, delta);
  if (strategy.lanes == 1)
    return elements;
  Value &result = broadcasts[elements];
  if (result)
    return result;
  Type element = row.elementType;
  Type word = b.getIntegerType(group * element.getIntOrFloatBitWidth());
  Value scalar = vector::ExtractOp::create(
      b, vector::BitCastOp::create(b, VectorType::get(1, word), elements).getResult(), 0);
  Value all = vectorize(scalar, strategy.lanes);
  result = vector::BitCastOp::create(b, VectorType::get(strategy.lanes * group, element), all);
  if (strategy.widen && element.isInteger(8)) {
    auto type = VectorType::get(strategy.lanes * group, b.getI16Type());
    result = areRowsUnsigned() ? arith::ExtUIOp::create(b, type, result).getResult()
                               : arith::ExtSIOp::create(b, type, result).getResult();
  }
  if (strategy.bytePairs && !areRowsUnsigned()) // x + 128
    result = arith::XOrIOp::create(
        b, result, vectorize(arith::ConstantIntOp::create(b, -128, 8), strategy.lanes * group));
  return result;
}

void KernelEmitter::emitContractStep(const Position &position, ArrayRef<int64_t> step,
                                     ArrayRef<int64_t> extents, ArrayRef<Point> points,
                                     MutableArrayRef<Value> accumulators) {
  int64_t last = 0;
  for (const Point &point : points)
    last = std::max(last, point.piece.offset);
  unsigned vectors = last / strategy.lanes + 1;
  const LinearAccess &columnAccess = packedWeights(vectors);
  Value columnBase = baseIndex(columnAccess, position);
  unsigned group = strategy.group, lanes = strategy.lanes;
  bool isUnsigned = areRowsUnsigned();

  for (auto [point, accumulator] : llvm::zip_equal(points, accumulators)) {
    SmallVector<int64_t> rowDelta(point.delta);
    SmallVector<int64_t> columnDelta(step);
    for (unsigned dim = 0; dim < step.size(); ++dim)
      rowDelta[dim] += step[dim];
    int64_t constant =
        constantIndex(columnAccess, position, columnDelta) + point.piece.offset * group;
    // The row first: a new entry of its own moves the others.
    Value row = strategy.rowGroups > 1 ? rowLane(*rows, position, rowDelta, step[strategy.groupDim],
                                                 extents[strategy.groupDim], isUnsigned)
                                       : rowFactor(*rows, position, rowDelta);
    if (strategy.rowGroups > 1 && strategy.widen) {
      Value column =
          widenedColumn(columnAccess, position, constant, point.piece.offset / lanes, vectors);
      accumulator = tflrt::DotOp::create(b, accumulator, row, column);
      continue;
    }
    Value &column = loads[{&columnAccess, position.scope, constant, lanes}];
    if (!column) {
      Value at = index(columnBase, constant);
      Type element = columnAccess.elementType;
      if (lanes * group == 1)
        column = memref::LoadOp::create(b, weights, at);
      else
        column = vector::LoadOp::create(b, VectorType::get(lanes * group, element), weights, at);
      if (element != columns->elementType)
        column = arith::ExtFOp::create(b, vectorType(columns->elementType, lanes), column);
      if (strategy.widen)
        column = arith::ExtSIOp::create(b, VectorType::get(lanes * group, b.getI16Type()), column);
    }
    if (group > 1) {
      auto dot =
          tflrt::DotOp::create(b, accumulator, row, column, isUnsigned || strategy.bytePairs);
      dot.setSmallPairs(pairsFit);
      accumulator = dot;
    } else if (product->isFloat && target.hasFMA && lanes > 1) {
      accumulator = vector::FMAOp::create(b, vectorize(row, lanes), column, accumulator);
    } else {
      SmallVector<Value> arguments{row, column};
      if (strategy.weightsInput == 0)
        std::swap(arguments[0], arguments[1]);
      arguments.push_back(accumulator);
      accumulator = evaluateBody(nest.reduction->op.getBlock(), arguments, lanes, position, point);
    }
  }
}
