// RUN: tflc-opt %s -split-input-file -tflc-expand-math | FileCheck %s

// No function of libm is left, and what has loops or branches stands in a private function.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @functions
  // CHECK-NOT: math.{{sin|cos|exp|powf|atan2}}
  // CHECK-NOT: arith.remf
  // CHECK-DAG: func.func private @tflc.reduce_angle(%{{.*}}: f32) -> (f32, i32)
  // CHECK-DAG: func.func private @tflc.remainder(%{{.*}}: f32, %{{.*}}: f32) -> f32
  func.func @functions(%x: f32, %v: vector<8xf32>) -> (f32, f32, f32, f32, vector<8xf32>, vector<8xf32>) {
    %0 = math.sin %x : f32
    %1 = math.powf %x, %0 : f32
    %2 = math.atan2 %0, %1 : f32
    %3 = arith.remf %x, %2 : f32
    %4 = math.cos %v : vector<8xf32>
    %5 = arith.remf %4, %v : vector<8xf32>
    return %0, %1, %2, %3, %4, %5 : f32, f32, f32, f32, vector<8xf32>, vector<8xf32>
  }
}

// -----

// A vector stays one where all of its arguments are small: only a large one takes the branch.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @vector
  // CHECK: %[[LARGE:.*]] = vector.reduction <or>
  // CHECK: scf.if %[[LARGE]]
  // CHECK-COUNT-4: call @tflc.reduce_angle
  // CHECK-NOT: call
  // CHECK: return
  func.func @vector(%v: vector<4xf32>) -> vector<4xf32> {
    %0 = math.sin %v : vector<4xf32>
    return %0 : vector<4xf32>
  }
}

// -----

// Subnormal numbers are scaled up before their bits are taken apart.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @logarithm
  // CHECK-SAME: (%[[X:.*]]: f32)
  // CHECK-DAG: %[[LEAST:.*]] = arith.constant 1.17549435E-38 : f32
  // CHECK-DAG: %[[SCALE:.*]] = arith.constant 0x4B000000 : f32
  // CHECK: %[[SMALL:.*]] = arith.cmpf olt, %[[X]], %[[LEAST]] : f32
  // CHECK: %[[SCALED:.*]] = arith.mulf %[[X]], %[[SCALE]] : f32
  // CHECK: %[[NORMAL:.*]] = arith.select %[[SMALL]], %[[SCALED]], %[[X]] : f32
  // CHECK: arith.bitcast %[[NORMAL]] : f32 to i32
  // CHECK-NOT: math.log
  func.func @logarithm(%x: f32) -> f32 {
    %0 = math.log %x : f32
    return %0 : f32
  }
}
