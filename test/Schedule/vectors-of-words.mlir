// RUN: tflc-opt %s -tflc-form-kernels -tflc-select-strategies | FileCheck %s

// Nearly all that the body computes has 16 bits: a vector has as many lanes, and the one product of 32 bits takes two registers.
// CHECK-LABEL: @words
// CHECK: tflrt.kernel #tflrt.vector_loops<{{.*}}lanes = 16
// Half of it has 32 bits.
// CHECK-LABEL: @mixed
// CHECK: tflrt.kernel #tflrt.vector_loops<{{.*}}lanes = 8
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", lookup = "pshufb"}} {
  func.func @words(%x: memref<64xi16>, %y: memref<64xi32>) {
    linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
        ins(%x : memref<64xi16>) outs(%y : memref<64xi32>) {
    ^bb0(%a: i16, %out: i32):
      %b = arith.addi %a, %a : i16
      %c = tflrt.multiply_high %a, %b : i16
      %d = tflrt.multiply_high %c, %b : i16
      %e = tflrt.multiply_high %d, %c : i16
      %f = arith.subi %e, %a : i16
      %r = arith.extsi %f : i16 to i32
      linalg.yield %r : i32
    }
    return
  }
  func.func @mixed(%x: memref<64xi16>, %y: memref<64xi32>) {
    linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
        ins(%x : memref<64xi16>) outs(%y : memref<64xi32>) {
    ^bb0(%a: i16, %out: i32):
      %b = tflrt.multiply_high %a, %a : i16
      %c = arith.extsi %b : i16 to i32
      %r = arith.muli %c, %c : i32
      linalg.yield %r : i32
    }
    return
  }
}
