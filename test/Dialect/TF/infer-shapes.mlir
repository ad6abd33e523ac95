// RUN: tflc-opt %s -split-input-file -tf-infer-shapes -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @convolution
// CHECK-SAME: -> tensor<?x4x3x5xf32>
// CHECK: tf.Conv2D {{.*}} -> tensor<?x4x3x5xf32>
func.func @convolution(%x: tensor<?x8x6x2xf32>, %w: tensor<3x3x2x5xf32>) -> tensor<*xf32> {
  %0 = tf.Conv2D %x, %w {padding = "SAME", strides = array<i64: 1, 2, 2, 1>}
    : (tensor<?x8x6x2xf32>, tensor<3x3x2x5xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// The batch stays open; the rest of the shape follows.
// CHECK-LABEL: func.func @flatten
// CHECK: tf.Reshape {{.*}} -> tensor<?x12xf32>
func.func @flatten(%x: tensor<?x3x4xf32>) -> tensor<*xf32> {
  %zero = tf.Const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %one = tf.Const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %twelve = tf.Const dense<12> : tensor<i32> -> tensor<i32>
  %s = tf.Shape %x : (tensor<?x3x4xf32>) -> tensor<*xi32>
  %b = tf.StridedSlice %s, %zero, %one, %one {shrink_axis_mask = 1 : i64}
    : (tensor<*xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<*xi32>
  %p = tf.Pack %b, %twelve : (tensor<*xi32>, tensor<i32>) -> tensor<*xi32>
  %0 = tf.Reshape %x, %p : (tensor<?x3x4xf32>, tensor<*xi32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// A loop's value grows from round to round: its size is open.
// CHECK-LABEL: func.func @loop
// CHECK: tf.WhileRegion %arg0 {
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<?xf32>):
// CHECK: } : (tensor<1xf32>) -> tensor<?xf32>
func.func @loop(%x: tensor<1xf32>, %c: tensor<i1>) -> tensor<*xf32> {
  %axis = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %0 = tf.WhileRegion %x {
  ^bb0(%a: tensor<*xf32>):
    tf.Yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<*xf32>):
    %1 = tf.ConcatV2 %a, %a, %axis : (tensor<*xf32>, tensor<*xf32>, tensor<i32>) -> tensor<*xf32>
    tf.Yield %1 : tensor<*xf32>
  } : (tensor<1xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @mismatch(%x: tensor<2x3xf32>, %y: tensor<4x5xf32>) -> tensor<*xf32> {
  // expected-error @below {{inner sizes 3 and 4 differ}}
  // expected-error @below {{failed to infer returned types}}
  %0 = tf.MatMul %x, %y : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

// Where there are no elements, the other sizes say what is left.
// CHECK-LABEL: func.func @empty_view
// CHECK-SAME: -> tensor<2x0x2xf32>
func.func @empty_view(%x: tensor<1x4x0xf32>) -> tensor<*xf32> {
  %shape = tf.Const dense<[2, 0, -1]> : tensor<3xi32> -> tensor<3xi32>
  %0 = tf.Reshape %x, %shape : (tensor<1x4x0xf32>, tensor<3xi32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// A result without elements is known.
// CHECK-LABEL: func.func @empty_result
// CHECK: %[[E:.*]] = tf.Const dense<> : tensor<0x3xf32>
// CHECK: return %[[E]]
func.func @empty_result(%x: tensor<0x2xf32>, %y: tensor<2x3xf32>) -> tensor<*xf32> {
  %0 = tf.MatMul %x, %y : (tensor<0x2xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
