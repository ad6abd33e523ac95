// RUN: tflc-opt %s --tflc-emit-kernels=tasks --split-input-file --verify-diagnostics | FileCheck %s

// A kernel with tasks becomes a function of one task. It views the arena once more, and moves to its own scratch buffer.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK: func.func private @main.task0(%{{.*}}: memref<1024xf32>, %{{.*}}: memref<1024xf32>, %{{.*}}: memref<64xi8>, %[[TASK:.*]]: index)
  // CHECK: arith.muli %[[TASK]]
  // CHECK: arith.divui
  // CHECK: arith.divui
  // CHECK: scf.for
  // CHECK: vector.store
  // CHECK: return
  // CHECK: func.func private @main.task0.run(memref<1024xf32>, memref<1024xf32>, memref<64xi8>, memref<1xi8>) -> i32
  // CHECK-SAME: {tflc.run_tasks = @main.task0, tflc.task_count = 4 : i64}
  // CHECK: func.func @main(%[[X:.*]]: memref<1024xf32>, %[[Y:.*]]: memref<1024xf32>, %[[ARENA:.*]]: memref<64xi8> {tflc.arena},
  // CHECK-SAME: %[[PARALLEL:.*]]: memref<1xi8> {tflc.parallel})
  // CHECK: %[[STATUS:.*]] = call @main.task0.run(%[[X]], %[[Y]], %[[ARENA]], %[[PARALLEL]])
  // CHECK: tflrt.guard %[[STATUS]]
  func.func @main(%x: memref<1024xf32>, %y: memref<1024xf32>, %arena: memref<64xi8> {tflc.arena}) attributes {tfl.signature = "main"} {
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 4>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%x : memref<1024xf32>) outs(%y : memref<1024xf32>) {
      ^bb0(%a: f32, %old: f32):
        %r = arith.negf %a : f32
        linalg.yield %r : f32
      }
    }
    return
  }
}

// -----

// The rest that is no whole tile belongs to the last task.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: func.func private @rest.task0(
  // CHECK: %[[HAS_REST:.*]] = arith.cmpi eq
  // CHECK: scf.for
  // CHECK: scf.if %[[HAS_REST]]
  func.func @rest(%x: memref<100xf32>, %y: memref<100xf32>, %arena: memref<64xi8> {tflc.arena}) attributes {tfl.signature = "rest"} {
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 3>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%x : memref<100xf32>) outs(%y : memref<100xf32>) {
      ^bb0(%a: f32, %old: f32):
        %r = arith.negf %a : f32
        linalg.yield %r : f32
      }
    }
    return
  }
}

// -----

// In a loop, a task is handed what the loop knows alone.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK: func.func private @loop.task0(%[[X:.*]]: memref<4x1024xf32>, %{{.*}}: memref<1024xf32>, %{{.*}}: memref<64xi8>, %[[I:.*]]: index, %{{.*}}: index)
  // CHECK: memref.subview %[[X]][%[[I]], 0]
  // CHECK: func.func private @loop.task0.run(memref<4x1024xf32>, memref<1024xf32>, memref<64xi8>, index, memref<1xi8>) -> i32
  // CHECK-LABEL: func.func @loop(
  // CHECK: scf.for %[[VARIABLE:[^ ]*]] =
  // CHECK: call @loop.task0.run({{.*}}, %[[VARIABLE]], %{{.*}})
  // CHECK: tflrt.guard
  func.func @loop(%x: memref<4x1024xf32>, %y: memref<1024xf32>, %arena: memref<64xi8> {tflc.arena}) attributes {tfl.signature = "loop"} {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %four = arith.constant 4 : index
    scf.for %i = %zero to %four step %one {
      %row = memref.subview %x[%i, 0] [1, 1024] [1, 1] : memref<4x1024xf32> to memref<1024xf32, strided<[1], offset: ?>>
      tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 4>} {
        linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
            ins(%row : memref<1024xf32, strided<[1], offset: ?>>) outs(%y : memref<1024xf32>) {
        ^bb0(%a: f32, %old: f32):
          %r = arith.negf %a : f32
          linalg.yield %r : f32
        }
      }
    }
    return
  }
}

// -----

module attributes {tflc.target = {name = "x86-64-v3"}} {
  // expected-error @below {{is called by the model itself, and cannot be shared by threads}}
  func.func @main(%arena: memref<64xi8> {tflc.arena}) attributes {tfl.signature = "main"} {
    return
  }
  func.func @other(%arena: memref<64xi8> {tflc.arena}) {
    call @main(%arena) : (memref<64xi8>) -> ()
    return
  }
}
