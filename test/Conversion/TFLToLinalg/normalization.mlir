// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @l2_normalization
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
// CHECK: %[[NORMS:.*]] = linalg.generic
// CHECK: %[[NORM:.*]] = math.sqrt
// CHECK: %[[IS_SMALL:.*]] = arith.cmpf olt, %[[NORM]]
// CHECK: arith.select %[[IS_SMALL]], %{{.*}}, %[[NORM]]
// CHECK: linalg.generic {{.*}} ins(%arg0, %[[NORMS]]
// CHECK: arith.divf
func.func @l2_normalization(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = tfl.l2_normalization %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// A multiplier and a shift for each row.
!in = tensor<2x3x!quant.uniform<i8:f32, 0.5:3>>
!out = tensor<2x3x!quant.uniform<i8:f32, 0.0078125>>
// CHECK-LABEL: @l2_normalization_int8
// CHECK: %[[SUMS:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2xi32>)
// CHECK: %[[MULTIPLIERS:.*]] = linalg.generic {{.*}} ins(%[[SUMS]]
// CHECK: %[[SHIFTS:.*]] = linalg.generic {{.*}} ins(%[[SUMS]]
// CHECK: linalg.generic {{.*}} ins(%arg0, %[[MULTIPLIERS]], %[[SHIFTS]]
// CHECK: tflrt.rescale %{{.*}}, %{{.*}}, %{{.*}} <double> : i32, i8 -> i32
func.func @l2_normalization_int8(%x: !in) -> !out {
  %y = tfl.l2_normalization %x : (!in) -> !out
  return %y : !out
}

// -----

// Two squares on both sides.
// CHECK-LABEL: @local_response_normalization
// CHECK: tensor.pad %{{.*}} low[0, 0, 0, 2] high[0, 0, 0, 2]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]
// CHECK: math.powf
func.func @local_response_normalization(%x: tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32> {
  %y = tfl.local_response_normalization %x {radius = 2 : i32, bias = 1.0 : f32, alpha = 0.5 : f32, beta = 0.75 : f32}
    : (tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32>
  return %y : tensor<1x2x3x8xf32>
}

// -----

// How far a window reaches depends on the number of channels, where the model does not say it.
// CHECK-LABEL: @open_channels
// CHECK: %[[CHANNELS:.*]] = tensor.dim %arg0, %{{.*}}
// CHECK: %[[RADIUS:.*]] = arith.minsi %[[CHANNELS]], %{{.*}}
// CHECK: tensor.empty(%{{.*}}) : tensor<?xf32>
func.func @open_channels(%x: tensor<1x2x3x?xf32>) -> tensor<1x2x3x?xf32> {
  %y = tfl.local_response_normalization %x {radius = 2 : i32, bias = 1.0 : f32, alpha = 0.5 : f32, beta = 1.0 : f32} : (tensor<1x2x3x?xf32>) -> tensor<1x2x3x?xf32>
  return %y : tensor<1x2x3x?xf32>
}
