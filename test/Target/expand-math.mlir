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

// What is no normal number above zero takes a branch, in which subnormal numbers are scaled up.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @logarithm
  // CHECK-SAME: (%[[X:.*]]: f32)
  // CHECK-DAG: %[[SCALE:.*]] = arith.constant 0x4B000000 : f32
  // CHECK: %[[OTHER:.*]] = arith.cmpi uge
  // CHECK: scf.if %[[OTHER]]
  // CHECK: arith.mulf %[[X]], %[[SCALE]] : f32
  // CHECK: } else {
  // CHECK-NEXT: scf.yield %[[X]]
  // CHECK-NOT: math.log
  func.func @logarithm(%x: f32) -> f32 {
    %0 = math.log %x : f32
    return %0 : f32
  }
}

// -----

// A sum that alone reads an exponential takes the last doubling along, and a negated argument
// changes the limits.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @sigmoid
  // CHECK-SAME: (%[[X:.*]]: vector<8xf32>)
  // CHECK-DAG: %[[ONE:.*]] = arith.constant dense<1.000000e+00>
  // CHECK-DAG: %[[TWO:.*]] = arith.constant dense<2.000000e+00>
  // CHECK: arith.cmpf olt, %[[X]]
  // CHECK: %[[SUM:.*]] = math.fma %{{.*}}, %[[TWO]], %[[ONE]]
  // CHECK: arith.divf %[[ONE]], %[[SUM]]
  func.func @sigmoid(%x: vector<8xf32>) -> vector<8xf32> {
    %one = arith.constant dense<1.0> : vector<8xf32>
    %0 = arith.negf %x : vector<8xf32>
    %1 = math.exp %0 : vector<8xf32>
    %2 = arith.addf %one, %1 : vector<8xf32>
    %3 = arith.divf %one, %2 : vector<8xf32>
    return %3 : vector<8xf32>
  }
}

// -----

// Quotients by constants of few bits are products whose rest is divided, too; others, and those of
// scalars, stay.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @quotients
  // CHECK-SAME: (%[[X:.*]]: vector<8xf32>, %[[S:.*]]: f32)
  // CHECK-DAG: %[[DIVISOR:.*]] = arith.constant dense<-6.000000e+00>
  // CHECK-DAG: %[[INVERSE:.*]] = arith.constant dense<0.166666672>
  // CHECK: %[[Q:.*]] = arith.mulf %[[X]], %[[INVERSE]]
  // CHECK: %[[REST:.*]] = math.fma %[[Q]], %[[DIVISOR]], %[[X]]
  // CHECK: %[[NEAREST:.*]] = math.fma %[[REST]], %[[INVERSE]], %[[Q]]
  // CHECK: arith.select %{{.*}}, %[[NEAREST]], %[[Q]]
  // CHECK: arith.divf %[[X]]
  // CHECK: arith.divf %[[S]]
  func.func @quotients(%x: vector<8xf32>, %s: f32) -> (vector<8xf32>, vector<8xf32>, f32) {
    %six = arith.constant dense<6.0> : vector<8xf32>
    %third = arith.constant dense<0.3> : vector<8xf32>
    %seven = arith.constant 7.0 : f32
    %0 = arith.divf %x, %six : vector<8xf32>
    %1 = arith.divf %x, %third : vector<8xf32>
    %2 = arith.divf %s, %seven : f32
    return %0, %1, %2 : vector<8xf32>, vector<8xf32>, f32
  }
}

// -----

// Without fused products, quotients stay.
module attributes {tflc.target = {name = "x86-64-v2"}} {
  // CHECK-LABEL: @no_fma
  // CHECK: arith.divf
  func.func @no_fma(%x: vector<4xf32>) -> vector<4xf32> {
    %six = arith.constant dense<6.0> : vector<4xf32>
    %0 = arith.divf %x, %six : vector<4xf32>
    return %0 : vector<4xf32>
  }
}
