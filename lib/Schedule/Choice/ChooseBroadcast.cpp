//===- ChooseBroadcast.cpp - packed products of broadcast groups ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Rows and vectors of columns of the register tile: the one with the least estimated time of all
// tiles that fit the registers.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/ColumnPairs.h"
#include "Schedule/Nest/RegisterTile.h"

#include "tflc/Target/Registers.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
class BroadcastChooser {
public:
  BroadcastChooser(Strategy &strategy, const LoopNest &nest, const TargetInfo &target)
      : strategy(strategy), form(*strategy.as<Broadcast>()), nest(nest), target(target),
        registers(target.vectorBits ? target.vectorRegisters : scalarRegisters(target)),
        inPairs(pairsColumns(nest, strategy, target)) {}

  double choose();

private:
  double stepCycles(int64_t rows, int64_t vectors) const;
  RegisterTile chooseTile(double &cycles);
  int64_t sharedRows(const RegisterTile &tile) const;
  void chooseUnroll(int64_t sums);
  /// What addresses, bounds and a row's element leave. Larger tiles than that limit are spilled:
  /// LLVM moves the loads of many steps up.
  static unsigned scalarRegisters(const TargetInfo &target) {
    return std::min(getGeneralRegisters(target) - 5, 13u);
  }

  Strategy &strategy;
  Broadcast &form;
  const LoopNest &nest;
  const TargetInfo &target;
  unsigned registers;
  bool inPairs; ///< two columns are summed up in one register
};
} // namespace

/// Estimated cycles of one step of the reduction: `rows` broadcast groups by `vectors` of columns.
double BroadcastChooser::stepCycles(int64_t rows, int64_t vectors) const {
  // Without vectors one instruction follows the other. Two weights of a pair are loaded, shifted
  // and added.
  if (inPairs)
    return double(rows + 2 * vectors + 2 * rows * llvm::divideCeil(vectors, 2) + 3);
  if (!target.vectorBits)
    return double(rows + vectors + 2 * rows * vectors + 1);
  const VectorCosts &costs = *target.instructions.vectorCosts;
  double products = costs.product * rows * vectors, reads = costs.load * (rows + vectors);
  // Products of words need an addition each, and weights are extended.
  double operations = form.widen ? costs.operation * (2 * rows * vectors + vectors) +
                                       costs.extension * (rows + vectors)
                                 : 0;
  return std::max({products, reads, operations, 1.0}) + costs.iteration;
}

/// Rows that stay in registers from one step to the next: where a run is one group and a rest, it
/// is one body, and rows of its second step that are rows of the first one, too, are loaded once.
int64_t BroadcastChooser::sharedRows(const RegisterTile &tile) const {
  SmallVector<unsigned> rowDims = findRowLoops(nest, strategy);
  int64_t run = nest.dims[form.groupDim].size;
  if (run <= form.group || run >= 2 * form.group || rowDims.empty())
    return 0;
  const LinearAccess &rows = nest.reduction->inputs[1 - form.weightsInput];
  int64_t step = rows.coefficients[form.groupDim] * form.group;
  int64_t stride = rows.coefficients[rowDims[0]];
  if (stride <= 0 || step % stride != 0)
    return 0;
  const LoopDim &inner = nest.dims[rowDims[0]];
  int64_t inLine = tile.rows * (inner.isWindow ? inner.size : 1);
  return std::max<int64_t>(0, inLine - step / stride) * (tile.allRows() / inLine);
}

RegisterTile BroadcastChooser::chooseTile(double &cycles) {
  // Sums, columns, a row, and where products are added by an instruction of their own, a product.
  int64_t others = form.widen ? 2 : 1;
  // A row of bytes is no operand in memory of VPDPBUSD. LLVM moves the loads of all rows up, which
  // is no harm where several vectors of columns leave few of them.
  bool keepsRows = target.instructions.dot->addsWordPairs() && form.group == 4;
  auto fits = [&](const RegisterTile &tile) {
    int64_t columns = inPairs ? llvm::divideCeil(tile.vectors, 2) : tile.vectors;
    int64_t rows = keepsRows && tile.vectors == 1 ? tile.allRows() : others;
    return tile.allRows() * columns + columns + rows + sharedRows(tile) <= registers;
  };
  auto cost = [&](int64_t rows, int64_t vectors) { return stepCycles(rows, vectors); };
  return chooseRegisterTile(nest, strategy, {24, 6, 4, 0.98, fits, cost}, &cycles);
}

/// Splits sums where few are in flight, and writes out as much of the loop as pays.
void BroadcastChooser::chooseUnroll(int64_t sums) {
  int64_t groups = llvm::divideCeil(nest.dims[form.groupDim].size, form.group);
  while (target.vectorBits && sums * form.split < 8 && form.split * 2 <= groups &&
         sums * form.split * 2 + 4 <= registers)
    form.split *= 2;
  // Small bodies are written out several times, so that the loop's own instructions do not count.
  // In large ones the rows of neighbouring steps would be held in registers that are not there.
  int64_t unroll = form.split;
  while (target.vectorBits && sums * unroll < 8 && unroll * 2 <= groups)
    unroll *= 2;
  bool single = llvm::count_if(nest.dims, [](LoopDim dim) { return dim.isReduction; }) == 1;
  // Where there are many tiles, more code pays for loops that end mispredicted.
  constexpr int64_t manyRows = 1024;
  int64_t rowCount = 1;
  for (unsigned dim : findRowLoops(nest, strategy))
    rowCount *= nest.dims[dim].size;
  if ((single && groups <= (rowCount >= manyRows ? 8 : 4)) || groups * sums <= 24)
    unroll = groups;
  strategy.tile[form.groupDim] = unroll * form.group;
}

double BroadcastChooser::choose() {
  double cycles = 0;
  RegisterTile tile = chooseTile(cycles);
  chooseUnroll(tile.sums());
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      cycles *= dim == form.groupDim ? llvm::divideCeil(info.size, form.group) : info.size;
  return cycles;
}

double tflc::chooseBroadcast(Strategy &strategy, const LoopNest &nest, const TargetInfo &target) {
  return BroadcastChooser(strategy, nest, target).choose();
}
