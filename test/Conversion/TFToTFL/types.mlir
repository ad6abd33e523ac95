// RUN: tflc-opt %s -tf-to-tfl | FileCheck %s

// Operators whose kernels take other types than TensorFlow's operations.

// CHECK-LABEL: func.func @unsigned
// CHECK: %[[X:.*]] = tfl.cast %arg0 {{.*}} -> tensor<2xi32>
// CHECK: %[[Y:.*]] = tfl.cast %arg1 {{.*}} -> tensor<2xi32>
// CHECK: %[[S:.*]] = tfl.add %[[X]], %[[Y]]
// CHECK: tfl.cast %[[S]] {{.*}} -> tensor<2xui32>
func.func @unsigned(%x: tensor<2xui32>, %y: tensor<2xui32>) -> tensor<2xui32> {
  %0 = tf.AddV2 %x, %y : (tensor<2xui32>, tensor<2xui32>) -> tensor<2xui32>
  return %0 : tensor<2xui32>
}

// CHECK-LABEL: func.func @narrow_indices
// CHECK: tfl.topk_v2 %arg0, %arg1 {{.*}} -> (tensor<?xf32>, tensor<?xi16>)
func.func @narrow_indices(%x: tensor<8xf32>, %k: tensor<i16>) -> tensor<?xi16> {
  %0:2 = tf.TopKV2 %x, %k {index_type = i16} : (tensor<8xf32>, tensor<i16>) -> (tensor<?xf32>, tensor<?xi16>)
  return %0#1 : tensor<?xi16>
}

// CHECK-LABEL: func.func @segments
// CHECK: %[[I:.*]] = tfl.cast %arg1 {{.*}} -> tensor<4xi32>
// CHECK: tfl.unsorted_segment_sum %arg0, %[[I]]
func.func @segments(%x: tensor<4xf32>, %ids: tensor<4xi64>) -> tensor<2xf32> {
  %n = tf.Const dense<2> : tensor<i64> -> tensor<i64>
  %0 = tf.UnsortedSegmentSum %x, %ids, %n : (tensor<4xf32>, tensor<4xi64>, tensor<i64>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Weights of four bits: 15 steps of 0.1 from -0.7 on.
// CHECK-LABEL: func.func @four_bits
// CHECK: tfl.const dense<[-0.699999988, 1.000000e-01, 8.000000e-01]>
// CHECK-NOT: dequantize
func.func @four_bits() -> tensor<3xf32> {
  %w = tf.Const dense<[-5.0, 0.06, 5.0]> : tensor<3xf32> -> tensor<3xf32>
  %min = tf.Const dense<-0.7> : tensor<f32> -> tensor<f32>
  %max = tf.Const dense<0.8> : tensor<f32> -> tensor<f32>
  %0 = tf.FakeQuantWithMinMaxVars %w, %min, %max {num_bits = 4 : i64}
    : (tensor<3xf32>, tensor<f32>, tensor<f32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
