// RUN: tflc-opt %s -tfl-infer-shapes -canonicalize | FileCheck %s

// Keras's Flatten: [shape(x)[0], -1] decides the shape, not what the file says.
// CHECK-LABEL: func.func @flatten
// CHECK-SAME: -> tensor<2x12xf32>
func.func @flatten(%x: tensor<2x3x4xf32>) -> tensor<1x12xf32> {
  %zero = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %one = tfl.const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %rest = tfl.const dense<-1> : tensor<i32> -> tensor<i32>
  %s = tfl.shape %x {out_type = "INT32"} : (tensor<2x3x4xf32>) -> tensor<3xi32>
  %n = tfl.strided_slice %s, %zero, %one, %one {begin_mask = 0 : i32, end_mask = 0 : i32, ellipsis_mask = 0 : i32,
    new_axis_mask = 0 : i32, shrink_axis_mask = 1 : i32, offset = false} : (tensor<3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<i32>
  %p = tfl.pack %n, %rest {values_count = 2 : i32, axis = 0 : i32} : (tensor<i32>, tensor<i32>) -> tensor<2xi32>
  // CHECK: %[[SHAPE:.*]] = tfl.const dense<[2, -1]>
  // CHECK: tfl.reshape %{{.*}}, %[[SHAPE]] : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<2x12xf32>
  %y = tfl.reshape %x, %p : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<1x12xf32>
  return %y : tensor<1x12xf32>
}

// An unknown batch stays unknown; the rest is known.
// CHECK-LABEL: func.func @unknown_batch
// CHECK-SAME: -> tensor<?x12xf32>
func.func @unknown_batch(%x: tensor<?x3x4xf32>) -> tensor<1x12xf32> {
  %p = tfl.const dense<[-1, 12]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.reshape %x, %p : (tensor<?x3x4xf32>, tensor<2xi32>) -> tensor<1x12xf32>
  return %y : tensor<1x12xf32>
}

// Shapes go into the blocks of loops and branches, and out of them.
// CHECK-LABEL: func.func @regions(
// CHECK: tfl.repeat 3, %arg0 {
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<i32>, %[[A:.*]]: tensor<2x4xf32>):
// CHECK: tfl.branch
// CHECK-NEXT: tfl.neg %[[A]] : (tensor<2x4xf32>) -> tensor<2x4xf32>
// CHECK: } : (tensor<2x4xf32>) -> tensor<2x4xf32>
// CHECK: return %{{.*}} : tensor<2x4xf32>
func.func @regions(%x: tensor<2x4xf32>, %c: tensor<i1>) -> tensor<1x4xf32> {
  %y = "tfl.repeat"(%x) <{count = 3 : i64}> ({
  ^bb0(%i: tensor<i32>, %a: tensor<2x4xf32>):
    %b = tfl.branch %c {
      %n = tfl.neg %a : (tensor<2x4xf32>) -> tensor<1x4xf32>
      tfl.yield %n : tensor<1x4xf32>
    }, {
      tfl.yield %a : tensor<2x4xf32>
    } : (tensor<i1>) -> tensor<1x4xf32>
    tfl.yield %b : tensor<1x4xf32>
  }) : (tensor<2x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// The framing of a spectrogram: a shape is taken apart, and a range has as many elements as there are frames.
// CHECK-LABEL: @frames
// CHECK-SAME: -> (tensor<7x1xi32>, tensor<2x16xf32>)
func.func @frames(%x: tensor<2x16xf32>) -> (tensor<?x1xi32>, tensor<?x?xf32>) {
  %axis = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %two = tfl.const dense<2> : tensor<i32> -> tensor<i32>
  %four = tfl.const dense<4> : tensor<i32> -> tensor<i32>
  %sizes = tfl.const dense<[1, -1, 0]> : tensor<3xi32> -> tensor<3xi32>
  %scalar = tfl.const dense<> : tensor<0xi32> -> tensor<0xi32>
  %s = tfl.shape %x {out_type = "INT32"} : (tensor<2x16xf32>) -> tensor<2xi32>
  %outer, %last, %inner = tfl.split_v %s, %sizes, %axis {num_splits = 3 : i32} : (tensor<2xi32>, tensor<3xi32>, tensor<i32>) -> (tensor<1xi32>, tensor<1xi32>, tensor<0xi32>)
  %length = tfl.reshape %last, %scalar : (tensor<1xi32>, tensor<0xi32>) -> tensor<i32>
  %behind = tfl.sub %length, %four {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %steps = tfl.floor_div %behind, %two : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %count = tfl.add %steps, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %numbers = tfl.range %axis, %count, %one : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32>
  %column = tfl.pack %count, %one {values_count = 2 : i32, axis = 0 : i32} : (tensor<i32>, tensor<i32>) -> tensor<2xi32>
  %y = tfl.reshape %numbers, %column : (tensor<?xi32>, tensor<2xi32>) -> tensor<?x1xi32>
  %n, %c = tfl.unpack %s {num = 2 : i32, axis = 0 : i32} : (tensor<2xi32>) -> (tensor<i32>, tensor<i32>)
  %shape = tfl.pack %n, %c {values_count = 2 : i32, axis = 0 : i32} : (tensor<i32>, tensor<i32>) -> tensor<2xi32>
  %z = tfl.reshape %x, %shape : (tensor<2x16xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %y, %z : tensor<?x1xi32>, tensor<?x?xf32>
}

// The paddings of a dilated convolution of open size, as TensorFlow computes them: up to a multiple of the dilation.
// CHECK-LABEL: @dilation
// CHECK-SAME: -> tensor<4x5x6x3xf32>
func.func @dilation(%x: tensor<1x5x7x3xf32>) -> tensor<?x?x?x3xf32> {
  %one = tfl.const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %three = tfl.const dense<3> : tensor<1xi32> -> tensor<1xi32>
  %origin = tfl.const dense<0> : tensor<2xi32> -> tensor<2xi32>
  %blocks = tfl.const dense<2> : tensor<2xi32> -> tensor<2xi32>
  %unit = tfl.const dense<1> : tensor<2xi32> -> tensor<2xi32>
  %before = tfl.const dense<2> : tensor<2xi32> -> tensor<2xi32>
  %margin = tfl.const dense<[2, 1]> : tensor<2xi32> -> tensor<2xi32>
  %s = tfl.shape %x {out_type = "INT32"} : (tensor<1x5x7x3xf32>) -> tensor<4xi32>
  %sizes = tfl.strided_slice %s, %one, %three, %one {begin_mask = 0 : i32, end_mask = 0 : i32, ellipsis_mask = 0 : i32, new_axis_mask = 0 : i32, shrink_axis_mask = 0 : i32} : (tensor<4xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %padded = tfl.add %sizes, %before {fused_activation_function = "NONE"} : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %behind = tfl.sub %origin, %padded {fused_activation_function = "NONE"} : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %rest = tfl.floor_mod %behind, %blocks : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %after = tfl.add %rest, %margin {fused_activation_function = "NONE"} : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %rows = tfl.pack %after, %after {values_count = 2 : i32, axis = 0 : i32} : (tensor<2xi32>, tensor<2xi32>) -> tensor<2x2xi32>
  %paddings = tfl.strided_slice %rows, %origin, %blocks, %unit {begin_mask = 0 : i32, end_mask = 0 : i32, ellipsis_mask = 0 : i32, new_axis_mask = 0 : i32, shrink_axis_mask = 0 : i32} : (tensor<2x2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x2xi32>
  %y = tfl.space_to_batch_nd %x, %blocks, %paddings : (tensor<1x5x7x3xf32>, tensor<2xi32>, tensor<2x2xi32>) -> tensor<?x?x?x3xf32>
  return %y : tensor<?x?x?x3xf32>
}

// Branches of different sizes leave the size open.
// CHECK-LABEL: func.func @branch_sizes
// CHECK: tfl.branch
// CHECK: } : (tensor<i1>) -> tensor<?x2xf32>
func.func @branch_sizes(%c: tensor<i1>, %x: tensor<4x2xf32>, %z: tensor<8x2xf32>) -> tensor<?x?xf32> {
  %y = tfl.branch %c {
    tfl.yield %x : tensor<4x2xf32>
  }, {
    tfl.yield %z : tensor<8x2xf32>
  } : (tensor<i1>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// A tensor that grows: what holds in each iteration, the most, and the last where the number of iterations is known.
// CHECK-LABEL: func.func @grown
// CHECK: tfl.repeat 3, %arg0 {
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<i32>, %[[A:.*]]: tensor<?xf32>):
// CHECK: tfl.concatenation %[[A]], %[[A]] {{.*}} -> tensor<?xf32>
// CHECK: } {last = [array<i64: 32>], most = [array<i64: 32>]} : (tensor<4xf32>) -> tensor<32xf32>
func.func @grown(%x: tensor<4xf32>) -> tensor<?xf32> {
  %y = tfl.repeat 3, %x {
  ^bb0(%i: tensor<i32>, %a: tensor<4xf32>):
    %b = tfl.concatenation %a, %a {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
    tfl.yield %b : tensor<8xf32>
  } : (tensor<4xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// One that may also end earlier.
// CHECK-LABEL: func.func @grown_at_most
// CHECK: tfl.loop
// CHECK: } {at_most = 5 : i64, most = [array<i64: 9, 2>]} : (tensor<4x2xf32>) -> tensor<?x2xf32>
func.func @grown_at_most(%x: tensor<4x2xf32>, %c: tensor<i1>, %row: tensor<1x2xf32>) -> tensor<?x?xf32> {
  %y = tfl.loop %x {
  ^bb0(%a: tensor<4x2xf32>):
    tfl.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<4x2xf32>):
    %b = tfl.concatenation %a, %row {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<4x2xf32>, tensor<1x2xf32>) -> tensor<?x?xf32>
    tfl.yield %b : tensor<?x?xf32>
  } {at_most = 5 : i64} : (tensor<4x2xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// A row between those before it and those behind it: together they are as many as before. With two rows in its place they
// are more.
// CHECK-LABEL: func.func @replaced
// CHECK: tfl.repeat 3, %arg0 {
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<i32>, %{{.*}}: tensor<5x3xf32>):
// CHECK: tfl.repeat 3, %arg0 {
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<i32>, %{{.*}}: tensor<?x3xf32>):
func.func @replaced(%x: tensor<5x3xf32>, %row: tensor<1x3xf32>, %rows: tensor<2x3xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %scalar = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %one = tfl.const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %zero = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %all = tfl.const dense<-1> : tensor<1xi32> -> tensor<1xi32>
  %origin = tfl.const dense<0> : tensor<2xi32> -> tensor<2xi32>
  %whole = tfl.const dense<-1> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.repeat 3, %x {
  ^bb0(%i: tensor<i32>, %a: tensor<5x3xf32>):
    %next = tfl.add %i, %scalar {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %number = tfl.reshape %i, %one : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
    %sizes = tfl.concatenation %number, %all {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
    %before = tfl.slice %a, %origin, %sizes : (tensor<5x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>
    %end = tfl.reshape %next, %one : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
    %begin = tfl.concatenation %end, %zero {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
    %behind = tfl.slice %a, %begin, %whole : (tensor<5x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>
    %b = tfl.concatenation %before, %row, %behind {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<?x3xf32>, tensor<1x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    tfl.yield %b : tensor<?x3xf32>
  } : (tensor<5x3xf32>) -> tensor<?x?xf32>
  %z = tfl.repeat 3, %x {
  ^bb0(%i: tensor<i32>, %a: tensor<5x3xf32>):
    %next = tfl.add %i, %scalar {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %number = tfl.reshape %i, %one : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
    %sizes = tfl.concatenation %number, %all {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
    %before = tfl.slice %a, %origin, %sizes : (tensor<5x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>
    %end = tfl.reshape %next, %one : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
    %begin = tfl.concatenation %end, %zero {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
    %behind = tfl.slice %a, %begin, %whole : (tensor<5x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>
    %b = tfl.concatenation %before, %rows, %behind {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<?x3xf32>, tensor<2x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    tfl.yield %b : tensor<?x3xf32>
  } : (tensor<5x3xf32>) -> tensor<?x?xf32>
  return %y, %z : tensor<?x?xf32>, tensor<?x?xf32>
}
