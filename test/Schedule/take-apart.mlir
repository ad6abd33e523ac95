// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies --split-input-file --verify-diagnostics | FileCheck %s

#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
#id = affine_map<(n, m) -> (n, m)>

// An epilogue that has no place in a contraction, here for the index of a loop, leaves it: the sums are in memory, and both
// have a form.
// CHECK-LABEL: @apart
// CHECK: %[[SUMS:.*]] = memref.alloc() : memref<13x16xf32>
// CHECK-NEXT: tflrt.kernel #tflrt.broadcast<
// CHECK-NEXT: linalg.fill {{.*}} outs(%[[SUMS]]
// CHECK-NEXT: linalg.generic {{.*}}"reduction"{{.*}} outs(%[[SUMS]]
// CHECK: tflrt.kernel #tflrt.vector_loops<
// CHECK-NEXT: linalg.generic {{.*}} ins(%[[SUMS]]
module attributes {tflc.target = {name = "x86-64-v3"}} {
  memref.global "private" constant @w : memref<16x24xf32> = dense<0.5>
  func.func @apart(%x: memref<13x24xf32>, %y: memref<13x16xf32>) {
    %zero = arith.constant 0.0 : f32
    %w = memref.get_global @w : memref<16x24xf32>
    %sums = memref.alloc() : memref<13x16xf32>
    linalg.fill ins(%zero : f32) outs(%sums : memref<13x16xf32>)
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<13x24xf32>, memref<16x24xf32>) outs(%sums : memref<13x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%sums : memref<13x16xf32>) outs(%y : memref<13x16xf32>) {
    ^bb0(%a: f32, %old: f32):
      %i = linalg.index 0 : index
      %n = arith.index_cast %i : index to i32
      %f = arith.sitofp %n : i32 to f32
      %r = arith.addf %a, %f : f32
      linalg.yield %r : f32
    }
    return
  }
}

// -----

#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>

// The user hears of a contraction without a form.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @unknown
  // CHECK-NOT: tflrt.kernel
  func.func @unknown(%x: memref<?x24xf32>, %w: memref<16x24xf32>, %y: memref<?x16xf32>) {
    // expected-warning @below {{runs as plain loops without vectors: a shape is known only when the model runs}}
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<?x24xf32>, memref<16x24xf32>) outs(%y : memref<?x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }
}

// -----

#id = affine_map<(i) -> (i)>
#half = affine_map<(i) -> (i floordiv 2)>

// So it is with all else, where it takes a hundredth of the time; two of a kind are told of once.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @steps
  // CHECK-NOT: tflrt.kernel
  func.func @steps(%x: memref<10000xf32>, %short: memref<20000xf32>, %long: memref<20000xf32>) {
    linalg.generic {indexing_maps = [#half, #id], iterator_types = ["parallel"]}
        ins(%x : memref<10000xf32>) outs(%short : memref<20000xf32>) {
    ^bb0(%a: f32, %old: f32):
      %r = arith.negf %a : f32
      linalg.yield %r : f32
    }
    // expected-warning @below {{runs as plain loops without vectors: an access is not linear}}
    // expected-note @below {{so do 1 other steps}}
    linalg.generic {indexing_maps = [#half, #id], iterator_types = ["parallel"]}
        ins(%x : memref<10000xf32>) outs(%long : memref<20000xf32>) {
    ^bb0(%a: f32, %old: f32):
      %s = arith.addf %a, %a : f32
      %r = arith.negf %s : f32
      linalg.yield %r : f32
    }
    return
  }

  // CHECK-LABEL: @too_short
  func.func @too_short(%x: memref<100xf32>, %y: memref<200xf32>) {
    linalg.generic {indexing_maps = [#half, #id], iterator_types = ["parallel"]}
        ins(%x : memref<100xf32>) outs(%y : memref<200xf32>) {
    ^bb0(%a: f32, %old: f32):
      %r = arith.negf %a : f32
      linalg.yield %r : f32
    }
    return
  }
}
