//===- ExpandTasks.cpp - calls of the caller's parallel-for ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The tasks of a step find its pointers, and numbers no larger than these, in an array on the stack
// of the invocation. A parallel-for knows neither these nor the task's number as an index: between
// the two stands a function of its type.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/TaskNames.h"
#include "tflc/tflc.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDTASKS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

class TaskExpander {
public:
  explicit TaskExpander(ModuleOp module)
      : module(module), context(module.getContext()), b(module.getLoc(), context),
        pointer(LLVM::LLVMPointerType::get(context)), i32(b.getI32Type()) {}

  void expand(LLVM::LLVMFuncOp run, LLVM::LLVMFuncOp task, int32_t count);

private:
  LLVM::LLVMFuncOp createFunction(StringRef name, Type result, ArrayRef<Type> parameters);
  LLVM::LLVMFuncOp createEntry(LLVM::LLVMFuncOp task);
  LLVM::LLVMFuncOp getRunner();
  Value getElement(Value array, unsigned number) {
    return LLVM::GEPOp::create(b, pointer, pointer, array, ArrayRef<LLVM::GEPArg>(number));
  }
  Value constant(int32_t value) { return LLVM::ConstantOp::create(b, i32, value); }

  ModuleOp module;
  MLIRContext *context;
  ImplicitLocOpBuilder b;
  Type pointer, i32;
  LLVM::LLVMFuncOp runner;
};

} // namespace

/// A local function with an empty entry block, in which building goes on.
LLVM::LLVMFuncOp TaskExpander::createFunction(StringRef name, Type result,
                                              ArrayRef<Type> parameters) {
  b.setInsertionPointToEnd(module.getBody());
  auto function =
      LLVM::LLVMFuncOp::create(b, name, LLVM::LLVMFunctionType::get(result, parameters));
  function.setLinkage(LLVM::Linkage::Internal);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  return function;
}

/// void entry(void *pointers, int32_t number)
LLVM::LLVMFuncOp TaskExpander::createEntry(LLVM::LLVMFuncOp task) {
  auto entry = createFunction(task.getName().str() + ".entry", LLVM::LLVMVoidType::get(context),
                              {pointer, i32});
  SmallVector<Value> operands;
  ArrayRef<Type> parameters = task.getArgumentTypes();
  for (unsigned i = 0; i + 1 < parameters.size(); ++i)
    operands.push_back(LLVM::LoadOp::create(b, parameters[i], getElement(entry.getArgument(0), i)));
  Value number = entry.getArgument(1);
  if (parameters.back() != i32)
    number = LLVM::ZExtOp::create(b, parameters.back(), number);
  operands.push_back(number);
  LLVM::CallOp::create(b, task, operands);
  LLVM::ReturnOp::create(b, ValueRange());
  return entry;
}

/// int32_t runner(const tflc_parallel *parallel, void (*entry)(void *, int32_t), void *pointers,
///                int32_t count)
/// One task after the other where `parallel` is null.
LLVM::LLVMFuncOp TaskExpander::getRunner() {
  if (runner)
    return runner;
  runner = createFunction("tflc.run_tasks", i32, {pointer, pointer, pointer, i32});
  Block *start = b.getInsertionBlock();
  Value parallel = start->getArgument(0), entry = start->getArgument(1),
        pointers = start->getArgument(2), count = start->getArgument(3);
  Block *shared = b.createBlock(&runner.getBody(), runner.getBody().end());
  Block *loop = b.createBlock(&runner.getBody(), runner.getBody().end(), i32, b.getLoc());
  Block *end = b.createBlock(&runner.getBody(), runner.getBody().end());
  b.setInsertionPointToEnd(start);
  Value isAlone =
      LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, parallel, LLVM::ZeroOp::create(b, pointer));
  LLVM::CondBrOp::create(b, isAlone, loop, constant(0), shared, ValueRange());

  b.setInsertionPointToEnd(shared);
  Value function = LLVM::LoadOp::create(b, pointer, parallel);
  Value pool = LLVM::LoadOp::create(b, pointer, getElement(parallel, 1));
  auto type = LLVM::LLVMFunctionType::get(i32, {pointer, pointer, pointer, i32});
  auto call = LLVM::CallOp::create(b, type, ValueRange{function, pool, entry, pointers, count});
  Value isDone = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, call.getResult(), constant(0));
  Value status =
      LLVM::SelectOp::create(b, isDone, constant(TFLC_OK), constant(TFLC_PARALLEL_FAILED));
  LLVM::ReturnOp::create(b, status);

  b.setInsertionPointToEnd(loop);
  auto taskType = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {pointer, i32});
  LLVM::CallOp::create(b, taskType, ValueRange{entry, pointers, loop->getArgument(0)});
  Value next = LLVM::AddOp::create(b, loop->getArgument(0), constant(1));
  Value isMore = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ult, next, count);
  LLVM::CondBrOp::create(b, isMore, loop, next, end, ValueRange());

  b.setInsertionPointToEnd(end);
  LLVM::ReturnOp::create(b, constant(0));
  return runner;
}

void TaskExpander::expand(LLVM::LLVMFuncOp run, LLVM::LLVMFuncOp task, int32_t count) {
  LLVM::LLVMFuncOp entry = createEntry(task), runTasks = getRunner();
  run.setLinkage(LLVM::Linkage::Internal);
  b.setInsertionPointToStart(run.addEntryBlock(b));
  unsigned numPointers = run.getNumArguments() - 1;
  Value pointers = LLVM::AllocaOp::create(b, pointer, pointer, constant(numPointers));
  for (unsigned i = 0; i < numPointers; ++i)
    LLVM::StoreOp::create(b, run.getArgument(i), getElement(pointers, i));
  Value address = LLVM::AddressOfOp::create(b, entry);
  auto call = LLVM::CallOp::create(
      b, runTasks, ValueRange{run.getArgument(numPointers), address, pointers, constant(count)});
  LLVM::ReturnOp::create(b, call.getResult());
  // Nothing is gained from a copy in each invocation, whose stack would grow.
  run.setNoInline(true);
}

namespace {
struct ExpandTasksPass : public tflc::impl::ExpandTasksBase<ExpandTasksPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    TaskExpander expander(module);
    SymbolTable symbols(module);
    SmallVector<LLVM::LLVMFuncOp> functions(module.getOps<LLVM::LLVMFuncOp>());
    for (LLVM::LLVMFuncOp run : functions) {
      auto name = run->getAttrOfType<FlatSymbolRefAttr>(kRunTasksAttrName);
      auto count = run->getAttrOfType<IntegerAttr>(kTaskCountAttrName);
      if (!name || !count)
        continue;
      auto task = symbols.lookup<LLVM::LLVMFuncOp>(name.getValue());
      if (!task || !run.isExternal() || run.getNumArguments() != task.getNumArguments()) {
        run.emitOpError("has no task function of the same pointers");
        return signalPassFailure();
      }
      expander.expand(run, task, count.getInt());
      run->removeAttr(kRunTasksAttrName);
      run->removeAttr(kTaskCountAttrName);
    }
  }
};
} // namespace
