// RUN: tflc-opt %s -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @reshape
func.func @reshape(%x: tensor<2x3x4xf32>) -> tensor<2x12xf32> {
  // CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]] : tensor<2x3x4xf32> into tensor<2x12xf32>
  %0 = tfl.reshape %x {new_shape = array<i32: 2, 12>} : (tensor<2x3x4xf32>) -> tensor<2x12xf32>
  return %0 : tensor<2x12xf32>
}

// CHECK-LABEL: @reshape_unknown_batch
func.func @reshape_unknown_batch(%x: tensor<?x3x4xf32>) -> tensor<?x12xf32> {
  // CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]] : tensor<?x3x4xf32> into tensor<?x12xf32>
  %0 = tfl.reshape %x {new_shape = array<i32: -1, 12>} : (tensor<?x3x4xf32>) -> tensor<?x12xf32>
  return %0 : tensor<?x12xf32>
}

// x[1, ::2]
// CHECK-LABEL: @strided_slice
func.func @strided_slice(%x: tensor<4x5xf32>) -> tensor<3xf32> {
  %b = tfl.const dense<[1, 0]> : tensor<2xi32> -> tensor<2xi32>
  %s = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  // CHECK: tensor.extract_slice %{{.*}}[1, 0] [1, 3] [1, 2]
  %0 = tfl.strided_slice %x, %b, %b, %s {begin_mask = 2 : i32, end_mask = 2 : i32, ellipsis_mask = 0 : i32,
    new_axis_mask = 0 : i32, shrink_axis_mask = 1 : i32} : (tensor<4x5xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// Padding holds the zero point.
// CHECK-LABEL: @pad
func.func @pad(%x: tensor<3x!quant.uniform<u8:f32, 0.5:200>>) -> tensor<6x!quant.uniform<u8:f32, 0.5:200>> {
  %p = tfl.const dense<[[1, 2]]> : tensor<1x2xi32> -> tensor<1x2xi32>
  // CHECK: %[[ZERO:.*]] = arith.constant -56 : i8
  // CHECK: tensor.pad %{{.*}} low[1] high[2]
  // CHECK: tensor.yield %[[ZERO]]
  %0 = tfl.pad %x, %p : (tensor<3x!quant.uniform<u8:f32, 0.5:200>>, tensor<1x2xi32>) -> tensor<6x!quant.uniform<u8:f32, 0.5:200>>
  return %0 : tensor<6x!quant.uniform<u8:f32, 0.5:200>>
}

// CHECK-LABEL: @concatenation
func.func @concatenation(%x: tensor<1x2xf32>, %y: tensor<3x2xf32>) -> tensor<4x2xf32> {
  // CHECK: tensor.insert_slice %{{.*}}[0, 0] [1, 2] [1, 1]
  // CHECK: tensor.insert_slice %{{.*}}[1, 0] [3, 2] [1, 1]
  %0 = tfl.concatenation %x, %y {axis = 0 : i32} : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// CHECK-LABEL: @transpose
func.func @transpose(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %perm = tfl.const dense<[1, 0]> : tensor<2xi32> -> tensor<2xi32>
  // CHECK: linalg.generic
  %0 = tfl.transpose %x, %perm : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// CHECK-LABEL: @variable
func.func @variable(%x: tensor<2xf32>) -> tensor<2xf32> {
  %h = tfl.var_handle {container = "", shared_name = "v"} : () -> tensor<!tfl.resource>
  // CHECK: tflrt.assign_variable @v
  tfl.assign_variable %h, %x : (tensor<!tfl.resource>, tensor<2xf32>) -> ()
  // CHECK: tflrt.read_variable @v
  %0 = tfl.read_variable %h : (tensor<!tfl.resource>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: @unpack_from_the_end
func.func @unpack_from_the_end(%x: tensor<3x2xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  // CHECK: tensor.extract_slice %{{.*}}[0, 1] [3, 1] [1, 1] : tensor<3x2xf32> to tensor<3xf32>
  %0:2 = tfl.unpack %x {num = 2 : i32, axis = -1 : i32} : (tensor<3x2xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  return %0#0, %0#1 : tensor<3xf32>, tensor<3xf32>
}

// Blocks of an image whose batch is unknown, there and back.
// CHECK-LABEL: @space_to_batch_unknown_batch
// CHECK-SAME: (%[[X:.*]]: tensor<?x5x6x3xf32>)
func.func @space_to_batch_unknown_batch(%x: tensor<?x5x6x3xf32>) -> tensor<?x3x3x3xf32> {
  %b = tfl.const dense<2> : tensor<2xi32> -> tensor<2xi32>
  %p = tfl.const dense<[[0, 1], [0, 0]]> : tensor<2x2xi32> -> tensor<2x2xi32>
  // CHECK: tensor.pad %[[X]] low[0, 0, 0, 0] high[0, 1, 0, 0]
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2], [3, 4], [5]] output_shape [%{{.*}}, 3, 2, 3, 2, 3] : tensor<?x6x6x3xf32> into tensor<?x3x2x3x2x3xf32>
  // CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0, 1, 2], [3], [4], [5]] : tensor<2x2x?x3x3x3xf32> into tensor<?x3x3x3xf32>
  %0 = tfl.space_to_batch_nd %x, %b, %p : (tensor<?x5x6x3xf32>, tensor<2xi32>, tensor<2x2xi32>) -> tensor<?x3x3x3xf32>
  return %0 : tensor<?x3x3x3xf32>
}

// CHECK-LABEL: @batch_to_space_unknown_batch
func.func @batch_to_space_unknown_batch(%x: tensor<?x3x3x2xf32>) -> tensor<?x5x6x2xf32> {
  %b = tfl.const dense<2> : tensor<2xi32> -> tensor<2xi32>
  %c = tfl.const dense<[[0, 1], [0, 0]]> : tensor<2x2xi32> -> tensor<2x2xi32>
  // A batch that is no multiple of four ends the invocation.
  // CHECK: %[[HALF:.*]] = arith.divui %{{.*}}, %c2
  // CHECK: %[[BATCH:.*]] = arith.divui %[[HALF]], %c2
  // CHECK: tflrt.guard
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0, 1, 2], [3], [4], [5]] output_shape [2, 2, %[[BATCH]], 3, 3, 2]
  // CHECK: tensor.extract_slice %{{.*}}[0, 0, 0, 0] [%{{.*}}, 5, 6, 2] [1, 1, 1, 1]
  %0 = tfl.batch_to_space_nd %x, %b, %c : (tensor<?x3x3x2xf32>, tensor<2xi32>, tensor<2x2xi32>) -> tensor<?x5x6x2xf32>
  return %0 : tensor<?x5x6x2xf32>
}

// CHECK-LABEL: @depth_to_space_unknown_size
func.func @depth_to_space_unknown_size(%x: tensor<1x?x3x8xf32>) -> tensor<1x?x6x2xf32> {
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0], [1], [2], [3, 4, 5]]
  // CHECK: tensor.expand_shape %{{.*}} : tensor<?xf32> into tensor<1x?x6x2xf32>
  %0 = tfl.depth_to_space %x {block_size = 2 : i32} : (tensor<1x?x3x8xf32>) -> tensor<1x?x6x2xf32>
  return %0 : tensor<1x?x6x2xf32>
}

// CHECK-LABEL: @space_to_depth_unknown_batch
func.func @space_to_depth_unknown_batch(%x: tensor<?x4x6x2xf32>) -> tensor<?x2x3x8xf32> {
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2], [3, 4], [5]]
  // CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1], [2], [3, 4, 5]]
  %0 = tfl.space_to_depth %x {block_size = 2 : i32} : (tensor<?x4x6x2xf32>) -> tensor<?x2x3x8xf32>
  return %0 : tensor<?x2x3x8xf32>
}

// What one of the parts does not know the other one may: the sizes are compared when the model runs.
// CHECK-LABEL: @pack_unknown_size
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[Y:.*]]: tensor<2x3xf32>)
func.func @pack_unknown_size(%x: tensor<?x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x2x3xf32> {
  // CHECK: %[[OTHER:.*]] = arith.cmpi ne, %{{.*}}, %c2
  // CHECK: %[[STATUS:.*]] = arith.select %[[OTHER]], %c3_i32, %c0_i32
  // CHECK: tflrt.guard %[[STATUS]], %[[X]]
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0, 1], [2]]
  // CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[1, 0, 0] [1, 2, 3] [1, 1, 1] : tensor<2x3xf32> into tensor<2x2x3xf32>
  %0 = tfl.pack %x, %y {axis = 0 : i32, values_count = 2 : i32} : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<2x2x3xf32>
  return %0 : tensor<2x2x3xf32>
}

// A fed stride can go either way; zero ends the invocation.
// CHECK-LABEL: @strided_slice_fed_stride
func.func @strided_slice_fed_stride(%x: tensor<7xf32>, %stride: tensor<1xi32>) -> tensor<?xf32> {
  %b = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  // CHECK: %[[COUNT:.*]] = arith.minui
  // CHECK: tflrt.guard
  // CHECK: tensor.empty(%[[COUNT]])
  // CHECK: tensor.extract
  %0 = tfl.strided_slice %x, %b, %b, %stride {begin_mask = 1 : i32, end_mask = 1 : i32, ellipsis_mask = 0 : i32,
    new_axis_mask = 0 : i32, shrink_axis_mask = 0 : i32} : (tensor<7xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// No part is larger than the whole.
// CHECK-LABEL: @split_v_fed_sizes
func.func @split_v_fed_sizes(%x: tensor<4x6xf32>, %sizes: tensor<2xi32>) -> (tensor<4x?xf32>, tensor<4x?xf32>) {
  %axis = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  // CHECK: tflrt.guard
  // CHECK: %[[PART:.*]] = arith.minui
  // CHECK: tensor.extract_slice %{{.*}}[0, 0] [4, %[[PART]]] [1, 1]
  %0:2 = tfl.split_v %x, %sizes, %axis {num_splits = 2 : i32}
    : (tensor<4x6xf32>, tensor<2xi32>, tensor<i32>) -> (tensor<4x?xf32>, tensor<4x?xf32>)
  return %0#0, %0#1 : tensor<4x?xf32>, tensor<4x?xf32>
}

// A fed axis: each dimension is cut or taken whole.
// CHECK-LABEL: @split_fed_axis
func.func @split_fed_axis(%axis: tensor<i32>, %x: tensor<4x6xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  // CHECK: tflrt.guard
  // CHECK: arith.divui
  // CHECK-COUNT-2: tensor.extract_slice
  %0:2 = tfl.split %axis, %x {num_splits = 2 : i32} : (tensor<i32>, tensor<4x6xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %0#0, %0#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// A fed block is one element or more.
// CHECK-LABEL: @space_to_batch_fed_block
func.func @space_to_batch_fed_block(%x: tensor<1x4x3xf32>, %block: tensor<1xi32>) -> tensor<?x?x3xf32> {
  %p = tfl.const dense<0> : tensor<1x2xi32> -> tensor<1x2xi32>
  // CHECK: arith.maxsi
  // CHECK: tflrt.guard
  // CHECK: tensor.expand_shape
  %0 = tfl.space_to_batch_nd %x, %block, %p : (tensor<1x4x3xf32>, tensor<1xi32>, tensor<1x2xi32>) -> tensor<?x?x3xf32>
  return %0 : tensor<?x?x3xf32>
}

// The one of two dimensions of size 1 that an index leaves out must not be confused with the other.
// CHECK-LABEL: func.func @gather_behind_batch
// CHECK: %[[SLICE:.*]] = tensor.extract_slice %{{.*}}[0, 0, 0, %{{.*}}] [1, 2, 4, 1] [1, 1, 1, 1] : tensor<1x2x4x3xf32> to tensor<1x2x4x1xf32>
// CHECK: tensor.collapse_shape %[[SLICE]] {{\[\[}}0], [1], [2, 3]] : tensor<1x2x4x1xf32> into tensor<1x2x4xf32>
func.func @gather_behind_batch(%x: tensor<1x2x4x3xf32>, %i: tensor<i32>) -> tensor<1x2x4xf32> {
  %y = tfl.gather %x, %i {axis = 3 : i32} : (tensor<1x2x4x3xf32>, tensor<i32>) -> tensor<1x2x4xf32>
  return %y : tensor<1x2x4xf32>
}

// The size that follows from the others may stand beside one that only data tell.
// CHECK-LABEL: func.func @reshape_rows
// CHECK: %[[N:.*]] = arith.index_cast
// CHECK: %[[ROWS:.*]] = arith.select %{{.*}}, %{{.*}}, %[[N]]
// CHECK: %[[REST:.*]] = arith.divui
// CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0, 1]] output_shape [%{{.*}}, %[[REST]]]
func.func @reshape_rows(%x: tensor<?x4xf32>, %n: tensor<i32>) -> tensor<?x?xf32> {
  %rest = tfl.const dense<-1> : tensor<i32> -> tensor<i32>
  %s = tfl.pack %n, %rest {values_count = 2 : i32, axis = 0 : i32} : (tensor<i32>, tensor<i32>) -> tensor<2xi32>
  %y = tfl.reshape %x, %s : (tensor<?x4xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// A size that operators only move goes to where it is asked for as a scalar, not through memory.
// CHECK-LABEL: func.func @fill_as_long
// CHECK: %[[SIZE:.*]] = tensor.dim %arg0, %c0
// CHECK-NOT: tensor.extract
// CHECK: %[[LENGTH:.*]] = arith.maxsi %[[SIZE]], %c0
// CHECK: tensor.empty(%[[LENGTH]])
func.func @fill_as_long(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %zero = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %one = tfl.const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %two = tfl.const dense<2> : tensor<i32> -> tensor<i32>
  %value = tfl.const dense<1.5> : tensor<f32> -> tensor<f32>
  %s = tfl.shape %x {out_type = "INT32"} : (tensor<?x4xf32>) -> tensor<2xi32>
  %n = tfl.strided_slice %s, %zero, %one, %one {begin_mask = 0 : i32, end_mask = 0 : i32, ellipsis_mask = 0 : i32, new_axis_mask = 0 : i32, shrink_axis_mask = 1 : i32}
      : (tensor<2xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<i32>
  %d = tfl.pack %n, %two {values_count = 2 : i32, axis = 0 : i32} : (tensor<i32>, tensor<i32>) -> tensor<2xi32>
  %y = tfl.fill %d, %value : (tensor<2xi32>, tensor<f32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
