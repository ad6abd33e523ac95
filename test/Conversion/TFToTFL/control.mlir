// RUN: tflc-opt %s -tf-to-tfl -allow-unregistered-dialect | FileCheck %s

// What the branches use from around them becomes an operand; constants are copied.
// CHECK-LABEL: func.func @branch
// CHECK: if{{.*}}%arg0, %arg1{{.*}}else_subgraph = @cond_false, then_subgraph = @cond_true
// CHECK: func.func private @cond_true(%arg0: tensor<2xf32>)
// CHECK-NEXT: tfl.const
// CHECK-NEXT: tfl.add
// CHECK: func.func private @cond_false(%arg0: tensor<2xf32>)
// CHECK: tfl.neg
func.func @branch(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
  %one = tf.Const dense<1.0> : tensor<f32> -> tensor<f32>
  %0 = tf.IfRegion %c {
    %1 = tf.AddV2 %x, %one : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
    tf.Yield %1 : tensor<2xf32>
  } else {
    %1 = tf.Neg %x : (tensor<2xf32>) -> tensor<2xf32>
    tf.Yield %1 : tensor<2xf32>
  } : (tensor<i1>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
