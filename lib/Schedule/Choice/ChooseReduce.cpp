//===- ChooseReduce.cpp - vectors along a sum ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/Contraction.h"

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
  strategy.split = 1;
}

/// Lanes along the sum, where no parallel loop offers as many neighbours.
std::optional<Strategy> tflc::chooseReduce(const LoopNest &nest, const TargetInfo &target,
                                           const Strategy &parallel) {
  if (!nest.reduction || !matchCombiner(nest.reduction->body()) || !target.vectorBits)
    return std::nullopt;
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
  if (!along)
    return std::nullopt;
  unsigned lanes = std::min<int64_t>(lanesFor(target, widestScalar(nest)),
                                     llvm::bit_floor<uint64_t>(nest.dims[*along].size));
  // Parallel vectors that gather their inputs are worth no more than one lane.
  bool gathers = false;
  for (const LinearAccess &input : nest.reduction->inputs)
    gathers |= !input.scalar && input.coefficients[parallel.vectorDim] > 1;
  if (lanes <= 1 || (!gathers && parallel.lanes * 2 > lanes))
    return std::nullopt;
  Strategy strategy;
  strategy.form = Form::Reduce;
  strategy.vectorDim = *along;
  strategy.lanes = lanes;
  strategy.tile = SmallVector<int64_t>(nest.dims.size(), 1);
  int64_t vectors = std::clamp<int64_t>(nest.dims[*along].size / lanes, 1, 4);
  strategy.tile[*along] = vectors * lanes;
  strategy.split = llvm::bit_floor<uint64_t>(vectors);
  tileProduct(strategy, nest);
  return strategy;
}
