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
  memref.global "private" constant @few : memref<160x256xf32> = dense<0.5>
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

  // Few products, but their weights come from far.
  // CHECK-LABEL: @weights
  // CHECK: tflrt.kernel #tflrt.broadcast<dim = 0,{{.*}} attributes {tflc.tasks = array<i64: 0, {{[0-9]+}}>}
  func.func @weights(%x: memref<1x256xf32>, %y: memref<1x160xf32>, %arena: memref<1xi8> {tflc.arena}) attributes {tfl.signature = "weights"} {
    %w = memref.get_global @few : memref<160x256xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<1x256xf32>, memref<160x256xf32>) outs(%y : memref<1x160xf32>) {
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

  // What a loop of the model repeats is shared like any other step.
  // CHECK-LABEL: @repeated
  // CHECK: scf.for
  // CHECK: tflrt.kernel #tflrt.vector_loops<{{.*}} attributes {tflc.tasks = array<i64: 0, {{[0-9]+}}>}
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

  // Not what a function computes that the model calls: a status could not end the invocation.
  // CHECK-LABEL: @called
  // CHECK-NOT: tflc.tasks
  func.func @called(%x: memref<600x640xf32>, %y: memref<600x640xf32>, %arena: memref<1xi8> {tflc.arena}) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<600x640xf32>) outs(%y : memref<600x640xf32>) {
    ^bb0(%a: f32, %old: f32):
      %r = arith.addf %a, %old : f32
      linalg.yield %r : f32
    }
    return
  }
}

// -----

#q = affine_map<(b, n, m, k) -> (b, n, k)>
#k = affine_map<(b, n, m, k) -> (b, m, k)>
#y = affine_map<(b, n, m, k) -> (b, n, m)>

module attributes {tflc.target = {name = "x86-64-v4", vector_bits = 512 : i64}} {
  // Products of two activations are shared by their batches, each of which packs columns of its own.
  // CHECK-LABEL: @batches
  // CHECK: %[[PACKED:.*]] = memref.alloc() : memref<8192xf32>
  // CHECK: tflrt.kernel #tflrt.broadcast<dim = 2, {{.*}}packs = true, scratch = 2048> scratch(%[[PACKED]] : memref<8192xf32>) attributes {tflc.tasks = array<i64: 0, 4>}
  func.func @batches(%q: memref<4x64x32xf32>, %k: memref<4x64x32xf32>, %y: memref<4x64x64xf32>, %arena: memref<1xi8> {tflc.arena}) attributes {tfl.signature = "batches"} {
    %keep = memref.alloc() : memref<262144xf32>
    memref.copy %keep, %keep : memref<262144xf32> to memref<262144xf32>
    linalg.generic {indexing_maps = [#q, #k, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%q, %k : memref<4x64x32xf32>, memref<4x64x32xf32>) outs(%y : memref<4x64x64xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }

  // A single one is shared by its columns, which need no more memory.
  // CHECK-LABEL: @single
  // CHECK: %[[PACKED:.*]] = memref.alloc() : memref<8192xf32>
  // CHECK: tflrt.kernel #tflrt.broadcast<dim = 1, {{.*}}packs = true, scratch = 8192> scratch(%[[PACKED]] : memref<8192xf32>) attributes {tflc.tasks = array<i64: 1, {{[0-9]+}}>}
  func.func @single(%q: memref<1x64x32xf32>, %k: memref<1x256x32xf32>, %y: memref<1x64x256xf32>, %arena: memref<1xi8> {tflc.arena}) attributes {tfl.signature = "single"} {
    %keep = memref.alloc() : memref<262144xf32>
    memref.copy %keep, %keep : memref<262144xf32> to memref<262144xf32>
    linalg.generic {indexing_maps = [#q, #k, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%q, %k : memref<1x64x32xf32>, memref<1x256x32xf32>) outs(%y : memref<1x64x256xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }
}

// -----

#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
module attributes {tflc.target = {name = "x86-64-v4", vector_bits = 512 : i64, l1_bytes = 32768 : i64, l2_bytes = 1048576 : i64}} {
  memref.global "private" constant @w : memref<64x256xf32> = dense<0.5>
  // Three blocks of rows would leave a thread without work: they become four, and the rest.
  // CHECK-LABEL: @blocks
  // CHECK: tflrt.kernel #tflrt.broadcast<dim = 1, {{.*}}block = [306, 1, 1]> attributes {tflc.tasks = array<i64: 0, 5>}
  // WHOLE-LABEL: @blocks
  // WHOLE: tflrt.kernel #tflrt.broadcast<dim = 1, {{.*}}block = [405, 1, 1]> {
  func.func @blocks(%x: memref<1200x256xf32>, %y: memref<1200x64xf32>, %arena: memref<1xi8> {tflc.arena}) attributes {tfl.signature = "blocks"} {
    %w = memref.get_global @w : memref<64x256xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<1200x256xf32>, memref<64x256xf32>) outs(%y : memref<1200x64xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }
}
