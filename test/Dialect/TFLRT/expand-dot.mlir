// RUN: tflc-opt %s --tflc-set-target=target=sapphirerapids --tflc-expand-dot | FileCheck %s --check-prefix=VNNI
// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v3 --tflc-expand-dot | FileCheck %s --check-prefix=WORDS
// RUN: tflc-opt %s --tflc-set-target=target=cortex-a76 --tflc-expand-dot | FileCheck %s --check-prefix=SDOT
// RUN: tflc-opt %s --tflc-set-target=target=neoverse-v1 --tflc-expand-dot | FileCheck %s --check-prefix=I8MM
// RUN: tflc-opt %s --tflc-set-target=target=riscv64-gcv --tflc-expand-dot | FileCheck %s --check-prefix=PLAIN

// VNNI-LABEL: @unsigned_bytes
// VNNI: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.128"
// WORDS-LABEL: @unsigned_bytes
// WORDS-COUNT-2: llvm.call_intrinsic "llvm.x86.sse2.pmadd.wd"
// Without USDOT, products of unsigned bytes are plain ones.
// SDOT-LABEL: @unsigned_bytes
// SDOT-NOT: call_intrinsic
// SDOT-COUNT-4: arith.muli
// I8MM-LABEL: @unsigned_bytes
// I8MM: llvm.call_intrinsic "llvm.aarch64.neon.usdot.v4i32.v16i8"
// PLAIN-LABEL: @unsigned_bytes
// PLAIN-COUNT-4: arith.muli
func.func @unsigned_bytes(%sum: vector<4xi32>, %a: vector<16xi8>, %b: vector<16xi8>) -> vector<4xi32> {
  %r = tflrt.dot %sum, %a, %b {lhs_unsigned} : vector<4xi32>, vector<16xi8>, vector<16xi8>
  return %r : vector<4xi32>
}

// VNNI-LABEL: @signed_bytes
// VNNI-NOT: call_intrinsic
// SDOT-LABEL: @signed_bytes
// SDOT: llvm.call_intrinsic "llvm.aarch64.neon.sdot.v4i32.v16i8"(%arg0, %arg2, %arg1)
func.func @signed_bytes(%sum: vector<4xi32>, %a: vector<16xi8>, %b: vector<16xi8>) -> vector<4xi32> {
  %r = tflrt.dot %sum, %a, %b : vector<4xi32>, vector<16xi8>, vector<16xi8>
  return %r : vector<4xi32>
}

// I8MM-LABEL: @matrix
// I8MM: llvm.call_intrinsic "llvm.aarch64.neon.smmla.v4i32.v16i8"
// PLAIN-LABEL: @matrix
// PLAIN: vector.shuffle %arg1, %arg1 [0, 0, 8, 8] : vector<16xi8>, vector<16xi8>
// PLAIN: vector.shuffle %arg2, %arg2 [0, 8, 0, 8] : vector<16xi8>, vector<16xi8>
// PLAIN-COUNT-8: arith.muli
func.func @matrix(%sums: vector<4xi32>, %rows: vector<16xi8>, %columns: vector<16xi8>) -> vector<4xi32> {
  %r = tflrt.dot_matrix %sums, %rows, %columns
  return %r : vector<4xi32>
}
