// RUN: tflc-opt %s -tfl-to-linalg -canonicalize -split-input-file | FileCheck %s

// Where the window stays inside, the count is one number.
// CHECK-LABEL: func.func @average
// CHECK-DAG: %[[COUNT:.*]] = arith.constant 6.000000e+00 : f32
// CHECK: tensor.empty() : tensor<2x3xf32>
// CHECK: iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]
// CHECK: arith.divf %{{.*}}, %[[COUNT]]
func.func @average(%x: tensor<1x4x6x3xf32>) -> tensor<1x2x2x3xf32> {
  %y = tfl.average_pool_2d %x {padding = "VALID", stride_w = 3 : i32, stride_h = 2 : i32, filter_width = 3 : i32, filter_height = 2 : i32}
    : (tensor<1x4x6x3xf32>) -> tensor<1x2x2x3xf32>
  return %y : tensor<1x2x2x3xf32>
}

// -----

// Padding does not count: rows and columns have tables.
// CHECK-LABEL: func.func @average_same
// CHECK-DAG: %[[ROWS:.*]] = arith.constant dense<[2, 3, 2]> : tensor<3xi32>
// CHECK-DAG: %[[COLUMNS:.*]] = arith.constant dense<[2, 2, 1]> : tensor<3xi32>
// CHECK: tensor.pad %{{.*}} low[0, 1, 0, 0] high[0, 1, 1, 0]
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[ROWS]], %[[COLUMNS]]
// CHECK: arith.divsi
!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @average_same(%x: tensor<1x3x3x1x!q>) -> tensor<1x3x3x1x!q> {
  %y = tfl.average_pool_2d %x {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32, filter_width = 2 : i32, filter_height = 3 : i32}
    : (tensor<1x3x3x1x!q>) -> tensor<1x3x3x1x!q>
  return %y : tensor<1x3x3x1x!q>
}

// -----

// Counts of unknown sizes are computed.
// CHECK-LABEL: func.func @average_dynamic
// CHECK: linalg.index 0
// CHECK: arith.divf
func.func @average_dynamic(%x: tensor<1x?x4x1xf32>) -> tensor<1x?x4x1xf32> {
  %y = tfl.average_pool_2d %x {padding = "SAME", stride_w = 1 : i32, stride_h = 2 : i32, filter_width = 1 : i32, filter_height = 3 : i32}
    : (tensor<1x?x4x1xf32>) -> tensor<1x?x4x1xf32>
  return %y : tensor<1x?x4x1xf32>
}

// -----

// The least value pads and starts; the activation narrows the stored values.
// CHECK-LABEL: func.func @max_int8
// CHECK-DAG: %[[LEAST:.*]] = arith.constant -128 : i8
// CHECK: tensor.yield %[[LEAST]]
// CHECK: arith.maxsi
// CHECK: arith.maxsi %{{.*}}, %c-3_i8
// CHECK: arith.minsi %{{.*}}, %c9_i8
// CHECK-LABEL: func.func @max_uint8
// CHECK: arith.maxui
// CHECK-NOT: linalg.generic
// CHECK: return
!q = !quant.uniform<i8:f32, 0.5:-3>
!u = !quant.uniform<u8:f32, 0.5:3>
func.func @max_int8(%x: tensor<1x3x3x1x!q>) -> tensor<1x2x2x1x!q> {
  %y = tfl.max_pool_2d %x {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32, filter_height = 2 : i32, fused_activation_function = "RELU6"}
    : (tensor<1x3x3x1x!q>) -> tensor<1x2x2x1x!q>
  return %y : tensor<1x2x2x1x!q>
}
func.func @max_uint8(%x: tensor<1x4x4x1x!u>) -> tensor<1x2x2x1x!u> {
  %y = tfl.max_pool_2d %x {padding = "VALID", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32, filter_height = 2 : i32}
    : (tensor<1x4x4x1x!u>) -> tensor<1x2x2x1x!u>
  return %y : tensor<1x2x2x1x!u>
}
