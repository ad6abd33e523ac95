// RUN: tflc-opt %s -split-input-file -tflc-expand-floats | FileCheck %s

// Without SSE4.1, F16C and FMA, LLVM would call floorf, __extendhfsf2 and fmaf.
module attributes {tflc.target = {name = "x86-64"}} {
  // CHECK-LABEL: @without
  // CHECK-NOT: math.floor
  // CHECK-NOT: arith.extf
  // CHECK-NOT: math.fma
  // CHECK: return
  func.func @without(%x: vector<8xf32>, %h: vector<8xf16>, %y: f32) -> (vector<8xf32>, vector<8xf32>, f32) {
    %0 = math.floor %x : vector<8xf32>
    %1 = arith.extf %h : vector<8xf16> to vector<8xf32>
    %2 = math.fma %y, %y, %y : f32
    return %0, %1, %2 : vector<8xf32>, vector<8xf32>, f32
  }

  // Ops of other types are not its business.
  // CHECK-LABEL: @other_types
  // CHECK: math.floor %{{.*}} : f16
  // CHECK: arith.extf %{{.*}} : f32 to f64
  func.func @other_types(%x: f16, %y: f32) -> (f16, f64) {
    %0 = math.floor %x : f16
    %1 = arith.extf %y : f32 to f64
    return %0, %1 : f16, f64
  }

  // CHECK-LABEL: @doubles
  // CHECK-DAG: %[[INTEGRAL:.*]] = arith.constant dense<0x4330000000000000> : vector<4xf64>
  // CHECK: arith.addf %{{.*}}, %[[INTEGRAL]]
  // CHECK-NOT: math.trunc
  // CHECK: return
  func.func @doubles(%x: vector<4xf64>) -> vector<4xf64> {
    %0 = math.trunc %x : vector<4xf64>
    return %0 : vector<4xf64>
  }
}

// -----

// Where there are instructions, nothing changes.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @with
  // CHECK: math.floor
  // CHECK: arith.extf
  // CHECK: math.fma
  func.func @with(%x: vector<8xf32>, %h: vector<8xf16>, %y: f32) -> (vector<8xf32>, vector<8xf32>, f32) {
    %0 = math.floor %x : vector<8xf32>
    %1 = arith.extf %h : vector<8xf16> to vector<8xf32>
    %2 = math.fma %y, %y, %y : f32
    return %0, %1, %2 : vector<8xf32>, vector<8xf32>, f32
  }
}

// -----

// A fact of the attribute stands before the table's.
module attributes {tflc.target = {name = "x86-64-v3", has_fma = false}} {
  // CHECK-LABEL: @stated
  // CHECK: arith.mulf
  // CHECK: arith.addf
  func.func @stated(%y: f32) -> f32 {
    %0 = math.fma %y, %y, %y : f32
    return %0 : f32
  }
}
