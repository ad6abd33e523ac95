// RUN: tflc-opt %s --tflc-expand-dot | FileCheck %s

module attributes {tflc.target = {triple = "x86_64-unknown-linux-gnu", vector_bits = 256 : i64, dot = "avxvnniint8"}} {
  // CHECK-LABEL: @signed_bytes
  // CHECK: llvm.call_intrinsic "llvm.x86.avx2.vpdpbssd.256"(%arg0, %arg1, %arg2)
  func.func @signed_bytes(%sum: vector<8xi32>, %a: vector<32xi8>, %b: vector<32xi8>) -> vector<8xi32> {
    %r = tflrt.dot %sum, %a, %b : vector<8xi32>, vector<32xi8>, vector<32xi8>
    return %r : vector<8xi32>
  }

  // The signed factor comes first.
  // CHECK-LABEL: @unsigned_bytes
  // CHECK: llvm.call_intrinsic "llvm.x86.avx2.vpdpbsud.128"(%arg0, %arg2, %arg1)
  func.func @unsigned_bytes(%sum: vector<4xi32>, %a: vector<16xi8>, %b: vector<16xi8>) -> vector<4xi32> {
    %r = tflrt.dot %sum, %a, %b {lhs_unsigned} : vector<4xi32>, vector<16xi8>, vector<16xi8>
    return %r : vector<4xi32>
  }

  // There is none for 512 bits.
  // CHECK-LABEL: @long
  // CHECK-NOT: call_intrinsic
  func.func @long(%sum: vector<16xi32>, %a: vector<64xi8>, %b: vector<64xi8>) -> vector<16xi32> {
    %r = tflrt.dot %sum, %a, %b : vector<16xi32>, vector<64xi8>, vector<64xi8>
    return %r : vector<16xi32>
  }
}
