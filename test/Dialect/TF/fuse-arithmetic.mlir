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

// What is never negative is its own positive part.
// CHECK-LABEL: func.func @positive
// CHECK: %[[D:.*]] = tf.SquaredDifference %arg0, %arg1
// CHECK-NEXT: return %[[D]]
func.func @positive(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tf.SquaredDifference %x, %y : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = tf.Relu %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// The square of an integer may be negative, as it wraps around.
// CHECK-LABEL: func.func @wrapping
// CHECK: tf.Relu
func.func @wrapping(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = tf.Square %x : (tensor<2xi32>) -> tensor<2xi32>
  %1 = tf.Relu %0 : (tensor<2xi32>) -> tensor<2xi32>
  return %1 : tensor<2xi32>
}

// A tensor of one number is that number.
// CHECK-LABEL: func.func @number
// CHECK: %[[N:.*]] = tf.Const dense<3> : tensor<i64>
// CHECK: tf.Maximum %[[N]], %arg0
func.func @number(%x: tensor<2x3xi64>) -> tensor<2x3xi64> {
  %n = tf.Const dense<3> : tensor<2x3xi64> -> tensor<2x3xi64>
  %0 = tf.Maximum %n, %x : (tensor<2x3xi64>, tensor<2x3xi64>) -> tensor<2x3xi64>
  return %0 : tensor<2x3xi64>
}

// Here it makes the result larger.
// CHECK-LABEL: func.func @broadcast_number
// CHECK: tf.Maximum {{.*}} (tensor<2x3xi64>, tensor<3xi64>)
func.func @broadcast_number(%x: tensor<3xi64>) -> tensor<2x3xi64> {
  %n = tf.Const dense<3> : tensor<2x3xi64> -> tensor<2x3xi64>
  %0 = tf.Maximum %n, %x : (tensor<2x3xi64>, tensor<3xi64>) -> tensor<2x3xi64>
  return %0 : tensor<2x3xi64>
}

// All parts of a tensor in a row are the tensor.
// CHECK-LABEL: func.func @parts
// CHECK: tf.Reshape %arg0, {{.*}} -> tensor<2x12xf32>
func.func @parts(%x: tensor<2x3x4xf32>) -> tensor<2x12xf32> {
  %axis = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %0:3 = tf.Unpack %x {axis = 1 : i64} : (tensor<2x3x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  %1 = tf.ConcatV2 %0#0, %0#1, %0#2, %axis
    : (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<i32>) -> tensor<2x12xf32>
  return %1 : tensor<2x12xf32>
}

// In another order they are not.
// CHECK-LABEL: func.func @exchanged_parts
// CHECK: tf.ConcatV2
func.func @exchanged_parts(%x: tensor<2x2x4xf32>) -> tensor<2x8xf32> {
  %axis = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %0:2 = tf.Unpack %x {axis = 1 : i64} : (tensor<2x2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>)
  %1 = tf.ConcatV2 %0#1, %0#0, %axis : (tensor<2x4xf32>, tensor<2x4xf32>, tensor<i32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// A choice broadcasts its condition.
// CHECK-LABEL: func.func @condition
// CHECK: tf.SelectV2 %arg0, %arg1, %arg2
func.func @condition(%c: tensor<2x1xi1>, %x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %counts = tf.Const dense<[1, 3]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.Tile %c, %counts : (tensor<2x1xi1>, tensor<2xi32>) -> tensor<2x3xi1>
  %1 = tf.SelectV2 %0, %x, %y : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// Over no dimension there is nothing to reduce.
// CHECK-LABEL: func.func @no_dimension
// CHECK: return %arg0
func.func @no_dimension(%x: tensor<i1>) -> tensor<i1> {
  %none = tf.Const dense<> : tensor<0xi32> -> tensor<0xi32>
  %0 = tf.All %x, %none : (tensor<i1>, tensor<0xi32>) -> tensor<i1>
  return %0 : tensor<i1>
}
