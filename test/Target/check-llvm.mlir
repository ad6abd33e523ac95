// RUN: tflc-opt %s -tflc-check-llvm -verify-diagnostics -split-input-file

// Intrinsics and the memory functions may be declared.
llvm.func @llvm.x86.avx512.vpdpbusd.512(vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
llvm.func @memcpy(!llvm.ptr, !llvm.ptr, i64) -> !llvm.ptr

// -----

// expected-error @below {{is declared but has no body: compiled models link with no library}}
llvm.func @expf(f32) -> f32

// -----

llvm.func @main() {
  // expected-error @below {{is left after the conversion to LLVM}}
  %0 = arith.constant 0 : i32
  llvm.return
}
