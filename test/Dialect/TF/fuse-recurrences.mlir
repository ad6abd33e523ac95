// RUN: tflc-opt %s -tf-fuse-recurrences -split-input-file | FileCheck %s

// One product with [x, h], as old cells have it; the gates of a row are i, f, g, o. Two units.
// CHECK-LABEL: func.func @lstm
// CHECK-NOT: tf.WhileRegion
// CHECK-DAG: %[[KERNEL:.*]] = tf.Const dense<1.000000e+00> : tensor<3x8xf32>
// CHECK-DAG: %[[RECURRENT:.*]] = tf.Const dense<1.000000e+00> : tensor<2x8xf32>
// CHECK-DAG: %[[X:.*]] = tf.Transpose %arg0, %{{.*}} -> tensor<1x5x3xf32>
// CHECK: %[[BIAS:.*]] = tf.Const dense<5.000000e-01> : tensor<8xf32>
// CHECK-NEXT: %[[ALL:.*]] = tf.SequenceLstm %[[X]], %[[KERNEL]], %[[RECURRENT]], %[[BIAS]]
// CHECK: tf.StridedSlice %[[ALL]], {{.*}} -> tensor<1x2xf32>
func.func @lstm(%x: tensor<5x1x3xf32>) -> tensor<1x2xf32> {
  %zero = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %one = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %steps = tf.Const dense<5> : tensor<i32> -> tensor<i32>
  %h0 = tf.Const dense<0.0> : tensor<1x2xf32> -> tensor<1x2xf32>
  %w = tf.Const dense<1.0> : tensor<5x8xf32> -> tensor<5x8xf32>
  %b = tf.Const dense<0.5> : tensor<8xf32> -> tensor<8xf32>
  %0:3 = tf.WhileRegion %zero, %h0, %h0 {
  ^bb0(%i: tensor<i32>, %h: tensor<1x2xf32>, %c: tensor<1x2xf32>):
    %1 = tf.Less %i, %steps : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %1 : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %h: tensor<1x2xf32>, %c: tensor<1x2xf32>):
    %xt = tf.GatherV2 %x, %i, %zero : (tensor<5x1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<1x3xf32>
    %row = tf.ConcatV2 %xt, %h, %one : (tensor<1x3xf32>, tensor<1x2xf32>, tensor<i32>) -> tensor<1x5xf32>
    %z = tf.MatMul %row, %w : (tensor<1x5xf32>, tensor<5x8xf32>) -> tensor<1x8xf32>
    %zb = tf.BiasAdd %z, %b : (tensor<1x8xf32>, tensor<8xf32>) -> tensor<1x8xf32>
    %g:4 = tf.Split %one, %zb : (tensor<i32>, tensor<1x8xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>)
    %in = tf.Sigmoid %g#0 : (tensor<1x2xf32>) -> tensor<1x2xf32>
    %forget = tf.Sigmoid %g#1 : (tensor<1x2xf32>) -> tensor<1x2xf32>
    %candidate = tf.Tanh %g#2 : (tensor<1x2xf32>) -> tensor<1x2xf32>
    %out = tf.Sigmoid %g#3 : (tensor<1x2xf32>) -> tensor<1x2xf32>
    %kept = tf.Mul %c, %forget : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
    %added = tf.Mul %in, %candidate : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
    %next = tf.AddV2 %kept, %added : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
    %t = tf.Tanh %next : (tensor<1x2xf32>) -> tensor<1x2xf32>
    %y = tf.Mul %out, %t : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
    %j = tf.AddV2 %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tf.Yield %j, %y, %next : tensor<i32>, tensor<1x2xf32>, tensor<1x2xf32>
  } : (tensor<i32>, tensor<1x2xf32>, tensor<1x2xf32>) -> (tensor<i32>, tensor<1x2xf32>, tensor<1x2xf32>)
  return %0#1 : tensor<1x2xf32>
}

// -----

// CHECK-LABEL: func.func @simple
// CHECK: tf.SequenceRnn %{{.*}} {activation = "TANH"}
func.func @simple(%x: tensor<5x1x3xf32>) -> tensor<1x2xf32> {
  %zero = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %one = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %steps = tf.Const dense<5> : tensor<i32> -> tensor<i32>
  %h0 = tf.Const dense<0.0> : tensor<1x2xf32> -> tensor<1x2xf32>
  %w = tf.Const dense<1.0> : tensor<3x2xf32> -> tensor<3x2xf32>
  %r = tf.Const dense<2.0> : tensor<2x2xf32> -> tensor<2x2xf32>
  %0:2 = tf.WhileRegion %zero, %h0 {
  ^bb0(%i: tensor<i32>, %h: tensor<1x2xf32>):
    %1 = tf.Less %i, %steps : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %1 : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %h: tensor<1x2xf32>):
    %xt = tf.GatherV2 %x, %i, %zero : (tensor<5x1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<1x3xf32>
    %a = tf.MatMul %xt, %w : (tensor<1x3xf32>, tensor<3x2xf32>) -> tensor<1x2xf32>
    %b = tf.MatMul %h, %r : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
    %s = tf.AddV2 %a, %b : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
    %y = tf.Tanh %s : (tensor<1x2xf32>) -> tensor<1x2xf32>
    %j = tf.AddV2 %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tf.Yield %j, %y : tensor<i32>, tensor<1x2xf32>
  } : (tensor<i32>, tensor<1x2xf32>) -> (tensor<i32>, tensor<1x2xf32>)
  return %0#1 : tensor<1x2xf32>
}

// -----

// A state that does not begin at zero is no state of the operator.
// CHECK-LABEL: func.func @given
// CHECK: tf.WhileRegion
func.func @given(%x: tensor<5x1x3xf32>, %h0: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %zero = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %one = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %steps = tf.Const dense<5> : tensor<i32> -> tensor<i32>
  %w = tf.Const dense<1.0> : tensor<3x2xf32> -> tensor<3x2xf32>
  %r = tf.Const dense<2.0> : tensor<2x2xf32> -> tensor<2x2xf32>
  %0:2 = tf.WhileRegion %zero, %h0 {
  ^bb0(%i: tensor<i32>, %h: tensor<1x2xf32>):
    %1 = tf.Less %i, %steps : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %1 : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %h: tensor<1x2xf32>):
    %xt = tf.GatherV2 %x, %i, %zero : (tensor<5x1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<1x3xf32>
    %a = tf.MatMul %xt, %w : (tensor<1x3xf32>, tensor<3x2xf32>) -> tensor<1x2xf32>
    %b = tf.MatMul %h, %r : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
    %s = tf.AddV2 %a, %b : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
    %y = tf.Tanh %s : (tensor<1x2xf32>) -> tensor<1x2xf32>
    %j = tf.AddV2 %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tf.Yield %j, %y : tensor<i32>, tensor<1x2xf32>
  } : (tensor<i32>, tensor<1x2xf32>) -> (tensor<i32>, tensor<1x2xf32>)
  return %0#1 : tensor<1x2xf32>
}

// -----

// Neither the batch nor the number of steps is known. The list holds all outputs.
// CHECK-LABEL: func.func @open
// CHECK-NOT: tf.WhileRegion
// CHECK: %[[ALL:.*]] = tf.SequenceRnn %{{.*}} {activation = "RELU"}
// CHECK: tf.Transpose %[[ALL]]
func.func @open(%input: tensor<?x?x3xf32>) -> tensor<?x?x2xf32> {
  %zero = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %one = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %zero_vector = tf.Const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %one_vector = tf.Const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %two_vector = tf.Const dense<2> : tensor<1xi32> -> tensor<1xi32>
  %order = tf.Const dense<[1, 0, 2]> : tensor<3xi32> -> tensor<3xi32>
  %w = tf.Const dense<1.0> : tensor<3x2xf32> -> tensor<3x2xf32>
  %r = tf.Const dense<1.0> : tensor<2x2xf32> -> tensor<2x2xf32>
  %nothing = tf.Const dense<0.0> : tensor<f32> -> tensor<f32>
  %x = tf.Transpose %input, %order : (tensor<?x?x3xf32>, tensor<3xi32>) -> tensor<?x?x3xf32>
  %sizes = tf.Shape %x : (tensor<?x?x3xf32>) -> tensor<3xi32>
  %steps = tf.StridedSlice %sizes, %zero_vector, %one_vector, %one_vector {shrink_axis_mask = 1 : i64}
    : (tensor<3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<i32>
  %batch = tf.StridedSlice %sizes, %one_vector, %two_vector, %one_vector
    : (tensor<3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<1xi32>
  %count = tf.Reshape %steps, %one_vector : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
  %dims = tf.ConcatV2 %count, %batch, %two_vector, %zero
    : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<i32>) -> tensor<3xi32>
  %list = tf.Fill %dims, %nothing : (tensor<3xi32>, tensor<f32>) -> tensor<?x?x2xf32>
  %row = tf.ConcatV2 %batch, %two_vector, %zero : (tensor<1xi32>, tensor<1xi32>, tensor<i32>) -> tensor<2xi32>
  %h0 = tf.Fill %row, %nothing : (tensor<2xi32>, tensor<f32>) -> tensor<?x2xf32>
  %0:3 = tf.WhileRegion %zero, %h0, %list {
  ^bb0(%i: tensor<i32>, %h: tensor<?x2xf32>, %all: tensor<?x?x2xf32>):
    %1 = tf.Less %i, %steps : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %1 : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %h: tensor<?x2xf32>, %all: tensor<?x?x2xf32>):
    %xt = tf.GatherV2 %x, %i, %zero : (tensor<?x?x3xf32>, tensor<i32>, tensor<i32>) -> tensor<?x3xf32>
    %a = tf.MatMul %xt, %w : (tensor<?x3xf32>, tensor<3x2xf32>) -> tensor<?x2xf32>
    %b = tf.MatMul %h, %r : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %s = tf.AddV2 %a, %b : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %y = tf.Relu %s : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %place = tf.Pack %i, %zero, %zero : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<3xi32>
    %entry = tf.ExpandDims %y, %zero : (tensor<?x2xf32>, tensor<i32>) -> tensor<1x?x2xf32>
    %next = tf.XlaDynamicUpdateSlice %all, %entry, %place
      : (tensor<?x?x2xf32>, tensor<1x?x2xf32>, tensor<3xi32>) -> tensor<?x?x2xf32>
    %j = tf.AddV2 %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tf.Yield %j, %y, %next : tensor<i32>, tensor<?x2xf32>, tensor<?x?x2xf32>
  } : (tensor<i32>, tensor<?x2xf32>, tensor<?x?x2xf32>) -> (tensor<i32>, tensor<?x2xf32>, tensor<?x?x2xf32>)
  return %0#2 : tensor<?x?x2xf32>
}

// -----

// The number of steps is a value that has nothing to do with the input.
// CHECK-LABEL: func.func @other_steps
// CHECK: tf.WhileRegion
func.func @other_steps(%x: tensor<?x1x3xf32>, %steps: tensor<i32>) -> tensor<1x2xf32> {
  %zero = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %one = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %h0 = tf.Const dense<0.0> : tensor<1x2xf32> -> tensor<1x2xf32>
  %w = tf.Const dense<1.0> : tensor<3x2xf32> -> tensor<3x2xf32>
  %r = tf.Const dense<1.0> : tensor<2x2xf32> -> tensor<2x2xf32>
  %0:2 = tf.WhileRegion %zero, %h0 {
  ^bb0(%i: tensor<i32>, %h: tensor<1x2xf32>):
    %1 = tf.Less %i, %steps : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %1 : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %h: tensor<1x2xf32>):
    %xt = tf.GatherV2 %x, %i, %zero : (tensor<?x1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<1x3xf32>
    %a = tf.MatMul %xt, %w : (tensor<1x3xf32>, tensor<3x2xf32>) -> tensor<1x2xf32>
    %b = tf.MatMul %h, %r : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
    %s = tf.AddV2 %a, %b : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
    %y = tf.Tanh %s : (tensor<1x2xf32>) -> tensor<1x2xf32>
    %j = tf.AddV2 %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tf.Yield %j, %y : tensor<i32>, tensor<1x2xf32>
  } : (tensor<i32>, tensor<1x2xf32>) -> (tensor<i32>, tensor<1x2xf32>)
  return %0#1 : tensor<1x2xf32>
}
