// RUN: tflc-opt %s -split-input-file -tfl-inline-subgraphs | FileCheck %s

// The decomposition has the shape of its caller.
// CHECK-LABEL: @composite
// CHECK: %[[SUM:.*]] = tfl.add %arg0, %arg1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
// CHECK: %[[TWICE:.*]] = tfl.add %[[SUM]], %[[SUM]]
// CHECK: return %[[TWICE]]
// CHECK-NOT: func.func private
func.func @composite(%a: tensor<8x4xf32>, %b: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %y = tfl.stablehlo_composite %a, %b {name = "test.twice", decomposition_subgraph = @twice}
    : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}
func.func private @twice(%a: tensor<1x4xf32>, %b: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %s = tfl.stablehlo_composite %a, %b {name = "test.sum", decomposition_subgraph = @sum}
    : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %y = tfl.add %s, %s : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}
func.func private @sum(%a: tensor<1x4xf32>, %b: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %y = tfl.add %a, %b : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

// CHECK-LABEL: @reduce_window
// CHECK: %[[PADDED:.*]] = tfl.stablehlo_pad %arg0, %arg1 {edge_padding_high = array<i64: 0>, edge_padding_low = array<i64: 1>, interior_padding = array<i64: 1>} : (tensor<4xf32>, tensor<f32>) -> tensor<8xf32>
// CHECK-DAG: %[[WINDOW:.*]] = tfl.const dense<2>
// CHECK-DAG: %[[STRIDES:.*]] = tfl.const dense<3>
// CHECK-DAG: %[[DILATIONS:.*]] = tfl.const dense<1>
// CHECK: tfl.reduce_window %[[PADDED]], %arg1, %[[WINDOW]], %[[STRIDES]], %[[DILATIONS]] {reduce_function = "MAXIMUM"}
func.func @reduce_window(%x: tensor<4xf32>, %i: tensor<f32>) -> tensor<3xf32> {
  %y = tfl.stablehlo_reduce_window %x, %i {window_dimensions = array<i64: 2>, window_strides = array<i64: 3>,
    base_dilations = array<i64: 2>, window_dilations = array<i64: 1>, padding = array<i64: 1, 0>, body_subgraph = @body}
    : (tensor<4xf32>, tensor<f32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}
func.func private @body(%a: tensor<f32>, %b: tensor<f32>) -> tensor<f32> {
  %y = tfl.stablehlo_maximum %a, %b : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

// A computation without operators is the update itself.
// CHECK-LABEL: @scatter
// CHECK: tfl.stablehlo_scatter {{.*}}computation = "UPDATE"
// CHECK-NOT: update_computation_subgraph
func.func @scatter(%x: tensor<5xf32>, %i: tensor<2x1xi32>, %u: tensor<2xf32>) -> tensor<5xf32> {
  %y = tfl.stablehlo_scatter %x, %i, %u {inserted_window_dims = array<i64: 0>, scatter_dims_to_operand_dims = array<i64: 0>,
    index_vector_dim = 1 : i64, update_computation_subgraph = @update}
    : (tensor<5xf32>, tensor<2x1xi32>, tensor<2xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}
func.func private @update(%a: tensor<f32>, %b: tensor<f32>) -> tensor<f32> {
  return %b : tensor<f32>
}
