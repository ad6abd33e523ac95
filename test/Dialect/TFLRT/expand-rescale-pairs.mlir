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

  // Readers that raise what is below the zero point to it need no correction for negative inputs:
  // the upper halves of the products are enough, and both roundings are one addition.
  // CHECK-LABEL: @from_zero
  func.func @from_zero(%x: vector<8xi32>, %m: vector<8xi32>) -> vector<8xi32> {
    %s = arith.constant dense<-7> : vector<8xi8>
    %zero = arith.constant dense<-128> : vector<8xi32>
    // CHECK-DAG: %[[SIX:.+]] = arith.constant dense<6> : vector<8xi32>
    // CHECK-DAG: %[[HALVES:.+]] = arith.constant dense<138512695296> : vector<4xi64>
    // CHECK: arith.addi %{{.+}}, %[[HALVES]] : vector<4xi64>
    // CHECK: vector.shuffle %{{.+}} [1, 9, 3, 11, 5, 13, 7, 15]
    // CHECK-NEXT: arith.shrsi %{{.+}}, %[[SIX]]
    // CHECK-NEXT: arith.addi
    // CHECK-NEXT: arith.maxsi
    %y = tflrt.rescale %x, %m, %s <double> : vector<8xi32>, vector<8xi8> -> vector<8xi32>
    %a = arith.addi %y, %zero : vector<8xi32>
    %b = arith.maxsi %a, %zero : vector<8xi32>
    return %b : vector<8xi32>
  }

  // A bound below the zero point shows negative results: the sign of the input corrects them. The
  // bounded input leaves room for the half.
  // CHECK-LABEL: @below_zero
  func.func @below_zero(%x: vector<8xi32>, %m: vector<8xi32>) -> vector<8xi32> {
    %s = arith.constant dense<-7> : vector<8xi8>
    %low = arith.constant dense<-1> : vector<8xi32>
    // CHECK: %[[SIGN:.+]] = arith.shrsi %arg0, %{{.+}} : vector<8xi32>
    // CHECK: %[[HIGH:.+]] = vector.shuffle %{{.+}} [0, 8, 2, 10, 4, 12, 6, 14]
    // CHECK-NEXT: %[[SUM:.+]] = arith.addi %[[HIGH]], %[[SIGN]]
    // CHECK-NEXT: arith.shrsi %[[SUM]], %{{.+}}
    // CHECK-NEXT: arith.maxsi
    %y = tflrt.rescale %x, %m, %s <double> {max_input = 1000000 : i32} : vector<8xi32>, vector<8xi8> -> vector<8xi32>
    %b = arith.maxsi %y, %low : vector<8xi32>
    return %b : vector<8xi32>
  }

  // Nothing is known of the input: the second rounding stands for itself.
  // CHECK-LABEL: @unbounded
  func.func @unbounded(%x: vector<8xi32>, %m: vector<8xi32>) -> vector<8xi32> {
    %s = arith.constant dense<-7> : vector<8xi8>
    // CHECK: %[[HIGH:.+]] = vector.shuffle %{{.+}} [0, 8, 2, 10, 4, 12, 6, 14]
    // CHECK: arith.shrsi %[[HIGH]], %{{.+}} : vector<8xi32>
    %y = tflrt.rescale %x, %m, %s <double> : vector<8xi32>, vector<8xi8> -> vector<8xi32>
    return %y : vector<8xi32>
  }

  // One rounding by more than a word: half of what goes lies in the upper half of the product.
  // CHECK-LABEL: @single
  func.func @single(%x: vector<8xi32>, %m: vector<8xi32>) -> vector<8xi32> {
    %s = arith.constant dense<-7> : vector<8xi8>
    // CHECK: %[[HIGH:.+]] = vector.shuffle %{{.+}} [1, 9, 3, 11, 5, 13, 7, 15]
    // CHECK-NEXT: %[[SUM:.+]] = arith.addi %[[HIGH]], %{{.+}} : vector<8xi32>
    // CHECK-NEXT: arith.shrsi %[[SUM]], %{{.+}} : vector<8xi32>
    %y = tflrt.rescale %x, %m, %s <single> : vector<8xi32>, vector<8xi8> -> vector<8xi32>
    return %y : vector<8xi32>
  }
}
