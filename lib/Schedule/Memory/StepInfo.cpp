//===- StepInfo.cpp - what a step computes, reads and writes --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Schedule/StepInfo.h"

#include "Schedule/Nest/Contraction.h"

#include "tflc/Support/ModelLocation.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Attribute
//===----------------------------------------------------------------------===//

DictionaryAttr StepInfo::toAttr(MLIRContext *context) const {
  Builder b(context);
  SmallVector<Attribute> ops;
  for (const StepOperator &op : operators)
    ops.push_back(
        b.getDictionaryAttr({b.getNamedAttr("name", b.getStringAttr(op.name)),
                             b.getNamedAttr("tensor", b.getStringAttr(op.tensor)),
                             b.getNamedAttr("index", b.getI64IntegerAttr(op.index)),
                             b.getNamedAttr("subgraph", b.getI64IntegerAttr(op.subgraph))}));
  SmallVector<StringRef> rejections(rejected.begin(), rejected.end());
  return b.getDictionaryAttr({b.getNamedAttr("cycles", b.getI64IntegerAttr(cycles)),
                              b.getNamedAttr("function", b.getStringAttr(function)),
                              b.getNamedAttr("operators", b.getArrayAttr(ops)),
                              b.getNamedAttr("macs", b.getI64IntegerAttr(macs)),
                              b.getNamedAttr("factors", b.getI64IntegerAttr(int64_t(factors))),
                              b.getNamedAttr("read", b.getI64IntegerAttr(bytesRead)),
                              b.getNamedAttr("rejected", b.getStrArrayAttr(rejections)),
                              b.getNamedAttr("written", b.getI64IntegerAttr(bytesWritten)),
                              b.getNamedAttr("strategy", b.getStringAttr(strategy))});
}

StepInfo StepInfo::fromAttr(DictionaryAttr attr) {
  auto text = [](DictionaryAttr from, StringRef key) {
    return from.getAs<StringAttr>(key).getValue().str();
  };
  auto number = [](DictionaryAttr from, StringRef key) {
    return from.getAs<IntegerAttr>(key).getInt();
  };
  StepInfo step;
  step.function = text(attr, "function");
  for (auto op : attr.getAs<ArrayAttr>("operators").getAsRange<DictionaryAttr>())
    step.operators.push_back({text(op, "name"), text(op, "tensor"), unsigned(number(op, "index")),
                              unsigned(number(op, "subgraph"))});
  step.macs = number(attr, "macs");
  step.factors = static_cast<FactorKind>(number(attr, "factors"));
  step.bytesRead = number(attr, "read");
  step.bytesWritten = number(attr, "written");
  step.strategy = text(attr, "strategy");
  step.cycles = number(attr, "cycles");
  for (auto line : attr.getAs<ArrayAttr>("rejected").getAsRange<StringAttr>())
    step.rejected.push_back(line.getValue().str());
  return step;
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// The operators that the step's ops come from. Fills and constants are shared between operators,
/// so that they count only where there is nothing else.
static std::vector<StepOperator> collectOperators(Operation *root) {
  std::map<std::pair<unsigned, unsigned>, StepOperator> found;
  auto collect = [&](bool fills) {
    root->walk([&](Operation *op) {
      bool isFill = isa<linalg::FillOp>(op) || isa_and_present<linalg::FillOp>(op->getParentOp());
      if (isFill != fills || op->hasTrait<OpTrait::ConstantLike>() ||
          isa<tflrt::KernelOp>(op)) // its location is that of an op inside
        return;
      forEachOpLocation(op->getLoc(), [&](const OpLocation &place) {
        if (!place.isTensor())
          found[{place.subgraph, place.index}] = {place.operatorName.str(), place.tensorName.str(),
                                                  place.index, place.subgraph};
      });
    });
  };
  collect(/*fills=*/false);
  if (found.empty())
    collect(/*fills=*/true);
  std::vector<StepOperator> operators;
  for (auto &entry : found)
    operators.push_back(std::move(entry.second));
  return operators;
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

/// How often the loops around `op` repeat it in one invocation; loops of unknown length, and
/// branches, count as one.
static int64_t countRepetitions(Operation *op) {
  int64_t count = 1;
  for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>())
    if (auto trips = loop.getStaticTripCount())
      count *= trips->getSExtValue();
  return count;
}

static bool isWord(Value tensor) {
  Type element = getElementTypeOrSelf(tensor);
  return element.isInteger() && element.getIntOrFloatBitWidth() > 8;
}

static void countMacs(Operation *root, StepInfo &step) {
  root->walk([&](linalg::GenericOp op) {
    if (op.getNumReductionLoops() == 0 || op.getNumDpsInits() != 1)
      return;
    std::optional<ProductSum> sum = matchProductSum(op.getBody());
    if (!sum)
      return;
    int64_t macs = countRepetitions(op);
    for (int64_t range : op.getStaticLoopRanges())
      if (!ShapedType::isDynamic(range))
        macs *= range;
    step.macs += macs;
    step.factors = sum->isFloat                              ? FactorKind::Float
                   : llvm::any_of(op.getDpsInputs(), isWord) ? FactorKind::Word
                                                             : FactorKind::Byte;
  });
}

static void countBytes(Operation *root, StepInfo &step) {
  llvm::SetVector<Value> read, written;
  /// The buffer outside of the step that `value` is a view of; null if there is none.
  auto getOuter = [&](Value value) -> Value {
    while (Operation *op = value.getDefiningOp()) {
      if (!root->isAncestor(op))
        return value;
      auto view = dyn_cast<ViewLikeOpInterface>(op);
      if (!view)
        return nullptr;
      value = view.getViewSource();
    }
    return root->isAncestor(value.getParentBlock()->getParentOp()) ? nullptr : value;
  };
  root->walk([&](MemoryEffectOpInterface op) {
    SmallVector<MemoryEffects::EffectInstance> effects;
    op.getEffects(effects);
    for (bool writes : {false, true}) // an op reads before it writes
      for (const MemoryEffects::EffectInstance &effect : effects) {
        Value value = effect.getValue();
        if (!value || !isa<MemRefType>(value.getType()))
          continue;
        Value buffer = getOuter(value);
        if (!buffer)
          continue;
        if (writes && isa<MemoryEffects::Write>(effect.getEffect()))
          written.insert(buffer);
        else if (!writes && isa<MemoryEffects::Read>(effect.getEffect()) &&
                 !written.contains(buffer))
          read.insert(buffer);
      }
  });
  auto sum = [](const llvm::SetVector<Value> &buffers) {
    int64_t bytes = 0;
    for (Value buffer : buffers) {
      auto type = cast<MemRefType>(buffer.getType());
      int64_t bits = type.getElementType().isIntOrFloat() ? type.getElementTypeBitWidth() : 64;
      for (int64_t size : type.getShape())
        bits *= ShapedType::isDynamic(size) ? 1 : size;
      bytes += llvm::divideCeil(bits, 8);
    }
    return bytes;
  };
  int64_t repetitions = countRepetitions(root);
  step.bytesRead = sum(read) * repetitions;
  step.bytesWritten = sum(written) * repetitions;
}

//===----------------------------------------------------------------------===//
// Strategy
//===----------------------------------------------------------------------===//

/// "broadcast<lanes = 8, tile = [1, 4, 16]>": the attribute without its dialect and the numbers of
/// loops and operands, which explain nothing to a reader.
static std::string formatStrategy(tflrt::StrategyAttr strategy) {
  std::string text;
  llvm::raw_string_ostream(text) << strategy;
  StringRef rest = text;
  rest.consume_front("#tflrt.");
  auto [form, numbers] = rest.rtrim('>').split('<');
  std::string kept;
  for (size_t end = 0; !numbers.empty(); numbers = numbers.drop_front(end).ltrim(", ")) {
    size_t list = numbers.find('['), comma = numbers.find(',');
    end = std::min(list < comma ? numbers.find(']') + 1 : comma, numbers.size());
    StringRef entry = numbers.take_front(end);
    StringRef name = entry.take_until([](char c) { return c == ' '; });
    if (name != "dim" && name != "along" && name != "weights")
      kept += (kept.empty() ? "" : ", ") + entry.str();
  }
  return (form + "<" + kept + ">").str();
}

static std::string collectStrategies(Operation *root) {
  llvm::SetVector<tflrt::StrategyAttr> strategies;
  root->walk([&](tflrt::KernelOp kernel) {
    if (kernel.getStrategyAttr())
      strategies.insert(kernel.getStrategyAttr());
  });
  std::string text;
  for (tflrt::StrategyAttr strategy : strategies)
    text += (text.empty() ? "" : "; ") + formatStrategy(strategy);
  return text.empty() ? "loops" : text;
}

/// What tflc-select-strategies noted at the kernels of the step, with `explain-choices`.
static void collectExplanations(Operation *root, StepInfo &step) {
  llvm::SetVector<StringRef> lines;
  root->walk([&](tflrt::KernelOp kernel) {
    if (auto cycles = kernel->getAttrOfType<IntegerAttr>(kCyclesAttrName))
      step.cycles += cycles.getInt();
    if (auto rejected = kernel->getAttrOfType<ArrayAttr>(kRejectedAttrName))
      for (auto line : rejected.getAsRange<StringAttr>())
        lines.insert(line.getValue());
  });
  for (StringRef line : lines)
    step.rejected.push_back(line.str());
}

StepInfo tflc::describeStep(Operation *op) {
  StepInfo step;
  if (auto symbol = op->getParentOfType<SymbolOpInterface>())
    step.function = symbol.getName().str();
  step.operators = collectOperators(op);
  countMacs(op, step);
  countBytes(op, step);
  step.strategy = collectStrategies(op);
  collectExplanations(op, step);
  return step;
}
