// RUN: tflc-opt %s -tf-to-tfl | FileCheck %s

// Weights have one row for each output; the addition behind is the bias.
// CHECK-LABEL: func.func @dense
// CHECK-DAG: %[[W:.*]] = tfl.const dense<{{.*}}1.000000e+00, 3.000000e+00], [2.000000e+00, 4.000000e+00{{.*}}> : tensor<2x2xf32>
// CHECK-DAG: %[[B:.*]] = tfl.const dense<[5.000000e+00, 6.000000e+00]>
// CHECK: tfl.fully_connected %arg0, %[[W]], %[[B]]
func.func @dense(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = tf.Const dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b = tf.Const dense<[5.0, 6.0]> : tensor<2xf32> -> tensor<2xf32>
  %0 = tf.MatMul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = tf.BiasAdd %0, %b : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @depthwise
// CHECK: tfl.depthwise_conv_2d {{.*}} {depth_multiplier = 2 : i32, {{.*}}stride_h = 1 : i32, stride_w = 2 : i32}
// CHECK-SAME: tensor<1x3x3x4xf32>
func.func @depthwise(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2x2xf32>) -> tensor<1x4x2x4xf32> {
  %0 = tf.DepthwiseConv2dNative %x, %w {padding = "SAME", strides = array<i64: 1, 1, 2, 1>}
    : (tensor<1x4x4x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x4x2x4xf32>
  return %0 : tensor<1x4x2x4xf32>
}

// A filter of one element that is fed has nothing to transpose.
// CHECK-LABEL: func.func @point
// CHECK-NOT: tfl.transpose
// CHECK: tfl.conv_2d %arg0, %arg1
func.func @point(%x: tensor<1x4x4x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x4x4x1xf32> {
  %0 = tf.Conv2D %x, %w {padding = "SAME", strides = array<i64: 1, 1, 1, 1>}
    : (tensor<1x4x4x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x1xf32>
  return %0 : tensor<1x4x4x1xf32>
}
