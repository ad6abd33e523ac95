//===- CarriedTensors.cpp - tensors that loops and branches give ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CarriedTensors.h"

#include "HoistSizes.h"

#include "tflc/Schedule/MeasuredDims.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

//===----------------------------------------------------------------------===//
// On tensors
//===----------------------------------------------------------------------===//

/// Whether `value` is `carried` with some of its elements replaced, so that bufferization leaves it
/// in its place anyway.
static bool isUpdateOf(Value value, Value carried) {
  if (value == carried)
    return true;
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return false;
  Operation *op = result.getOwner();
  if (isa<tensor::InsertOp, tensor::InsertSliceOp>(op))
    return isUpdateOf(cast<DestinationStyleOpInterface>(op).getDpsInits()[0], carried);
  if (auto write = dyn_cast<bufferization::MaterializeInDestinationOp>(op))
    return isUpdateOf(write.getDest(), carried);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return result.getResultNumber() < loop.getInits().size() &&
           isUpdateOf(loop.getInits()[result.getResultNumber()], carried) &&
           isUpdateOf(loop.getYieldOp()->getOperand(result.getResultNumber()),
                      loop.getAfterArguments()[result.getResultNumber()]);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return isUpdateOf(loop.getInitArgs()[result.getResultNumber()], carried) &&
           isUpdateOf(loop.getYieldedValues()[result.getResultNumber()],
                      loop.getRegionIterArg(result.getResultNumber()));
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return isUpdateOf(branch.thenYield()->getOperand(result.getResultNumber()), carried) &&
           isUpdateOf(branch.elseYield()->getOperand(result.getResultNumber()), carried);
  return false;
}

/// Whether something behind the op that computes `value` still asks for `carried`.
static bool isReadBehind(Value carried, Value value) {
  Operation *update = value.getDefiningOp();
  return update && llvm::any_of(carried.getUsers(), [&](Operation *user) {
           Operation *top = update->getBlock()->findAncestorOpInBlock(*user);
           return top && update->isBeforeInBlock(top) && !top->hasTrait<OpTrait::IsTerminator>();
         });
}

/// Whether `value` has memory of its own, made by an op of `block`: no view of another tensor.
static bool isComputedIn(Value value, Block *block) {
  Operation *op = value.getDefiningOp();
  return op && op->getBlock() == block &&
         (isa<DestinationStyleOpInterface>(op) ||
          isa<scf::ForOp, scf::IfOp, scf::IndexSwitchOp, scf::WhileOp>(op) ||
          isa<tensor::FromElementsOp, tensor::GenerateOp>(op));
}

static Value copy(OpBuilder &b, Location loc, Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  Value empty =
      tensor::EmptyOp::create(b, loc, tensor::getMixedSizes(b, loc, tensor), type.getElementType());
  AffineMap map = b.getMultiDimIdentityMap(type.getRank());
  return linalg::GenericOp::create(
             b, loc, TypeRange{type}, ValueRange{tensor}, ValueRange{empty},
             ArrayRef<AffineMap>{map, map},
             SmallVector<utils::IteratorType>(type.getRank(), utils::IteratorType::parallel),
             [](OpBuilder &inner, Location at, ValueRange args) {
               linalg::YieldOp::create(inner, at, args[0]);
             })
      .getResult(0);
}

/// `value`, written to the place of `destination`.
static Value writeTo(OpBuilder &b, Location loc, Value value, Value destination) {
  // A single element, as of a counter, needs no tensor of its own.
  auto elements = value.getDefiningOp<tensor::FromElementsOp>();
  if (elements && elements.getElements().size() == 1) {
    SmallVector<Value> first(cast<RankedTensorType>(destination.getType()).getRank(),
                             arith::ConstantIndexOp::create(b, loc, 0));
    return tensor::InsertOp::create(b, loc, elements.getElements()[0], destination, first);
  }
  return bufferization::MaterializeInDestinationOp::create(b, loc, destination.getType(), value,
                                                           destination)
      .getResult();
}

/// Lets the operands of a block's terminator be written to the places of `carried`, one for each.
static void yieldInPlace(Operation *terminator, MutableArrayRef<OpOperand> yielded,
                         ValueRange carried) {
  OpBuilder b(terminator);
  // What is yielded twice, or is another carried tensor or a part of one, is copied before
  // the first of them is overwritten.
  SmallVector<OpOperand *> moved;
  SmallVector<Value> destinations;
  SmallPtrSet<Value, 4> taken;
  for (auto [operand, place] : llvm::zip_equal(yielded, carried)) {
    Value value = operand.get();
    bool isUpdate = isUpdateOf(value, place);
    if (!isa<RankedTensorType>(value.getType()) || (isUpdate && !isReadBehind(place, value)))
      continue;
    if (isUpdate || !isComputedIn(value, terminator->getBlock()) || !taken.insert(value).second)
      operand.set(copy(b, value.getLoc(), value));
    moved.push_back(&operand);
    destinations.push_back(place);
  }
  for (auto [operand, place] : llvm::zip_equal(moved, destinations)) {
    Value value = operand->get();
    operand->set(writeTo(b, value.getLoc(), value, place));
    if (Operation *op = value.getDefiningOp(); isOpTriviallyDead(op))
      op->erase(); // a counter that stands alone no longer
  }
}

static void placeInLoop(scf::ForOp loop) {
  Operation *yield = loop.getBody()->getTerminator();
  yieldInPlace(yield, yield->getOpOperands(), loop.getRegionIterArgs());
}

/// Lets the condition of a loop pass on all that the loop carries, in order, and scalars behind
/// that. Fails where it passes on another tensor.
static FailureOr<scf::WhileOp> passOnCarried(scf::WhileOp loop) {
  scf::ConditionOp condition = loop.getConditionOp();
  SmallVector<Value> passed(loop.getBeforeArguments());
  SmallVector<unsigned> places; // among `passed` of what was passed on before
  for (Value value : condition.getArgs()) {
    auto known = llvm::find(passed, value);
    places.push_back(known - passed.begin());
    if (known != passed.end())
      continue;
    if (isa<RankedTensorType>(value.getType()))
      return loop.emitError("the condition of a loop gives a tensor that the loop does not carry");
    passed.push_back(value);
  }
  if (passed == SmallVector<Value>(condition.getArgs()))
    return loop;
  OpBuilder b(loop);
  auto result =
      scf::WhileOp::create(b, loop.getLoc(), ValueRange(passed).getTypes(), loop.getInits());
  result.getBefore().takeBody(loop.getBefore());
  Block *body = b.createBlock(&result.getAfter());
  for (Value value : passed)
    body->addArgument(value.getType(), value.getLoc());
  Block *old = loop.getAfterBody();
  for (auto [place, argument, value] :
       llvm::zip_equal(places, old->getArguments(), loop.getResults())) {
    argument.replaceAllUsesWith(body->getArgument(place));
    value.replaceAllUsesWith(result.getResult(place));
  }
  body->getOperations().splice(body->end(), old->getOperations());
  condition.getArgsMutable().assign(passed);
  loop.erase();
  return result;
}

static LogicalResult placeInLoop(scf::WhileOp original) {
  FailureOr<scf::WhileOp> loop = passOnCarried(original);
  if (failed(loop))
    return failure();
  Operation *yield = loop->getYieldOp();
  yieldInPlace(yield, yield->getOpOperands(),
               loop->getAfterArguments().take_front(yield->getNumOperands()));
  return success();
}

/// The tensor from outside of `branch` that all `yields` give at `number`, changed or not; null
/// where there is none.
static Value findCommonTensor(Operation *branch, ArrayRef<Operation *> yields, unsigned number) {
  for (Operation *yield : yields) {
    Value value = yield->getOperand(number);
    if (branch->isProperAncestor(value.getParentBlock()->getParentOp()))
      continue;
    if (llvm::all_of(
            yields, [&](Operation *other) { return isUpdateOf(other->getOperand(number), value); }))
      return value;
  }
  return nullptr;
}

/// Whether two values are the same one, or come from equal ops.
static bool isSame(Value one, Value two) {
  Operation *first = one.getDefiningOp(), *second = two.getDefiningOp();
  return one == two || (first && second &&
                        OperationEquivalence::isEquivalentTo(
                            first, second, OperationEquivalence::IgnoreLocations));
}

/// Whether the block with `number` of a branch is the one that runs; not for the last block.
static Value isTaken(OpBuilder &b, Operation *branch, unsigned number) {
  if (auto choice = dyn_cast<scf::IfOp>(branch))
    return choice.getCondition();
  auto choice = cast<scf::IndexSwitchOp>(branch);
  Value index = arith::ConstantIndexOp::create(b, choice.getLoc(), choice.getCases()[number]);
  return arith::CmpIOp::create(b, choice.getLoc(), arith::CmpIPredicate::eq, choice.getArg(),
                               index);
}

/// The blocks of a branch, as terminators; the one that runs where no other does is the last.
static SmallVector<Operation *> getYields(Operation *branch) {
  SmallVector<Operation *> yields;
  for (Region &region : branch->getRegions())
    if (!region.empty())
      yields.push_back(region.front().getTerminator());
  if (isa<scf::IndexSwitchOp>(branch)) // its default region comes first
    std::rotate(yields.begin(), yields.begin() + 1, yields.end());
  return yields;
}

/// The size in `dim` of a result, in front of the branch: that of the block that will run. Null
/// where a block computes it from what it computes.
static Value createResultSize(OpBuilder &b, Operation *branch, ArrayRef<Operation *> yields,
                              unsigned number, int64_t dim) {
  SmallVector<Value> sizes;
  for (Operation *yield : yields) {
    sizes.push_back(tflc::SizeHoister(branch).hoistSize(yield->getOperand(number), dim));
    if (!sizes.back())
      return nullptr;
  }
  Value size = sizes.back();
  for (unsigned i = sizes.size() - 1; i-- > 0;)
    if (!isSame(sizes[i], size))
      size = arith::SelectOp::create(b, branch->getLoc(), isTaken(b, branch, i), sizes[i], size);
  return size;
}

/// Uses `sizes`, those of the unknown dimensions of `tensor`, wherever these are asked for.
static void replaceDims(Value tensor, ValueRange sizes) {
  auto type = cast<RankedTensorType>(tensor.getType());
  for (Operation *user : llvm::make_early_inc_range(tensor.getUsers()))
    if (auto read = dyn_cast<tensor::DimOp>(user))
      if (std::optional<int64_t> dim = read.getConstantIndex(); dim && type.isDynamicDim(*dim)) {
        read.replaceAllUsesWith(sizes[type.getDynamicDimIndex(*dim)]);
        read.erase();
      }
}

static LogicalResult placeResults(Operation *branch) {
  SmallVector<Operation *> yields = getYields(branch);
  for (OpResult result : branch->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    unsigned number = result.getResultNumber();
    if (!type || findCommonTensor(branch, yields, number))
      continue;
    OpBuilder b(branch);
    SmallVector<Value> sizes;
    for (int64_t dim : llvm::seq(type.getRank()))
      if (type.isDynamicDim(dim))
        sizes.push_back(createResultSize(b, branch, yields, number, dim));
    if (llvm::is_contained(sizes, Value())) {
      branch->getParentOfType<ModuleOp>()->setAttr(tflc::kUnboundedAttrName, b.getUnitAttr());
      return branch->emitError("what a branch computes decides the size of its result; give the "
                               "model fixed shapes");
    }
    replaceDims(result, sizes);
    // No empty tensor: those are replaced use by use, and blocks have to agree on the place.
    Value place = bufferization::AllocTensorOp::create(b, branch->getLoc(), type, sizes);
    for (Operation *yield : yields) {
      b.setInsertionPoint(yield);
      Value value = yield->getOperand(number);
      yield->setOperand(number, writeTo(b, value.getLoc(), value, place));
    }
  }
  return success();
}

LogicalResult tflc::placeCarriedTensors(ModuleOp module) {
  // Ops beside them come and go meanwhile. What is inside of another one comes first.
  SmallVector<Operation *> carriers;
  module.walk([&](Operation *op) {
    if (isa<scf::ForOp, scf::WhileOp, scf::IfOp, scf::IndexSwitchOp>(op))
      carriers.push_back(op);
  });
  for (Operation *op : carriers) {
    if (auto loop = dyn_cast<scf::ForOp>(op))
      placeInLoop(loop);
    else if (auto loop = dyn_cast<scf::WhileOp>(op); loop && failed(placeInLoop(loop)))
      return failure();
    else if (isa<scf::IfOp, scf::IndexSwitchOp>(op) && failed(placeResults(op)))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// On buffers
//===----------------------------------------------------------------------===//

static bool isBuffer(Value value) { return isa<MemRefType>(value.getType()); }

/// Uses the buffer from outside of a branch that all its blocks yield instead of the result; false
/// where there is none.
static bool useBuffersOfBranches(ModuleOp module) {
  bool isChanged = false;
  module.walk([&](Operation *op) {
    if (!isa<scf::IfOp, scf::IndexSwitchOp>(op))
      return;
    for (OpResult result : op->getResults()) {
      if (!isBuffer(result) || result.use_empty())
        continue;
      SmallVector<Value> yielded;
      for (Region &region : op->getRegions())
        yielded.push_back(region.front().getTerminator()->getOperand(result.getResultNumber()));
      if (!llvm::all_equal(yielded) ||
          op->isAncestor(yielded.front().getParentBlock()->getParentOp()))
        continue;
      result.replaceAllUsesWith(yielded.front());
      isChanged = true;
    }
  });
  return isChanged;
}

/// Removes results of branches that nobody uses and that are buffers.
static void dropUnusedResults(Operation *op) {
  BitVector unused(op->getNumResults());
  for (OpResult result : op->getResults())
    if (isBuffer(result) && result.use_empty())
      unused.set(result.getResultNumber());
  if (unused.none())
    return;
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(op->getOperands());
  state.addAttributes(op->getAttrs());
  for (Region &region : op->getRegions()) {
    region.front().getTerminator()->eraseOperands(unused);
    state.addRegion()->takeBody(region);
  }
  for (OpResult result : op->getResults())
    if (!unused.test(result.getResultNumber()))
      state.addTypes(result.getType());
  OpBuilder b(op);
  Operation *changed = b.create(state);
  unsigned next = 0;
  for (OpResult result : op->getResults())
    if (!unused.test(result.getResultNumber()))
      result.replaceAllUsesWith(changed->getResult(next++));
  op->erase();
}

LogicalResult tflc::dropCarriedBuffers(ModuleOp module) {
  MLIRContext *context = module.getContext();
  RewritePatternSet patterns(context);
  scf::ForOp::getCanonicalizationPatterns(patterns, context);
  scf::WhileOp::getCanonicalizationPatterns(patterns, context);
  FrozenRewritePatternSet frozen(std::move(patterns));
  // A loop in a branch gives what the branch yields, and the other way round.
  bool isChanged = true;
  while (isChanged) {
    if (failed(applyPatternsGreedily(module, frozen, GreedyRewriteConfig(), &isChanged)))
      return failure();
    isChanged |= useBuffersOfBranches(module);
  }
  module.walk([](Operation *op) {
    if (isa<scf::IfOp, scf::IndexSwitchOp>(op))
      dropUnusedResults(op);
  });
  WalkResult result = module.walk([](Operation *op) {
    if (!isa<scf::SCFDialect>(op->getDialect()) ||
        (llvm::none_of(op->getOperands(), isBuffer) && llvm::none_of(op->getResults(), isBuffer)))
      return WalkResult::advance();
    op->emitOpError("carries a buffer");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}
