// What the reference rejects in the data ends the invocation; constants are checked here.
// RUN: tflc-opt %s -split-input-file -tfl-to-linalg | FileCheck %s

// CHECK-LABEL: @gather
func.func @gather(%x: tensor<5x3xf32>, %i: tensor<2xi32>) -> tensor<2x3xf32> {
  // CHECK-DAG: %[[BOUND:.*]] = arith.constant 5 : i32
  // CHECK: %[[WORST:.*]] = linalg.generic {{.*}} iterator_types = ["reduction"]
  // CHECK: arith.cmpi uge, %{{.*}}, %[[BOUND]] : i32
  // CHECK: arith.maxui
  // CHECK: %[[STATUS:.*]] = tensor.extract %[[WORST]][]
  // CHECK: %[[INDICES:.*]] = tflrt.guard %[[STATUS]], %arg1
  // CHECK: linalg.generic {{.*}} ins(%[[INDICES]] : tensor<2xi32>)
  %0 = tfl.gather %x, %i : (tensor<5x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: @gather_constant
// CHECK-NOT: tflrt.guard
func.func @gather_constant(%x: tensor<5x3xf32>) -> tensor<2x3xf32> {
  %i = tfl.const dense<[0, 4]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.gather %x, %i : (tensor<5x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// Rows of the table are widened by the scale of each.
!rows = !quant.uniform<i8:f32:0, {0.5, 0.25, 0.125}>
// CHECK-LABEL: @embedding_lookup
func.func @embedding_lookup(%i: tensor<2xi32>, %x: tensor<3x4x!rows>) -> tensor<2x4xf32> {
  // CHECK: %[[LOOKUP:.*]] = tflrt.guard
  // CHECK: %[[SCALES:.*]] = arith.constant dense<[5.000000e-01, 2.500000e-01, 1.250000e-01]>
  // CHECK: linalg.generic {{.*}} ins(%[[LOOKUP]] : tensor<2xi32>)
  // CHECK: %[[ROW:.*]] = arith.index_cast
  // CHECK: %[[ELEMENT:.*]] = tensor.extract %arg1[%[[ROW]], %{{.*}}]
  // CHECK: %[[SCALE:.*]] = tensor.extract %[[SCALES]][%[[ROW]]]
  // CHECK: arith.sitofp
  // CHECK: arith.mulf %{{.*}}, %[[SCALE]]
  %0 = tfl.embedding_lookup %i, %x : (tensor<2xi32>, tensor<3x4x!rows>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// Each column has a bound of its own.
// CHECK-LABEL: @gather_nd
func.func @gather_nd(%x: tensor<5x3xf32>, %i: tensor<4x2xi64>) -> tensor<4xf32> {
  // CHECK: %[[BOUNDS:.*]] = tensor.from_elements %{{.*}}, %{{.*}} : tensor<2xi64>
  // CHECK: linalg.generic {{.*}} ins(%arg1, %[[BOUNDS]] :
  // CHECK: tflrt.guard
  %0 = tfl.gather_nd %x, %i : (tensor<5x3xf32>, tensor<4x2xi64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// One scalar check of all dimensions; a constant begin has none.
// CHECK-LABEL: @slice
func.func @slice(%x: tensor<5x3xf32>, %begin: tensor<2xi32>) -> tensor<2x3xf32> {
  // CHECK: tensor.extract %arg1[%c0
  // CHECK: arith.ori
  // CHECK: tflrt.guard
  // CHECK: tensor.extract_slice
  %size = tfl.const dense<[2, 3]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.slice %x, %begin, %size : (tensor<5x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// The stored zero point of a quantized divisor stands for zero.
// CHECK-LABEL: @div
func.func @div(%x: tensor<4x!quant.uniform<i8:f32, 0.5:3>>, %y: tensor<4x!quant.uniform<i8:f32, 0.5:-7>>)
    -> tensor<4x!quant.uniform<i8:f32, 0.5:3>> {
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant -7 : i32
  // CHECK: arith.cmpi eq, %{{.*}}, %[[ZERO]] : i32
  // CHECK: tflrt.guard
  %0 = tfl.div %x, %y {fused_activation_function = "NONE"}
    : (tensor<4x!quant.uniform<i8:f32, 0.5:3>>, tensor<4x!quant.uniform<i8:f32, 0.5:-7>>)
    -> tensor<4x!quant.uniform<i8:f32, 0.5:3>>
  return %0 : tensor<4x!quant.uniform<i8:f32, 0.5:3>>
}

// -----

// Floats have a quotient by zero, but no FLOOR_DIV by zero.
// CHECK-LABEL: @div_float
// CHECK-NOT: tflrt.guard
// CHECK-LABEL: @floor_div_float
// CHECK: tflrt.guard
func.func @div_float(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tfl.div %x, %y {fused_activation_function = "NONE"} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @floor_div_float(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tfl.floor_div %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
