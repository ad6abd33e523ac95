// RUN: tflc-opt %s --split-input-file --tflc-form-kernels --tflc-select-strategies | FileCheck %s

// Six columns take eight lanes of a register that has sixteen, where shorter vectors cost the same.
#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
// CHECK-LABEL: scalable_vectors = true
module attributes {tflc.target = {name = "riscv64-gcv", scalable_vectors = true, vector_bits = 512}} {
  memref.global "private" constant @w : memref<6x24xf32> = dense<0.5>
  // CHECK: #tflrt.broadcast<
  // CHECK-SAME: lanes = 8
  func.func @main(%x: memref<13x24xf32>, %y: memref<13x6xf32>) {
    %w = memref.get_global @w : memref<6x24xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<13x24xf32>, memref<6x24xf32>) outs(%y : memref<13x6xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %c, %m : f32
      linalg.yield %s : f32
    }
    return
  }
}

// -----

// More columns than lanes take whole registers.
#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
// CHECK-LABEL: scalable_vectors = true
module attributes {tflc.target = {name = "riscv64-gcv", scalable_vectors = true, vector_bits = 512}} {
  memref.global "private" constant @w : memref<40x24xf32> = dense<0.5>
  // CHECK: #tflrt.broadcast<
  // CHECK-SAME: lanes = 16
  func.func @main(%x: memref<13x24xf32>, %y: memref<13x40xf32>) {
    %w = memref.get_global @w : memref<40x24xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<13x24xf32>, memref<40x24xf32>) outs(%y : memref<13x40xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %c, %m : f32
      linalg.yield %s : f32
    }
    return
  }
}

// -----

// The least register is filled up.
#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
// CHECK-LABEL: scalable_vectors = true
module attributes {tflc.target = {name = "riscv64-gcv", scalable_vectors = true, vector_bits = 512}} {
  memref.global "private" constant @w : memref<2x24xf32> = dense<0.5>
  // CHECK: #tflrt.broadcast<
  // CHECK-SAME: lanes = 4
  func.func @main(%x: memref<13x24xf32>, %y: memref<13x2xf32>) {
    %w = memref.get_global @w : memref<2x24xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<13x24xf32>, memref<2x24xf32>) outs(%y : memref<13x2xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %c, %m : f32
      linalg.yield %s : f32
    }
    return
  }
}
