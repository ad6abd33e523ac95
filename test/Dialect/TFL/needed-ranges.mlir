// RUN: tflc-opt %s -tfl-quantize-integers=allow-float | FileCheck %s
// RUN: tflc-opt %s -tfl-quantize-integers="allow-float mode=int16x8" | FileCheck %s --check-prefix=INT16

// RELU reads nothing below zero, so that the scale covers the rest alone. (In 16 bits there is resolution to spare.)
// CHECK-LABEL: @relu
// CHECK: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 1.000000e+00:-128>>
// INT16-LABEL: @relu
// INT16: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i16:f32, 0.0311288{{[^:]*}}>>
func.func @relu(%x: tensor<2xf32> {tfl.range = array<f32: -1020.0, 255.0>}) -> tensor<2xf32> {
  %0 = tfl.relu %x {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// What only moves or picks elements hands the need on; a mean needs all values.
// CHECK-LABEL: @through(
// CHECK: tfl.abs {{.*}} -> tensor<1x2x2x1x!quant.uniform<i8:f32, 0.0235294{{[^:]*}}:-128>>
// CHECK: tfl.max_pool_2d {{.*}} -> tensor<1x1x1x1x!quant.uniform<i8:f32, 0.0235294{{[^:]*}}:-128>>
// CHECK-LABEL: @through_mean
// CHECK: tfl.abs {{.*}} -> tensor<1x2x2x1x!quant.uniform<i8:f32, 4.000000e+00:-128>>
func.func @through(%x: tensor<1x2x2x1xf32> {tfl.range = array<f32: -1020.0, 1020.0>}) -> tensor<1x1x1x1xf32> {
  %0 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 1020.0>} : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %1 = tfl.max_pool_2d %0 {padding = "VALID", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32, filter_height = 2 : i32, fused_activation_function = "NONE", tfl.ranges = array<f32: 0.0, 1020.0>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = tfl.relu6 %1 {tfl.ranges = array<f32: 0.0, 6.0>} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}
func.func @through_mean(%x: tensor<1x2x2x1xf32> {tfl.range = array<f32: -1020.0, 1020.0>}) -> tensor<1x1x1x1xf32> {
  %0 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 1020.0>} : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %1 = tfl.average_pool_2d %0 {padding = "VALID", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32, filter_height = 2 : i32, fused_activation_function = "NONE", tfl.ranges = array<f32: 0.0, 1020.0>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = tfl.relu6 %1 {tfl.ranges = array<f32: 0.0, 6.0>} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// Two readers need what one of them needs; the model's caller needs all.
// CHECK-LABEL: @both
// CHECK: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 5.000000e+00:76>>
// CHECK: tfl.abs {{.*}} -> tensor<2x!quant.uniform<i8:f32, 4.000000e+00:-128>>
func.func @both(%x: tensor<2xf32> {tfl.range = array<f32: -1020.0, 255.0>}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %0 = tfl.relu %x {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 1020.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %2 = tfl.relu6 %1 {tfl.ranges = array<f32: 0.0, 6.0>} : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1, %2 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// LOGISTIC gives 0 or 255/256 from there on.
// CHECK-LABEL: @logistic
// CHECK: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 0.046274{{[^>]*}}>>
func.func @logistic(%x: tensor<2xf32> {tfl.range = array<f32: -51.0, 51.0>}) -> tensor<2xf32> {
  %0 = tfl.logistic %x {tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// relu6(x + 3) reads x from -3 to 3, and a product with -0.5 whose result is clamped below zero the negative half.
// CHECK-LABEL: @preimage
// CHECK-DAG: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 0.0235294{{[^:]*}}>>
// CHECK-DAG: tfl.quantize %arg1 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 0.200000{{[^:]*}}:127>>
func.func @preimage(%x: tensor<2xf32> {tfl.range = array<f32: -51.0, 51.0>}, %y: tensor<2xf32> {tfl.range = array<f32: -51.0, 51.0>}) -> (tensor<2xf32>, tensor<2xf32>) {
  %three = tfl.const dense<3.0> : tensor<f32> -> tensor<f32>
  %half = tfl.const dense<-0.5> : tensor<f32> -> tensor<f32>
  %0 = tfl.add %x, %three {fused_activation_function = "RELU6", tfl.ranges = array<f32: 0.0, 6.0>} : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %1 = tfl.mul %y, %half {fused_activation_function = "NONE", tfl.ranges = array<f32: -25.5, 25.5>} : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %2 = tfl.relu %1 {tfl.ranges = array<f32: 0.0, 25.5>} : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %2 : tensor<2xf32>, tensor<2xf32>
}

// A comparison reads the neighbourhood of its constant.
// CHECK-LABEL: @comparison
// CHECK: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 0.0392156{{[^:]*}}:-128>>
func.func @comparison(%x: tensor<2xf32> {tfl.range = array<f32: -64.0, 64.0>}) -> tensor<2xi1> {
  %c = tfl.const dense<8.0> : tensor<f32> -> tensor<f32>
  %0 = tfl.greater %x, %c : (tensor<2xf32>, tensor<f32>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}

// Where nothing of the range is needed, it is kept.
// CHECK-LABEL: @nothing
// CHECK: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 1.000000e+00:127>>
func.func @nothing(%x: tensor<2xf32> {tfl.range = array<f32: -255.0, -1.0>}) -> tensor<2xf32> {
  %0 = tfl.relu %x {tfl.ranges = array<f32: 0.0, 0.0>} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// SELECT_V2 and its result have one scale, which is finer than the input's own: RELU takes it, too, EXP does not.
// CHECK-LABEL: @finer
// CHECK-DAG: %[[FINE:.*]] = tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 1.000000e+00:-128>>
// CHECK-DAG: %[[OWN:.*]] = tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 5.000000e+00:76>>
// CHECK: tfl.select_v2 %arg1, %[[FINE]]
// CHECK: tfl.relu %[[FINE]]
// CHECK: tfl.exp %[[OWN]]
func.func @finer(%x: tensor<2xf32> {tfl.range = array<f32: -1020.0, 255.0>}, %c: tensor<2xi1>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %z = tfl.const dense<0.0> : tensor<f32> -> tensor<f32>
  %0 = tfl.select_v2 %c, %x, %z {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xi1>, tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %1 = tfl.relu %x {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %2 = tfl.exp %x {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1, %2 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// Logits that a mask takes out are nothing in the SOFTMAX: the scale covers the others and some distance below.
// CHECK-LABEL: @masked
// CHECK: tfl.select_v2 {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 0.0691{{[^:]*}}:55>>
// CHECK: tfl.add %{{.*}}, %{{.*}} : (tensor<1x4x!quant.uniform<i8:f32, 0.0392{{[^>]*}}>>, tensor<1x4x!quant.uniform<i8:f32, 0.0691{{[^:]*}}:127>>) -> tensor<1x4x!quant.uniform<i8:f32, 0.0691{{[^:]*}}:55>>
// INT16-LABEL: @masked
// INT16: tfl.select_v2 {{.*}} -> tensor<1x4x!quant.uniform<i16:f32, 4.577{{[^:]*}}>>
func.func @masked(%x: tensor<1x4xf32> {tfl.range = array<f32: -5.0, 5.0>}, %c: tensor<1x4xi1>) -> (tensor<1x4xf32>, tensor<1x4xf32>) {
  %least = tfl.const dense<-1.0e9> : tensor<f32> -> tensor<f32>
  %0 = tfl.select_v2 %c, %x, %least {tfl.ranges = array<f32: -1.0e9, 5.0>} : (tensor<1x4xi1>, tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  %1 = tfl.softmax %0 {beta = 1.0 : f32, tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %mask = tfl.const dense<[[0.0, 0.0, 0.0, -1.0e9]]> : tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = tfl.add %x, %mask {fused_activation_function = "NONE", tfl.ranges = array<f32: -1.0e9, 5.0>} : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %3 = tfl.softmax %2 {beta = 1.0 : f32, tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %1, %3 : tensor<1x4xf32>, tensor<1x4xf32>
}
