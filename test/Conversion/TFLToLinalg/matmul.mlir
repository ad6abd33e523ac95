// RUN: tflc-opt %s -tfl-to-linalg -canonicalize -split-input-file | FileCheck %s

// One rounding, and the bias first.
// CHECK-LABEL: func.func @fully_connected
// CHECK: iterator_types = ["parallel", "parallel", "reduction"]
// CHECK: tflrt.rescale {{.*}} <single> {max_input = 1170 : i32} : i32, i8 -> i32
!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.25>
func.func @fully_connected(%x: tensor<2x3x!x>) -> tensor<2x4x!x> {
  %w = tfl.const dense<3> : tensor<4x3xi8> -> tensor<4x3x!w>
  %y = tfl.fully_connected %x, %w : (tensor<2x3x!x>, tensor<4x3x!w>) -> tensor<2x4x!x>
  return %y : tensor<2x4x!x>
}

// -----

// Dimensions in front are collapsed, and come back where they are kept.
// CHECK-LABEL: func.func @keep_num_dims
// CHECK: tensor.collapse_shape {{.*}} tensor<2x?x4xf32> into tensor<?x4xf32>
// CHECK: tensor.expand_shape {{.*}} tensor<?x6xf32> into tensor<2x?x6xf32>
func.func @keep_num_dims(%x: tensor<2x?x4xf32>, %w: tensor<6x4xf32>) -> tensor<2x?x6xf32> {
  %y = tfl.fully_connected %x, %w {keep_num_dims = true} : (tensor<2x?x4xf32>, tensor<6x4xf32>) -> tensor<2x?x6xf32>
  return %y : tensor<2x?x6xf32>
}

// -----

// Rows need not be the input's.
// CHECK-LABEL: func.func @other_rows
// CHECK: tensor.collapse_shape {{.*}} tensor<2x6xf32> into tensor<12xf32>
// CHECK: tensor.expand_shape {{.*}} tensor<12xf32> into tensor<3x4xf32>
func.func @other_rows(%x: tensor<2x6xf32>, %w: tensor<5x4xf32>) -> tensor<3x5xf32> {
  %y = tfl.fully_connected %x, %w : (tensor<2x6xf32>, tensor<5x4xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// -----

// Symmetric rows have no zero points.
// CHECK-LABEL: func.func @hybrid
// CHECK: math.absf
// CHECK: iterator_types = ["parallel", "parallel", "reduction"]
// CHECK: arith.sitofp
// CHECK-NOT: arith.subi
// CHECK: return
!w = !quant.uniform<i8:f32, 0.25>
func.func @hybrid(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
  %w = tfl.const dense<3> : tensor<4x3xi8> -> tensor<4x3x!w>
  %y = tfl.fully_connected %x, %w : (tensor<2x3xf32>, tensor<4x3x!w>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// Batches of size one are repeated.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, 0, d4, d2)>
// CHECK-DAG: #[[Y:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d3, d4)>
// CHECK-LABEL: func.func @batch_matmul
// CHECK: indexing_maps = [#[[X]], #[[Y]], {{.*}}], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]
func.func @batch_matmul(%x: tensor<2x1x4x3xf32>, %y: tensor<5x6x4xf32>) -> tensor<2x5x3x6xf32> {
  %z = tfl.batch_matmul %x, %y {adj_x = true, adj_y = true} : (tensor<2x1x4x3xf32>, tensor<5x6x4xf32>) -> tensor<2x5x3x6xf32>
  return %z : tensor<2x5x3x6xf32>
}

// -----

// Sums begin with what the zero points -3 and 5 make of the sums of stored values and of three products; then two roundings.
// CHECK-LABEL: func.func @int8
// CHECK-DAG: %[[PRODUCTS:.*]] = arith.constant -45 : i32
// CHECK: linalg.generic {{.*}}"reduction"]} ins(%arg0
// CHECK: linalg.generic {{.*}}"reduction", "parallel"]} ins(%arg1
// CHECK: arith.muli %{{.*}}, %c5_i32
// CHECK: arith.subi %[[PRODUCTS]]
// CHECK: arith.muli %{{.*}}, %c-3_i32
// CHECK: arith.extsi
// CHECK-NEXT: arith.extsi
// CHECK-NEXT: arith.muli
// CHECK: tflrt.rescale {{.*}} <double>
!x = !quant.uniform<i8:f32, 0.5:-3>
!y = !quant.uniform<i8:f32, 0.5:5>
func.func @int8(%x: tensor<2x3x!x>, %y: tensor<3x4x!y>) -> tensor<2x4x!x> {
  %z = tfl.batch_matmul %x, %y : (tensor<2x3x!x>, tensor<3x4x!y>) -> tensor<2x4x!x>
  return %z : tensor<2x4x!x>
}

// -----

// A 64-bit accumulator is rounded once as well, with the whole multiplier.
// CHECK-LABEL: func.func @int16
// CHECK: tflrt.rescale {{.*}} <single> : i64, i8 -> i32
!x = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.25>
func.func @int16(%x: tensor<2x3x!x>, %w: tensor<4x3x!w>, %b: tensor<4xi64>) -> tensor<2x4x!x> {
  %y = tfl.fully_connected %x, %w, %b : (tensor<2x3x!x>, tensor<4x3x!w>, tensor<4xi64>) -> tensor<2x4x!x>
  return %y : tensor<2x4x!x>
}

// -----

// Activations of 16 bits times weights of 8: four products of any of them fit 32 bits, which is all that is known of weights that are data.
// CHECK-LABEL: func.func @batch_matmul_short
// CHECK: arith.extsi %{{.*}} : i16 to i32
// CHECK: arith.extsi %{{.*}} : i8 to i32
// CHECK: tflrt.rescale {{.*}} <reduced> : i32, i8 -> i32
!x = !quant.uniform<i16:f32, 0.5>
!y = !quant.uniform<i8:f32, 0.25>
func.func @batch_matmul_short(%x: tensor<2x3x4x!x>, %y: tensor<4x5x!y>) -> tensor<2x3x5x!x> {
  %z = tfl.batch_matmul %x, %y : (tensor<2x3x4x!x>, tensor<4x5x!y>) -> tensor<2x3x5x!x>
  return %z : tensor<2x3x5x!x>
}

// -----

// Two batches that are unknown have to be the same.
// CHECK-LABEL: func.func @batch_matmul_unknown_batch
// CHECK: arith.cmpi ne
// CHECK: tflrt.guard
// CHECK: linalg.generic
func.func @batch_matmul_unknown_batch(%x: tensor<?x3x4xf32>, %y: tensor<?x4x5xf32>) -> tensor<?x3x5xf32> {
  %z = tfl.batch_matmul %x, %y : (tensor<?x3x4xf32>, tensor<?x4x5xf32>) -> tensor<?x3x5xf32>
  return %z : tensor<?x3x5xf32>
}

// -----

// The scales are multiplied in double: rounded to float their product would be 0.0020000001, and the multiplier 1374389580.
// CHECK-LABEL: func.func @scale_product
// CHECK: tflrt.rescale %{{.*}}, %c1374389504_i32, %c-5_i8 <single>
!tenth = !quant.uniform<i8:f32, 0.10000000149011612>
!fiftieth = !quant.uniform<i8:f32, 0.019999999552965164>
func.func @scale_product(%x: tensor<2x3x!tenth>) -> tensor<2x4x!tenth> {
  %w = tfl.const dense<25> : tensor<4x3xi8> -> tensor<4x3x!fiftieth>
  %y = tfl.fully_connected %x, %w : (tensor<2x3x!tenth>, tensor<4x3x!fiftieth>) -> tensor<2x4x!tenth>
  return %y : tensor<2x4x!tenth>
}
