// RUN: tflc-opt %s -tf-decompose-einsum -canonicalize | FileCheck %s

// What comes transposed needs no transposition.
// CHECK-LABEL: func.func @adjoint
// CHECK-NEXT: tf.BatchMatMulV2 %arg0, %arg1 {adj_y = true}
// CHECK-NEXT: return
func.func @adjoint(%x: tensor<2x3x4xf32>, %y: tensor<2x5x4xf32>) -> tensor<2x3x5xf32> {
  %0 = tf.Einsum %x, %y {equation = "bij,bkj->bik"}
    : (tensor<2x3x4xf32>, tensor<2x5x4xf32>) -> tensor<2x3x5xf32>
  return %0 : tensor<2x3x5xf32>
}

// Weights of several dimensions are a matrix; the result is reshaped.
// CHECK-LABEL: func.func @weights
// CHECK: %[[W:.*]] = tf.Reshape %arg1, {{.*}} -> tensor<4x6xf32>
// CHECK: %[[P:.*]] = tf.BatchMatMulV2 %arg0, %[[W]]
// CHECK: tf.Reshape %[[P]], {{.*}} -> tensor<?x3x2x3xf32>
func.func @weights(%x: tensor<?x3x4xf32>, %y: tensor<4x2x3xf32>) -> tensor<?x3x2x3xf32> {
  %0 = tf.Einsum %x, %y {equation = "btd,dhk->bthk"}
    : (tensor<?x3x4xf32>, tensor<4x2x3xf32>) -> tensor<?x3x2x3xf32>
  return %0 : tensor<?x3x2x3xf32>
}

// CHECK-LABEL: func.func @sum_and_turn
// CHECK: %[[S:.*]] = tf.Sum %arg0
// CHECK: tf.Transpose %[[S]]
func.func @sum_and_turn(%x: tensor<2x3x4xf32>) -> tensor<4x2xf32> {
  %0 = tf.Einsum %x {equation = "ijk->ki"} : (tensor<2x3x4xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// A diagonal stays.
// CHECK-LABEL: func.func @diagonal
// CHECK: tf.Einsum
func.func @diagonal(%x: tensor<3x3xf32>) -> tensor<3xf32> {
  %0 = "tf.Einsum"(%x) {equation = "ii->i"} : (tensor<3x3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// A dimension of an ellipsis that one operand is broadcast along.
// CHECK-LABEL: func.func @broadcast
// CHECK: %[[Y:.*]] = tf.Squeeze %arg1{{.*}} -> tensor<3x6xf32>
// CHECK-NOT: tf.Einsum
func.func @broadcast(%x: tensor<4x3x5xf32>, %y: tensor<3x6x1xf32>) -> tensor<4x6x5xf32> {
  %0 = tf.Einsum %x, %y {equation = "ij...,jk...->ik..."}
    : (tensor<4x3x5xf32>, tensor<3x6x1xf32>) -> tensor<4x6x5xf32>
  return %0 : tensor<4x6x5xf32>
}

// Several open sizes: the result's shape is read at run time.
// CHECK-LABEL: func.func @open_sizes
// CHECK: %[[P:.*]] = tf.BatchMatMulV2 %arg0
// CHECK: %[[S:.*]] = tf.ConcatV2
// CHECK: tf.Reshape %[[P]], %[[S]]{{.*}} -> tensor<?x?x8x6xf32>
func.func @open_sizes(%x: tensor<?x?x12xf32>, %y: tensor<12x8x6xf32>) -> tensor<?x?x8x6xf32> {
  %0 = tf.Einsum %x, %y {equation = "ABD,DNH->ABNH"}
    : (tensor<?x?x12xf32>, tensor<12x8x6xf32>) -> tensor<?x?x8x6xf32>
  return %0 : tensor<?x?x8x6xf32>
}

// The order of the operands that gives the dimensions in their order.
// CHECK-LABEL: func.func @turned
// CHECK: %[[X:.*]] = tf.Transpose %arg0
// CHECK: %[[P:.*]] = tf.BatchMatMulV2 %arg1, %[[X]]
// CHECK: return %[[P]]
func.func @turned(%x: tensor<2x5x7xf32>, %y: tensor<5x3x2xf32>) -> tensor<5x3x7xf32> {
  %0 = tf.Einsum %x, %y {equation = "LBH,BKL->BKH"}
    : (tensor<2x5x7xf32>, tensor<5x3x2xf32>) -> tensor<5x3x7xf32>
  return %0 : tensor<5x3x7xf32>
}

// Batch and steps are both open: the sizes of the product are read.
// CHECK-LABEL: func.func @open
// CHECK: tf.Shape %arg0
// CHECK: %[[ROWS:.*]] = tf.Reshape %arg0, {{.*}} -> tensor<?x?x8xf32>
// CHECK: tf.BatchMatMulV2 %[[ROWS]], {{.*}} -> tensor<?x?x3xf32>
func.func @open(%x: tensor<?x?x2x4xf32>, %w: tensor<2x4x3xf32>) -> tensor<?x?x3xf32> {
  %0 = tf.Einsum %x, %w {equation = "abcd,cde->abe"} : (tensor<?x?x2x4xf32>, tensor<2x4x3xf32>) -> tensor<?x?x3xf32>
  return %0 : tensor<?x?x3xf32>
}

// What one operand is broadcast along stays where the products broadcast it anyway.
// CHECK-LABEL: func.func @broadcast_batch
// CHECK: %[[X:.*]] = tf.Reshape %arg0, {{.*}} -> tensor<1x5x1x4xf32>
// CHECK: %[[P:.*]] = tf.BatchMatMulV2 %[[X]], %arg1 {adj_y = true} {{.*}} -> tensor<7x5x1x3xf32>
// CHECK: tf.Reshape %[[P]], {{.*}} -> tensor<7x5x3xf32>
// CHECK-NOT: tf.Transpose
func.func @broadcast_batch(%x: tensor<1x5x4xf32>, %y: tensor<7x5x3x4xf32>) -> tensor<7x5x3xf32> {
  %0 = tf.Einsum %x, %y {equation = "...ij,...inj->...in"}
    : (tensor<1x5x4xf32>, tensor<7x5x3x4xf32>) -> tensor<7x5x3xf32>
  return %0 : tensor<7x5x3xf32>
}

// Sizes at run time that stand side by side are read at once.
// CHECK-LABEL: func.func @adjacent_sizes
// CHECK: tf.StridedSlice
// CHECK-NOT: tf.StridedSlice
func.func @adjacent_sizes(%x: tensor<?x?x4xf32>, %y: tensor<4x2x3xf32>) -> tensor<?x?x2x3xf32> {
  %0 = tf.Einsum %x, %y {equation = "abd,dnh->abnh"}
    : (tensor<?x?x4xf32>, tensor<4x2x3xf32>) -> tensor<?x?x2x3xf32>
  return %0 : tensor<?x?x2x3xf32>
}
