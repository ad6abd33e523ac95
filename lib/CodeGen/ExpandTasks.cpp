//===- ExpandTasks.cpp - calls of the caller's parallel-for ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The tasks of a step find its pointers, and numbers no larger than these, in an array on the stack
// of the invocation. A parallel-for knows neither these nor the task's number as an index: between
// the two stands a function of its type.
//
//===----------------------------------------------------------------------===//

#include "TaskFunctions.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/TaskNames.h"

#include "llvm/ADT/StringSet.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDTASKS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

/// void entry(void *pointers, int32_t number)
static LLVM::LLVMFuncOp createEntry(TaskFunctions &functions, LLVM::LLVMFuncOp task) {
  ImplicitLocOpBuilder &b = functions.b;
  LLVM::LLVMFuncOp entry = functions.create(task.getName().str() + ".entry", functions.none,
                                            {functions.pointer, functions.i32});
  SmallVector<Value> operands;
  ArrayRef<Type> parameters = task.getArgumentTypes();
  for (unsigned i = 0; i + 1 < parameters.size(); ++i)
    operands.push_back(LLVM::LoadOp::create(
        b, parameters[i], functions.getElement(functions.pointer, entry.getArgument(0), i)));
  Value number = entry.getArgument(1);
  if (parameters.back() != functions.i32)
    number = LLVM::ZExtOp::create(b, parameters.back(), number);
  operands.push_back(number);
  LLVM::CallOp::create(b, task, operands);
  LLVM::ReturnOp::create(b, ValueRange());
  return entry;
}

static void expand(TaskFunctions &functions, LLVM::LLVMFuncOp run, LLVM::LLVMFuncOp task,
                   int32_t count) {
  ImplicitLocOpBuilder &b = functions.b;
  LLVM::LLVMFuncOp entry = createEntry(functions, task), runTasks = functions.getRunner();
  run.setLinkage(LLVM::Linkage::Internal);
  b.setInsertionPointToStart(run.addEntryBlock(b));
  unsigned numPointers = run.getNumArguments() - 1;
  Value pointers = LLVM::AllocaOp::create(b, functions.pointer, functions.pointer,
                                          functions.constant(numPointers));
  for (unsigned i = 0; i < numPointers; ++i)
    LLVM::StoreOp::create(b, run.getArgument(i),
                          functions.getElement(functions.pointer, pointers, i));
  Value address = LLVM::AddressOfOp::create(b, entry);
  auto call = LLVM::CallOp::create(
      b, runTasks,
      ValueRange{run.getArgument(numPointers), address, pointers, functions.constant(count)});
  LLVM::ReturnOp::create(b, call.getResult());
  // Nothing is gained from a copy in each invocation, whose stack would grow.
  run.setNoInline(true);
}

namespace {
class ExpandTasksPass : public tflc::impl::ExpandTasksBase<ExpandTasksPass> {
public:
  void runOnOperation() override;

private:
  bool check(LLVM::LLVMFuncOp run, const SymbolTable &symbols);
};
} // namespace

bool ExpandTasksPass::check(LLVM::LLVMFuncOp run, const SymbolTable &symbols) {
  auto name = run->getAttrOfType<FlatSymbolRefAttr>(kRunTasksAttrName);
  auto task = name ? symbols.lookup<LLVM::LLVMFuncOp>(name.getValue()) : nullptr;
  if (task && run.isExternal() && run->hasAttrOfType<IntegerAttr>(kTaskCountAttrName) &&
      run.getNumArguments() == task.getNumArguments())
    return true;
  run.emitOpError("has no task function of the same pointers");
  return false;
}

void ExpandTasksPass::runOnOperation() {
  ModuleOp module = getOperation();
  SymbolTable symbols(module);
  SmallVector<LLVM::LLVMFuncOp> runs;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (function->hasAttr(kRunTasksAttrName)) {
      if (!check(function, symbols))
        return signalPassFailure();
      runs.push_back(function);
    }
  if (runs.empty())
    return;
  llvm::StringSet<> listed, alone;
  module.walk([&](LLVM::CallOp call) {
    if (call.getCallee())
      (call->hasAttr(kListStepAttrName) ? listed : alone).insert(*call.getCallee());
  });
  TaskFunctions functions(module);
  if (failed(expandTaskLists(functions)))
    return signalPassFailure();
  for (LLVM::LLVMFuncOp run : runs) {
    if (listed.contains(run.getName()) && !alone.contains(run.getName())) {
      run.erase();
      continue;
    }
    auto name = run->getAttrOfType<FlatSymbolRefAttr>(kRunTasksAttrName);
    auto count = run->getAttrOfType<IntegerAttr>(kTaskCountAttrName);
    expand(functions, run, symbols.lookup<LLVM::LLVMFuncOp>(name.getValue()), count.getInt());
    run->removeAttr(kRunTasksAttrName);
    run->removeAttr(kTaskCountAttrName);
  }
}
