//===- QuadRuns.cpp - products of the DSP extension -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A run along the reduction is one loop over groups of four bytes, which one op stands for. Runs of
// few groups go into one loop around them, so that the tile's registers are set up once. Where rows
// have 16 bits, or those of a block have been extended to as many, only the weights are taken
// apart.
//
//===----------------------------------------------------------------------===//

#include "ExtendedRows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

namespace {
class QuadRunsEmitter final : public ExtendedRowsEmitter {
public:
  explicit QuadRunsEmitter(const KernelTask &task) : ExtendedRowsEmitter(task) {
    keepsColumnConstants = true;
    useScratch(task.scratch());
    hasWords = copiesRows || rows->elementType.isInteger(16);
  }

private:
  Type packedType(std::vector<char> &packed) const override;
  Values emitReductionLoops(ArrayRef<unsigned> order, Position position,
                            SmallVector<int64_t> extents, ArrayRef<Point> points,
                            Values sums) override;
  bool takesRunsTogether(ArrayRef<unsigned> order) const;
  bool areRowsAligned(ArrayRef<int64_t> rowOffsets) const;
  Value addressOf(Value buffer, Value base, int64_t constant);

  bool hasWords; ///< rows are read in 16 bits
};
} // namespace

/// SXTB16 takes bytes 0 and 2 of a word. Those of the weights meet elements 0 and 1 of rows of 16
/// bits, where two neighbours are a word.
Type QuadRunsEmitter::packedType(std::vector<char> &packed) const {
  for (size_t word = 0; hasWords && word < packed.size(); word += group)
    std::swap(packed[word + 1], packed[word + 2]);
  return columns->elementType;
}

/// Whether each group of a row begins at an even element of the buffer of 16 bit integers. Of a
/// tensor's words, which may be the caller's, the first one may be at any even address.
bool QuadRunsEmitter::areRowsAligned(ArrayRef<int64_t> rowOffsets) const {
  if (!copiesRows)
    return false;
  auto isEven = [](int64_t number) { return number % 2 == 0; };
  for (auto [dim, coefficient] : llvm::enumerate(rows->coefficients))
    if (dim != packing.groupDim && !isEven(coefficient))
      return false;
  return llvm::all_of(rowOffsets, isEven);
}

/// The address of an element, as a word.
Value QuadRunsEmitter::addressOf(Value buffer, Value base, int64_t constant) {
  Value pointer = memref::ExtractAlignedPointerAsIndexOp::create(b, buffer);
  Value offset = index(base, constant);
  int64_t bytes = cast<MemRefType>(buffer.getType()).getElementTypeBitWidth() / 8;
  if (bytes > 1)
    offset = arith::MulIOp::create(b, offset, arith::ConstantIndexOp::create(b, bytes));
  return arith::IndexCastOp::create(b, b.getI32Type(),
                                    arith::AddIOp::create(b, pointer, offset).getResult());
}

bool QuadRunsEmitter::takesRunsTogether(ArrayRef<unsigned> order) const {
  if (order.size() != 2 || order[1] != packing.groupDim)
    return false;
  int64_t groups = nest.dims[order[1]].size / group;
  int64_t step = rows->coefficients[order[0]] - groups * group;
  int64_t bytes = hasWords ? 2 : 1;
  return groups * group == strategy.tile[order[1]] && std::abs(step) * bytes < 4096;
}

KernelEmitter::Values QuadRunsEmitter::emitReductionLoops(ArrayRef<unsigned> order,
                                                          Position position,
                                                          SmallVector<int64_t> extents,
                                                          ArrayRef<Point> points, Values sums) {
  if (order.front() != packing.groupDim && !takesRunsTogether(order))
    return ExtendedRowsEmitter::emitReductionLoops(order, position, extents, points,
                                                   std::move(sums));
  unsigned columnCount = countVectors(points);
  const LinearAccess &access = packedWeights(columnCount);
  int64_t rowStart = constantIndex(*rows, position, points.front().delta);
  SmallVector<int64_t> rowOffsets;
  for (unsigned i = 0; i < points.size(); i += columnCount)
    rowOffsets.push_back(constantIndex(*rows, position, points[i].delta) - rowStart);

  unsigned dim = packing.groupDim;
  int64_t size = nest.dims[dim].size, groups = size / group, runs = 1, step = 0;
  if (order.size() == 2) {
    runs = nest.dims[order[0]].size;
    step = rows->coefficients[order[0]] - groups * group;
  }
  Value rowAddress = addressOf(flat(*rows), baseIndex(*rows, position), rowStart);
  Value weightAddress =
      addressOf(weights, baseIndex(access, position), constantIndex(access, position, zeros()));
  auto products = tflrt::WordProductsOp::create(
      b, SmallVector<Type>(sums.size(), b.getI32Type()), rowAddress, weightAddress, sums,
      rowOffsets, columnCount, groups, strategy.tile[dim] / group, size % group, runs, step,
      areRowsUnsigned(), hasWords, areRowsAligned(rowOffsets));
  return Values(products.getResults());
}

std::unique_ptr<KernelEmitter> tflc::makeQuadRuns(const KernelTask &task) {
  return std::make_unique<QuadRunsEmitter>(task);
}
