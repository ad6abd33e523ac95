// RUN: tflc-opt %s --tflc-expand-tasks --split-input-file --verify-diagnostics | FileCheck %s

// Two steps become one call. Their functions compute addresses once more, and find the rest behind the words of the steps.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK: llvm.mlir.global internal constant @main.list0.body.needs(dense<[65536, 131072]> : tensor<2xi32>)
  // CHECK: llvm.func @main(%[[X:.*]]: !llvm.ptr, %[[ARENA:.*]]: !llvm.ptr, %[[PARALLEL:.*]]: !llvm.ptr)
  // CHECK: %[[STATUS:.*]] = llvm.call @main.list0(%[[X]], %[[ARENA]], %[[PARALLEL]])
  // CHECK: llvm.return %[[STATUS]]
  llvm.func @main(%x: !llvm.ptr, %arena: !llvm.ptr, %parallel: !llvm.ptr) -> i32 {
    %0 = llvm.call @main.task0.run(%x, %arena, %parallel) {tflc.list_step = 0 : i64, tflc.task_needs = array<i32>} : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
    %1 = llvm.getelementptr %arena[64] : (!llvm.ptr) -> !llvm.ptr, i8
    %2 = llvm.call @main.task1.run(%1, %parallel) {tflc.list_step = 1 : i64, tflc.task_needs = array<i32: 65536, 131072>} : (!llvm.ptr, !llvm.ptr) -> i32
    llvm.return %2 : i32
  }
  // CHECK-NOT: @main.task0.run
  llvm.func @main.task0.run(!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32 attributes {tflc.run_tasks = @main.task0, tflc.task_count = 2 : i64}
  llvm.func @main.task1.run(!llvm.ptr, !llvm.ptr) -> i32 attributes {tflc.run_tasks = @main.task1, tflc.task_count = 2 : i64}
  llvm.func @main.task0(%x: !llvm.ptr, %arena: !llvm.ptr, %task: i64) {
    llvm.return
  }
  llvm.func @main.task1(%view: !llvm.ptr, %task: i64) {
    llvm.return
  }
}
// CHECK: llvm.func internal @tflc.take_tasks(
// CHECK: llvm.atomicrmw _or
// CHECK: llvm.call_intrinsic "llvm.x86.sse2.pause"
// CHECK: llvm.func internal @main.list0.step0(%{{.*}}: !llvm.ptr, %{{.*}}: i32)
// CHECK: llvm.call @main.task0(
// CHECK: llvm.func internal @main.list0.step1(%[[FRAME:.*]]: !llvm.ptr, %[[NUMBER:.*]]: i32)
// CHECK: llvm.getelementptr %[[FRAME]][2]
// CHECK: %[[BASE:.*]] = llvm.load
// CHECK: %[[VIEW:.*]] = llvm.getelementptr %[[BASE]][64]
// CHECK: %[[TASK:.*]] = llvm.zext %[[NUMBER]] : i32 to i64
// CHECK: llvm.call @main.task1(%[[VIEW]], %[[TASK]])
// CHECK: llvm.func internal @main.list0.body(
// CHECK: llvm.call @tflc.take_tasks(
// CHECK: llvm.call @tflc.take_tasks(
// CHECK: llvm.func internal @main.list0(
// CHECK: llvm.call @tflc.clear_words(
// CHECK: llvm.call @tflc.run_tasks(

// -----

llvm.func @run(!llvm.ptr) -> i32 attributes {tflc.run_tasks = @task, tflc.task_count = 2 : i64}
llvm.func @task(%task: i64) {
  llvm.return
}
llvm.func @gap(%parallel: !llvm.ptr) -> i32 {
  // expected-error @below {{does not follow step 0 of its list}}
  %0 = llvm.call @run(%parallel) {tflc.list_step = 1 : i64, tflc.task_needs = array<i32>} : (!llvm.ptr) -> i32
  llvm.return %0 : i32
}

// -----

llvm.func @run(!llvm.ptr) -> i32 attributes {tflc.run_tasks = @task, tflc.task_count = 2 : i64}
llvm.func @task(%task: i64) {
  llvm.return
}
llvm.func @uneven(%parallel: !llvm.ptr) -> i32 {
  // expected-error @below {{says of 2 tasks what they need in 1 words}}
  %0 = llvm.call @run(%parallel) {tflc.list_step = 0 : i64, tflc.task_needs = array<i32: 0>} : (!llvm.ptr) -> i32
  llvm.return %0 : i32
}
