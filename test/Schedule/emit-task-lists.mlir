// RUN: tflc-opt %s --tflc-emit-kernels=tasks --split-input-file | FileCheck %s

// Task i of the second step reads what task i of the first one has written, and nothing else. The third step, of another split, reads what two
// of them have written; the fourth, which is too short for tasks, all. One guard ends the invocation behind the list.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: func.func @rows(
  // CHECK: call @rows.task0.run({{.*}}) {tflc.list_step = 0 : i64, tflc.task_needs = array<i32>}
  // CHECK-NOT: tflrt.guard
  // CHECK: call @rows.task1.run({{.*}}) {tflc.list_step = 1 : i64, tflc.task_needs = array<i32: 65536, 131072, 262144, 524288>}
  // CHECK: call @rows.task2.run({{.*}}) {tflc.list_step = 2 : i64, tflc.task_needs = array<i32: 196609, 786433>}
  // CHECK: call @rows.task3.run({{.*}}) {tflc.list_step = 3 : i64, tflc.task_needs = array<i32: 196610>}
  // CHECK: %[[STATUS:.*]] = call @rows.task4.run({{.*}}) {tflc.list_step = 4 : i64, tflc.task_needs = array<i32: 65539, 65539>}
  // CHECK-NEXT: tflrt.guard %[[STATUS]]
  // CHECK-NOT: tflrt.guard
  func.func @rows(%x: memref<1024xf32>, %y: memref<1024xf32>, %arena: memref<16384xi8> {tflc.arena}) attributes {tfl.signature = "rows"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 4096 : index
    %c2 = arith.constant 8192 : index
    %c3 = arith.constant 12288 : index
    %a = memref.view %arena[%c0][] : memref<16384xi8> to memref<1024xf32>
    %b = memref.view %arena[%c1][] : memref<16384xi8> to memref<1024xf32>
    %c = memref.view %arena[%c2][] : memref<16384xi8> to memref<1024xf32>
    %d = memref.view %arena[%c3][] : memref<16384xi8> to memref<1024xf32>
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 4>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%x : memref<1024xf32>) outs(%a : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 4>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%a : memref<1024xf32>) outs(%b : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 2>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%b : memref<1024xf32>) outs(%c : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%c : memref<1024xf32>) outs(%d : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 2>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%d : memref<1024xf32>) outs(%y : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    return
  }
}

// -----

// Memory that is used again: the second step writes what the first one reads. What a task of the third step reads, two
// tasks have written. Whatever touches memory in between, and is no kernel, ends a list.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: func.func @memory(
  // CHECK: call @memory.task0.run({{.*}}) {tflc.list_step = 0 : i64, tflc.task_needs = array<i32>}
  // CHECK: call @memory.task1.run({{.*}}) {tflc.list_step = 1 : i64, tflc.task_needs = array<i32: 65536, 131072>}
  // CHECK: call @memory.task2.run({{.*}}) {tflc.list_step = 2 : i64, tflc.task_needs = array<i32: 196609, 196609>}
  // CHECK: tflrt.guard
  // CHECK: memref.store
  // CHECK: call @memory.task3.run(
  // CHECK-NOT: list_step
  // CHECK: tflrt.guard
  func.func @memory(%x: memref<1024xf32>, %y: memref<1024xf32>, %z: memref<960xf32>, %arena: memref<4224xi8> {tflc.arena}) attributes {tfl.signature = "memory"} {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.0 : f32
    %a = memref.view %arena[%c0][] : memref<4224xi8> to memref<1024xf32>
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 2>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%a : memref<1024xf32>) outs(%y : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 2>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%x : memref<1024xf32>) outs(%a : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    %upper = memref.reinterpret_cast %a to offset: [0], sizes: [960], strides: [1] : memref<1024xf32> to memref<960xf32, strided<[1]>>
    %lower = memref.reinterpret_cast %a to offset: [64], sizes: [960], strides: [1] : memref<1024xf32> to memref<960xf32, strided<[1], offset: 64>>
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 2>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%upper, %lower : memref<960xf32, strided<[1]>>, memref<960xf32, strided<[1], offset: 64>>) outs(%z : memref<960xf32>) {
      ^bb0(%in: f32, %in2: f32, %old: f32):
        %r = arith.addf %in, %in2 : f32
        linalg.yield %r : f32
      }
    }
    memref.store %zero, %a[%c0] : memref<1024xf32>
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]> attributes {tflc.tasks = array<i64: 0, 2>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%a : memref<1024xf32>) outs(%y : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    return
  }
}

// -----

// A machine that changes no word of memory at once has no lists.
module attributes {tflc.target = {name = "cortex-m0plus"}} {
  // CHECK-LABEL: func.func @alone(
  // CHECK: call @alone.task0.run(
  // CHECK-NOT: list_step
  // CHECK: tflrt.guard
  // CHECK: call @alone.task1.run(
  // CHECK: tflrt.guard
  func.func @alone(%x: memref<1024xf32>, %y: memref<1024xf32>, %arena: memref<4096xi8> {tflc.arena}) attributes {tfl.signature = "alone"} {
    %c0 = arith.constant 0 : index
    %a = memref.view %arena[%c0][] : memref<4096xi8> to memref<1024xf32>
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 1, tile = [4]> attributes {tflc.tasks = array<i64: 0, 2>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%x : memref<1024xf32>) outs(%a : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 1, tile = [4]> attributes {tflc.tasks = array<i64: 0, 2>} {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%a : memref<1024xf32>) outs(%y : memref<1024xf32>) {
      ^bb0(%in: f32, %old: f32):
        %r = arith.negf %in : f32
        linalg.yield %r : f32
      }
    }
    return
  }
}
