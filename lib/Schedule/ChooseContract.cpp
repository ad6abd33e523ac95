//===- ChooseContract.cpp - packed products ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"

#include "tflc/Target/Registers.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {

class ContractChooser {
public:
  ContractChooser(const LoopNest &nest, const TargetInfo &target)
      : nest(nest), target(target),
        registers(target.vectorBits ? target.vectorRegisters : scalarRegisters(target)) {}

  /// With the constant factor as input number `weightsInput` of the reduction.
  std::optional<Strategy> choose(unsigned weightsInput) const;

private:
  void chooseTile(Strategy &strategy) const;
  /// What addresses, bounds and a row's element leave. Larger tiles than that limit are spilled: LLVM
  /// moves the loads of many steps up.
  static unsigned scalarRegisters(const TargetInfo &target) {
    return std::min(getGeneralRegisters(target) - 5, 13u);
  }

  const LoopNest &nest;
  const TargetInfo &target;
  unsigned registers;
};

} // namespace

std::optional<Strategy> ContractChooser::choose(unsigned weightsInput) const {
  const Stage &stage = *nest.reduction;
  auto product = matchMultiplyAccumulate(stage);
  if (!product || nest.usesIndices)
    return std::nullopt;
  const LinearAccess &columns = stage.inputs[weightsInput];
  const LinearAccess &rows = stage.inputs[1 - weightsInput];
  if (!columns.constant || !columns.elementType.isIntOrFloat() ||
      columns.elementType.getIntOrFloatBitWidth() < 8 || rows.scalar)
    return std::nullopt;
  bool columnsUnsigned = weightsInput == product->lhs ? product->lhsUnsigned : product->rhsUnsigned;
  bool rowsUnsigned = weightsInput == product->lhs ? product->rhsUnsigned : product->lhsUnsigned;

  // The loop of the columns: neighbours in the output, not in the rows.
  std::optional<unsigned> column;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && nest.last().output.coefficients[dim] == 1 &&
        rows.coefficients[dim] == 0 && columns.coefficients[dim] != 0)
      column = dim;
  if (!column)
    return std::nullopt;
  // All other parallel loops must leave the weights alone.
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && dim != *column && columns.coefficients[dim] != 0)
      return std::nullopt;

  Strategy strategy;
  strategy.form = Form::Contract;
  strategy.weightsInput = weightsInput;
  strategy.vectorDim = *column;
  unsigned accumulatorBits = stage.output.elementType.getIntOrFloatBitWidth();
  strategy.lanes = lanesFor(target, accumulatorBits);
  strategy.tile = SmallVector<int64_t>(nest.dims.size(), 1);
  std::optional<unsigned> run;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction)
      continue;
    strategy.groupDim = dim;
    if (rows.coefficients[dim] == 1)
      run = dim;
  }
  bool bytes = product->extended && accumulatorBits == 32 && rows.elementType.isInteger(8) &&
               columns.elementType.isInteger(8) && !columnsUnsigned;
  if (run) {
    strategy.groupDim = *run;
    if (bytes && chooseWords(strategy, nest, rows, rowsUnsigned, target))
      return strategy;
    if (bytes && strategy.lanes > 1) {
      StringRef dot = target.dot;
      if ((dot == "vnni512" || dot == "avxvnni") && rowsUnsigned)
        strategy.group = 4;
      else if ((dot == "sdot" || dot == "smmla") && !rowsUnsigned)
        strategy.group = 4;
      else if (dot == "maddwd" || dot == "vnni512" || dot == "avxvnni")
        strategy.group = 2;
      strategy.widen = strategy.group == 2;
    }
  }
  chooseTile(strategy);
  return strategy;
}

/// Picks vectors of columns and rows of the register tile by estimated cycles of all tiles.
void ContractChooser::chooseTile(Strategy &strategy) const {
  int64_t columns = llvm::divideCeil(nest.dims[strategy.vectorDim].size, strategy.lanes);
  SmallVector<unsigned> rowDims; // innermost first
  for (unsigned dim = nest.dims.size(); dim-- > 0;)
    if (!nest.dims[dim].isReduction && dim != strategy.vectorDim && nest.dims[dim].size > 1)
      rowDims.push_back(dim);
  int64_t inner = rowDims.empty() ? 1 : nest.dims[rowDims[0]].size;
  int64_t outer = rowDims.size() < 2 ? 1 : nest.dims[rowDims[1]].size;

  // A step multiplies `rows` broadcast groups by `vectors` columns. Two multiplies and two loads
  // a cycle; a chain of sums waits for its latency.
  auto cycles = [&](int64_t rows, int64_t vectors) {
    // Without vectors one instruction follows the other.
    if (!target.vectorBits)
      return double(rows + vectors + 2 * rows * vectors + 1);
    double products = 0.5 * rows * vectors, reads = 0.5 * (rows + vectors);
    return std::max({products, reads, 1.0}) + 0.25;
  };
  double best = 0;
  int64_t bestInner = 1, bestOuter = 1, bestVectors = 1;
  for (int64_t vectors = 1; vectors <= std::min<int64_t>(columns, 4); ++vectors)
    for (int64_t o = 1; o <= std::min<int64_t>(outer, 6); ++o)
      for (int64_t i = 1; i <= std::min<int64_t>(inner, 24); ++i) {
        if (o > 1 && i < inner)
          continue; // rows of the next line only where this line fits as a whole
        if (i * o * vectors + vectors + 1 > registers && i * o * vectors > 1)
          continue;
        auto along = [&](int64_t size, int64_t tile, auto cost) {
          double sum = (size / tile) * cost(tile);
          return size % tile ? sum + cost(size % tile) : sum;
        };
        double total = along(columns, vectors, [&](int64_t v) {
          return along(outer, o, [&](int64_t oo) {
            return along(inner, i, [&](int64_t ii) { return cycles(ii * oo, v); });
          });
        });
        if (best == 0 || total < best * 0.98) {
          best = total;
          bestInner = i, bestOuter = o, bestVectors = vectors;
        }
      }
  strategy.tile[strategy.vectorDim] = bestVectors * strategy.lanes;
  if (!rowDims.empty())
    strategy.tile[rowDims[0]] = bestInner;
  if (rowDims.size() > 1)
    strategy.tile[rowDims[1]] = bestOuter;

  // Few sums in flight: split each into several.
  int64_t inFlight = bestInner * bestOuter * bestVectors;
  int64_t groups = llvm::divideCeil(nest.dims[strategy.groupDim].size, strategy.group);
  while (target.vectorBits && inFlight * strategy.split < 8 && strategy.split * 2 <= groups &&
         inFlight * strategy.split * 2 + 4 <= registers)
    strategy.split *= 2;
  int64_t unroll = strategy.split;
  if (groups <= 4)
    unroll = groups;
  strategy.tile[strategy.groupDim] = unroll * strategy.group;
}

std::optional<Strategy> tflc::chooseContract(const LoopNest &nest, const TargetInfo &target) {
  if (!nest.reduction)
    return std::nullopt;
  for (unsigned weights : {1u, 0u})
    if (auto strategy = ContractChooser(nest, target).choose(weights))
      return strategy;
  return std::nullopt;
}
