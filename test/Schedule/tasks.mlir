// RUN: tflc-opt %s --tflc-form-kernels "--tflc-select-strategies=tasks" --split-input-file | FileCheck %s
// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies --split-input-file | FileCheck %s --check-prefix=WHOLE

// Without the option every kernel runs as a whole.
// WHOLE-NOT: tflc.tasks

#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
#id = affine_map<(n, m) -> (n, m)>

module attributes {tflc.target = {name = "x86-64-v3"}} {
  memref.global "private" constant @w : memref<16x256xf32> = dense<0.5>
  memref.global "private" constant @wide : memref<2048x256xf32> = dense<0.5>

  // The rows of a matrix are shared.
  // CHECK-LABEL: @rows
  // CHECK: tflrt.kernel #tflrt.broadcast<dim = 1,{{.*}} attributes {tflc.tasks = array<i64: 0, {{[0-9]+}}>}
  func.func @rows(%x: memref<600x256xf32>, %y: memref<600x16xf32>, %arena: memref<1xi8> {tflc.arena}) attributes {tfl.signature = "rows"} {
    %w = memref.get_global @w : memref<16x256xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<600x256xf32>, memref<16x256xf32>) outs(%y : memref<600x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }

  // A single row has columns alone.
  // CHECK-LABEL: @columns
  // CHECK: tflrt.kernel #tflrt.broadcast<dim = 0,{{.*}} attributes {tflc.tasks = array<i64: 0, {{[0-9]+}}>}
  func.func @columns(%x: memref<1x256xf32>, %y: memref<1x2048xf32>, %arena: memref<1xi8> {tflc.arena}) attributes {tfl.signature = "columns"} {
    %w = memref.get_global @wide : memref<2048x256xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<1x256xf32>, memref<2048x256xf32>) outs(%y : memref<1x2048xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }

  // A task has to be worth its start.
  // CHECK-LABEL: @short
  // CHECK-NOT: tflc.tasks
  func.func @short(%x: memref<12x64xf32>, %y: memref<12x64xf32>, %arena: memref<1xi8> {tflc.arena}) attributes {tfl.signature = "short"} {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<12x64xf32>) outs(%y : memref<12x64xf32>) {
    ^bb0(%a: f32, %old: f32):
      %r = arith.negf %a : f32
      linalg.yield %r : f32
    }
    return
  }

  // What is called from a loop has no tasks, however long it is.
  // CHECK-LABEL: @repeated
  // CHECK-NOT: tflc.tasks
  func.func @repeated(%x: memref<600x640xf32>, %y: memref<600x640xf32>, %arena: memref<1xi8> {tflc.arena}) attributes {tfl.signature = "repeated"} {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %three = arith.constant 3 : index
    scf.for %i = %zero to %three step %one {
      linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
          ins(%x : memref<600x640xf32>) outs(%y : memref<600x640xf32>) {
      ^bb0(%a: f32, %old: f32):
        %r = arith.addf %a, %old : f32
        linalg.yield %r : f32
      }
    }
    return
  }
}
