// RUN: tflc-opt %s -tfl-to-linalg -canonicalize -split-input-file | FileCheck %s

// Each phase of the stride becomes output channels of an ordinary convolution: of three taps two
// serve phase 0, in reverse order, and one phase 1. The phases are interleaved afterwards.
// CHECK-LABEL: func.func @phases
// CHECK-DAG: arith.constant dense<{{.*}}[3.000000e+00]{{.*}}[1.000000e+00]{{.*}}[0.000000e+00]{{.*}}[2.000000e+00]{{.*}}> : tensor<2x1x2x1xf32>
// CHECK: tensor.pad %{{.*}} low[0, 0, 1, 0] high[0, 0, 1, 0]
// CHECK: iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
// CHECK: tensor.expand_shape {{.*}} tensor<1x1x5x2xf32> into tensor<1x1x5x1x2x1xf32>
// CHECK: tensor.collapse_shape {{.*}} into tensor<1x1x10x1xf32>
// CHECK: tensor.extract_slice {{.*}}[0, 0, 0, 0] [1, 1, 9, 1]
func.func @phases(%x: tensor<1x1x4x1xf32>) -> tensor<1x1x9x1xf32> {
  %shape = tfl.const dense<[1, 1, 9, 1]> : tensor<4xi32> -> tensor<4xi32>
  %w = tfl.const dense<[[[[1.0], [2.0], [3.0]]]]> : tensor<1x1x3x1xf32> -> tensor<1x1x3x1xf32>
  %y = tfl.transpose_conv %shape, %w, %x {padding = "VALID", stride_w = 2 : i32, stride_h = 1 : i32}
    : (tensor<4xi32>, tensor<1x1x3x1xf32>, tensor<1x1x4x1xf32>) -> tensor<1x1x9x1xf32>
  return %y : tensor<1x1x9x1xf32>
}

// -----

// Bias and multipliers are repeated for each phase; each phase folds the zero point with its own taps.
// CHECK-LABEL: func.func @int8
// CHECK-DAG: arith.constant dense<[8, 9, 5, 6]> : tensor<4xi32>
// CHECK-DAG: arith.constant dense<[-2, -1, -2, -1]> : tensor<4xi8>
!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32:0, {0.25, 0.5}>
!y = !quant.uniform<i8:f32, 0.75:7>
func.func @int8(%x: tensor<1x1x4x1x!x>) -> tensor<1x1x9x2x!y> {
  %shape = tfl.const dense<[1, 1, 9, 2]> : tensor<4xi32> -> tensor<4xi32>
  %w = tfl.const dense<1> : tensor<2x1x3x1xi8> -> tensor<2x1x3x1x!w>
  %b = tfl.const dense<[2, 3]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.transpose_conv %shape, %w, %x, %b {padding = "VALID", stride_w = 2 : i32, stride_h = 1 : i32}
    : (tensor<4xi32>, tensor<2x1x3x1x!w>, tensor<1x1x4x1x!x>, tensor<2xi32>) -> tensor<1x1x9x2x!y>
  return %y : tensor<1x1x9x2x!y>
}

// -----

// Without a stride there is nothing to interleave.
// CHECK-LABEL: func.func @no_stride
// CHECK: tensor.pad
// CHECK: %[[RESULT:.*]] = linalg.generic
// CHECK: %[[CLAMPED:.*]] = linalg.generic {{.*}} ins(%
// CHECK-NOT: tensor.expand_shape
// CHECK: tensor.extract_slice
func.func @no_stride(%x: tensor<1x3x3x1xf32>) -> tensor<1x3x3x1xf32> {
  %shape = tfl.const dense<[1, 3, 3, 1]> : tensor<4xi32> -> tensor<4xi32>
  %w = tfl.const dense<1.0> : tensor<1x3x3x1xf32> -> tensor<1x3x3x1xf32>
  %y = tfl.transpose_conv %shape, %w, %x {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<4xi32>, tensor<1x3x3x1xf32>, tensor<1x3x3x1xf32>) -> tensor<1x3x3x1xf32>
  return %y : tensor<1x3x3x1xf32>
}

// -----

// Weights that arrive at run time are grouped at run time.
// CHECK-LABEL: func.func @dynamic_weights
// CHECK: tensor.pad %{{.*}} low[0, 0, 0, 0] high[0, 0, 1, 0]
// CHECK: tensor.expand_shape {{.*}} into tensor<2x1x1x2x2x3xf32>
func.func @dynamic_weights(%x: tensor<1x1x4x3xf32>, %w: tensor<2x1x3x3xf32>) -> tensor<1x1x9x2xf32> {
  %shape = tfl.const dense<[1, 1, 9, 2]> : tensor<4xi32> -> tensor<4xi32>
  %y = tfl.transpose_conv %shape, %w, %x {padding = "VALID", stride_w = 2 : i32, stride_h = 1 : i32}
    : (tensor<4xi32>, tensor<2x1x3x3xf32>, tensor<1x1x4x3xf32>) -> tensor<1x1x9x2xf32>
  return %y : tensor<1x1x9x2xf32>
}

// A fed shape: the padding in front of the result depends on its size.
// CHECK-LABEL: @fed_shape
func.func @fed_shape(%shape: tensor<4xi32>, %w: tensor<2x3x3x3xf32>, %x: tensor<1x4x4x3xf32>) -> tensor<1x?x?x2xf32> {
  // CHECK: tflrt.guard
  // CHECK: tensor.pad
  // CHECK: tensor.extract_slice
  %0 = tfl.transpose_conv %shape, %w, %x {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32}
    : (tensor<4xi32>, tensor<2x3x3x3xf32>, tensor<1x4x4x3xf32>) -> tensor<1x?x?x2xf32>
  return %0 : tensor<1x?x?x2xf32>
}
