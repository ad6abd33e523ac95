//===- ExpandTaskLists.cpp - steps without a barrier between them ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The caller's parallel-for runs a list as a few bodies, each of which takes tasks of all steps, in
// the order of the steps, until none is left. A word of each step says which of its tasks are taken
// (lower half) and which are done (upper half). The words, and what tasks need of the invocation,
// lie on its stack.
//
//===----------------------------------------------------------------------===//

#include "TaskFunctions.h"

#include "tflc/Target/TaskNames.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

namespace {

/// A call that is a step, and what its attributes say.
struct Step {
  LLVM::CallOp call;
  LLVM::LLVMFuncOp task;
  SmallVector<Value> operands; ///< of the task, but for its number
  int32_t count;               ///< of its tasks
  ArrayRef<int32_t> needs;     ///< equally many for each task
};

class ListExpander {
public:
  explicit ListExpander(TaskFunctions &functions)
      : functions(functions), b(functions.b), symbols(functions.module) {}

  LogicalResult expandAll();

private:
  LogicalResult collect(Block &block);
  FailureOr<Step> readStep(LLVM::CallOp call);
  void expand(ArrayRef<Step> list);
  void findLeaves(Value value, llvm::SetVector<Value> &leaves);
  Value copy(Value value, IRMapping &mapping);
  LLVM::LLVMFuncOp createStep(const Step &step, StringRef name,
                              const llvm::SetVector<Value> &leaves, int64_t firstLeaf);
  LLVM::LLVMFuncOp createBody(ArrayRef<Step> list, ArrayRef<LLVM::LLVMFuncOp> steps,
                              StringRef name);
  LLVM::GlobalOp createNeeds(ArrayRef<Step> list, StringRef name);
  LLVM::LLVMFuncOp createRun(ArrayRef<Step> list, LLVM::LLVMFuncOp body, StringRef name,
                             const llvm::SetVector<Value> &leaves, int64_t firstLeaf);

  TaskFunctions &functions;
  ImplicitLocOpBuilder &b;
  SymbolTable symbols;
  std::vector<SmallVector<Step>> lists;
  TakerFunctions taker;
};

} // namespace

FailureOr<Step> ListExpander::readStep(LLVM::CallOp call) {
  auto needs = call->getAttrOfType<DenseI32ArrayAttr>(kTaskNeedsAttrName);
  auto run = call.getCallee() ? symbols.lookup<LLVM::LLVMFuncOp>(*call.getCallee()) : nullptr;
  auto task = run ? run->getAttrOfType<FlatSymbolRefAttr>(kRunTasksAttrName) : nullptr;
  if (!needs || !task)
    return call.emitOpError("is a step of a list, and runs no tasks");
  int32_t count = run->getAttrOfType<IntegerAttr>(kTaskCountAttrName).getInt();
  if (count < 1 || count > kMostTasks || needs.size() % count != 0)
    return call.emitOpError("says of ")
           << count << " tasks what they need in " << needs.size() << " words";
  return Step{call, symbols.lookup<LLVM::LLVMFuncOp>(task.getValue()),
              SmallVector<Value>(call.getArgOperands().drop_back()), count, needs.asArrayRef()};
}

/// Finds the lists of a block. A list is a run of steps that count from 0 on.
LogicalResult ListExpander::collect(Block &block) {
  int64_t next = 0;
  for (Operation &op : block) {
    auto number = op.getAttrOfType<IntegerAttr>(kListStepAttrName);
    if (!number) {
      if (!isMemoryEffectFree(&op))
        next = 0;
      continue;
    }
    auto call = dyn_cast<LLVM::CallOp>(op);
    if (!call || (number.getInt() != next && number.getInt() != 0))
      return op.emitOpError("does not follow step ") << number.getInt() - 1 << " of its list";
    FailureOr<Step> step = readStep(call);
    if (failed(step))
      return failure();
    if (number.getInt() == 0)
      lists.emplace_back();
    lists.back().push_back(*step);
    next = number.getInt() + 1;
  }
  return success();
}

/// Addresses and constants are computed once more in the functions of steps; what else a step is
/// handed is a leaf.
static bool isRepeated(Operation *op) {
  return isa_and_nonnull<LLVM::AddressOfOp, LLVM::ConstantOp, LLVM::GEPOp, LLVM::ZeroOp>(op);
}

void ListExpander::findLeaves(Value value, llvm::SetVector<Value> &leaves) {
  if (!isRepeated(value.getDefiningOp())) {
    leaves.insert(value);
    return;
  }
  for (Value operand : value.getDefiningOp()->getOperands())
    findLeaves(operand, leaves);
}

Value ListExpander::copy(Value value, IRMapping &mapping) {
  if (Value known = mapping.lookupOrNull(value))
    return known;
  Operation *op = value.getDefiningOp();
  for (Value operand : op->getOperands())
    copy(operand, mapping);
  return b.clone(*op, mapping)->getResult(0);
}

/// void step(void *frame, int32_t number)
LLVM::LLVMFuncOp ListExpander::createStep(const Step &step, StringRef name,
                                          const llvm::SetVector<Value> &leaves, int64_t firstLeaf) {
  LLVM::LLVMFuncOp function =
      functions.create(name, functions.none, {functions.pointer, functions.i32});
  llvm::SetVector<Value> used;
  for (Value operand : step.operands)
    findLeaves(operand, used);
  IRMapping mapping;
  for (auto [number, leaf] : llvm::enumerate(leaves))
    if (used.contains(leaf))
      mapping.map(leaf,
                  LLVM::LoadOp::create(b, leaf.getType(),
                                       functions.getElement(functions.i64, function.getArgument(0),
                                                            int32_t(firstLeaf + number))));
  SmallVector<Value> operands;
  for (Value operand : step.operands)
    operands.push_back(copy(operand, mapping));
  LLVM::LLVMFuncOp task = step.task;
  // So that parts of a large model are compiled at once, and steps of one function share its code.
  task.setNoInline(true);
  Value number = function.getArgument(1);
  if (Type type = task.getArgumentTypes().back(); type != functions.i32)
    number = LLVM::ZExtOp::create(b, type, number);
  operands.push_back(number);
  LLVM::CallOp::create(b, task, operands);
  LLVM::ReturnOp::create(b, ValueRange());
  return function;
}

LLVM::GlobalOp ListExpander::createNeeds(ArrayRef<Step> list, StringRef name) {
  SmallVector<int32_t> needs;
  for (const Step &step : list)
    llvm::append_range(needs, step.needs);
  if (needs.empty())
    needs.push_back(0);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(functions.module.getBody());
  auto type = LLVM::LLVMArrayType::get(functions.i32, needs.size());
  return LLVM::GlobalOp::create(b, type, /*isConstant=*/true, LLVM::Linkage::Internal, name,
                                b.getI32TensorAttr(needs), /*alignment=*/4);
}

/// void body(void *frame, int32_t number)
LLVM::LLVMFuncOp ListExpander::createBody(ArrayRef<Step> list, ArrayRef<LLVM::LLVMFuncOp> steps,
                                          StringRef name) {
  LLVM::GlobalOp needs = createNeeds(list, (name + ".needs").str());
  LLVM::LLVMFuncOp body =
      functions.create(name, functions.none, {functions.pointer, functions.i32});
  Value frame = body.getArgument(0), number = body.getArgument(1);
  // Most bodies begin when nothing is left.
  int32_t last = list.size() - 1, allTasks = (1 << list.back().count) - 1;
  Value word = LLVM::LoadOp::create(
      b, functions.i32, functions.getElement(functions.i32, frame, last),
      /*alignment=*/4, /*isVolatile=*/false, /*isNonTemporal=*/false,
      /*isInvariant=*/false, /*isInvariantGroup=*/false, LLVM::AtomicOrdering::monotonic);
  Value taken = LLVM::AndOp::create(b, word, functions.constant(allTasks));
  Value isOver =
      LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, taken, functions.constant(allTasks));
  Block *start = b.getInsertionBlock();
  Block *take = b.createBlock(&body.getBody(), body.getBody().end());
  Block *end = b.createBlock(&body.getBody(), body.getBody().end());
  b.setInsertionPointToEnd(start);
  LLVM::CondBrOp::create(b, isOver, end, ValueRange(), take, ValueRange());
  b.setInsertionPointToEnd(take);
  Value all = LLVM::AddressOfOp::create(b, needs);
  int32_t at = 0;
  for (auto [index, step] : llvm::enumerate(list)) {
    Value entry = LLVM::AddressOfOp::create(b, LLVM::LLVMFuncOp(steps[index]));
    LLVM::CallOp::create(b, taker.take,
                         ValueRange{entry, frame, number, functions.constant(index),
                                    functions.constant(step.count),
                                    functions.getElement(functions.i32, all, at),
                                    functions.constant(step.needs.size() / step.count)});
    at += step.needs.size();
  }
  LLVM::BrOp::create(b, ValueRange(), end);
  b.setInsertionPointToEnd(end);
  LLVM::ReturnOp::create(b, ValueRange());
  return body;
}

/// int32_t run(leaves..., const tflc_parallel *parallel)
LLVM::LLVMFuncOp ListExpander::createRun(ArrayRef<Step> list, LLVM::LLVMFuncOp body, StringRef name,
                                         const llvm::SetVector<Value> &leaves, int64_t firstLeaf) {
  LLVM::LLVMFuncOp runner = functions.getRunner();
  SmallVector<Type> types(ValueRange(leaves.getArrayRef()).getTypes());
  types.push_back(functions.pointer);
  LLVM::LLVMFuncOp run = functions.create(name, functions.i32, types);
  // A frame in each invocation would make its stack larger.
  run.setNoInline(true);
  Value frame = LLVM::AllocaOp::create(b, functions.pointer, functions.i64,
                                       functions.constant(firstLeaf + leaves.size()));
  LLVM::CallOp::create(b, taker.clear, ValueRange{frame, functions.constant(list.size())});
  for (unsigned i = 0; i < leaves.size(); ++i)
    LLVM::StoreOp::create(b, run.getArgument(i),
                          functions.getElement(functions.i64, frame, int32_t(firstLeaf + i)));
  Value entry = LLVM::AddressOfOp::create(b, body);
  auto call = LLVM::CallOp::create(
      b, runner,
      ValueRange{run.getArgument(leaves.size()), entry, frame, functions.constant(numTaskBodies)});
  LLVM::ReturnOp::create(b, call.getResult());
  return run;
}

void ListExpander::expand(ArrayRef<Step> list) {
  LLVM::CallOp last = list.back().call;
  auto entry = last->getParentOfType<LLVM::LLVMFuncOp>();
  std::string name;
  for (unsigned number = 0; name.empty() || symbols.lookup(name); ++number)
    name = (entry.getName() + ".list" + std::to_string(number)).str();
  llvm::SetVector<Value> leaves;
  for (const Step &step : list)
    for (Value operand : step.operands)
      findLeaves(operand, leaves);
  int64_t firstLeaf = llvm::divideCeil(list.size(), 2); // two words are as long as a leaf's place
  SmallVector<LLVM::LLVMFuncOp> steps;
  for (auto [number, step] : llvm::enumerate(list))
    steps.push_back(createStep(step, name + ".step" + std::to_string(number), leaves, firstLeaf));
  LLVM::LLVMFuncOp body = createBody(list, steps, name + ".body");
  LLVM::LLVMFuncOp run = createRun(list, body, name, leaves, firstLeaf);
  symbols.insert(run);
  b.setInsertionPoint(last);
  SmallVector<Value> operands(leaves.getArrayRef());
  operands.push_back(last.getArgOperands().back());
  auto call = LLVM::CallOp::create(b, run, operands);
  last.getResult().replaceAllUsesWith(call.getResult());
  for (const Step &step : list) {
    LLVM::CallOp(step.call).getResult().dropAllUses();
    LLVM::CallOp(step.call).erase();
  }
}

LogicalResult ListExpander::expandAll() {
  LogicalResult result = success();
  for (auto function : functions.module.getOps<LLVM::LLVMFuncOp>())
    for (Block &block : function.getBody())
      if (failed(collect(block)))
        result = failure();
  if (failed(result) || lists.empty())
    return result;
  FailureOr<TakerFunctions> created = createTaker(functions);
  if (failed(created))
    return failure();
  taker = *created;
  for (ArrayRef<Step> list : lists)
    expand(list);
  return success();
}

LogicalResult tflc::expandTaskLists(TaskFunctions &functions) {
  return ListExpander(functions).expandAll();
}
