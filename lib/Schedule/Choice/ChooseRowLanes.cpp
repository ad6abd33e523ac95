//===- ChooseRowLanes.cpp - packed products by lanes of a row -------------===//
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
  const PackedColumns &packing;
  int64_t steps;   ///< of the reduction, `group` elements each
  double epilogue; ///< instructions for one vector of results
  unsigned registers;
  bool hasWords;    ///< rows have 16 bits and need no extension
  int64_t products; ///< registers for what is not added to its sum yet, where rows meet columns

  /// Registers that a tile keeps alive: sums, rows, a vector of columns each, and products.
  bool fits(int64_t rows, int64_t vectors) const {
    if (strategy.is<AcrossLanes>()) {
      int64_t columns = vectors * strategy.lanes;
      return rows * columns + columns + products < registers;
    }
    if (strategy.is<RowPairs>()) {
      int64_t pairs = (rows + 1) / 2;
      return 2 * pairs * vectors + 2 * pairs + 2 * vectors <= registers;
    }
    return rows * vectors + rows + vectors + 1 <= registers;
  }

  /// Instructions of one tile. Two registers of columns are loaded at once.
  double operator()(int64_t rows, int64_t vectors) const {
    double results = epilogue * rows * vectors;
    if (strategy.is<AcrossLanes>()) {
      int64_t columns = vectors * strategy.lanes;
      double products = packing.group == 16 ? 3 : 2;
      // A tree of pairwise additions for each vector of results.
      return steps * (rows + 0.5 * columns + products * rows * columns + 1) + 3.0 * rows * vectors +
             results;
    }
    if (strategy.is<RowPairs>()) {
      // Each register of columns, half of a load for two; rows are loaded and joined. Halves of
      // registers change places before and after.
      int64_t pairs = (rows + 1) / 2;
      return steps * (2.0 * pairs * vectors + 2 * pairs + vectors + 1.5) + 4.0 * pairs * vectors +
             results;
    }
    const RowLanes &form = *strategy.as<RowLanes>();
    double loads = double(rows) / form.rowGroups + (form.widen ? 1.0 : 0.5) * vectors;
    if (form.widen && !hasWords)
      loads += double(rows) / form.rowGroups;
    return steps * (rows * vectors + loads + 3.0 / form.rowGroups) + results;
  }
};
} // namespace

/// Iterations of the grouped loop in one body: as many as leave no rest of the loop and keep the
/// body short. `sums` are those of a tile, `unit` the groups that one load brings.
static int64_t chooseUnroll(int64_t groups, int64_t unit, int64_t sums) {
  constexpr int64_t mostSums = 96;
  int64_t unroll = unit;
  for (int64_t factor : {2, 3, 4})
    if (groups % (factor * unit) == 0 && factor * unit * sums <= mostSums)
      unroll = factor * unit;
  return unroll;
}

/// The sums that a tile of the strategy keeps.
static int64_t countSums(const Strategy &strategy, const RegisterTile &tile) {
  if (strategy.is<AcrossLanes>())
    return tile.sums() * strategy.lanes;
  if (strategy.is<RowPairs>())
    return 2 * llvm::divideCeil(tile.allRows(), 2) * tile.vectors;
  return tile.sums();
}

/// Registers for products of rows by columns. In a loop within another one LLVM begins many of them
/// before it adds the first ones: with 20 sums in 32 registers more than half were spilled, with 16
/// none.
static int64_t countProducts(const LoopNest &nest, unsigned registers) {
  constexpr unsigned manyRegisters = 32;
  constexpr int64_t few = 3, many = 10;
  bool isNested = llvm::count_if(nest.dims, [](LoopDim dim) { return dim.isReduction; }) > 1;
  return isNested && registers >= manyRegisters ? many : few;
}

/// Completes `strategy`, and returns what its products take.
static double chooseTile(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                         int64_t rowGroups) {
  const PackedColumns &packing = *strategy.columns();
  int64_t steps = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      steps *= llvm::divideCeil(info.size, dim == packing.groupDim ? packing.group : 1);
  bool isFloat = isa<FloatType>(nest.last().output.elementType);
  TileCost cost{strategy,
                packing,
                steps,
                isFloat ? 2.0 : 6.0,
                target.vectorRegisters,
                nest.reduction->inputs[1 - packing.weightsInput].elementType.isInteger(16),
                countProducts(nest, target.vectorRegisters)};
  double cycles = 0;
  auto fits = [&](const RegisterTile &tile) { return cost.fits(tile.allRows(), tile.vectors); };
  RegisterTile tile = chooseRegisterTile(nest, strategy, {12, 6, 8, 0.995, fits, cost}, &cycles);

  int64_t groups = llvm::divideCeil(nest.dims[packing.groupDim].size, packing.group);
  int64_t sums = countSums(strategy, tile);
  int64_t unroll = chooseUnroll(groups, std::min(rowGroups, groups), sums);
  // Few sums in flight: each in several parts.
  if (auto *form = strategy.as<RowLanes>())
    while (sums * form->split < 4 && form->split * 2 <= unroll)
      form->split *= 2;
  strategy.tile[packing.groupDim] = unroll * packing.group;
  return cycles;
}

/// Whether some loop of rows has more than one iteration.
static bool hasRows(const LoopNest &nest, const Strategy &strategy) {
  return !findRowLoops(nest, strategy).empty();
}

/// Chooses how bytes are multiplied. `rowGroups` receives how many groups of a
/// row one load brings.
static void chooseByteForm(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                           bool rowsUnsigned, int64_t &rowGroups) {
  PackedColumns packing = *strategy.columns();
  const LinearAccess &columns = nest.reduction->inputs[packing.weightsInput];
  int64_t run = nest.dims[packing.groupDim].size;
  if (target.instructions.dot->signedBytes == 4 && !rowsUnsigned) {
    // A single row would be multiplied by itself, too.
    bool inPairs = target.instructions.dot->hasMatrix && hasRows(nest, strategy) && run >= 8;
    packing.group = inPairs ? 8 : 4;
    rowGroups = inPairs ? 2 : 4;
    if (inPairs)
      strategy.form = RowPairs{packing};
    else
      strategy.form = RowLanes{packing, 4};
  } else if (run % 8 == 0 && !rowsUnsigned) {
    packing.group = run % 16 == 0 && isAboveMinimum(columns) ? 16 : 8;
    rowGroups = 1;
    strategy.form = AcrossLanes{packing};
  } else {
    rowGroups = 8;
    strategy.form = RowLanes{packing, 8, 1, /*widen=*/true};
  }
}

bool tflc::chooseRowLanes(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                          double &cycles, ChoiceLog &log) {
  constexpr const char *form = "row_lanes";
  const Stage &stage = *nest.reduction;
  auto product = matchContraction(stage.body());
  const PackedColumns packing = *strategy.columns();
  const LinearAccess &columns = stage.inputs[packing.weightsInput];
  const LinearAccess &rows = stage.inputs[1 - packing.weightsInput];
  if (!target.instructions.hasLaneProducts || strategy.lanes == 1)
    return log.decline(form, "no products with one lane");
  if (rows.coefficients[packing.groupDim] != 1 ||
      stage.output.elementType.getIntOrFloatBitWidth() != 32)
    return log.decline(form, "sums are not of 32 bits, or rows have no neighbours");
  int64_t rowGroups = 4;
  if (product->isFloat) {
    if (!rows.elementType.isF32() || !columns.elementType.isF32())
      return log.decline(form, "factors are not float32");
    strategy.form = RowLanes{packing, 4};
  } else {
    bool rowsUnsigned = product->isUnsigned(1 - packing.weightsInput);
    bool hasWords = rows.elementType.isInteger(16) && !rowsUnsigned;
    if (!product->isExtended() || !(rows.elementType.isInteger(8) || hasWords) ||
        !columns.elementType.isInteger(8) || product->isUnsigned(packing.weightsInput))
      return log.decline(form, "factors are no bytes or words with signed bytes as weights");
    if (hasWords) {
      rowGroups = 8;
      strategy.form = RowLanes{packing, 8, 1, /*widen=*/true};
    } else {
      chooseByteForm(strategy, nest, target, rowsUnsigned, rowGroups);
    }
  }
  unsigned outputBits = nest.last().output.elementType.getIntOrFloatBitWidth();
  unsigned epilogueLanes = std::max(strategy.lanes, lanesFor(target, outputBits));
  if (auto *lanes = strategy.as<RowLanes>())
    lanes->epilogueLanes = epilogueLanes;
  else if (auto *across = strategy.as<AcrossLanes>())
    across->epilogueLanes = epilogueLanes;
  else
    strategy.as<RowPairs>()->epilogueLanes = epilogueLanes;
  cycles = chooseTile(strategy, nest, target, rowGroups);
  return true;
}
