// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels -tflc-expand-dot -tflc-expand-words | FileCheck %s

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

#image = affine_map<(y, x, c, ky, kx, k) -> (y + ky, x + kx, k)>
#window = affine_map<(y, x, c, ky, kx, k) -> (c, ky, kx, k)>
#result = affine_map<(y, x, c, ky, kx, k) -> (y, x, c)>

// Where eight columns read the same rows, these are extended to 16 bits first, a block of them at a time. Then only the weights are
// taken apart, and a row's group is one load of two words. The rest of a run is read with what lies behind it.
// CHOICE-LABEL: @extended
// CHOICE: memref.alloc() : memref<{{.*}}xi16>
// CHOICE: tflrt.kernel #tflrt.quad_runs<{{.*}}block = [{{.*}}], scratch = {{[0-9]+}}>
// CHECK-LABEL: @extended
// CHECK: llvm.call_intrinsic "llvm.arm.sxtb16"
// CHECK: llvm.inline_asm has_side_effects
// CHECK-SAME: ldr $10, [$9], #4
// CHECK-SAME: sxtb16 $11, $10, ror #8
// CHECK-SAME: ldrd $12, $13, [$8, #140]
// CHECK-SAME: smlad $7, $12, $10, $7
// CHECK-SAME: smlad $7, $13, $11, $7
// CHECK-SAME: ldrd $12, $13, [$8], #8
// CHECK-SAME: ldr $12, [$8, #0]
// CHECK-SAME: smlad $0, $12, $10, $0
// CHECK-NOT: ldrsb
module attributes {tflc.target = {name = "cortex-m4"}} {
  memref.global "private" constant @weights : memref<8x3x3x10xi8> = dense<3>
  func.func @extended(%x: memref<10x10x10xi8>, %acc: memref<8x8x8xi32>, %other: memref<4096xi8>) {
    // Memory that is free behind these two steps.
    %spare = memref.alloc() : memref<4096xi8>
    %byte = arith.constant 1 : i8
    linalg.fill ins(%byte : i8) outs(%spare : memref<4096xi8>)
    linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
        ins(%spare : memref<4096xi8>) outs(%other : memref<4096xi8>) {
    ^bb0(%in: i8, %out: i8):
      linalg.yield %in : i8
    }
    %w = memref.get_global @weights : memref<8x3x3x10xi8>
    linalg.generic {indexing_maps = [#image, #window, #result],
                    iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %w : memref<10x10x10xi8>, memref<8x3x3x10xi8>) outs(%acc : memref<8x8x8xi32>) {
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

// Vectors of sixteen bytes, summed into one register; the last one ends with the run, and what both have meets zero weights.
// CHOICE-LABEL: @mve
// CHOICE: tflrt.kernel #tflrt.broadcast<dim = {{[0-9]+}}, tile = {{.*}}group = 16
// The sums of four columns meet in one vector, those of two of them first.
// CHECK-LABEL: @mve
// CHECK-NOT: vector.maskedload
// CHECK: llvm.call_intrinsic "llvm.arm.mve.vmldava"(
// CHECK: vector.insert %{{.*}}, %{{.*}} [0] : i32 into vector<4xi32>
// CHECK: vector.insert %{{.*}}, %{{.*}} [2] : i32 into vector<4xi32>
// CHECK: llvm.call_intrinsic "llvm.arm.mve.vmldava"(
// CHECK: vector.insert %{{.*}}, %{{.*}} [1] : i32 into vector<4xi32>
// CHECK: vector.insert %{{.*}}, %{{.*}} [3] : i32 into vector<4xi32>
// CHECK: vector.store %{{.*}} : memref<24xi32>, vector<4xi32>
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

// -----

#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (n, k)>
#result = affine_map<(m, n, k) -> (m, n)>

// Rows of words are read as they are, from any even address. Of seven elements the last three are a pair and a word:
// nothing behind the rows is read.
// CHOICE-LABEL: @dsp_words
// CHOICE: tflrt.kernel #tflrt.quad_runs<
// CHOICE-SAME: group = 4>
// CHECK-LABEL: @dsp_words
// CHECK: llvm.inline_asm has_side_effects
// CHECK-SAME: ldr $[[ODD:[0-9]+]], [$[[ROWS:[0-9]+]], #4]
// CHECK-SAME: ldr $[[EVEN:[0-9]+]], [$[[ROWS]]], #8
// CHECK-SAME: smlad $0, $[[EVEN]], $
// CHECK-SAME: ldr $[[EVEN]], [$[[ROWS]], #0]
// CHECK-SAME: ldrsh $[[ODD]], [$[[ROWS]], #4]
module attributes {tflc.target = {name = "cortex-m4"}} {
  memref.global "private" constant @weights : memref<4x7xi8> = dense<3>
  func.func @dsp_words(%x: memref<6x7xi16>, %acc: memref<6x4xi32>) {
    %w = memref.get_global @weights : memref<4x7xi8>
    linalg.generic {indexing_maps = [#rows, #columns, #result], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<6x7xi16>, memref<4x7xi8>) outs(%acc : memref<6x4xi32>) {
    ^bb0(%a: i16, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i16 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    }
    return
  }
}
