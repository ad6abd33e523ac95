// RUN: tflc-opt %s -split-input-file -tflrt-nearest-integers | FileCheck %s

// The conversion rounds by itself.
// CHECK-LABEL: @round_on_x86
// CHECK-SAME: %[[X:.*]]: vector<8xf32>
// CHECK-NEXT: %[[Y:.*]] = llvm.call_intrinsic "llvm.lrint"(%[[X]]) : (vector<8xf32>) -> vector<8xi32>
// CHECK-NEXT: return %[[Y]]
module attributes {tflc.target = {triple = "x86_64-pc-linux-gnu"}} {
  func.func @round_on_x86(%x: vector<8xf32>) -> vector<8xi32> {
    %e = math.roundeven %x : vector<8xf32>
    %y = arith.fptosi %e : vector<8xf32> to vector<8xi32>
    return %y : vector<8xi32>
  }
  // What truncates stays so.
  // CHECK-LABEL: @truncate_on_x86
  // CHECK: arith.fptosi
  func.func @truncate_on_x86(%x: vector<8xf32>) -> vector<8xi32> {
    %y = arith.fptosi %x : vector<8xf32> to vector<8xi32>
    return %y : vector<8xi32>
  }
}

// -----

module attributes {tflc.target = {triple = "riscv64-unknown-linux-gnu"}} {
  // Integers already, clamped.
  // CHECK-LABEL: @integers_on_riscv
  // CHECK-NOT: math.trunc
  // CHECK: %[[CLAMPED:.*]] = arith.minimumf
  // CHECK-NEXT: llvm.call_intrinsic "llvm.lrint"(%[[CLAMPED]])
  func.func @integers_on_riscv(%x: vector<4xf32>) -> vector<4xi32> {
    %most = arith.constant dense<127.0> : vector<4xf32>
    %f = math.floor %x : vector<4xf32>
    %c = arith.minimumf %f, %most : vector<4xf32>
    %y = arith.fptosi %c : vector<4xf32> to vector<4xi32>
    return %y : vector<4xi32>
  }
  // CHECK-LABEL: @truncate_on_riscv
  // CHECK: %[[WHOLE:.*]] = math.trunc
  // CHECK-NEXT: %[[WORDS:.*]] = llvm.call_intrinsic "llvm.lrint"(%[[WHOLE]]) : (vector<4xf32>) -> vector<4xi32>
  // CHECK-NEXT: arith.trunci %[[WORDS]] : vector<4xi32> to vector<4xi8>
  func.func @truncate_on_riscv(%x: vector<4xf32>) -> vector<4xi8> {
    %y = arith.fptosi %x : vector<4xf32> to vector<4xi8>
    return %y : vector<4xi8>
  }
  // CHECK-LABEL: @doubles_on_riscv
  // CHECK: %[[WHOLE:.*]] = math.trunc
  // CHECK-NEXT: llvm.call_intrinsic "llvm.lrint"(%[[WHOLE]]) : (vector<4xf64>) -> vector<4xi32>
  func.func @doubles_on_riscv(%x: vector<4xf64>) -> vector<4xi32> {
    %y = arith.fptosi %x : vector<4xf64> to vector<4xi32>
    return %y : vector<4xi32>
  }
  // CHECK-LABEL: @long_words_on_riscv
  // CHECK: %[[WHOLE:.*]] = math.trunc
  // CHECK-NEXT: %[[WIDE:.*]] = arith.extf %[[WHOLE]] : vector<4xf32> to vector<4xf64>
  // CHECK-NEXT: llvm.call_intrinsic "llvm.lrint"(%[[WIDE]]) : (vector<4xf64>) -> vector<4xi64>
  func.func @long_words_on_riscv(%x: vector<4xf32>) -> vector<4xi64> {
    %y = arith.fptosi %x : vector<4xf32> to vector<4xi64>
    return %y : vector<4xi64>
  }
  // CHECK-LABEL: @scalar_on_riscv
  // CHECK: arith.fptosi
  func.func @scalar_on_riscv(%x: f32) -> i32 {
    %y = arith.fptosi %x : f32 to i32
    return %y : i32
  }
}
