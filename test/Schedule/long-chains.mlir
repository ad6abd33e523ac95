// RUN: tflc-opt %s -split-input-file --tflc-form-kernels --tflc-select-strategies | FileCheck %s

// Functions of floats are long chains of operations: two registers at a time, where there are enough.
#id = affine_map<(i) -> (i)>
module attributes {tflc.target = {name = "x86-64-v4"}} {
  // CHECK-LABEL: @exponential
  // CHECK: #tflrt.vector_loops<dim = 0, lanes = 32, tile = [64]>
  func.func @exponential(%x: memref<1000xf32>, %y: memref<1000xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : memref<1000xf32>) outs(%y : memref<1000xf32>) {
    ^bb0(%a: f32, %r: f32):
      %e = math.exp %a : f32
      linalg.yield %e : f32
    }
    return
  }

  // CHECK-LABEL: @negation
  // CHECK: #tflrt.vector_loops<dim = 0, lanes = 16, tile = [64]>
  func.func @negation(%x: memref<1000xf32>, %y: memref<1000xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : memref<1000xf32>) outs(%y : memref<1000xf32>) {
    ^bb0(%a: f32, %r: f32):
      %e = arith.negf %a : f32
      linalg.yield %e : f32
    }
    return
  }
}

// -----

// AVX2 has sixteen registers, which constants fill.
#id = affine_map<(i) -> (i)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @few_registers
  // CHECK: #tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]>
  func.func @few_registers(%x: memref<1000xf32>, %y: memref<1000xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : memref<1000xf32>) outs(%y : memref<1000xf32>) {
    ^bb0(%a: f32, %r: f32):
      %e = math.exp %a : f32
      linalg.yield %e : f32
    }
    return
  }
}
