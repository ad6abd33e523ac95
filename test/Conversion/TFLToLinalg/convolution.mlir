// RUN: tflc-opt %s -tfl-to-linalg -canonicalize -split-input-file | FileCheck %s

// The bias is where the contraction starts; the input's zero point is folded into it: 1 - (-3) * 27.
// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 + d4, d2 * 2 + d5 * 3, d6)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d3, d4, d5, d6)>
// CHECK-LABEL: func.func @int8_per_channel
// CHECK-DAG: %[[BIAS:.*]] = arith.constant dense<[82, 83]> : tensor<2xi32>
// CHECK-DAG: %[[SHIFT:.*]] = arith.constant dense<[-3, -2]> : tensor<2xi8>
// CHECK-DAG: %[[ZERO:.*]] = arith.constant -3 : i8
// CHECK: tensor.pad %{{.*}} low[0, 1, 2, 0] high[0, 1, 3, 0]
// CHECK: tensor.yield %[[ZERO]]
// CHECK: %[[INIT:.*]] = linalg.generic {{.*}} ins(%[[BIAS]] : tensor<2xi32>)
// CHECK: %[[ACC:.*]] = linalg.generic {indexing_maps = [#[[IN]], #[[W]], {{.*}}], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} {{.*}} outs(%[[INIT]] : tensor<1x4x2x2xi32>)
// CHECK-NEXT: ^bb0(%[[A:.*]]: i8, %[[B:.*]]: i8, %[[C:.*]]: i32):
// CHECK-NEXT: %[[X:.*]] = arith.extsi %[[A]]
// CHECK-NEXT: %[[Y:.*]] = arith.extsi %[[B]]
// CHECK-NEXT: %[[P:.*]] = arith.muli %[[X]], %[[Y]]
// CHECK-NEXT: %[[S:.*]] = arith.addi %[[C]], %[[P]]
// CHECK-NEXT: linalg.yield %[[S]]
// CHECK: linalg.generic {{.*}} ins(%[[ACC]], %{{.*}}, %[[SHIFT]]
// Each channel has the sum of 27 times any byte from its bias on.
// CHECK: tflrt.rescale {{.*}} <double> {input_ranges = array<i32: -3374, 3511, -3373, 3512>, max_input = 3512 : i32, max_shift = -2 : i32}
// CHECK: arith.addi
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: arith.trunci
!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32:0, {0.25, 0.5}>
!y = !quant.uniform<i8:f32, 1.5:7>
func.func @int8_per_channel(%x: tensor<1x4x4x1x!x>) -> tensor<1x4x2x2x!y> {
  %w = tfl.const dense<3> : tensor<2x3x3x1xi8> -> tensor<2x3x3x1x!w>
  %b = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.conv_2d %x, %w, %b {padding = "SAME", stride_w = 2 : i32, stride_h = 1 : i32, dilation_w_factor = 3 : i32, fused_activation_function = "RELU"}
    : (tensor<1x4x4x1x!x>, tensor<2x3x3x1x!w>, tensor<2xi32>) -> tensor<1x4x2x2x!y>
  return %y : tensor<1x4x2x2x!y>
}

// -----

// uint8 weights that fit lose their zero point; others subtract it in the body.
// CHECK-LABEL: func.func @uint8
// CHECK-DAG: arith.constant dense<{{.*}}[-28]{{.*}}[27]{{.*}}> : tensor<1x1x2x1xi8>
// CHECK: ^bb0(%[[A:.*]]: i8, %[[B:.*]]: i8, %{{.*}}: i32):
// CHECK-NEXT: arith.extui %[[A]]
// CHECK-NEXT: arith.extsi %[[B]]
// CHECK-NEXT: arith.muli
// CHECK-LABEL: func.func @uint8_wide
// CHECK: ^bb0(%[[A:.*]]: i8, %[[B:.*]]: i8, %{{.*}}: i32):
// CHECK-NEXT: arith.extui %[[A]]
// CHECK-NEXT: %[[E:.*]] = arith.extui %[[B]]
// CHECK-NEXT: arith.subi %[[E]], %c100_i32
// CHECK-NEXT: arith.muli
!x = !quant.uniform<u8:f32, 0.5:3>
!w = !quant.uniform<u8:f32, 0.5:128>
!v = !quant.uniform<u8:f32, 0.5:100>
func.func @uint8(%x: tensor<1x4x4x1x!x>) -> tensor<1x4x3x1x!x> {
  %w = tfl.const dense<[[[[100], [155]]]]> : tensor<1x1x2x1xi8> -> tensor<1x1x2x1x!w>
  %y = tfl.conv_2d %x, %w {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x1x!x>, tensor<1x1x2x1x!w>) -> tensor<1x4x3x1x!x>
  return %y : tensor<1x4x3x1x!x>
}
func.func @uint8_wide(%x: tensor<1x4x4x1x!x>) -> tensor<1x4x3x1x!x> {
  %w = tfl.const dense<[[[[0], [255]]]]> : tensor<1x1x2x1xi8> -> tensor<1x1x2x1x!v>
  %y = tfl.conv_2d %x, %w {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x1x!x>, tensor<1x1x2x1x!v>) -> tensor<1x4x3x1x!x>
  return %y : tensor<1x4x3x1x!x>
}

// -----

// The bias decides the accumulator of int16 activations, and that the rounding. Where 32 bits hold all sums, they are summed up in these; a bias that
// may not fit, or is not known, joins in 64 bits behind the sum.
// CHECK-LABEL: func.func @int16_wide
// CHECK: arith.muli {{.*}} : i32
// CHECK: arith.addi {{.*}} : i64
// CHECK: tflrt.rescale {{.*}} <reduced> : i64, i8 -> i32
// CHECK-LABEL: func.func @int16_bias_fits
// CHECK: arith.constant dense<-7> : tensor<1xi32>
// CHECK: arith.muli {{.*}} : i32
// CHECK-NOT: i64
// CHECK: tflrt.rescale {{.*}} <reduced> {{.*}} : i32, i8 -> i32
// CHECK-LABEL: func.func @int16_bias_is_large
// CHECK: arith.muli {{.*}} : i32
// CHECK: arith.addi {{.*}} : i64
// CHECK: tflrt.rescale {{.*}} <reduced> : i64, i8 -> i32
// CHECK-LABEL: func.func @int16_sum_is_large
// CHECK: arith.muli {{.*}} : i64
// CHECK: tflrt.rescale {{.*}} <reduced> : i64, i8 -> i32
// CHECK-LABEL: func.func @int16_narrow
// CHECK: arith.muli {{.*}} : i32
// CHECK: tflrt.rescale {{.*}} <double> : i32, i8 -> i32
!x = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
func.func @int16_wide(%x: tensor<1x4x4x1x!x>, %w: tensor<1x1x1x1x!w>, %b: tensor<1xi64>) -> tensor<1x4x4x1x!x> {
  %y = tfl.conv_2d %x, %w, %b {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x1x!x>, tensor<1x1x1x1x!w>, tensor<1xi64>) -> tensor<1x4x4x1x!x>
  return %y : tensor<1x4x4x1x!x>
}
func.func @int16_bias_fits(%x: tensor<1x4x4x1x!x>) -> tensor<1x4x4x1x!x> {
  %w = tfl.const dense<-128> : tensor<1x1x1x1xi8> -> tensor<1x1x1x1x!w>
  %b = tfl.const dense<-7> : tensor<1xi64> -> tensor<1xi64>
  %y = tfl.conv_2d %x, %w, %b {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x1x!x>, tensor<1x1x1x1x!w>, tensor<1xi64>) -> tensor<1x4x4x1x!x>
  return %y : tensor<1x4x4x1x!x>
}
// 2^31 - 1 - 127 * 32767 is the largest bias that fits.
func.func @int16_bias_is_large(%x: tensor<1x4x4x1x!x>) -> tensor<1x4x4x1x!x> {
  %w = tfl.const dense<127> : tensor<1x1x1x1xi8> -> tensor<1x1x1x1x!w>
  %b = tfl.const dense<2143322239> : tensor<1xi64> -> tensor<1xi64>
  %y = tfl.conv_2d %x, %w, %b {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x1x!x>, tensor<1x1x1x1x!w>, tensor<1xi64>) -> tensor<1x4x4x1x!x>
  return %y : tensor<1x4x4x1x!x>
}
// -128 * -2^15 is 2^22, and 512 of them are 2^31.
func.func @int16_sum_is_large(%x: tensor<1x4x4x512x!x>) -> tensor<1x4x4x1x!x> {
  %w = tfl.const dense<-128> : tensor<1x1x1x512xi8> -> tensor<1x1x1x512x!w>
  %b = tfl.const dense<0> : tensor<1xi64> -> tensor<1xi64>
  %y = tfl.conv_2d %x, %w, %b {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x512x!x>, tensor<1x1x1x512x!w>, tensor<1xi64>) -> tensor<1x4x4x1x!x>
  return %y : tensor<1x4x4x1x!x>
}
func.func @int16_narrow(%x: tensor<1x4x4x1x!x>, %w: tensor<1x1x1x1x!w>, %b: tensor<1xi32>) -> tensor<1x4x4x1x!x> {
  %y = tfl.conv_2d %x, %w, %b {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x1x!x>, tensor<1x1x1x1x!w>, tensor<1xi32>) -> tensor<1x4x4x1x!x>
  return %y : tensor<1x4x4x1x!x>
}

// -----

// Groups are a dimension of their own.
// CHECK-LABEL: func.func @groups
// CHECK-DAG: tensor.expand_shape %{{.*}} {{\[\[}}0], [1], [2], [3, 4]] {{.*}} into tensor<1x4x4x2x3xf32>
// CHECK-DAG: tensor.expand_shape {{.*}} into tensor<2x2x1x1x3xf32>
// CHECK: iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
// CHECK: tensor.collapse_shape {{.*}} tensor<1x4x4x2x2xf32> into tensor<1x4x4x4xf32>
func.func @groups(%x: tensor<1x4x4x6xf32>, %w: tensor<4x1x1x3xf32>) -> tensor<1x4x4x4xf32> {
  %y = tfl.conv_2d %x, %w {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x6xf32>, tensor<4x1x1x3xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// Unknown sizes are computed.
// CHECK-DAG: #[[OUT:.*]] = affine_map<()[s0] -> (s0 ceildiv 2)>
// CHECK-LABEL: func.func @dynamic
// CHECK: affine.max
// CHECK: affine.apply #[[OUT]]
// CHECK: tensor.pad
func.func @dynamic(%x: tensor<?x?x4x1xf32>, %w: tensor<2x3x1x1xf32>) -> tensor<?x?x2x2xf32> {
  %y = tfl.conv_2d %x, %w {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32}
    : (tensor<?x?x4x1xf32>, tensor<2x3x1x1xf32>) -> tensor<?x?x2x2xf32>
  return %y : tensor<?x?x2x2xf32>
}

// -----

// The batch is quantized after zeros were put around it; its zero point is taken off by the sums of weights.
// CHECK-LABEL: func.func @hybrid
// CHECK-DAG: %[[SUMS:.*]] = arith.constant dense<27> : tensor<2xi32>
// CHECK-DAG: %[[FLOAT_ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: tensor.pad
// CHECK: tensor.yield %[[FLOAT_ZERO]] : f32
// CHECK: math.copysign
// CHECK: arith.fptosi {{.*}} : f32 to i8
// CHECK: iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
// CHECK: %[[SUMS]]
// CHECK: arith.sitofp
!w = !quant.uniform<i8:f32:0, {0.25, 0.5}>
func.func @hybrid(%x: tensor<2x4x4x1xf32>) -> tensor<2x4x4x2xf32> {
  %w = tfl.const dense<3> : tensor<2x3x3x1xi8> -> tensor<2x3x3x1x!w>
  %y = tfl.conv_2d %x, %w {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<2x4x4x1xf32>, tensor<2x3x3x1x!w>) -> tensor<2x4x4x2xf32>
  return %y : tensor<2x4x4x2xf32>
}

// -----

// Channels stay parallel; a depth multiplier is a dimension of its own.
// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 + d4, d2 + d5, d3)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5, d3)>
// CHECK-DAG: #[[WM:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d5, d6, d3, d4)>
// CHECK-LABEL: func.func @depthwise
// CHECK: indexing_maps = [#[[IN]], #[[W]],
// CHECK-LABEL: func.func @depth_multiplier
// CHECK: indexing_maps = [{{.*}}, #[[WM]],
// CHECK: tensor.collapse_shape {{.*}} tensor<1x2x2x3x2xf32> into tensor<1x2x2x6xf32>
func.func @depthwise(%x: tensor<1x4x4x3xf32>, %w: tensor<1x3x3x3xf32>) -> tensor<1x2x2x3xf32> {
  %y = tfl.depthwise_conv_2d %x, %w {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x3xf32>, tensor<1x3x3x3xf32>) -> tensor<1x2x2x3xf32>
  return %y : tensor<1x2x2x3xf32>
}
func.func @depth_multiplier(%x: tensor<1x4x4x3xf32>, %w: tensor<1x3x3x6xf32>) -> tensor<1x2x2x6xf32> {
  %y = tfl.depthwise_conv_2d %x, %w {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x3xf32>, tensor<1x3x3x6xf32>) -> tensor<1x2x2x6xf32>
  return %y : tensor<1x2x2x6xf32>
}
