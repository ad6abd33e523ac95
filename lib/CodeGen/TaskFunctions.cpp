//===- TaskFunctions.cpp - functions that run tasks -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TaskFunctions.h"

#include "tflc/tflc.h"

using namespace mlir;
using namespace tflc;

TaskFunctions::TaskFunctions(ModuleOp module)
    : module(module), b(module.getLoc(), module.getContext()),
      pointer(LLVM::LLVMPointerType::get(module.getContext())), i32(b.getI32Type()),
      i64(b.getI64Type()), none(LLVM::LLVMVoidType::get(module.getContext())) {}

LLVM::LLVMFuncOp TaskFunctions::create(StringRef name, Type result, ArrayRef<Type> parameters) {
  b.setInsertionPointToEnd(module.getBody());
  auto function =
      LLVM::LLVMFuncOp::create(b, name, LLVM::LLVMFunctionType::get(result, parameters));
  function.setLinkage(LLVM::Linkage::Internal);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  return function;
}

Value TaskFunctions::getElement(Type type, Value array, LLVM::GEPArg number) {
  return LLVM::GEPOp::create(b, pointer, type, array, ArrayRef<LLVM::GEPArg>(number));
}

LLVM::LLVMFuncOp TaskFunctions::getRunner() {
  if (runner)
    return runner;
  OpBuilder::InsertionGuard guard(b);
  runner = create("tflc.run_tasks", i32, {pointer, pointer, pointer, i32});
  Block *start = b.getInsertionBlock();
  Value parallel = start->getArgument(0), entry = start->getArgument(1),
        context = start->getArgument(2), count = start->getArgument(3);
  Block *shared = b.createBlock(&runner.getBody(), runner.getBody().end());
  Block *loop = b.createBlock(&runner.getBody(), runner.getBody().end(), i32, b.getLoc());
  Block *end = b.createBlock(&runner.getBody(), runner.getBody().end());
  b.setInsertionPointToEnd(start);
  Value isAlone =
      LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, parallel, LLVM::ZeroOp::create(b, pointer));
  LLVM::CondBrOp::create(b, isAlone, loop, constant(0), shared, ValueRange());

  b.setInsertionPointToEnd(shared);
  Value function = LLVM::LoadOp::create(b, pointer, parallel);
  Value pool = LLVM::LoadOp::create(b, pointer, getElement(pointer, parallel, 1));
  auto type = LLVM::LLVMFunctionType::get(i32, {pointer, pointer, pointer, i32});
  auto call = LLVM::CallOp::create(b, type, ValueRange{function, pool, entry, context, count});
  Value isDone = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, call.getResult(), constant(0));
  Value status =
      LLVM::SelectOp::create(b, isDone, constant(TFLC_OK), constant(TFLC_PARALLEL_FAILED));
  LLVM::ReturnOp::create(b, status);

  b.setInsertionPointToEnd(loop);
  auto taskType = LLVM::LLVMFunctionType::get(none, {pointer, i32});
  LLVM::CallOp::create(b, taskType, ValueRange{entry, context, loop->getArgument(0)});
  Value next = LLVM::AddOp::create(b, loop->getArgument(0), constant(1));
  Value isMore = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ult, next, count);
  LLVM::CondBrOp::create(b, isMore, loop, next, end, ValueRange());

  b.setInsertionPointToEnd(end);
  LLVM::ReturnOp::create(b, constant(0));
  return runner;
}
