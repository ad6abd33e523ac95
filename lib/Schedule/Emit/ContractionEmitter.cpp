//===- ContractionEmitter.cpp - packed columns, rows in groups ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ContractionEmitter.h"

#include "Schedule/Nest/RegisterTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

ContractionEmitter::ContractionEmitter(const KernelTask &task)
    : KernelEmitter(task), packing(*strategy.columns()), group(packing.group),
      rows(&nest.reduction->inputs[1 - packing.weightsInput]),
      columns(&nest.reduction->inputs[packing.weightsInput]) {}

/// Vectors are filled up with padding.
SmallVector<Piece> ContractionEmitter::piecesOfVector(int64_t offset, int64_t elements) const {
  return {{offset, strategy.lanes, static_cast<unsigned>(elements)}};
}

int64_t ContractionEmitter::stepAlong(unsigned dim) const {
  return dim == packing.groupDim ? group : 1;
}

/// The last group is filled up with zero weights.
int64_t ContractionEmitter::coveredRest(unsigned dim, int64_t rest) const {
  return dim == packing.groupDim && strategy.lanes > 1 ? llvm::alignTo(rest, group) : rest;
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

namespace {
/// One step of the reduction, as the weights see it.
struct WeightStep {
  int64_t offset; ///< of the first element that exists
  int64_t valid;  ///< elements of the group that exist
  int64_t row;    ///< how far the loops that are written out have moved the rows
};
} // namespace

void ContractionEmitter::packWeights() {
  unsigned columnDim = strategy.vectorDim;
  int64_t size = nest.dims[columnDim].size, tile = strategy.tile[columnDim];
  int64_t lanes = strategy.lanes;
  unsigned elementBytes = llvm::divideCeil(columns->elementType.getIntOrFloatBitWidth(), 8);
  ArrayRef<char> source = columns->constant.getRawData();
  bool splat = columns->constant.isSplat();

  // Offsets of the source for each step of the reduction, in the order of the loops.
  SmallVector<WeightStep> steps{{columns->offset, group, 0}};
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction)
      continue;
    int64_t stride = columns->coefficients[dim];
    int64_t by = stepAlong(dim);
    int64_t rowStride = isWrittenOut(dim) ? rows->coefficients[dim] : 0;
    SmallVector<WeightStep> next;
    for (const WeightStep &step : steps)
      for (int64_t i = 0; i < info.size; i += by)
        next.push_back({step.offset + i * stride,
                        dim == packing.groupDim ? std::min(by, info.size - i) : step.valid,
                        step.row + i * rowStride});
    steps = std::move(next);
  }
  int64_t groupStride = columns->coefficients[packing.groupDim];

  // Where the columns of each group of channels begin.
  SmallVector<int64_t> origins{0};
  for (unsigned dim : findGroupLoops(nest, strategy)) {
    SmallVector<int64_t> next;
    for (int64_t origin : origins)
      for (int64_t i = 0; i < nest.dims[dim].size; ++i)
        next.push_back(origin + i * columns->coefficients[dim]);
    origins = std::move(next);
  }

  std::vector<char> packed;
  packed.reserve(origins.size() * llvm::alignTo(size, lanes) * steps.size() * group * elementBytes);
  auto packTile = [&](int64_t origin, int64_t start) {
    int64_t vectors = llvm::divideCeil(std::min(tile, size - start), lanes);
    for (const WeightStep &step : steps)
      for (int64_t lane = 0; lane < vectors * lanes; ++lane)
        for (int64_t i = 0; i < group; ++i) {
          int64_t column = start + lane;
          int64_t element = i - leadingZeros(step.valid, step.row).value_or(0);
          if (column >= size || element < 0 || element >= step.valid) {
            packed.insert(packed.end(), elementBytes, 0);
            continue;
          }
          int64_t at = splat ? 0
                             : origin + step.offset + element * groupStride +
                                   column * columns->coefficients[columnDim];
          const char *bytes = source.data() + at * elementBytes;
          packed.insert(packed.end(), bytes, bytes + elementBytes);
        }
  };
  for (int64_t origin : origins)
    for (int64_t start = 0; start < size; start += tile)
      packTile(origin, start);
  Type type = packedType(packed);
  weights = pool.get(b, b.getLoc(), type, packed);
}

/// Elements of one column tile come before
/// those of the next, so the column's coefficient is the length of a whole column.
const LinearAccess &ContractionEmitter::packedWeights(unsigned vectors) {
  auto [entry, isNew] = weightAccesses.try_emplace(vectors);
  LinearAccess &access = entry->second;
  if (!isNew)
    return access;
  access.buffer = weights;
  access.elementType = cast<MemRefType>(weights.getType()).getElementType();
  access.coefficients.assign(nest.dims.size(), 0);
  int64_t perStep = vectors * strategy.lanes * group;
  int64_t column = group;
  for (unsigned dim = nest.dims.size(); dim-- > 0;) {
    if (!nest.dims[dim].isReduction)
      continue;
    int64_t iterations = nest.dims[dim].size;
    access.coefficients[dim] = perStep;
    if (dim == packing.groupDim) {
      // This loop's variable counts elements, not groups.
      iterations = llvm::divideCeil(iterations, group);
      access.coefficients[dim] = perStep / group;
    }
    perStep *= iterations;
    column *= iterations;
  }
  access.coefficients[strategy.vectorDim] = column;
  if (strategy.packsColumns())
    return access; // the buffer holds those of one group
  int64_t perGroup = column * llvm::alignTo(nest.dims[strategy.vectorDim].size, strategy.lanes);
  for (unsigned dim : llvm::reverse(findGroupLoops(nest, strategy))) {
    access.coefficients[dim] = perGroup;
    perGroup *= nest.dims[dim].size;
  }
  return access;
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

unsigned ContractionEmitter::validInGroup(const Position &position, ArrayRef<int64_t> delta) const {
  unsigned dim = packing.groupDim;
  if (position.variables[dim])
    return group; // loops cover full groups
  return std::min<int64_t>(group, nest.dims[dim].size - position.constants[dim] - delta[dim]);
}

/// An outer loop of the reduction whose iterations are all in one body.
bool ContractionEmitter::isWrittenOut(unsigned dim) const {
  return nest.dims[dim].isReduction && dim != packing.groupDim &&
         strategy.tile[dim] >= nest.dims[dim].size;
}

/// A run's last group ends with the run, so that nothing behind it is read. A run that is shorter
/// than a group is loaded with its neighbours on one side, if the buffer has them for every row.
std::optional<unsigned> ContractionEmitter::leadingZeros(unsigned valid, int64_t rowOffset) const {
  unsigned missing = group - valid;
  int64_t run = nest.dims[packing.groupDim].size;
  if (missing == 0)
    return 0;
  if (strategy.is<QuadRuns>() || (run < group && copiesRows))
    return std::nullopt;
  if (run >= group)
    return missing;
  int64_t first = rows->offset + rowOffset, last = first + run - 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (dim == packing.groupDim || isWrittenOut(dim))
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

Value ContractionEmitter::loadGroup(const LinearAccess &row, const Position &position,
                                    ArrayRef<int64_t> delta) {
  unsigned valid = validInGroup(position, delta);
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

Value ContractionEmitter::loadRun(const LinearAccess &access, const Position &position,
                                  int64_t constant, unsigned size, bool isUnsigned) {
  Value &result = loads[{&access, position.scope, constant, size}];
  if (result)
    return result;
  Value base = baseIndex(access, position);
  Value loaded = vector::LoadOp::create(b, VectorType::get(size, access.elementType), flat(access),
                                        index(base, constant));
  if (widens && access.elementType.isInteger(8)) {
    auto type = VectorType::get(size, b.getI16Type());
    loaded = isUnsigned ? arith::ExtUIOp::create(b, type, loaded).getResult()
                        : arith::ExtSIOp::create(b, type, loaded).getResult();
  }
  return result = loaded;
}

unsigned ContractionEmitter::countVectors(ArrayRef<Point> points) const {
  int64_t last = 0;
  for (const Point &point : points)
    last = std::max(last, point.piece.offset);
  return last / strategy.lanes + 1;
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Joins neighbouring vectors of a row as far as the epilogue's width goes; `points` and `values`
/// become those of the joined vectors.
void ContractionEmitter::joinForEpilogue(SmallVectorImpl<Point> &points,
                                         SmallVectorImpl<Value> &values) {
  unsigned lanes = strategy.lanes;
  if (epilogueLanes <= lanes)
    return;
  SmallVector<Point> joined;
  SmallVector<Value> joinedValues;
  for (size_t i = 0; i < points.size();) {
    size_t run = 1;
    while (i + run < points.size() && points[i + run].piece.offset > points[i].piece.offset)
      ++run;
    unsigned count = std::min<unsigned>(llvm::bit_floor(run), std::max(1u, epilogueLanes / lanes));
    Point point = points[i];
    Value value = values[i];
    if (count > 1) {
      auto type =
          VectorType::get(count * lanes, cast<VectorType>(values[i].getType()).getElementType());
      value = zero(type);
      point.piece.lanes = count * lanes;
      point.piece.valid = 0;
      for (unsigned part = 0; part < count; ++part) {
        point.piece.valid += points[i + part].piece.valid;
        value = vector::InsertStridedSliceOp::create(
            b, values[i + part], value, ArrayRef<int64_t>{part * lanes}, ArrayRef<int64_t>{1});
      }
    }
    joined.push_back(point);
    joinedValues.push_back(value);
    i += count;
  }
  points.assign(joined.begin(), joined.end());
  values.assign(joinedValues.begin(), joinedValues.end());
}
