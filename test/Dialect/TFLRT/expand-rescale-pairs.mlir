// RUN: tflc-opt %s --tflrt-expand-rescale --canonicalize | FileCheck %s

// Where the machine multiplies the even lanes of a vector into 64 bits, even and odd lanes are
// multiplied apart. Every factor is a left and a right shift by 32, the form that LLVM recognizes.
module attributes {tflc.target = {triple = "x86_64-unknown-linux-gnu"}} {
  // CHECK-LABEL: @even_and_odd
  func.func @even_and_odd(%x: vector<8xi32>, %m: vector<8xi32>, %s: vector<8xi32>) -> vector<8xi32> {
    // CHECK: %[[EVEN:.+]] = vector.bitcast %arg1 : vector<8xi32> to vector<4xi64>
    // CHECK: arith.shli %[[EVEN]], %{{.+}} : vector<4xi64>
    // CHECK: arith.shrsi
    // CHECK: %[[ODD:.+]] = vector.shuffle %arg1, %arg1 [1, 1, 3, 3, 5, 5, 7, 7]
    // CHECK: vector.bitcast %[[ODD]]
    // CHECK: arith.shli
    // CHECK: arith.shrsi
    // CHECK: arith.muli %{{.+}} : vector<4xi64>
    // CHECK: arith.muli %{{.+}} : vector<4xi64>
    // CHECK: vector.shuffle %{{.+}} [0, 8, 2, 10, 4, 12, 6, 14]
    %y = tflrt.rescale %x, %m, %s <double> {max_shift = -1 : i32} : vector<8xi32>, vector<8xi32> -> vector<8xi32>
    return %y : vector<8xi32>
  }
}
