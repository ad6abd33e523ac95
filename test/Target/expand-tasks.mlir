// RUN: tflc-opt %s --tflc-expand-tasks --split-input-file --verify-diagnostics | FileCheck %s

// CHECK: llvm.func internal @main.task0.run(%[[X:.*]]: !llvm.ptr, %[[ARENA:.*]]: !llvm.ptr, %[[PARALLEL:.*]]: !llvm.ptr) -> i32 attributes {no_inline
// CHECK-NOT: llvm.func
// CHECK: %[[POINTERS:.*]] = llvm.alloca %{{.*}} x !llvm.ptr
// CHECK: llvm.store %[[X]]
// CHECK: llvm.store %[[ARENA]]
// CHECK: %[[ENTRY:.*]] = llvm.mlir.addressof @main.task0.entry
// CHECK: %[[COUNT:.*]] = llvm.mlir.constant(8 : i32)
// CHECK: llvm.call @tflc.run_tasks(%[[PARALLEL]], %[[ENTRY]], %[[POINTERS]], %[[COUNT]])
llvm.func @main.task0.run(!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32 attributes {tflc.run_tasks = @main.task0, tflc.task_count = 8 : i64}
llvm.func @main.task0(%x: !llvm.ptr, %arena: !llvm.ptr, %task: i64) {
  llvm.return
}
// CHECK: llvm.func internal @main.task0.entry(%[[CONTEXT:.*]]: !llvm.ptr, %[[NUMBER:.*]]: i32)
// CHECK-DAG: %[[FIRST:.*]] = llvm.load
// CHECK-DAG: %[[TASK:.*]] = llvm.zext %[[NUMBER]] : i32 to i64
// CHECK: llvm.call @main.task0(
// CHECK: llvm.func internal @tflc.run_tasks(

// -----

// expected-error @below {{has no task function of the same pointers}}
llvm.func @alone(!llvm.ptr) -> i32 attributes {tflc.run_tasks = @nothing, tflc.task_count = 8 : i64}
