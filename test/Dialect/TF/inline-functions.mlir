// RUN: tflc-opt %s -split-input-file -tf-inline-functions -verify-diagnostics | FileCheck %s

// A call in a call becomes the two bodies, and the functions vanish.
// CHECK-LABEL: func.func @calls
// CHECK-NEXT: %[[NEG:.*]] = tf.Neg %arg0
// CHECK-NEXT: %[[ABS:.*]] = tf.Abs %[[NEG]]
// CHECK-NEXT: return %[[ABS]]
func.func @calls(%x: tensor<2xf32>) -> tensor<*xf32> {
  %0 = tf.StatefulPartitionedCall %x {f = @outer} : (tensor<2xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
// CHECK-NOT: @outer
func.func private @outer(%x: tensor<*xf32>) -> tensor<*xf32> {
  %0 = tf.Neg %x : (tensor<*xf32>) -> tensor<*xf32>
  %1 = tf.PartitionedCall %0 {f = @inner} : (tensor<*xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}
func.func private @inner(%x: tensor<*xf32>) -> tensor<*xf32> {
  %0 = tf.Abs %x : (tensor<*xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @branch
// CHECK: tf.IfRegion %arg0 {
// CHECK-NEXT: tf.Neg %arg1
// CHECK-NEXT: tf.Yield
// CHECK-NEXT: } else {
// CHECK-NEXT: tf.Abs %arg1
func.func @branch(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<*xf32> {
  %0 = tf.StatelessIf %c, %x {then_branch = @negate, else_branch = @abs}
    : (tensor<i1>, tensor<2xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
func.func private @negate(%x: tensor<*xf32>) -> tensor<*xf32> {
  %0 = tf.Neg %x : (tensor<*xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
func.func private @abs(%x: tensor<*xf32>) -> tensor<*xf32> {
  %0 = tf.Abs %x : (tensor<*xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @recursion(%x: tensor<2xf32>) -> tensor<*xf32> {
  %0 = tf.PartitionedCall %x {f = @again} : (tensor<2xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
func.func private @again(%x: tensor<*xf32>) -> tensor<*xf32> {
  // expected-error @below {{function "again" calls itself}}
  %0 = tf.PartitionedCall %x {f = @again} : (tensor<*xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @dangling(%x: tensor<2xf32>) -> tensor<*xf32> {
  // expected-error @below {{there is no function "nowhere"}}
  %0 = tf.PartitionedCall %x {f = @nowhere} : (tensor<2xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
