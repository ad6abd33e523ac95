//===- Strategy.cpp - how a kernel runs -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Strategy.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Attribute
//===----------------------------------------------------------------------===//

static StringRef nameOf(Form form) {
  switch (form) {
  case Form::Parallel:
    return "parallel";
  case Form::Contract:
    return "contract";
  case Form::Reduce:
    return "reduce";
  }
  llvm_unreachable("unknown form");
}

DictionaryAttr Strategy::toAttr(MLIRContext *context) const {
  Builder b(context);
  SmallVector<NamedAttribute> entries{b.getNamedAttr("form", b.getStringAttr(nameOf(form))),
                                      b.getNamedAttr("vector_dim", b.getI64IntegerAttr(vectorDim)),
                                      b.getNamedAttr("lanes", b.getI64IntegerAttr(lanes)),
                                      b.getNamedAttr("tile", b.getDenseI64ArrayAttr(tile)),
                                      b.getNamedAttr("split", b.getI64IntegerAttr(split))};
  if (narrow)
    entries.push_back(b.getNamedAttr("narrow", b.getBoolAttr(true)));
  if (form == Form::Contract) {
    entries.push_back(b.getNamedAttr("weights", b.getI64IntegerAttr(weightsInput)));
    entries.push_back(b.getNamedAttr("group_dim", b.getI64IntegerAttr(groupDim)));
    entries.push_back(b.getNamedAttr("group", b.getI64IntegerAttr(group)));
    entries.push_back(b.getNamedAttr("widen", b.getBoolAttr(widen)));
  }
  return b.getDictionaryAttr(entries);
}

std::optional<Strategy> Strategy::fromAttr(DictionaryAttr attr) {
  Strategy result;
  auto number = [&](StringRef name) -> unsigned {
    auto value = attr.getAs<IntegerAttr>(name);
    return value ? value.getInt() : 0;
  };
  auto form = attr.getAs<StringAttr>("form");
  auto tile = attr.getAs<DenseI64ArrayAttr>("tile");
  if (!form || !tile)
    return std::nullopt;
  auto known = llvm::StringSwitch<std::optional<Form>>(form.getValue())
                   .Case("parallel", Form::Parallel)
                   .Case("contract", Form::Contract)
                   .Case("reduce", Form::Reduce)
                   .Default(std::nullopt);
  if (!known)
    return std::nullopt;
  result.form = *known;
  result.tile.assign(tile.asArrayRef().begin(), tile.asArrayRef().end());
  result.vectorDim = number("vector_dim");
  result.lanes = std::max(1u, number("lanes"));
  result.split = std::max(1u, number("split"));
  result.weightsInput = number("weights");
  result.groupDim = number("group_dim");
  result.group = std::max(1u, number("group"));
  auto widen = attr.getAs<BoolAttr>("widen");
  result.widen = widen && widen.getValue();
  auto narrow = attr.getAs<BoolAttr>("narrow");
  result.narrow = narrow && narrow.getValue();
  return result;
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

namespace {

/// The widest scalar that the kernel computes with, in bits.
unsigned widestScalar(const LoopNest &nest) {
  unsigned bits = 8;
  auto consider = [&](Type type) {
    if (type.isIntOrFloat())
      bits = std::max(bits, type.getIntOrFloatBitWidth());
  };
  for (const std::optional<Stage> *stage : {&nest.init, &nest.reduction, &nest.epilogue}) {
    if (!*stage)
      continue;
    for (Operation &op : *(*stage)->body())
      for (Value result : op.getResults())
        consider(result.getType());
    for (const LinearAccess &input : (*stage)->inputs)
      if (!input.scalar)
        consider(input.elementType);
    consider((*stage)->output.elementType);
  }
  return bits;
}

/// Whether the body reads a table.
bool looksUp(const Stage &stage) {
  return llvm::any_of(*stage.body(), [](Operation &op) { return isa<memref::LoadOp>(op); });
}

class Chooser {
public:
  Chooser(const LoopNest &nest, const TargetInfo &target) : nest(nest), target(target) {
    registers = target.vectorBits ? target.vectorRegisters : 8;
  }

  std::optional<Strategy> choose() {
    if (nest.reduction) {
      for (unsigned weights : {1u, 0u})
        if (auto strategy = contract(weights))
          return strategy;
    }
    Strategy parallel = chooseParallel();
    if (nest.reduction)
      if (auto strategy = reduce(parallel))
        return strategy;
    return parallel;
  }

private:
  unsigned lanesFor(unsigned bits) const { return std::max(1u, target.vectorBits / bits); }

  SmallVector<int64_t> ones() const { return SmallVector<int64_t>(nest.dims.size(), 1); }

  /// Reductions of few steps are written out.
  void unrollReductions(Strategy &strategy, int64_t limit) const {
    int64_t total = 1;
    for (auto [dim, info] : llvm::enumerate(nest.dims))
      if (info.isReduction)
        total *= info.size;
    if (total <= limit) {
      for (auto [dim, info] : llvm::enumerate(nest.dims))
        if (info.isReduction)
          strategy.tile[dim] = info.size;
      return;
    }
    for (unsigned dim = nest.dims.size(); dim-- > 0;)
      if (nest.dims[dim].isReduction) {
        strategy.tile[dim] = std::min<int64_t>(nest.dims[dim].size, 4);
        return;
      }
  }

  std::optional<Strategy> contract(unsigned weightsInput) const {
    const Stage &stage = *nest.reduction;
    auto product = matchMultiplyAccumulate(stage);
    if (!product || nest.usesIndices)
      return std::nullopt;
    const LinearAccess &columns = stage.inputs[weightsInput];
    const LinearAccess &rows = stage.inputs[1 - weightsInput];
    if (!columns.constant || !columns.elementType.isIntOrFloat() ||
        columns.elementType.getIntOrFloatBitWidth() < 8 || rows.scalar)
      return std::nullopt;
    bool columnsUnsigned =
        weightsInput == product->lhs ? product->lhsUnsigned : product->rhsUnsigned;
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
    strategy.lanes = lanesFor(accumulatorBits);
    strategy.tile = ones();
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
  void chooseTile(Strategy &strategy) const {
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

  /// Signed bytes times constant bytes above -128: a product fits 16 bits, and so does the sum of
  /// two.
  bool hasNarrowProducts(unsigned vectorDim) const {
    const Stage &stage = *nest.reduction;
    auto product = matchMultiplyAccumulate(stage);
    if (!product || product->isFloat || !product->extended || product->lhsUnsigned ||
        product->rhsUnsigned || !stage.output.elementType.isInteger(32))
      return false;
    bool bounded = false;
    for (const LinearAccess &input : stage.inputs) {
      if (!input.elementType.isInteger(8) || input.coefficients[vectorDim] != 1)
        return false;
      bounded |= input.constant && llvm::none_of(input.constant.getValues<int8_t>(),
                                                 [](int8_t value) { return value == -128; });
    }
    return bounded;
  }

  Strategy chooseParallel() const {
    Strategy strategy;
    strategy.form = Form::Parallel;
    strategy.tile = ones();
    strategy.vectorDim = 0;
    const LinearAccess &output = nest.last().output;
    std::optional<unsigned> along;
    for (auto [dim, info] : llvm::enumerate(nest.dims)) {
      if (info.isReduction)
        continue;
      strategy.vectorDim = dim; // the innermost, where none is contiguous
      if (output.coefficients[dim] == 1 && info.size > 1)
        along = dim;
    }
    if (along)
      strategy.vectorDim = *along;
    int64_t size = nest.dims[strategy.vectorDim].size;
    if (along && target.vectorBits) {
      strategy.lanes =
          std::min<int64_t>(lanesFor(widestScalar(nest)), llvm::bit_floor<uint64_t>(size));
      strategy.lanes = std::max(1u, strategy.lanes);
      // Lanes are looked up one by one; more of them only make more code.
      if (looksUp(nest.last()))
        strategy.lanes = std::min(strategy.lanes, 16u);
    }
    if (strategy.lanes > 1 && nest.reduction && hasNarrowProducts(strategy.vectorDim)) {
      strategy.narrow = true;
      strategy.lanes = std::min<int64_t>(lanesFor(16), llvm::bit_floor<uint64_t>(size));
    }
    int64_t vectors = size / strategy.lanes;
    unrollReductions(strategy, 30);
    if (!nest.reduction) {
      int64_t unroll = looksUp(*nest.epilogue) ? 1 : target.vectorBits ? 4 : 2;
      strategy.tile[strategy.vectorDim] = strategy.lanes * std::clamp<int64_t>(vectors, 1, unroll);
      return strategy;
    }
    // Sums of neighbouring outputs share what they read.
    int64_t columns = std::clamp<int64_t>(vectors, 1, strategy.narrow ? 1 : 2);
    strategy.tile[strategy.vectorDim] = strategy.lanes * columns;
    for (unsigned dim = nest.dims.size(); dim-- > 0;) {
      if (nest.dims[dim].isReduction || dim == strategy.vectorDim || nest.dims[dim].size == 1)
        continue;
      int64_t rows = std::min<int64_t>(nest.dims[dim].size, target.vectorBits ? 4 : 1);
      strategy.tile[dim] =
          llvm::divideCeil(nest.dims[dim].size, llvm::divideCeil(nest.dims[dim].size, rows));
      break;
    }
    return strategy;
  }

  /// Lanes along the sum, where no parallel loop offers as many neighbours.
  std::optional<Strategy> reduce(const Strategy &parallel) const {
    if (!matchCombiner(*nest.reduction) || !target.vectorBits)
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
    unsigned lanes = std::min<int64_t>(lanesFor(widestScalar(nest)),
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
    strategy.tile = ones();
    int64_t vectors = std::clamp<int64_t>(nest.dims[*along].size / lanes, 1, 4);
    strategy.tile[*along] = vectors * lanes;
    strategy.split = llvm::bit_floor<uint64_t>(vectors);
    return strategy;
  }

  const LoopNest &nest;
  const TargetInfo &target;
  unsigned registers;
};

} // namespace

std::optional<Strategy> tflc::chooseStrategy(const LoopNest &nest, const TargetInfo &target) {
  if (nest.dims.empty())
    return std::nullopt;
  return Chooser(nest, target).choose();
}
