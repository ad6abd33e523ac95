// RUN: tflc-opt %s -split-input-file -tfl-count-loops | FileCheck %s

// Two counters, of which the second one ends the loop: ceil((28 - 1) / 3) iterations.
// CHECK-LABEL: func.func @counted
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>
// CHECK: %[[Y:.*]] = tfl.repeat 9, %[[X]] {
// CHECK-NEXT: ^bb0(%[[I:.*]]: tensor<i32>, %[[A:.*]]: tensor<4xf32>):
// CHECK-DAG: %[[THREE:.*]] = tfl.const dense<3>
// CHECK-DAG: %[[TIMES:.*]] = tfl.mul %[[I]], %[[THREE]]
// CHECK-DAG: %[[N:.*]] = tfl.add %[[TIMES]], %{{.*}}
// CHECK: %[[G:.*]] = tfl.gather %[[A]], %[[N]]
// CHECK: tfl.gather %[[G]], %[[I]]
// CHECK: tfl.yield %{{.*}} : tensor<4xf32>
// CHECK: %[[LAST:.*]] = tfl.const dense<9>
// CHECK: %[[END:.*]] = tfl.const dense<28>
// CHECK: return %[[LAST]], %[[END]], %[[Y]]
func.func @counted(%x: tensor<4xf32>) -> (tensor<i32>, tensor<i32>, tensor<4xf32>) {
  %zero = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %three = tfl.const dense<3> : tensor<i32> -> tensor<i32>
  %limit = tfl.const dense<28> : tensor<i32> -> tensor<i32>
  %r:3 = tfl.loop %zero, %one, %x {
  ^bb0(%i: tensor<i32>, %n: tensor<i32>, %a: tensor<4xf32>):
    %c = tfl.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %d = tfl.greater %limit, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %both = tfl.logical_and %c, %d : (tensor<i1>, tensor<i1>) -> tensor<i1>
    tfl.yield %both : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %n: tensor<i32>, %a: tensor<4xf32>):
    %g = tfl.gather %a, %n : (tensor<4xf32>, tensor<i32>) -> tensor<4xf32>
    %h = tfl.gather %g, %i : (tensor<4xf32>, tensor<i32>) -> tensor<4xf32>
    %i2 = tfl.add %one, %i {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %n2 = tfl.add %n, %three {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tfl.yield %i2, %n2, %h : tensor<i32>, tensor<i32>, tensor<4xf32>
  } : (tensor<i32>, tensor<i32>, tensor<4xf32>) -> (tensor<i32>, tensor<i32>, tensor<4xf32>)
  return %r#0, %r#1, %r#2 : tensor<i32>, tensor<i32>, tensor<4xf32>
}

// -----

// A counter that would wrap around before it reaches the limit, and one that starts with data.
// CHECK-LABEL: func.func @unknown
// CHECK-NOT: tfl.repeat
// CHECK: return
func.func @unknown(%n: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
  %zero = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %step = tfl.const dense<65536> : tensor<i32> -> tensor<i32>
  %limit = tfl.const dense<2147483647> : tensor<i32> -> tensor<i32>
  %a = tfl.loop %zero {
  ^bb0(%i: tensor<i32>):
    %c = tfl.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tfl.yield %c : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>):
    %i2 = tfl.add %i, %step {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tfl.yield %i2 : tensor<i32>
  } : (tensor<i32>) -> tensor<i32>
  %b = tfl.loop %n {
  ^bb0(%i: tensor<i32>):
    %c = tfl.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tfl.yield %c : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>):
    %i2 = tfl.add %i, %step {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tfl.yield %i2 : tensor<i32>
  } : (tensor<i32>) -> tensor<i32>
  return %a, %b : tensor<i32>, tensor<i32>
}

// -----

// A loop that also ends for another reason runs at most that often.
// CHECK-LABEL: func.func @at_most
// CHECK: tfl.loop
// CHECK: {at_most = 7 : i64}
func.func @at_most(%go: tensor<i1>) -> tensor<i32> {
  %zero = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %limit = tfl.const dense<7> : tensor<i32> -> tensor<i32>
  %r = tfl.loop %zero {
  ^bb0(%i: tensor<i32>):
    %c = tfl.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %both = tfl.logical_and %go, %c : (tensor<i1>, tensor<i1>) -> tensor<i1>
    tfl.yield %both : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>):
    %i2 = tfl.add %i, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tfl.yield %i2 : tensor<i32>
  } : (tensor<i32>) -> tensor<i32>
  return %r : tensor<i32>
}
