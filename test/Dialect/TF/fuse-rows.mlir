// RUN: tflc-opt %s -tf-fuse-rows | FileCheck %s

// CHECK-LABEL: func.func @rows
// CHECK: %[[W:.*]] = tf.Const
// CHECK: %[[Y:.*]] = tf.BatchMatMulV2 %arg0, %[[W]]
// CHECK: return %[[Y]]
func.func @rows(%x: tensor<?x3x4xf32>) -> tensor<?x3x2xf32> {
  %w = tf.Const dense<1.0> : tensor<4x2xf32> -> tensor<4x2xf32>
  %flat = tf.Const dense<[-1, 4]> : tensor<2xi32> -> tensor<2xi32>
  %full = tf.Const dense<[-1, 3, 2]> : tensor<3xi32> -> tensor<3xi32>
  %0 = tf.Reshape %x, %flat : (tensor<?x3x4xf32>, tensor<2xi32>) -> tensor<?x4xf32>
  %1 = tf.MatMul %0, %w : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  %2 = tf.Reshape %1, %full : (tensor<?x2xf32>, tensor<3xi32>) -> tensor<?x3x2xf32>
  return %2 : tensor<?x3x2xf32>
}

// The bias is added before the rows get other dimensions.
// CHECK-LABEL: func.func @biased
// CHECK: %[[P:.*]] = tf.BatchMatMulV2 %arg0
// CHECK: %[[S:.*]] = tf.AddV2 %[[P]]
// CHECK: tf.Reshape %[[S]], %{{.*}} -> tensor<3x2x2xf32>
func.func @biased(%x: tensor<2x3x4xf32>) -> tensor<3x2x2xf32> {
  %w = tf.Const dense<1.0> : tensor<4x2xf32> -> tensor<4x2xf32>
  %b = tf.Const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  %flat = tf.Const dense<[-1, 4]> : tensor<2xi32> -> tensor<2xi32>
  %full = tf.Const dense<[3, 2, 2]> : tensor<3xi32> -> tensor<3xi32>
  %0 = tf.Reshape %x, %flat : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<6x4xf32>
  %1 = tf.MatMul %0, %w : (tensor<6x4xf32>, tensor<4x2xf32>) -> tensor<6x2xf32>
  %2 = tf.BiasAdd %1, %b : (tensor<6x2xf32>, tensor<2xf32>) -> tensor<6x2xf32>
  %3 = tf.Reshape %2, %full : (tensor<6x2xf32>, tensor<3xi32>) -> tensor<3x2x2xf32>
  return %3 : tensor<3x2x2xf32>
}

// Rows of other lengths than the batch has.
// CHECK-LABEL: func.func @other
// CHECK: tf.MatMul
func.func @other(%x: tensor<2x3x4xf32>) -> tensor<2x2xf32> {
  %w = tf.Const dense<1.0> : tensor<12x2xf32> -> tensor<12x2xf32>
  %flat = tf.Const dense<[-1, 12]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.Reshape %x, %flat : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<2x12xf32>
  %1 = tf.MatMul %0, %w : (tensor<2x12xf32>, tensor<12x2xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// Two values: one view is saved where another one follows.
// CHECK-LABEL: func.func @two_values
// CHECK: tf.BatchMatMulV2 %arg0, %arg1 {{.*}} -> tensor<2x3x5xf32>
// CHECK: tf.Reshape {{.*}} -> tensor<30xf32>
func.func @two_values(%x: tensor<2x3x4xf32>, %y: tensor<4x5xf32>) -> tensor<30xf32> {
  %rows = tf.Const dense<[6, 4]> : tensor<2xi32> -> tensor<2xi32>
  %flat = tf.Const dense<30> : tensor<1xi32> -> tensor<1xi32>
  %0 = tf.Reshape %x, %rows : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<6x4xf32>
  %1 = tf.MatMul %0, %y : (tensor<6x4xf32>, tensor<4x5xf32>) -> tensor<6x5xf32>
  %2 = tf.Reshape %1, %flat : (tensor<6x5xf32>, tensor<1xi32>) -> tensor<30xf32>
  return %2 : tensor<30xf32>
}
