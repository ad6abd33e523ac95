//===- InlineSubgraphs.cpp - operators that functions define --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/PadOps.h"
#include "TFL/IR/ReduceWindowOps.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/StablehloOps.h"
#include "TFL/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_INLINESUBGRAPHSPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

//===----------------------------------------------------------------------===//
// Computations of one operator
//===----------------------------------------------------------------------===//

/// The name of the only op of a function, after its dialect's; empty where it has none, nothing
/// where it has several.
static std::optional<StringRef> getOnlyOp(func::FuncOp function) {
  Block &body = function.front();
  if (llvm::hasSingleElement(body))
    return StringRef();
  if (!llvm::hasNItems(body, 2))
    return std::nullopt;
  return body.front().getName().stripDialect();
}

/// The field `reduce_function` of a reduction by this operator; empty where there is none.
static StringRef getReduceFunction(StringRef op) {
  return llvm::StringSwitch<StringRef>(op)
      .Cases({"add", "stablehlo_add"}, "ADD")
      .Cases({"mul", "stablehlo_multiply"}, "MUL")
      .Cases({"maximum", "stablehlo_maximum"}, "MAXIMUM")
      .Cases({"minimum", "stablehlo_minimum"}, "MINIMUM")
      .Cases({"logical_and", "stablehlo_and"}, "ALL")
      .Case("logical_or", "ANY")
      .Default("");
}

static StringRef getScatterComputation(StringRef op) {
  return llvm::StringSwitch<StringRef>(op)
      .Case("", "UPDATE")
      .Case("stablehlo_add", "ADD")
      .Case("stablehlo_multiply", "MULTIPLY")
      .Case("stablehlo_maximum", "MAXIMUM")
      .Case("stablehlo_minimum", "MINIMUM")
      .Default("");
}

static Value createVector(OpBuilder &builder, Location loc, ArrayRef<int64_t> values) {
  auto type = RankedTensorType::get({int64_t(values.size())}, builder.getI64Type());
  return ConstOp::create(builder, loc, type, DenseElementsAttr::get(type, values));
}

/// A reduction over a padded tensor is a padding and a reduction.
static LogicalResult replaceReduceWindow(StablehloReduceWindowOp op, func::FuncOp body) {
  std::optional<StringRef> name = getOnlyOp(body);
  StringRef function = name ? getReduceFunction(*name) : "";
  if (function.empty())
    return op.emitError("the body must be one of ADD, MUL, MAXIMUM, MINIMUM, LOGICAL_AND, "
                        "LOGICAL_OR or their StableHLO forms");
  SmallVector<int64_t> low, high, interior;
  for (auto [i, dilation] : llvm::enumerate(op.getBaseDilations())) {
    low.push_back(op.getPadding()[2 * i]);
    high.push_back(op.getPadding()[2 * i + 1]);
    interior.push_back(dilation - 1);
  }
  OpBuilder builder(op);
  Location loc = op.getLoc();
  FailureOr<SmallVector<int64_t>> shape =
      getInteriorPaddedShape(op, op.getInput().getType().getShape(), low, high, interior);
  if (failed(shape))
    return failure();
  auto type = cast<RankedTensorType>(op.getInput().getType().clone(*shape));
  Value padded = StablehloPadOp::create(builder, loc, type, op.getInput(), op.getInitValue(), low,
                                        high, interior);
  Value result = ReduceWindowOp::create(builder, loc, op.getType(), padded, op.getInitValue(),
                                        createVector(builder, loc, op.getWindowDimensions()),
                                        createVector(builder, loc, op.getWindowStrides()),
                                        createVector(builder, loc, op.getWindowDilations()),
                                        builder.getStringAttr(function));
  op.replaceAllUsesWith(result);
  op.erase();
  return success();
}

static LogicalResult nameComputation(StablehloScatterOp op, func::FuncOp body) {
  std::optional<StringRef> name = getOnlyOp(body);
  StringRef computation = name ? getScatterComputation(*name) : "";
  if (computation.empty())
    return op.emitError("the computation must be empty or one of STABLEHLO_ADD, "
                        "STABLEHLO_MULTIPLY, STABLEHLO_MAXIMUM, STABLEHLO_MINIMUM");
  op.setComputation(computation);
  op.removeUpdateComputationSubgraphAttr();
  return success();
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {

class InlineSubgraphs : public tflc::tfl::impl::InlineSubgraphsPassBase<InlineSubgraphs> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    auto functions = llvm::to_vector(getOperation().getOps<func::FuncOp>());
    bool isFailed = false;
    for (func::FuncOp function : functions)
      isFailed |= failed(visit(function, symbols));
    if (isFailed)
      return signalPassFailure();
    for (func::FuncOp function : functions)
      if (callees.contains(function) && function.isPrivate() &&
          SymbolTable::symbolKnownUseEmpty(function, getOperation()))
        function.erase();
  }

  /// Replaces what `function` refers to; composites have had theirs replaced before.
  LogicalResult visit(func::FuncOp function, SymbolTable &symbols) {
    auto [state, isNew] = states.try_emplace(function, State::Active);
    if (!isNew)
      return success(state->second != State::Failed);
    LogicalResult result = success();
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) {
      if (isa<StablehloCompositeOp, StablehloReduceWindowOp, StablehloScatterOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(replace(op, symbols)))
        result = failure();
    states[function] = failed(result) ? State::Failed : State::Done;
    return result;
  }

  LogicalResult replace(Operation *op, SymbolTable &symbols) {
    FlatSymbolRefAttr symbol;
    if (auto composite = dyn_cast<StablehloCompositeOp>(op))
      symbol = composite.getDecompositionSubgraphAttr();
    else if (auto window = dyn_cast<StablehloReduceWindowOp>(op))
      symbol = window.getBodySubgraphAttr();
    else
      symbol = cast<StablehloScatterOp>(op).getUpdateComputationSubgraphAttr();
    // A scatter that names its computation refers to no function.
    if (!symbol)
      return success();
    auto callee = symbols.lookup<func::FuncOp>(symbol.getAttr());
    if (!callee || callee.isExternal())
      return op->emitError("there is no function ") << symbol;
    callees.insert(callee);
    if (auto window = dyn_cast<StablehloReduceWindowOp>(op))
      return replaceReduceWindow(window, callee);
    if (auto scatter = dyn_cast<StablehloScatterOp>(op))
      return nameComputation(scatter, callee);
    auto state = states.find(callee);
    if (state != states.end() && state->second == State::Active)
      return op->emitError("the subgraph ") << symbol << " is part of itself";
    if (failed(visit(callee, symbols)))
      return failure();
    return inlineBody(cast<StablehloCompositeOp>(op), callee);
  }

  LogicalResult inlineBody(StablehloCompositeOp op, func::FuncOp callee) {
    // Composites of composites can double at each level; no sound model comes near this.
    constexpr size_t maxInlined = 1 << 20;
    if (callee.getNumArguments() != op.getNumOperands() ||
        callee.getNumResults() != op.getNumResults())
      return op.emitError("the decomposition has ")
             << callee.getNumArguments() << " inputs and " << callee.getNumResults()
             << " outputs, the operator " << op.getNumOperands() << " and " << op.getNumResults();
    if (failed(checkTypes(op, op->getOperandTypes(), callee.getArgumentTypes(), "input")) ||
        failed(checkTypes(op, op->getResultTypes(), callee.getResultTypes(), "output")))
      return failure();
    OpBuilder builder(op);
    IRMapping mapping;
    mapping.map(callee.getArguments(), op.getOperands());
    for (Operation &inner : callee.front().without_terminator()) {
      if (++numInlined > maxInlined)
        return op.emitError("the decompositions have too many operators");
      Operation *copy = builder.clone(inner, mapping);
      // The operator's inputs may have other shapes than the function was written with.
      if (auto inferable = dyn_cast<ShapeInferenceOpInterface>(copy))
        if (failed(inferResultTypes(inferable)))
          return failure();
    }
    for (auto [result, inner] :
         llvm::zip_equal(op.getResults(), callee.front().getTerminator()->getOperands()))
      result.replaceAllUsesWith(mapping.lookup(inner));
    op.erase();
    return success();
  }

  static LogicalResult checkTypes(Operation *op, TypeRange given, TypeRange expected,
                                  StringRef what) {
    for (auto [i, types] : llvm::enumerate(llvm::zip_equal(given, expected))) {
      auto [have, want] = types;
      auto tensor = dyn_cast<RankedTensorType>(have);
      if (tensor && tensor.getElementType() != getElementTypeOrSelf(want))
        return op->emitError() << what << " " << i << " is " << getElementTypeName(have) << ", but "
                               << getElementTypeName(want) << " in the decomposition";
    }
    return success();
  }

  enum class State { Active, Done, Failed };
  DenseMap<func::FuncOp, State> states;
  DenseSet<func::FuncOp> callees;
  size_t numInlined = 0;
};

} // namespace
