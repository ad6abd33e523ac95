// RUN: tflc-opt %s -tf-hoist-loop-invariants | FileCheck %s

// The second value comes back as it was; the first one is the loop's state.
// CHECK-LABEL: func.func @passed_through
// CHECK: %[[LOOP:.*]] = tf.WhileRegion %arg0 {
// CHECK-NEXT: ^bb0(%[[I:.*]]: tensor<i32>):
// CHECK-NEXT: tf.Less %[[I]], %arg1
// CHECK: } do {
// CHECK: tf.AddV2 %{{.*}}, %arg1
// CHECK: return %[[LOOP]], %arg1
func.func @passed_through(%x: tensor<i32>, %n: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
  %0:2 = tf.WhileRegion %x, %n {
  ^bb0(%i: tensor<i32>, %m: tensor<i32>):
    %c = tf.Less %i, %m : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %c : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %m: tensor<i32>):
    %s = tf.AddV2 %i, %m : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %same = tf.Identity %m : (tensor<i32>) -> tensor<i32>
    tf.Yield %s, %same : tensor<i32>, tensor<i32>
  } : (tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>)
  return %0#0, %0#1 : tensor<i32>, tensor<i32>
}

// A counter that nothing reads vanishes.
// CHECK-LABEL: func.func @unread
// CHECK: tf.WhileRegion %arg0 {
func.func @unread(%x: tensor<i32>, %n: tensor<i32>) -> tensor<i32> {
  %0:2 = tf.WhileRegion %x, %n {
  ^bb0(%i: tensor<i32>, %m: tensor<i32>):
    %c = tf.Less %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %c : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %m: tensor<i32>):
    %s = tf.AddV2 %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %next = tf.AddV2 %m, %n : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tf.Yield %s, %next : tensor<i32>, tensor<i32>
  } : (tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>)
  return %0#0 : tensor<i32>
}
