//===- ChooseSparse.cpp - products of the weights that are not zero -------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A wide tile shares what it loads of the rows, a narrow one leaves out more steps. Both are in the
// estimate: the time of a step, of which each step that is left takes so much more as the look-up
// of its place does, times the steps that are left.
//
//===----------------------------------------------------------------------===//

#include "ChooseSparse.h"
#include "Schedule/Nest/LiveSteps.h"
#include "Schedule/Nest/RegisterTile.h"

#include "tflc/Target/Registers.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
class SparseChooser {
public:
  SparseChooser(Strategy strategy, const LoopNest &nest, const TargetInfo &target)
      : strategy(std::move(strategy)), form(*this->strategy.as<Broadcast>()), nest(nest),
        target(target) {}

  Choice choose();
  /// Estimated cycles of `dense`, in the units of `choose`.
  double cyclesOf(const Choice &dense) const;

private:
  double stepCycles(int64_t rows, int64_t vectors) const;
  double fractionOf(int64_t vectors);
  double countSteps() const;

  Strategy strategy;
  Broadcast &form;
  const LoopNest &nest;
  const TargetInfo &target;
  SmallVector<double> fractions; ///< by vectors of a tile, from one on
};
} // namespace

double SparseChooser::stepCycles(int64_t rows, int64_t vectors) const {
  // Without vectors one instruction follows the other.
  if (!target.vectorBits)
    return double(rows + vectors + rows * vectors + 1);
  const VectorCosts &costs = *target.instructions.vectorCosts;
  double products = costs.product * rows * vectors, reads = costs.load * (rows + vectors);
  double operations = form.widen ? costs.operation * (2 * rows * vectors + vectors) +
                                       costs.extension * (rows + vectors)
                                 : 0;
  return std::max({products, reads, operations, 1.0}) + costs.iteration;
}

double SparseChooser::fractionOf(int64_t vectors) {
  while (static_cast<int64_t>(fractions.size()) < vectors) {
    int64_t columns = (fractions.size() + 1) * strategy.lanes;
    fractions.push_back(LiveSteps(nest, form, strategy.vectorDim, columns).fraction());
  }
  return fractions[vectors - 1];
}

double SparseChooser::countSteps() const {
  double steps = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      steps *= dim == form.groupDim ? llvm::divideCeil(info.size, form.group) : info.size;
  return steps;
}

Choice SparseChooser::choose() {
  // The place of the step, its address and the end of the loop.
  const double lookUp = target.vectorBits ? 1 : 3;
  unsigned registers =
      target.vectorBits ? target.vectorRegisters : std::min(getGeneralRegisters(target) - 5, 13u);
  auto fits = [&](const RegisterTile &tile) { return tile.sums() + tile.vectors + 3 <= registers; };
  auto cost = [&](int64_t rows, int64_t vectors) {
    return (stepCycles(rows, vectors) + lookUp) * fractionOf(vectors);
  };
  double cycles = 0;
  RegisterTile tile = chooseRegisterTile(nest, strategy, {24, 1, 4, 0.98, fits, cost}, &cycles);
  constexpr int64_t fewSums = 2, written = 4;
  strategy.tile[form.groupDim] = tile.sums() < fewSums ? written * form.group : form.group;
  return {strategy, cycles * countSteps()};
}

double SparseChooser::cyclesOf(const Choice &dense) const {
  if (dense.strategy.is<QuadRuns>()) {
    // Measured on Cortex-M4: instructions for each product (docs/Performance.md).
    constexpr double perProduct = 1.06;
    double products = perProduct;
    for (const LoopDim &dim : nest.dims)
      products *= dim.size;
    return products;
  }
  // What is estimated in other units, or not at all, is taken for a tile of the same size.
  int64_t rows = 1, vectors = 1;
  double tiles = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (info.isReduction)
      continue;
    int64_t tile = std::min(dense.strategy.tile[dim], info.size);
    tiles *= double(info.size) / tile;
    if (dim == strategy.vectorDim)
      vectors = llvm::divideCeil(tile, strategy.lanes);
    else
      rows *= tile;
  }
  double same = tiles * stepCycles(rows, vectors) * countSteps();
  return dense.cycles > 0 && target.vectorBits ? std::min(dense.cycles, same) : same;
}

std::optional<Choice> tflc::chooseSparse(Strategy strategy, const LoopNest &nest,
                                         const TargetInfo &target, const Choice &dense,
                                         ChoiceLog &log) {
  constexpr const char *name = "broadcast of sparse weights";
  constexpr double worthwhile = 0.85;
  if (!hasSparseWeights(nest, *strategy.columns()))
    return log.decline(name, "fewer than half of the weights are zero");
  SparseChooser chooser(std::move(strategy), nest, target);
  Choice choice = chooser.choose();
  if (choice.cycles == 0 || choice.cycles > worthwhile * chooser.cyclesOf(dense))
    return log.decline(name, "too few steps meet zero weights alone");
  if (!leavesOutSteps(nest, choice.strategy))
    return log.decline(name, "too few steps meet zero weights alone");
  return choice;
}
