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

// -----

// The boxes of one picture have an operation, whatever the function does.
// CHECK-LABEL: func.func @suppression
// CHECK: %[[I:.*]], %[[N:.*]] = tf.NonMaxSuppressionV4 %arg0, %arg1, %arg2, %arg3, %arg3 {pad_to_max_output_size = true}
// CHECK: return %[[I]], %[[N]]
func.func @suppression(%boxes: tensor<8x4xf32>, %scores: tensor<8xf32>, %n: tensor<i32>, %t: tensor<f32>,
                       %no: tensor<i1>) -> (tensor<*xi32>, tensor<*xi32>) {
  %0:2 = tf.PartitionedCall %boxes, %scores, %n, %t, %t, %no, %no, %n {f = @loops}
    : (tensor<8x4xf32>, tensor<8xf32>, tensor<i32>, tensor<f32>, tensor<f32>, tensor<i1>, tensor<i1>, tensor<i32>)
      -> (tensor<*xi32>, tensor<*xi32>)
  return %0#0, %0#1 : tensor<*xi32>, tensor<*xi32>
}
func.func private @loops(%0: tensor<*xf32>, %1: tensor<*xf32>, %2: tensor<*xi32>, %3: tensor<*xf32>, %4: tensor<*xf32>,
                         %5: tensor<*xi1>, %6: tensor<*xi1>, %7: tensor<*xi32>) -> (tensor<*xi32>, tensor<*xi32>)
    attributes {tf.implements = "non_max_suppression_padded_v2"} {
  %8 = tf.Identity %2 : (tensor<*xi32>) -> tensor<*xi32>
  return %8, %8 : tensor<*xi32>, tensor<*xi32>
}

// -----

// Those of several pictures do not.
// CHECK-LABEL: func.func @batch
// CHECK: %[[N:.*]] = tf.Identity %arg2
// CHECK: return %[[N]], %[[N]]
func.func @batch(%boxes: tensor<2x8x4xf32>, %scores: tensor<2x8xf32>, %n: tensor<i32>, %t: tensor<f32>,
                 %no: tensor<i1>) -> (tensor<*xi32>, tensor<*xi32>) {
  %0:2 = tf.PartitionedCall %boxes, %scores, %n, %t, %t, %no, %no, %n {f = @loops}
    : (tensor<2x8x4xf32>, tensor<2x8xf32>, tensor<i32>, tensor<f32>, tensor<f32>, tensor<i1>, tensor<i1>, tensor<i32>)
      -> (tensor<*xi32>, tensor<*xi32>)
  return %0#0, %0#1 : tensor<*xi32>, tensor<*xi32>
}
func.func private @loops(%0: tensor<*xf32>, %1: tensor<*xf32>, %2: tensor<*xi32>, %3: tensor<*xf32>, %4: tensor<*xf32>,
                         %5: tensor<*xi1>, %6: tensor<*xi1>, %7: tensor<*xi32>) -> (tensor<*xi32>, tensor<*xi32>)
    attributes {tf.implements = "non_max_suppression_padded_v2"} {
  %8 = tf.Identity %2 : (tensor<*xi32>) -> tensor<*xi32>
  return %8, %8 : tensor<*xi32>, tensor<*xi32>
}
