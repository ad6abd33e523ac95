// RUN: tflc-opt %s -tfl-round-weights=min-elements=2 | FileCheck %s
// RUN: tflc-opt %s -tfl-round-weights="min-elements=2 hybrid" -tfl-quantize-dynamic-range=min-elements=2 | FileCheck %s --check-prefix=HYBRID

// Both inputs are always the same: what the first weight loses the second one makes up for.
// CHECK-LABEL: @same_inputs
// CHECK: tfl.const dense<{{\[\[}}2.000000e+00, 3.000000e+00, 7.000000e+00]]> : tensor<1x3xf32> {tfl.given_types = [!quant.uniform<i4:f32, 1.000000e+00>]}
// HYBRID-LABEL: @same_inputs
// HYBRID: tfl.const {{.*}} : tensor<1x3xi4> -> tensor<1x3x!quant.uniform<i4:f32
// HYBRID: tfl.fully_connected
func.func @same_inputs(%x: tensor<1x3xf32>) -> tensor<1x1xf32> {
  %w = tfl.const dense<[[2.4, 2.4, 7.0]]> : tensor<1x3xf32> -> tensor<1x3xf32>
  %0 = tfl.fully_connected %x, %w {tfl.input_products = array<f32: 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0>} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Without data each weight is rounded by itself.
// CHECK-LABEL: @plain
// CHECK: tfl.const dense<{{\[\[}}2.000000e+00, 2.000000e+00, 7.000000e+00]]>
func.func @plain(%x: tensor<1x3xf32>) -> tensor<1x1xf32> {
  %w = tfl.const dense<[[2.4, 2.4, 7.0]]> : tensor<1x3xf32> -> tensor<1x3xf32>
  %0 = tfl.fully_connected %x, %w : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// No kernel of TRANSPOSE_CONV reads four bits.
// CHECK-LABEL: @other
// CHECK: tfl.const dense<2.400000e+00> : tensor<1x2x2x1xf32> ->
func.func @other(%x: tensor<1x1x1x1xf32>) -> tensor<1x2x2x1xf32> {
  %s = tfl.const dense<[1, 2, 2, 1]> : tensor<4xi32> -> tensor<4xi32>
  %w = tfl.const dense<2.4> : tensor<1x2x2x1xf32> -> tensor<1x2x2x1xf32>
  %0 = tfl.transpose_conv %s, %w, %x {padding = "VALID", stride_w = 2 : i32, stride_h = 2 : i32} : (tensor<4xi32>, tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}

// A rule gives an operator bits of its own.
// CHECK-LABEL: @eight_bits
// CHECK: tfl.const dense<{{\[\[}}2.400000e+00, 2.400000e+00, 7.000000e+00]]>
func.func @eight_bits(%x: tensor<1x3xf32>) -> tensor<1x1xf32> {
  %w = tfl.const dense<[[2.4, 2.4, 7.0]]> : tensor<1x3xf32> -> tensor<1x3xf32>
  %0 = tfl.fully_connected %x, %w {tfl.weight_bits = 8 : i64} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Each row of a table has a scale; that of three elements would begin within a byte.
// HYBRID-LABEL: @table
// HYBRID-DAG: tfl.const {{.*}} : tensor<2x2xi4> -> tensor<2x2x!quant.uniform<i4:f32:0, {1.000000e+00,2.000000e+00}>>
// HYBRID-DAG: tfl.const {{.*}} : tensor<2x3xi8> -> tensor<2x3x!quant.uniform<i8:f32
func.func @table(%i: tensor<1xi32>) -> (tensor<1x2xf32>, tensor<1x3xf32>) {
  %t = tfl.const dense<[[7.0, 1.0], [14.0, 2.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %u = tfl.const dense<1.0> : tensor<2x3xf32> -> tensor<2x3xf32>
  %0 = tfl.embedding_lookup %i, %t : (tensor<1xi32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = tfl.embedding_lookup %i, %u : (tensor<1xi32>, tensor<2x3xf32>) -> tensor<1x3xf32>
  return %0, %1 : tensor<1x2xf32>, tensor<1x3xf32>
}
