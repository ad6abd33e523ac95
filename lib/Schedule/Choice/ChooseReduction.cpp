//===- ChooseReduction.cpp - vectors along a sum --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/ByteSums.h"
#include "Schedule/Nest/Contraction.h"
#include "Schedule/Nest/WordLookup.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// A product of two matrices of rows: several rows of each meet in registers, so that each is
/// loaded less often. Then there are sums enough in flight without splitting one.
static void tileProduct(Strategy &strategy, const LoopNest &nest) {
  auto product = matchContraction(nest.reduction->body());
  if (!product)
    return;
  const LinearAccess &lhs = nest.reduction->inputs[product->lhs.input];
  const LinearAccess &rhs = nest.reduction->inputs[product->rhs.input];
  std::optional<unsigned> lhsRow, rhsRow;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (info.isReduction || info.size < 2)
      continue;
    bool movesLhs = lhs.coefficients[dim] != 0, movesRhs = rhs.coefficients[dim] != 0;
    if (movesLhs && !movesRhs)
      lhsRow = dim;
    else if (movesRhs && !movesLhs)
      rhsRow = dim;
  }
  if (!lhsRow || !rhsRow)
    return;
  strategy.tile[*lhsRow] = 2;
  strategy.tile[*rhsRow] = std::min<int64_t>(4, nest.dims[*rhsRow].size);
  strategy.tile[strategy.vectorDim] = strategy.lanes;
  strategy.form = Reduction();
}

/// Short sums of several rows are joined across lanes together, which takes fewer instructions than
/// one after the other; they are enough in flight without splitting one. Not where few lanes, or
/// those of vectors of any length, are joined by an instruction or two.
static void tileRows(Strategy &strategy, const LoopNest &nest, const TargetInfo &target) {
  constexpr int64_t mostRows = 8, leastRows = 4, leastLanes = 8, longRun = 16; // of vectors
  if (nest.pooling || target.scalableVectors || strategy.lanes < leastLanes ||
      nest.dims[strategy.vectorDim].size > longRun * strategy.lanes)
    return;
  std::optional<unsigned> row;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (strategy.tile[dim] > 1 && !info.isReduction)
      return; // a product of two matrices
    if (!info.isReduction && info.size >= leastRows)
      row = dim;
  }
  if (!row)
    return;
  strategy.tile[*row] =
      std::min<int64_t>(mostRows, llvm::bit_floor<uint64_t>(nest.dims[*row].size));
  strategy.form = Reduction();
}

/// Where four bytes join each lane, as many vectors of bytes are in flight, if there are so many.
static void addInQuads(Strategy &strategy, const LoopNest &nest, const TargetInfo &target) {
  if (!findByteSum(nest, strategy.vectorDim, target))
    return;
  int64_t size = nest.dims[strategy.vectorDim].size;
  int64_t &tile = strategy.tile[strategy.vectorDim];
  int64_t vectors = tile / strategy.lanes;
  strategy.lanes = std::min<int64_t>(lanesFor(target, 32),
                                     llvm::bit_floor<uint64_t>(size / ByteSum::bytesInLane));
  int64_t bytes = strategy.lanes * ByteSum::bytesInLane;
  vectors = std::clamp<int64_t>(size / bytes, 1, vectors);
  tile = vectors * bytes;
  unsigned &split = strategy.as<Reduction>()->split;
  split = std::min<unsigned>(split, llvm::bit_floor<uint64_t>(vectors));
}

/// The innermost loop of the reduction along which all inputs are neighbours, or the same.
static std::optional<unsigned> findContiguousLoop(const LoopNest &nest) {
  std::optional<unsigned> along;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction)
      continue;
    bool contiguous = true;
    for (const LinearAccess &input : nest.reduction->inputs)
      contiguous &= input.scalar || input.coefficients[dim] == 0 || input.coefficients[dim] == 1;
    if (contiguous)
      along = dim;
  }
  return along;
}

/// Lanes along the sum, where no parallel loop offers as many neighbours.
std::optional<Strategy> tflc::chooseReduction(const LoopNest &nest, const TargetInfo &target,
                                              const Strategy &parallel, ChoiceLog &log) {
  constexpr const char *form = "reduction";
  if (!nest.reduction || !target.vectorBits)
    return log.decline(form, nest.reduction ? "no vectors" : "nothing is summed up");
  if (!matchCombiner(nest.reduction->body()))
    return log.decline(form, "parts of the sum cannot be joined");
  std::optional<unsigned> along = findContiguousLoop(nest);
  if (!along)
    return log.decline(form, "no loop of the sum has neighbours");
  unsigned widest = lanesFor(target, widestScalar(nest));
  unsigned inPlanes = planeLanes(*nest.reduction, target);
  unsigned lanes = std::min<int64_t>(std::max(widest, inPlanes),
                                     llvm::bit_floor<uint64_t>(nest.dims[*along].size));
  // Parallel vectors that gather their inputs are worth no more than one lane.
  bool gathers = false;
  for (const LinearAccess &input : nest.reduction->inputs)
    gathers |= !input.scalar && input.coefficients[parallel.vectorDim] > 1;
  if (lanes <= 1 || (!gathers && parallel.lanes * 2 > lanes))
    return log.decline(form, llvm::Twine(lanes) + " lanes, and " + llvm::Twine(parallel.lanes) +
                                 " along a parallel loop");
  Strategy strategy;
  strategy.vectorDim = *along;
  strategy.lanes = lanes;
  strategy.tile = SmallVector<int64_t>(nest.dims.size(), 1);
  if (lanes > widest) {
    // Each is several registers of words, which are sums enough in flight.
    strategy.tile[*along] = lanes;
    strategy.form = Reduction();
    return strategy;
  }
  int64_t vectors = std::clamp<int64_t>(nest.dims[*along].size / lanes, 1, 4);
  strategy.tile[*along] = vectors * lanes;
  strategy.form = Reduction{unsigned(llvm::bit_floor<uint64_t>(vectors))};
  tileProduct(strategy, nest);
  tileRows(strategy, nest, target);
  addInQuads(strategy, nest, target);
  return strategy;
}
