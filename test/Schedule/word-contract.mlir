// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels -tflc-expand-dot | FileCheck %s

#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (n, k)>
#result = affine_map<(m, n, k) -> (m, n)>

// Ten elements along the sum are two words and two bytes. The tile has as many rows and columns as
// fourteen registers hold.
// CHOICE-LABEL: @dsp
// CHOICE: tflrt.kernel #tflrt.quad_runs<
// CHOICE-SAME: tile = [3, 2, 8]
// CHOICE-SAME: group = 4>
// CHECK-LABEL: @dsp
// CHECK: scf.for
// CHECK: llvm.inline_asm has_side_effects
// CHECK-SAME: ldrd $8, $10, [$7], #8
// CHECK-SAME: sxtb16 $9, $8, ror #8
// CHECK-SAME: ldr $12, [$6, #20]
// CHECK-SAME: smlad $4, $12, $8, $4
// CHECK-SAME: ldr $12, [$6], #4
// The rest byte by byte: nothing behind the rows is read.
// CHECK-SAME: ldrsb $12, [$6, #0]
// CHECK-SAME: smlad $0, $12, $8, $0
// CHECK-SAME: ldrsb $13, [$6, #1]
// CHECK-SAME: smlad $0, $13, $9, $0
module attributes {tflc.target = {name = "cortex-m4"}} {
  memref.global "private" constant @weights : memref<4x10xi8> = dense<3>
  func.func @dsp(%x: memref<6x10xi8>, %acc: memref<6x4xi32>) {
    %w = memref.get_global @weights : memref<4x10xi8>
    linalg.generic {indexing_maps = [#rows, #columns, #result],
                    iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<6x10xi8>, memref<4x10xi8>) outs(%acc : memref<6x4xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %wide = arith.extsi %a : i8 to i32
      %weight = arith.extsi %b : i8 to i32
      %product = arith.muli %wide, %weight : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    }
    return
  }
}

// -----

#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (n, k)>
#result = affine_map<(m, n, k) -> (m, n)>

// Vectors of sixteen bytes, summed into one register; the last one is read under a mask.
// CHOICE-LABEL: @mve
// CHOICE: tflrt.kernel #tflrt.broadcast<dim = {{[0-9]+}}, tile = {{.*}}group = 16
// CHECK-LABEL: @mve
// CHECK: llvm.call_intrinsic "llvm.arm.mve.vmldava"(
// CHECK: vector.maskedload
module attributes {tflc.target = {name = "cortex-m55"}} {
  memref.global "private" constant @weights : memref<4x20xi8> = dense<3>
  func.func @mve(%x: memref<6x20xi8>, %acc: memref<6x4xi32>) {
    %w = memref.get_global @weights : memref<4x20xi8>
    linalg.generic {indexing_maps = [#rows, #columns, #result],
                    iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<6x20xi8>, memref<4x20xi8>) outs(%acc : memref<6x4xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %wide = arith.extsi %a : i8 to i32
      %weight = arith.extsi %b : i8 to i32
      %product = arith.muli %wide, %weight : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    }
    return
  }
}
