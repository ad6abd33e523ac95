//===- TaskFunctions.h - functions that run tasks ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_TASKFUNCTIONS_H
#define TFLC_LIB_CODEGEN_TASKFUNCTIONS_H

#include "tflc/Target/TaskNames.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// Builds local functions of a module in the LLVM dialect.
class TaskFunctions {
public:
  explicit TaskFunctions(mlir::ModuleOp module);

  /// A local function with an empty entry block, in which building goes on.
  mlir::LLVM::LLVMFuncOp create(llvm::StringRef name, mlir::Type result,
                                mlir::ArrayRef<mlir::Type> parameters);

  /// int32_t runner(const tflc_parallel *parallel, void (*entry)(void *, int32_t), void *context,
  ///                int32_t count)
  /// One task after the other where `parallel` is null. Made once.
  mlir::LLVM::LLVMFuncOp getRunner();

  /// The address of element `number` of an array.
  mlir::Value getElement(mlir::Type type, mlir::Value array, mlir::LLVM::GEPArg number);
  mlir::Value constant(int32_t value) {
    return mlir::LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(value));
  }

  mlir::ModuleOp module;
  mlir::ImplicitLocOpBuilder b;
  mlir::Type pointer, i32, i64, none;

private:
  mlir::LLVM::LLVMFuncOp runner;
};

/// Bodies of a list that the parallel-for is handed: more threads would find no task in a step.
inline constexpr int32_t numTaskBodies = kMostTasks;

/// What bodies of lists call.
struct TakerFunctions {
  /// void take(void (*task)(void *frame, int32_t number), void *frame, int32_t body, int32_t step,
  ///           int32_t count, const int32_t *needs, int32_t needs_of_task)
  /// The frame begins with the words of the steps.
  mlir::LLVM::LLVMFuncOp take;
  /// void clear(int32_t *words, int32_t count)
  mlir::LLVM::LLVMFuncOp clear;
};

/// Writes them at the end of the module, which has none yet.
mlir::FailureOr<TakerFunctions> createTaker(TaskFunctions &functions);

/// Steps that say that they are a list become one call of the caller's parallel-for, whose tasks
/// take those of all steps (docs/Threads.md). Failure, with an error, for a list that is not whole.
mlir::LogicalResult expandTaskLists(TaskFunctions &functions);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_TASKFUNCTIONS_H
