//===- ChooseLaneContract.cpp - packed products by lanes of a row ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
// For machines whose products take one lane of a register (NEON): a row is loaded as a vector and
// each of its lanes serves one step, or a row and a column are multiplied element by element and
// the sum of all lanes is taken at the end. The tile is the one with the fewest instructions.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/Contraction.h"
#include "Schedule/Nest/RegisterTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// The product of two elements above -128 and of any byte fits 16 bits, and so does the sum of two.
static bool isAboveMinimum(const LinearAccess &columns) {
  return llvm::none_of(columns.constant.getValues<int8_t>(),
                       [](int8_t value) { return value == -128; });
}

namespace {
struct TileCost {
  const Strategy &strategy;
  int64_t steps;   ///< of the reduction, `group` elements each
  double epilogue; ///< instructions for one vector of results
  unsigned registers;

  /// Registers that a tile keeps alive: sums, rows, a vector of columns each, and products.
  bool fits(int64_t rows, int64_t vectors) const {
    if (strategy.acrossLanes) {
      int64_t columns = vectors * strategy.lanes;
      return rows * columns + columns + 3 < registers;
    }
    if (strategy.matrix) {
      int64_t pairs = (rows + 1) / 2;
      return 2 * pairs * vectors + 2 * pairs + 2 * vectors <= registers;
    }
    return rows * vectors + rows + vectors + 1 <= registers;
  }

  /// Instructions of one tile. Two registers of columns are loaded at once.
  double operator()(int64_t rows, int64_t vectors) const {
    double results = epilogue * rows * vectors;
    if (strategy.acrossLanes) {
      int64_t columns = vectors * strategy.lanes;
      double products = strategy.group == 16 ? 3 : 2;
      // A tree of pairwise additions for each vector of results.
      return steps * (rows + 0.5 * columns + products * rows * columns + 1) + 3.0 * rows * vectors +
             results;
    }
    if (strategy.matrix) {
      // Each register of columns, half of a load for two; rows are loaded and joined. Halves of
      // registers change places before and after.
      int64_t pairs = (rows + 1) / 2;
      return steps * (2.0 * pairs * vectors + 2 * pairs + vectors + 1.5) + 4.0 * pairs * vectors +
             results;
    }
    double loads = double(rows) / strategy.rowGroups + (strategy.widen ? 1.0 : 0.5) * vectors;
    if (strategy.widen)
      loads += double(rows) / strategy.rowGroups;
    return steps * (rows * vectors + loads + 3.0 / strategy.rowGroups) + results;
  }
};
} // namespace

static void chooseTile(const LoopNest &nest, const TargetInfo &target, Strategy &strategy) {
  int64_t steps = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      steps *= llvm::divideCeil(info.size, dim == strategy.groupDim ? strategy.group : 1);
  bool isFloat = isa<FloatType>(nest.last().output.elementType);
  TileCost cost{strategy, steps, isFloat ? 2.0 : 6.0, target.vectorRegisters};

  auto fits = [&](const RegisterTile &tile) { return cost.fits(tile.allRows(), tile.vectors); };
  RegisterTile tile =
      chooseRegisterTile(nest, strategy, {12, 6, 8, 0.995, fits, cost}, &strategy.cycles);

  // Written out as far as whole rests of the loop come out and the body stays short.
  int64_t groups = llvm::divideCeil(nest.dims[strategy.groupDim].size, strategy.group);
  int64_t sums = tile.sums();
  if (strategy.acrossLanes)
    sums *= strategy.lanes;
  if (strategy.matrix)
    sums = 2 * llvm::divideCeil(tile.allRows(), 2) * tile.vectors;
  int64_t unit = std::min<int64_t>(strategy.rowGroups, groups), unroll = unit;
  for (int64_t factor : {2, 3, 4})
    if (groups % (factor * unit) == 0 && factor * unit * sums <= 96)
      unroll = factor * unit;
  // Few sums in flight: each in several parts.
  if (!strategy.acrossLanes && !strategy.matrix)
    while (sums * strategy.split < 4 && strategy.split * 2 <= unroll)
      strategy.split *= 2;
  strategy.tile[strategy.groupDim] = unroll * strategy.group;
}

bool tflc::chooseLaneContract(const LoopNest &nest, const TargetInfo &target, Strategy &strategy) {
  const Stage &stage = *nest.reduction;
  auto product = matchContraction(stage.body());
  const LinearAccess &columns = stage.inputs[strategy.weightsInput];
  const LinearAccess &rows = stage.inputs[1 - strategy.weightsInput];
  if (!target.instructions.hasLaneProducts || strategy.lanes == 1 ||
      rows.coefficients[strategy.groupDim] != 1 ||
      stage.output.elementType.getIntOrFloatBitWidth() != 32)
    return false;
  bool rowsUnsigned = product->isUnsigned(1 - strategy.weightsInput);
  bool columnsUnsigned = product->isUnsigned(strategy.weightsInput);
  int64_t run = nest.dims[strategy.groupDim].size;
  if (product->isFloat) {
    if (!rows.elementType.isF32() || !columns.elementType.isF32())
      return false;
    strategy.rowGroups = 4;
  } else {
    if (!product->isExtended() || !rows.elementType.isInteger(8) ||
        !columns.elementType.isInteger(8) || columnsUnsigned)
      return false;
    if (target.instructions.dot->signedBytes == 4 && !rowsUnsigned) {
      strategy.group = 4;
      strategy.rowGroups = 4;
      // A single row would be multiplied by itself, too.
      bool hasRows = false;
      for (auto [dim, info] : llvm::enumerate(nest.dims))
        hasRows |= !info.isReduction && dim != strategy.vectorDim && info.size > 1;
      if (target.instructions.dot->hasMatrix && hasRows && run >= 8) {
        strategy.matrix = true;
        strategy.group = 8;
        strategy.rowGroups = 2;
      }
    } else if (run % 8 == 0 && !rowsUnsigned) {
      strategy.acrossLanes = true;
      strategy.group = run % 16 == 0 && isAboveMinimum(columns) ? 16 : 8;
    } else {
      strategy.widen = true;
      strategy.rowGroups = 8;
    }
  }
  unsigned outputBits = nest.last().output.elementType.getIntOrFloatBitWidth();
  strategy.epilogueLanes = std::max(strategy.lanes, lanesFor(target, outputBits));
  chooseTile(nest, target, strategy);
  return true;
}
