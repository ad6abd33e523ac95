//===- InlineFunctions.cpp - one function for each signature --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/AttributeNames.h"
#include "TF/IR/ControlOps.h"
#include "TF/IR/PoolingOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_INLINEFUNCTIONSPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

namespace {

class Inliner {
public:
  explicit Inliner(ModuleOp module) : symbols(module) {}

  /// Expands the calls in a block. Returns false after an error.
  bool run(Block &block);

private:
  func::FuncOp lookup(Operation *call, FlatSymbolRefAttr name, size_t operands, size_t results);
  /// Clones the body of `function` before the end of `block` with `arguments` in place of its own,
  /// and returns what it returns.
  std::optional<SmallVector<Value>> clone(func::FuncOp function, ValueRange arguments,
                                          OpBuilder &builder);
  bool inlineCall(Operation *op, FlatSymbolRefAttr name);
  bool expandIf(Operation *op, FlatSymbolRefAttr thenBranch, FlatSymbolRefAttr elseBranch);
  bool expandWhile(Operation *op, FlatSymbolRefAttr cond, FlatSymbolRefAttr body);
  bool expandCase(Operation *op, ArrayAttr branches);
  bool addRegion(Operation *call, Region &region, FlatSymbolRefAttr name, ValueRange operands,
                 TypeRange argumentTypes, size_t results);

  SymbolTable symbols;
  /// Functions whose bodies enclose the place at work.
  llvm::SetVector<Operation *> active;
  size_t cloned = 0;
};

} // namespace

/// Functions that call others twice, which call others twice ... must not fill the memory.
static constexpr size_t maxOps = 1 << 20;

func::FuncOp Inliner::lookup(Operation *call, FlatSymbolRefAttr name, size_t operands,
                             size_t results) {
  auto function = symbols.lookup<func::FuncOp>(name.getValue());
  if (!function || function.isExternal() || !llvm::hasSingleElement(function.getBody())) {
    call->emitError() << "there is no function \"" << name.getValue() << "\"";
    return {};
  }
  if (function.getNumArguments() != operands || function.getNumResults() != results) {
    call->emitError() << "function \"" << name.getValue() << "\" has " << function.getNumArguments()
                      << " arguments and " << function.getNumResults() << " results, expected "
                      << operands << " and " << results;
    return {};
  }
  if (active.contains(function)) {
    call->emitError() << "function \"" << name.getValue() << "\" calls itself";
    return {};
  }
  return function;
}

std::optional<SmallVector<Value>> Inliner::clone(func::FuncOp function, ValueRange arguments,
                                                 OpBuilder &builder) {
  Block &body = function.getBody().front();
  cloned += body.getOperations().size();
  if (cloned > maxOps) {
    function.emitError() << "functions call each other too often";
    return std::nullopt;
  }
  IRMapping mapping;
  mapping.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  return llvm::map_to_vector(body.getTerminator()->getOperands(),
                             [&](Value value) { return mapping.lookup(value); });
}

bool Inliner::addRegion(Operation *call, Region &region, FlatSymbolRefAttr name,
                        ValueRange operands, TypeRange argumentTypes, size_t results) {
  func::FuncOp function =
      lookup(call, name, operands.empty() ? argumentTypes.size() : operands.size(), results);
  if (!function)
    return false;
  Block &block = region.emplaceBlock();
  SmallVector<Value> arguments(operands);
  for (Type type : argumentTypes)
    arguments.push_back(block.addArgument(type, call->getLoc()));
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  std::optional<SmallVector<Value>> returned = clone(function, arguments, builder);
  if (!returned)
    return false;
  YieldOp::create(builder, call->getLoc(), *returned);
  active.insert(function);
  bool valid = run(block);
  active.pop_back();
  return valid;
}

/// Suppression by loops, which TensorFlow writes for batches: the boxes of one picture have an
/// operation. Whether boxes are sorted, and which corners they have, makes no difference to it.
static bool replaceSuppression(Operation *call, func::FuncOp function) {
  auto implements = function->getAttrOfType<StringAttr>(implementsAttr);
  if (!implements || implements.getValue() != "non_max_suppression_padded_v2" ||
      call->getNumOperands() != 8 || call->getNumResults() != 2)
    return false;
  std::optional<Shape> shape = getShape(call->getOperand(0)),
                       given = getShape(function.getArgument(0));
  if ((shape ? shape : given).value_or(Shape()).size() != 2)
    return false;
  OpBuilder builder(call);
  auto suppression = NonMaxSuppressionV4Op::create(
      builder, call->getLoc(), call->getOperand(0), call->getOperand(1), call->getOperand(2),
      call->getOperand(3), call->getOperand(4), /*pad_to_max_output_size=*/true);
  // Users know the call's types.
  for (auto [result, known] : llvm::zip_equal(suppression->getResults(), call->getResults()))
    result.setType(known.getType());
  call->replaceAllUsesWith(suppression);
  call->erase();
  return true;
}

bool Inliner::inlineCall(Operation *op, FlatSymbolRefAttr name) {
  func::FuncOp function = lookup(op, name, op->getNumOperands(), op->getNumResults());
  if (!function)
    return false;
  if (replaceSuppression(op, function))
    return true;
  // In a block of its own, whose calls are expanded with this function active.
  Block block;
  SmallVector<Value> arguments;
  for (Value operand : op->getOperands())
    arguments.push_back(block.addArgument(operand.getType(), op->getLoc()));
  OpBuilder builder(op->getContext());
  builder.setInsertionPointToEnd(&block);
  std::optional<SmallVector<Value>> returned = clone(function, arguments, builder);
  if (!returned)
    return false;
  auto yield = YieldOp::create(builder, op->getLoc(), *returned);
  active.insert(function);
  bool valid = run(block);
  active.pop_back();
  for (auto [argument, operand] : llvm::zip_equal(block.getArguments(), op->getOperands()))
    argument.replaceAllUsesWith(operand);
  op->replaceAllUsesWith(SmallVector<Value>(yield->getOperands()));
  yield->erase();
  op->getBlock()->getOperations().splice(Block::iterator(op), block.getOperations());
  op->erase();
  return valid;
}

bool Inliner::expandIf(Operation *op, FlatSymbolRefAttr thenBranch, FlatSymbolRefAttr elseBranch) {
  OpBuilder builder(op);
  auto region = IfRegionOp::create(builder, op->getLoc(), op->getResultTypes(), op->getOperand(0));
  ValueRange operands = op->getOperands().drop_front();
  bool valid = addRegion(op, region.getThenRegion(), thenBranch, operands, {}, op->getNumResults());
  valid &= addRegion(op, region.getElseRegion(), elseBranch, operands, {}, op->getNumResults());
  op->replaceAllUsesWith(region);
  op->erase();
  return valid;
}

bool Inliner::expandWhile(Operation *op, FlatSymbolRefAttr cond, FlatSymbolRefAttr body) {
  OpBuilder builder(op);
  auto region =
      WhileRegionOp::create(builder, op->getLoc(), op->getResultTypes(), op->getOperands());
  bool valid = addRegion(op, region.getCond(), cond, {}, op->getOperandTypes(), 1);
  valid &= addRegion(op, region.getBody(), body, {}, op->getOperandTypes(), op->getNumOperands());
  op->replaceAllUsesWith(region);
  op->erase();
  return valid;
}

bool Inliner::expandCase(Operation *op, ArrayAttr branches) {
  OpBuilder builder(op);
  auto region = CaseRegionOp::create(builder, op->getLoc(), op->getResultTypes(), op->getOperand(0),
                                     branches.size());
  bool valid = !branches.empty();
  if (!valid)
    op->emitError() << "has no branches";
  for (auto [i, branch] : llvm::enumerate(branches.getAsRange<FlatSymbolRefAttr>()))
    valid &= addRegion(op, region.getBranches()[i], branch, op->getOperands().drop_front(), {},
                       op->getNumResults());
  op->replaceAllUsesWith(region);
  op->erase();
  return valid;
}

bool Inliner::run(Block &block) {
  bool valid = true;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    valid &= llvm::TypeSwitch<Operation *, bool>(&op)
                 .Case<PartitionedCallOp, StatefulPartitionedCallOp>(
                     [&](auto call) { return inlineCall(call, call.getFAttr()); })
                 .Case<IfOp, StatelessIfOp>([&](auto branch) {
                   return expandIf(branch, branch.getThenBranchAttr(), branch.getElseBranchAttr());
                 })
                 .Case<WhileOp, StatelessWhileOp>([&](auto loop) {
                   return expandWhile(loop, loop.getCondAttr(), loop.getBodyAttr());
                 })
                 .Case<CaseOp, StatelessCaseOp>(
                     [&](auto choice) { return expandCase(choice, choice.getBranches()); })
                 .Default([](Operation *) { return true; });
    // A tree of calls would report one fault many times.
    if (!valid)
      return false;
  }
  return true;
}

namespace {

class InlineFunctions : public tflc::tf::impl::InlineFunctionsPassBase<InlineFunctions> {
  void runOnOperation() override {
    Inliner inliner(getOperation());
    bool valid = true;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal())
        for (Block &block : function.getBody())
          valid &= inliner.run(block);
    if (!valid)
      return signalPassFailure();
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (function.isPrivate())
        function.erase();
  }
};

} // namespace
