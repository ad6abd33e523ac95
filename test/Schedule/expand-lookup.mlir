// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v3 --tflc-expand-lookup | FileCheck %s --check-prefix=AVX2
// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v2 --tflc-expand-lookup | FileCheck %s --check-prefix=SSE
// RUN: tflc-opt %s --tflc-set-target=target=cortex-a72 --tflc-expand-lookup | FileCheck %s --check-prefix=NEON
// RUN: tflc-opt %s --tflc-set-target=target=riscv64-gc --tflc-expand-lookup | FileCheck %s --check-prefix=LOADS

// The lower half of the table is constant: one row, and no selection among its parts.
// AVX2-LABEL: @half_constant
// Each pair of rows is chosen from as soon as both are there.
// AVX2-COUNT-2: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// AVX2: arith.select
// AVX2-COUNT-2: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// AVX2-COUNT-2: arith.select
// AVX2-COUNT-2: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// AVX2: arith.select
// AVX2-COUNT-2: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// AVX2-NOT: pshuf
// AVX2-COUNT-4: arith.select
// AVX2-NOT: arith.select
// AVX2: return
// SSE-LABEL: @half_constant
// SSE-COUNT-16: llvm.call_intrinsic "llvm.x86.ssse3.pshuf.b.128"
// SSE-NOT: pshuf
// SSE: return
// NEON-LABEL: @half_constant
// NEON: llvm.call_intrinsic "llvm.aarch64.neon.tbl4.v16i8"
// NEON-COUNT-3: llvm.call_intrinsic "llvm.aarch64.neon.tbx4.v16i8"
// NEON: llvm.call_intrinsic "llvm.aarch64.neon.tbl4.v16i8"
// NEON-COUNT-3: llvm.call_intrinsic "llvm.aarch64.neon.tbx4.v16i8"
// NEON: return
// LOADS-LABEL: @half_constant
// LOADS-COUNT-32: memref.load
// LOADS-NOT: memref.load
// LOADS: return
func.func @half_constant(%x: vector<32xi8>) -> vector<32xi8> {
  %y = tflrt.lookup %x in [
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      -128, -121, -114, -107, -100, -93, -86, -79, -72, -65, -58, -51, -44, -37, -30, -23, -16, -9, -2, 5, 12, 19, 26, 33, 40, 47, 54, 61, 68, 75, 82, 89,
      96, 103, 110, 117, 124, -125, -118, -111, -104, -97, -90, -83, -76, -69, -62, -55, -48, -41, -34, -27, -20, -13, -6, 1, 8, 15, 22, 29, 36, 43, 50, 57,
      64, 71, 78, 85, 92, 99, 106, 113, 120, 127, -122, -115, -108, -101, -94, -87, -80, -73, -66, -59, -52, -45, -38, -31, -24, -17, -10, -3, 4, 11, 18, 25,
      32, 39, 46, 53, 60, 67, 74, 81, 88, 95, 102, 109, 116, 123, -126, -119, -112, -105, -98, -91, -84, -77, -70, -63, -56, -49, -42, -35, -28, -21, -14, -7] : vector<32xi8>
  return %y : vector<32xi8>
}
