// RUN: tflc-opt %s -tf-decompose | FileCheck %s

// CHECK-LABEL: func.func @softsign
// CHECK: %[[A:.*]] = tf.Abs %arg0
// CHECK: %[[S:.*]] = tf.AddV2 %[[A]]
// CHECK: tf.RealDiv %arg0, %[[S]]
func.func @softsign(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tf.Softsign %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @roll
// CHECK: %[[LAST:.*]] = tf.Slice %arg0
// CHECK: %[[FIRST:.*]] = tf.Slice %arg0
// CHECK: tf.ConcatV2 %[[LAST]], %[[FIRST]]
func.func @roll(%x: tensor<4xf32>) -> tensor<4xf32> {
  %shift = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %axis = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %0 = tf.Roll %x, %shift, %axis : (tensor<4xf32>, tensor<i32>, tensor<i32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @division
// CHECK: %[[ZERO:.*]] = tf.Equal %arg1
// CHECK: tf.SelectV2 %[[ZERO]]
func.func @division(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tf.DivNoNan %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @sinh
// CHECK: %[[UP:.*]] = tf.Exp %arg0
// CHECK: %[[N:.*]] = tf.Neg %arg0
// CHECK: %[[DOWN:.*]] = tf.Exp %[[N]]
// CHECK: %[[D:.*]] = tf.Sub %[[UP]], %[[DOWN]]
// CHECK: tf.Mul %[[D]]
func.func @sinh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tf.Sinh %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @arc_sine
// CHECK: %[[LEG:.*]] = tf.Sqrt
// CHECK: tf.Atan2 %arg0, %[[LEG]]
func.func @arc_sine(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tf.Asin %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @error_function
// CHECK-COUNT-2: tf.Gelu
// CHECK: tf.RealDiv
// CHECK: tf.SelectV2
func.func @error_function(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tf.Erf %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The format has these functions for float32 only.
// CHECK-LABEL: func.func @double_sine
// CHECK: tf.Sinh
func.func @double_sine(%x: tensor<4xf64>) -> tensor<4xf64> {
  %0 = tf.Sinh %x : (tensor<4xf64>) -> tensor<4xf64>
  return %0 : tensor<4xf64>
}

// CHECK-LABEL: func.func @volumes
// CHECK: %[[P:.*]] = tf.MaxPool %{{.*}} {{{.*}}ksize = array<i64: 1, 2, 3, 1>{{.*}} -> tensor<?x2x2x2xf32>
// CHECK: %[[R:.*]] = tf.Reshape %[[P]]
// CHECK: %[[D:.*]] = tf.MaxPool %[[R]] {{{.*}}ksize = array<i64: 1, 2, 1, 1>
// CHECK: tf.Reshape %[[D]]{{.*}} -> tensor<?x2x2x2x2xf32>
func.func @volumes(%x: tensor<?x4x4x6x2xf32>) -> tensor<?x2x2x2x2xf32> {
  %0 = tf.MaxPool3D %x {ksize = array<i64: 1, 2, 2, 3, 1>, strides = array<i64: 1, 2, 2, 3, 1>, padding = "VALID"}
    : (tensor<?x4x4x6x2xf32>) -> tensor<?x2x2x2x2xf32>
  return %0 : tensor<?x2x2x2x2xf32>
}

// The middle of two samples: (-1, 9, 9, -1) / 16, where all four are there.
// CHECK-LABEL: func.func @cubic
// CHECK: %[[M:.*]] = tf.Const dense<{{.*}}[-6.250000e-02, 5.625000e-01, 5.625000e-01, -6.250000e-02]{{.*}}> : tensor<1x4xf32>
// CHECK: tf.BatchMatMulV2 %[[M]]
// CHECK: tf.BatchMatMulV2
func.func @cubic(%x: tensor<2x4x4x3xf32>) -> tensor<2x1x4x3xf32> {
  %size = tf.Const dense<[1, 4]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.ResizeBicubic %x, %size {half_pixel_centers = true}
    : (tensor<2x4x4x3xf32>, tensor<2xi32>) -> tensor<2x1x4x3xf32>
  return %0 : tensor<2x1x4x3xf32>
}

// CHECK-LABEL: func.func @boxes
// CHECK: %[[I:.*]], %[[N:.*]] = tf.NonMaxSuppressionV4 {{.*}} {pad_to_max_output_size = true}
// CHECK: %[[SIZE:.*]] = tf.Reshape %[[N]]
// CHECK: tf.Slice %[[I]], %{{.*}}, %[[SIZE]]
func.func @boxes(%b: tensor<9x4xf32>, %s: tensor<9xf32>, %t: tensor<f32>) -> tensor<?xi32> {
  %most = tf.Const dense<3> : tensor<i32> -> tensor<i32>
  %0 = tf.NonMaxSuppressionV3 %b, %s, %most, %t, %t
    : (tensor<9x4xf32>, tensor<9xf32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<?xi32>
  return %0 : tensor<?xi32>
}

// CHECK-LABEL: func.func @open_band
// CHECK-COUNT-2: tf.Range
// CHECK: %[[BAND:.*]] = tf.LogicalAnd
// CHECK: tf.SelectV2 %[[BAND]], %arg0
func.func @open_band(%x: tensor<?x?xf32>, %lower: tensor<i32>, %upper: tensor<i32>) -> tensor<?x?xf32> {
  %0 = tf.MatrixBandPart %x, %lower, %upper : (tensor<?x?xf32>, tensor<i32>, tensor<i32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @cross_entropy
// CHECK: %[[L:.*]] = tf.LogSoftmax %arg0
// CHECK: %[[P:.*]] = tf.Mul %arg1, %[[L]]
// CHECK: %[[S:.*]] = tf.Sum %[[P]]
// CHECK: tf.Neg %[[S]]
func.func @cross_entropy(%x: tensor<2x5xf32>, %y: tensor<2x5xf32>) -> tensor<2xf32> {
  %loss, %gradient = tf.SoftmaxCrossEntropyWithLogits %x, %y
    : (tensor<2x5xf32>, tensor<2x5xf32>) -> (tensor<2xf32>, tensor<2x5xf32>)
  return %loss : tensor<2xf32>
}

// Several shifts along one axis are one; here they undo each other.
// CHECK-LABEL: func.func @roll_twice
// CHECK-NEXT: return %arg0
func.func @roll_twice(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %shift = tf.Const dense<[3, 1]> : tensor<2xi32> -> tensor<2xi32>
  %axis = tf.Const dense<[1, -1]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.Roll %x, %shift, %axis : (tensor<3x4xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// CHECK-LABEL: func.func @open_rank
// CHECK: tf.SelectV2 {{.*}} -> tensor<*xf32>
func.func @open_rank(%x: tensor<*xf32>, %n: tensor<i32>) -> tensor<*xf32> {
  %0 = tf.MatrixBandPart %x, %n, %n : (tensor<*xf32>, tensor<i32>, tensor<i32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// CHECK-LABEL: func.func @spectrum
// CHECK: %[[L:.*]] = tf.ExpandDims %arg0
// CHECK: %[[S:.*]] = tf.RFFT2D %[[L]]
// CHECK: tf.Squeeze %[[S]]
func.func @spectrum(%x: tensor<2x8xf32>) -> tensor<2x5xcomplex<f32>> {
  %n = tf.Const dense<8> : tensor<1xi32> -> tensor<1xi32>
  %0 = tf.RFFT %x, %n : (tensor<2x8xf32>, tensor<1xi32>) -> tensor<2x5xcomplex<f32>>
  return %0 : tensor<2x5xcomplex<f32>>
}

// CHECK-LABEL: func.func @sparse_entropy
// CHECK: %[[H:.*]] = tf.OneHot %arg1
// CHECK: %[[L:.*]] = tf.LogSoftmax %arg0
// CHECK: %[[P:.*]] = tf.Mul %[[H]], %[[L]]
// CHECK: %[[S:.*]] = tf.Sum %[[P]]
// CHECK: tf.Neg %[[S]]
func.func @sparse_entropy(%x: tensor<3x4xf32>, %y: tensor<3xi32>) -> tensor<3xf32> {
  %0:2 = tf.SparseSoftmaxCrossEntropyWithLogits %x, %y
    : (tensor<3x4xf32>, tensor<3xi32>) -> (tensor<3xf32>, tensor<3x4xf32>)
  return %0#0 : tensor<3xf32>
}
