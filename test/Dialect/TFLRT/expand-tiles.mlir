// RUN: tflc-opt %s --tflc-set-target=target=sapphirerapids --tflc-expand-tiles | FileCheck %s
// RUN: not tflc-opt %s --tflc-set-target=target=x86-64-v4 --tflc-expand-tiles 2>&1 | FileCheck %s --check-prefix=LACKS

// LACKS: 'tflrt.tile_configure' op needs tile registers, which the target lacks

// The sizes are a constant: palette 1, 64 bytes of a row of register 0 and 16 rows.
// CHECK: memref.global "private" constant @tflc.packed.0 : memref<64xi8> = dense<[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// CHECK-SAME: 64, 0, 64, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 16, 16, 0,

// The function that the program calls asks for the registers, not the one that it calls.
// CHECK-LABEL: func.func @main
// CHECK: llvm.inline_asm has_side_effects "syscall"
// CHECK: tflrt.guard
// CHECK: call @part
func.func @main(%rows: memref<1024xi8>, %sums: memref<256xi32>) {
  call @part(%rows, %sums) : (memref<1024xi8>, memref<256xi32>) -> ()
  return
}

// CHECK-LABEL: func.func private @part
// CHECK-NOT: syscall
// CHECK: memref.get_global @tflc.packed.0
// CHECK: llvm.call_intrinsic "llvm.x86.ldtilecfg"
// CHECK: llvm.call_intrinsic "llvm.x86.tilezero"
// CHECK: %[[STRIDE:.*]] = arith.constant 64 : i64
// CHECK: llvm.call_intrinsic "llvm.x86.tileloadd64"(%{{.*}}, %{{.*}}, %[[STRIDE]])
// CHECK: llvm.call_intrinsic "llvm.x86.tdpbusd"
// CHECK: llvm.call_intrinsic "llvm.x86.tilestored64"
// CHECK: llvm.call_intrinsic "llvm.x86.tilerelease"
func.func private @part(%rows: memref<1024xi8>, %sums: memref<256xi32>) {
  %zero = arith.constant 0 : index
  tflrt.tile_configure rows [16, 16, 16, 0, 0, 0, 0, 0] bytes [64, 64, 64, 0, 0, 0, 0, 0]
  tflrt.tile_zero 0
  tflrt.tile_load 1, %rows[%zero] by 64 : memref<1024xi8>
  tflrt.tile_load 2, %rows[%zero] by 64 : memref<1024xi8>
  tflrt.tile_dot 0, 1, 2
  tflrt.tile_store 0, %sums[%zero] by 64 : memref<256xi32>
  tflrt.tile_release
  return
}
