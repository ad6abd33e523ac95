//===- ChooseContraction.cpp - packed products ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Finds the rows and columns of a contraction, then asks one form after the other.
//
//===----------------------------------------------------------------------===//

#include "ChooseSparse.h"
#include "Schedule/Nest/Contraction.h"
#include "Schedule/Nest/RegisterTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

bool tflc::isSingleRow(const LoopNest &nest, const Strategy &strategy) {
  return findRowLoops(nest, strategy).empty() &&
         llvm::count_if(nest.dims, [](LoopDim dim) { return dim.isReduction; }) == 1;
}

namespace {
class ContractionChooser {
public:
  /// With the constant factor as input number `weightsInput` of the reduction.
  ContractionChooser(const LoopNest &nest, const TargetInfo &target, const ScratchLimits &limits,
                     unsigned weightsInput, ChoiceLog &log)
      : nest(nest), target(target), limits(limits), weightsInput(weightsInput), log(log),
        columns(nest.reduction->inputs[weightsInput]),
        rows(nest.reduction->inputs[1 - weightsInput]) {}

  std::optional<Choice> choose();

private:
  std::optional<unsigned> findColumnLoop() const;
  bool canPack() const;
  std::optional<Choice> choosePacked(Strategy strategy, const Contraction &product, bool hasRun);
  unsigned chooseLanes(unsigned column, unsigned accumulatorBits) const;
  bool multipliesBytes(const Contraction &product) const;
  bool multipliesWords(const Contraction &product) const;
  std::optional<Choice> chooseGrouped(Strategy strategy, const Contraction &product, bool hasRun);
  Choice chooseForm(Strategy strategy, const Contraction &product, bool hasRun);
  std::optional<Choice> chooseLiveSteps(Strategy strategy, const Contraction &product, bool hasRun,
                                        const Choice &dense);
  std::optional<Choice> chooseForRun(Strategy &strategy, const Contraction &product);
  void chooseGroup(Strategy &strategy, const Contraction &product) const;
  void writeOutShortRuns(Strategy &strategy) const;

  const LoopNest &nest;
  const TargetInfo &target;
  const ScratchLimits &limits;
  unsigned weightsInput;
  ChoiceLog &log;
  const LinearAccess &columns, &rows;
};
} // namespace

/// Whether columns that are data can be brought into the order in which they are read.
bool ContractionChooser::canPack() const {
  auto isReduction = [](LoopDim dim) { return dim.isReduction; };
  return target.vectorBits != 0 && columns.buffer && !columns.startsAtRunTime && !nest.pooling &&
         llvm::count_if(nest.dims, isReduction) == 1;
}

/// The loop of the columns: neighbours in the output, not in the rows.
std::optional<unsigned> ContractionChooser::findColumnLoop() const {
  std::optional<unsigned> column;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && nest.last().output.coefficients[dim] == 1 &&
        rows.coefficients[dim] == 0 && columns.coefficients[dim] != 0)
      column = dim;
  return column;
}

unsigned ContractionChooser::chooseLanes(unsigned column, unsigned accumulatorBits) const {
  unsigned lanes = lanesFor(target, accumulatorBits);
  // Half of a register does for half of its columns, in half of the time where 512 bits pass in two
  // parts. Tile registers have all columns.
  constexpr unsigned longVector = 512;
  if (target.vectorBits == longVector && !target.scalableVectors &&
      !target.instructions.hasTileProducts && nest.dims[column].size <= lanes / 2)
    return lanes / 2;
  // Where vectors of any length take the same instructions, long registers need no zero weights
  // beside few columns.
  constexpr unsigned leastScalableBits = 128;
  if (!target.scalableVectors)
    return lanes;
  return std::min<int64_t>(lanes, std::max<int64_t>(llvm::PowerOf2Ceil(nest.dims[column].size),
                                                    leastScalableBits / accumulatorBits));
}

/// Bytes with signed weights, and sums of 32 bits.
bool ContractionChooser::multipliesBytes(const Contraction &product) const {
  return product.isExtended() && nest.reduction->output.elementType.isInteger(32) &&
         rows.elementType.isInteger(8) && columns.elementType.isInteger(8) &&
         !product.isUnsigned(weightsInput);
}

/// Words with signed bytes as weights, and sums of 32 bits.
bool ContractionChooser::multipliesWords(const Contraction &product) const {
  return product.isExtended() && nest.reduction->output.elementType.isInteger(32) &&
         rows.elementType.isInteger(16) && columns.elementType.isInteger(8) &&
         !product.lhs.isUnsigned() && !product.rhs.isUnsigned();
}

std::optional<Choice> ContractionChooser::choose() {
  constexpr const char *form = "contraction";
  auto product = matchContraction(nest.reduction->body());
  if (!product || nest.usesIndices)
    return log.decline(form, "the reduction is no sum of products");
  if ((!columns.constant && !canPack()) || !columns.elementType.isIntOrFloat() ||
      columns.elementType.getIntOrFloatBitWidth() < 8 || rows.scalar)
    return log.decline(form, "input " + llvm::Twine(weightsInput) + " holds no weights");
  std::optional<unsigned> column = findColumnLoop();
  if (!column)
    return log.decline(form, "no loop of columns that the weights alone follow");

  Strategy strategy;
  strategy.vectorDim = *column;
  strategy.lanes = chooseLanes(*column, nest.reduction->output.elementType.getIntOrFloatBitWidth());
  strategy.tile = SmallVector<int64_t>(nest.dims.size(), 1);
  Broadcast broadcast;
  broadcast.weightsInput = weightsInput;
  std::optional<unsigned> run;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction)
      continue;
    broadcast.groupDim = dim;
    if (rows.coefficients[dim] == 1)
      run = dim;
  }
  if (run)
    broadcast.groupDim = *run;
  broadcast.packs = !columns.constant;
  strategy.form = broadcast;
  if (broadcast.packs)
    return choosePacked(std::move(strategy), *product, run.has_value());
  if (!findGroupLoops(nest, strategy).empty())
    return chooseGrouped(std::move(strategy), *product, run.has_value());
  Choice dense = chooseForm(strategy, *product, run.has_value());
  if (auto sparse = chooseLiveSteps(strategy, *product, run.has_value(), dense))
    return sparse;
  return dense;
}

/// Groups of channels, each with weights of its own: one contraction after the other.
std::optional<Choice> ContractionChooser::chooseGrouped(Strategy strategy,
                                                        const Contraction &product, bool hasRun) {
  constexpr const char *form = "contraction of groups";
  if (!target.vectorBits || nest.pooling)
    return log.decline(form, "no vectors, or results that are pooled");
  if (hasRun && (multipliesBytes(product) || multipliesWords(product)))
    chooseGroup(strategy, product);
  double cycles = chooseBroadcast(strategy, nest, target);
  for (unsigned dim : findGroupLoops(nest, strategy))
    cycles *= double(nest.dims[dim].size);
  writeOutShortRuns(strategy);
  return Choice{strategy, cycles};
}

/// Columns that are data: packed, and then read as constant ones are. Each row has to repay its
/// part of the packing.
std::optional<Choice> ContractionChooser::choosePacked(Strategy strategy,
                                                       const Contraction &product, bool hasRun) {
  constexpr const char *form = "contraction of packed data";
  constexpr int64_t enoughRows = 8;
  Broadcast &broadcast = *strategy.as<Broadcast>();
  int64_t numRows = 1;
  for (unsigned dim : findRowLoops(nest, strategy))
    numRows *= nest.dims[dim].size;
  if (numRows < enoughRows)
    return log.decline(form, "too few rows meet the same columns");
  // Loops that move the columns go around those of rows.
  unsigned outermost = findRowLoops(nest, strategy).back();
  for (unsigned dim = outermost; dim < nest.dims.size(); ++dim)
    if (!nest.dims[dim].isReduction && dim != strategy.vectorDim && nest.dims[dim].size > 1 &&
        columns.coefficients[dim] != 0)
      return log.decline(form, "a loop within that of rows moves the columns");
  if (columns.elementType.isF32()) {
    // Loops over vectors read such columns as they are.
    if (columns.coefficients[strategy.vectorDim] == 1)
      return log.decline(form, "columns are neighbours already");
  } else {
    if (!hasRun || !(multipliesBytes(product) || multipliesWords(product)))
      return log.decline(form, "neither products of floats nor of bytes or words of a row");
    chooseGroup(strategy, product);
    if (broadcast.group == 1)
      return log.decline(form, "no instruction multiplies groups of bytes");
  }
  double cycles = chooseBroadcast(strategy, nest, target);
  for (unsigned dim = 0; dim < outermost; ++dim)
    if (!nest.dims[dim].isReduction && dim != strategy.vectorDim && columns.coefficients[dim] != 0)
      cycles *= double(nest.dims[dim].size);
  unsigned column = strategy.vectorDim;
  int64_t depth = llvm::alignTo(nest.dims[broadcast.groupDim].size, broadcast.group);
  broadcast.scratch = depth * llvm::alignTo(nest.dims[column].size, strategy.lanes);
  int64_t bytes = broadcast.scratch * columns.elementType.getIntOrFloatBitWidth() / 8;
  if (bytes > limits.mostForPacking)
    return log.decline(form, "the arena has no room for " + llvm::Twine(bytes) +
                                 " bytes of packed columns");
  broadcast.block.assign(nest.dims.size(), 1);
  for (unsigned dim : findRowLoops(nest, strategy))
    broadcast.block[dim] = nest.dims[dim].size;
  return Choice{strategy, cycles};
}

/// The forms that need neighbours along a row and take no part in the comparison of cycles.
std::optional<Choice> ContractionChooser::chooseForRun(Strategy &strategy,
                                                       const Contraction &product) {
  double cycles = 0;
  if (chooseRowLanes(strategy, nest, target, cycles, log)) {
    writeOutShortRuns(strategy);
    return Choice{strategy, cycles};
  }
  if (multipliesWords(product) && chooseWordRuns(strategy, nest, target, log))
    return Choice{strategy, 0};
  if (!multipliesBytes(product))
    return std::nullopt;
  if (chooseScalarSums(strategy, nest, product.isUnsigned(1 - weightsInput), target, limits, log) ||
      chooseBytePairs(strategy, nest, target, log) ||
      chooseAcrossLanes(strategy, nest, target, log))
    return Choice{strategy, 0};
  return std::nullopt;
}

/// How many neighbours of a row of bytes or words are multiplied at once.
void ContractionChooser::chooseGroup(Strategy &strategy, const Contraction &product) const {
  Broadcast &form = *strategy.as<Broadcast>();
  const DotProduct &dot = *target.instructions.dot;
  bool hasBytes = rows.elementType.isInteger(8);
  if (unsigned group = dot.bytesInLane(product.isUnsigned(1 - weightsInput)); group && hasBytes)
    form.group = group;
  else if (dot.addsWordPairs())
    form.group = 2;
  form.widen = form.group == 2;
}

Choice ContractionChooser::chooseForm(Strategy strategy, const Contraction &product, bool hasRun) {
  if (hasRun) {
    if (std::optional<Choice> choice = chooseForRun(strategy, product))
      return *choice;
    if ((multipliesBytes(product) || multipliesWords(product)) && strategy.lanes > 1)
      chooseGroup(strategy, product);
  }
  double cycles = chooseBroadcast(strategy, nest, target);
  bool inRegisters = strategy.as<Broadcast>()->group == 4 && !nest.pooling &&
                     chooseTileRegisters(strategy, nest, target, cycles, limits.most, log);
  chooseRowBlocks(strategy, nest, target, limits);
  if (inRegisters)
    return {strategy, cycles};
  if (!nest.pooling)
    chooseWinograd(strategy, nest, target, cycles, limits.most, log);
  writeOutShortRuns(strategy);
  return {strategy, cycles};
}

/// Pruned weights, of which the products with zeros are left out.
std::optional<Choice> ContractionChooser::chooseLiveSteps(Strategy strategy,
                                                          const Contraction &product, bool hasRun,
                                                          const Choice &dense) {
  if (hasRun && multipliesBytes(product) && strategy.lanes > 1)
    chooseGroup(strategy, product);
  return chooseSparse(std::move(strategy), nest, target, dense, log);
}

/// Writes out the loops around runs that are shorter than a group: each of their iterations then
/// knows on which side of its run the buffer has elements that a load may take along.
void ContractionChooser::writeOutShortRuns(Strategy &strategy) const {
  const PackedColumns &form = *strategy.columns();
  constexpr int64_t mostIterations = 7;
  if (strategy.lanes == 1 || nest.dims[form.groupDim].size >= form.group)
    return;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction && dim != form.groupDim && info.size <= mostIterations)
      strategy.tile[dim] = info.size;
}

std::optional<Choice> tflc::chooseContraction(const LoopNest &nest, const TargetInfo &target,
                                              const ScratchLimits &limits, ChoiceLog &log) {
  if (!nest.reduction)
    return log.decline("contraction", "nothing is summed up");
  if (nest.reduction->inputs.size() != 2)
    return log.decline("contraction", "the reduction is no sum of products");
  for (unsigned weights : {1u, 0u})
    if (auto choice = ContractionChooser(nest, target, limits, weights, log).choose())
      return choice;
  return std::nullopt;
}
