// RUN: tflc-opt %s -tf-fuse-arithmetic | FileCheck %s

// CHECK-LABEL: func.func @squared_difference
// CHECK: %[[D:.*]] = tf.SquaredDifference %arg0, %arg1
// CHECK: return %[[D]]
func.func @squared_difference(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = tf.Sub %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = tf.Square %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @difference_used
// CHECK: tf.Square
func.func @difference_used(%x: tensor<2xf32>, %y: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = tf.Sub %x, %y : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = tf.Square %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: func.func @inverse_root
// CHECK: tf.Rsqrt %arg0
// CHECK-NOT: tf.RealDiv
func.func @inverse_root(%x: tensor<2xf32>) -> tensor<2xf32> {
  %one = tf.Const dense<1.0> : tensor<f32> -> tensor<f32>
  %0 = tf.Sqrt %x : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tf.RealDiv %one, %0 : (tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @exchange
// CHECK: tf.BatchMatMulV2 %arg0, %arg1 {adj_y = true}
func.func @exchange(%x: tensor<2x3x4xf32>, %y: tensor<2x5x4xf32>) -> tensor<2x3x5xf32> {
  %perm = tf.Const dense<[0, 2, 1]> : tensor<3xi32> -> tensor<3xi32>
  %0 = tf.Transpose %y, %perm : (tensor<2x5x4xf32>, tensor<3xi32>) -> tensor<2x4x5xf32>
  %1 = tf.BatchMatMulV2 %x, %0 : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  return %1 : tensor<2x3x5xf32>
}

// CHECK-LABEL: func.func @whole_update
// CHECK: return %arg1
func.func @whole_update(%x: tensor<1x2xf32>, %y: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %at = tf.Const dense<0> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.XlaDynamicUpdateSlice %x, %y, %at
    : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @reduction_of_one
// CHECK-NOT: tf.Sum
// CHECK: tf.Reshape %arg0, {{.*}} -> tensor<?x2xf32>
// CHECK: return %arg0
func.func @reduction_of_one(%x: tensor<?x2x1xf32>) -> (tensor<?x2x1xf32>, tensor<?x2xf32>) {
  %last = tf.Const dense<-1> : tensor<i32> -> tensor<i32>
  %0 = tf.Sum %x, %last {keep_dims = true} : (tensor<?x2x1xf32>, tensor<i32>) -> tensor<?x2x1xf32>
  %1 = tf.Max %x, %last {keep_dims = false} : (tensor<?x2x1xf32>, tensor<i32>) -> tensor<?x2xf32>
  return %0, %1 : tensor<?x2x1xf32>, tensor<?x2xf32>
}

// CHECK-LABEL: func.func @empty_part
// CHECK-NOT: tf.ConcatV2
// CHECK: return %arg0
func.func @empty_part(%x: tensor<1xi32>) -> tensor<1xi32> {
  %axis = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %none = tf.Const dense<> : tensor<0xi32> -> tensor<0xi32>
  %0 = tf.ConcatV2 %none, %x, %axis : (tensor<0xi32>, tensor<1xi32>, tensor<i32>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// CHECK-LABEL: func.func @reduction_of_two
// CHECK: tf.Sum
func.func @reduction_of_two(%x: tensor<?x2x1xf32>) -> tensor<?x1x1xf32> {
  %axes = tf.Const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.Sum %x, %axes {keep_dims = true} : (tensor<?x2x1xf32>, tensor<2xi32>) -> tensor<?x1x1xf32>
  return %0 : tensor<?x1x1xf32>
}

// CHECK-LABEL: func.func @slope_of_one
// CHECK-NEXT: return %arg0
func.func @slope_of_one(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tf.LeakyRelu %x {alpha = 1.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
