// RUN: tflc-opt %s -tfl-quantize-integers=allow-float | FileCheck %s
// RUN: tflc-opt %s -tfl-quantize-integers="allow-float inputs=uint8 outputs=uint8" | FileCheck %s --check-prefix=UINT8
// RUN: tflc-opt %s -tfl-quantize-integers="allow-float inputs=uint8" | FileCheck %s --check-prefix=INPUTS
// RUN: tflc-opt %s -tfl-quantize-integers="allow-float outputs=int8" | FileCheck %s --check-prefix=OUTPUTS
// RUN: tflc-opt %s -tfl-quantize-integers="allow-float mode=int16x8" | FileCheck %s --check-prefix=INT16

// Activations asymmetric, weights symmetric for each channel, the bias with the product of scales.
// CHECK-LABEL: func.func @dense(%arg0: tensor<1x2xf32>) -> tensor<1x2xf32>
// CHECK-DAG: %[[W:.*]] = tfl.const {{.*}} -> tensor<2x2x!quant.uniform<i8:f32:0, {1.000000e+00,2.000000e+00}>>
// CHECK-DAG: %[[B:.*]] = tfl.const dense<[2, 1]> : tensor<2xi32> -> tensor<2x!quant.uniform<i32:f32:0, {1.000000e+00,2.000000e+00}>>
// CHECK-DAG: %[[Q:.*]] = tfl.quantize %arg0 : (tensor<1x2xf32>) -> tensor<1x2x!quant.uniform<i8:f32, 1.000000e+00:-128>>
// CHECK: %[[Y:.*]] = tfl.fully_connected %[[Q]], %[[W]], %[[B]] {{.*}} -> tensor<1x2x!quant.uniform<i8:f32, 2.000000e+00:-1>>
// CHECK: %[[F:.*]] = tfl.dequantize %[[Y]]
// CHECK: return %[[F]]
// UINT8-LABEL: func.func @dense(%arg0: tensor<1x2x!quant.uniform<u8:f32, 1.000000e+00>>) -> tensor<1x2x!quant.uniform<u8:f32, 2.000000e+00:127>>
// INPUTS-LABEL: func.func @dense(%arg0: tensor<1x2x!quant.uniform<u8:f32, 1.000000e+00>>) -> tensor<1x2xf32>
// OUTPUTS-LABEL: func.func @dense(%arg0: tensor<1x2xf32>) -> tensor<1x2x!quant.uniform<i8:f32, 2.000000e+00:-1>>
// INT16-LABEL: func.func @dense
// INT16-DAG: tfl.const {{.*}} : tensor<2xi64> {quantized_dimension = 0 : i32, scale = array<f32: {{.*}}>} -> tensor<2xi64>
// INT16: tfl.fully_connected {{.*}} -> tensor<1x2x!quant.uniform<i16:f32, {{[^:>]*}}>>
func.func @dense(%x: tensor<1x2xf32> {tfl.range = array<f32: 0.0, 255.0>}) -> tensor<1x2xf32> {
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b = tfl.const dense<2.0> : tensor<2xf32> -> tensor<2xf32>
  %0 = tfl.fully_connected %x, %w, %b {tfl.ranges = array<f32: -254.0, 256.0>} : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// One scale for all: that of the result, which both operands are only parts of.
// CHECK-LABEL: @join
func.func @join(%x: tensor<2xf32> {tfl.range = array<f32: 0.0, 51.0>}, %y: tensor<2xf32> {tfl.range = array<f32: -51.0, 0.0>}) -> tensor<4xf32> {
  // CHECK: tfl.concatenation {{.*}} : (tensor<2x![[T:.*]]>, tensor<2x![[T]]>) -> tensor<4x![[T]]>
  %0 = tfl.concatenation %x, %y {axis = 0 : i32, tfl.ranges = array<f32: -51.0, 51.0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The kernel fixes the scale of LOGISTIC's result; it is requantized for the others.
// CHECK-LABEL: @join_fixed
func.func @join_fixed(%x: tensor<2xf32> {tfl.range = array<f32: -51.0, 51.0>}) -> tensor<4xf32> {
  // CHECK: %[[S:.*]] = tfl.logistic {{.*}} -> tensor<2x!quant.uniform<i8:f32, 3.906250e-03:-128>>
  // CHECK: %[[R:.*]] = tfl.quantize %[[S]] : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 0.4000000{{[^>]*}}>>
  // CHECK: tfl.concatenation %{{.*}}, %[[R]]
  %0 = tfl.logistic %x {tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.concatenation %x, %0 {axis = 0 : i32, tfl.ranges = array<f32: -51.0, 51.0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// An island of float; RESHAPE alone is not worth a QUANTIZE.
// CHECK-LABEL: @island
func.func @island(%x: tensor<2xf32> {tfl.range = array<f32: -51.0, 51.0>}) -> (tensor<2xf32>, tensor<1x2xf32>) {
  // CHECK: %[[E:.*]] = tfl.exp {{.*}}!quant
  // CHECK: %[[F:.*]] = tfl.dequantize %[[E]]
  // CHECK: %[[S:.*]] = tfl.sin %[[F]] : (tensor<2xf32>) -> tensor<2xf32>
  // CHECK-NOT: tfl.quantize
  // CHECK: tfl.reshape %[[S]], {{.*}} -> tensor<1x2xf32>
  %0 = tfl.exp %x {tfl.ranges = array<f32: 0.0, 51.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.sin %0 {tfl.ranges = array<f32: -1.0, 1.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %s = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %2 = tfl.reshape %1, %s {tfl.ranges = array<f32: -1.0, 1.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  return %1, %2 : tensor<2xf32>, tensor<1x2xf32>
}

// A range that the model brings is taken in the width of the mode.
// INT16-LABEL: @given
func.func @given(%x: tensor<2xf32> {tfl.given_type = !quant.uniform<i8:f32, 0.5>}) -> tensor<2xf32> {
  // INT16: tfl.abs {{.*}} : (tensor<2x!quant.uniform<i16:f32, 0.0019531846{{.*}}>>) -> tensor<2x!quant.uniform<i16:f32, 0.0019455549{{.*}}>>
  %0 = tfl.abs %x {tfl.given_types = [!quant.uniform<i8:f32, 0.25:-128>]} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Without a range there is nothing to choose a scale from.
// CHECK-LABEL: @unknown
func.func @unknown(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: tfl.abs %arg0 : (tensor<2xf32>) -> tensor<2xf32>
  %0 = tfl.abs %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Integers stay alone.
// CHECK-LABEL: @integers
func.func @integers(%x: tensor<2xi32>) -> tensor<2xi32> {
  // CHECK: tfl.abs %arg0 : (tensor<2xi32>) -> tensor<2xi32>
  %0 = tfl.abs %x : (tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// ELU with a factor: what is chosen from both costs two conversions in integers, and none in float.
// CHECK-LABEL: @cheaper_in_float
func.func @cheaper_in_float(%x: tensor<2xf32> {tfl.range = array<f32: -51.0, 51.0>}, %c: tensor<2xi1>) -> tensor<2xf32> {
  // CHECK: %[[A:.*]] = tfl.abs {{.*}} -> tensor<2x!quant
  // CHECK: %[[F:.*]] = tfl.dequantize %[[A]]
  // CHECK: %[[S:.*]] = tfl.elu %[[F]]
  // CHECK-NEXT: %[[M:.*]] = tfl.mul %[[S]], {{.*}} -> tensor<2xf32>
  // CHECK-NEXT: %[[V:.*]] = tfl.select_v2 %arg1, %[[S]], %[[M]] : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK-NEXT: return %[[V]]
  %w = tfl.const dense<0.5> : tensor<f32> -> tensor<f32>
  %0 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 51.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.elu %0 {tfl.ranges = array<f32: -1.0, 51.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %2 = tfl.mul %1, %w {tfl.ranges = array<f32: -0.5, 26.0>} : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %3 = tfl.select_v2 %c, %1, %2 {tfl.ranges = array<f32: -1.0, 51.0>} : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %3 : tensor<2xf32>
}

// So does a choice between a float and a constant.
// CHECK-LABEL: @chosen_in_float
func.func @chosen_in_float(%x: tensor<2xf32> {tfl.range = array<f32: -51.0, 51.0>}, %c: tensor<2xi1>) -> tensor<2xf32> {
  // CHECK: %[[S:.*]] = tfl.elu
  // CHECK: %[[V:.*]] = tfl.select_v2 %arg1, %{{.*}}, %[[S]] : (tensor<2xi1>, tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK-NEXT: return %[[V]]
  %zero = tfl.const dense<0.0> : tensor<f32> -> tensor<f32>
  %0 = tfl.elu %x {tfl.ranges = array<f32: -1.0, 51.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.select_v2 %c, %zero, %0 {tfl.ranges = array<f32: -1.0, 51.0>} : (tensor<2xi1>, tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// Where integers follow, a chain is quantized.
// CHECK-LABEL: @cheaper_in_integers
func.func @cheaper_in_integers(%x: tensor<1x2xf32> {tfl.range = array<f32: -51.0, 51.0>}) -> tensor<1x1xf32> {
  // CHECK: tfl.sin
  // CHECK-NEXT: tfl.quantize
  // CHECK-NEXT: tfl.abs {{.*}} -> tensor<1x2x!quant
  // CHECK-NEXT: tfl.fully_connected {{.*}} -> tensor<1x1x!quant
  %w = tfl.const dense<1.0> : tensor<1x2xf32> -> tensor<1x2xf32>
  %0 = tfl.sin %x {tfl.ranges = array<f32: -1.0, 1.0>} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %1 = tfl.abs %0 {tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = tfl.fully_connected %1, %w {tfl.ranges = array<f32: 0.0, 2.0>} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// The zeros between the updates are stored zeros, so that the zero point is 0.
// CHECK-LABEL: @scatter
func.func @scatter(%x: tensor<2xf32> {tfl.range = array<f32: -127.0, 51.0>}) -> tensor<4xf32> {
  // CHECK: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 1.000000e+00>>
  // CHECK: tfl.scatter_nd {{.*}} -> tensor<4x!quant.uniform<i8:f32, 1.000000e+00>>
  // INT16-LABEL: @scatter
  // INT16: tfl.scatter_nd {{.*}} -> tensor<4xf32>
  %i = tfl.const dense<[[1], [3]]> : tensor<2x1xi32> -> tensor<2x1xi32>
  %s = tfl.const dense<4> : tensor<1xi32> -> tensor<1xi32>
  %0 = tfl.scatter_nd %i, %x, %s {tfl.ranges = array<f32: -127.0, 51.0>} : (tensor<2x1xi32>, tensor<2xf32>, tensor<1xi32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @largest
func.func @largest(%x: tensor<4xf32> {tfl.range = array<f32: 0.0, 255.0>}) -> (tensor<2xf32>, tensor<2xi32>) {
  // CHECK: tfl.topk_v2 {{.*}} -> (tensor<2x!quant.uniform<i8:f32, 1.000000e+00:-128>>, tensor<2xi32>)
  %k = tfl.const dense<2> : tensor<i32> -> tensor<i32>
  %0, %1 = tfl.topk_v2 %x, %k {tfl.ranges = array<f32: 0.0, 255.0, 0.0, 3.0>} : (tensor<4xf32>, tensor<i32>) -> (tensor<2xf32>, tensor<2xi32>)
  return %0, %1 : tensor<2xf32>, tensor<2xi32>
}

// An operator that moves elements is quantized as the model's input is; once that has been joined with
// others, what goes from it to an output only stays in float.
// CHECK-LABEL: @passthrough
func.func @passthrough(%x: tensor<2xf32> {tfl.range = array<f32: 0.0, 255.0>}) -> (tensor<2x1xf32>, tensor<4xf32>, tensor<1x2xf32>) {
  // CHECK: tfl.reshape {{.*}} -> tensor<2x1x!quant
  // CHECK: tfl.concatenation
  // CHECK: tfl.reshape %arg0, {{.*}} -> tensor<1x2xf32>
  %a = tfl.const dense<[2, 1]> : tensor<2xi32> -> tensor<2xi32>
  %b = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.reshape %x, %a {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<2x1xf32>
  %1 = tfl.concatenation %x, %x {axis = 0 : i32, tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %2 = tfl.reshape %x, %b {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  return %0, %1, %2 : tensor<2x1xf32>, tensor<4xf32>, tensor<1x2xf32>
}

// A constant in the place of an activation has as many bits as that.
// CHECK-LABEL: @constant_matrix
func.func @constant_matrix(%x: tensor<1x2xf32> {tfl.range = array<f32: 0.0, 255.0>}) -> tensor<1x2xf32> {
  // CHECK: tfl.batch_matmul {{.*}}, tensor<2x2x!quant.uniform<i8:f32, {{.*}}>>)
  // INT16-LABEL: @constant_matrix
  // INT16: tfl.batch_matmul {{.*}}, tensor<2x2x!quant.uniform<i16:f32, {{.*}}>>)
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %0 = tfl.batch_matmul %x, %w {tfl.ranges = array<f32: -254.0, 256.0>} : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// A part of an input is not made coarse by what it stands beside, as the input is read elsewhere.
// CHECK-LABEL: @part
func.func @part(%x: tensor<2xf32> {tfl.range = array<f32: 0.0, 255.0>}, %y: tensor<2xf32> {tfl.range = array<f32: 0.0, 2550.0>}) -> (tensor<1x4xf32>, tensor<2xf32>) {
  // CHECK: tfl.quantize %arg0 : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 1.000000e+00:-128>>
  // CHECK: tfl.concatenation {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 1.000000e+01:-128>>
  // CHECK: tfl.exp {{.*}}!quant.uniform<i8:f32, 1.000000e+00:-128>
  %s = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.reshape %x, %s {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  %1 = tfl.reshape %y, %s {tfl.ranges = array<f32: 0.0, 2550.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  %2 = tfl.concatenation %0, %1 {axis = 1 : i32, tfl.ranges = array<f32: 0.0, 2550.0>} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  %3 = tfl.exp %x {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>) -> tensor<2xf32>
  return %2, %3 : tensor<1x4xf32>, tensor<2xf32>
}

// The kernel for 16 bits interpolates between entries of a table, here at 0.01 and 0.02: the first is log(0.01) = -4.605.
// INT16-LABEL: @table_entries
// INT16: tfl.log {{.*}} -> tensor<2x!quant.uniform<i16:f32, 1.4054{{[^>]*}}E-4>>
func.func @table_entries(%x: tensor<2xf32> {tfl.range = array<f32: 0.015, 2.56>}) -> tensor<2xf32> {
  %0 = tfl.log %x {tfl.ranges = array<f32: -4.2, 0.94>} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// An embedding that is read alone, too, is requantized where it is joined with numbers that are many times as large.
// CHECK-LABEL: @joined_small
// CHECK: %[[A:.*]] = tfl.abs {{.*}} -> tensor<2x!quant.uniform<i8:f32, 1.000000e+00:-128>>
// CHECK: %[[Q:.*]] = tfl.quantize %[[A]] : {{.*}} -> tensor<2x!quant.uniform<i8:f32, 6.400000e+01:-128>>
// CHECK: tfl.concatenation %[[Q]]
// CHECK: tfl.exp %[[A]]
func.func @joined_small(%x: tensor<2xf32> {tfl.range = array<f32: -255.0, 255.0>}, %y: tensor<2xf32> {tfl.range = array<f32: 0.0, 16320.0>}) -> (tensor<4xf32>, tensor<2xf32>) {
  %0 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.concatenation %0, %y {axis = 0 : i32, tfl.ranges = array<f32: 0.0, 16320.0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %2 = tfl.exp %0 {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>) -> tensor<2xf32>
  return %1, %2 : tensor<4xf32>, tensor<2xf32>
}

// Only the shape of a second copy is read, so that the argument has the scale of what it is joined with.
// CHECK-LABEL: @joined_shape
// CHECK-COUNT-2: tfl.quantize %arg{{[01]}} : {{.*}}!quant.uniform<i8:f32, 1.000000e+01:-128>>
// CHECK-NOT: tfl.quantize
// CHECK: tfl.concatenation
func.func @joined_shape(%x: tensor<2xf32> {tfl.range = array<f32: 0.0, 255.0>}, %y: tensor<1x2xf32> {tfl.range = array<f32: 0.0, 2550.0>}) -> (tensor<1x4xf32>, tensor<2xi32>) {
  %s = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.reshape %x, %s {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  %1 = tfl.reshape %x, %s {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  %2 = tfl.shape %1 : (tensor<1x2xf32>) -> tensor<2xi32>
  %3 = tfl.concatenation %0, %y {axis = 1 : i32, tfl.ranges = array<f32: 0.0, 2550.0>} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  return %3, %2 : tensor<1x4xf32>, tensor<2xi32>
}

// Beside a number for each row, nearly equal scales of a sum and its operand would round all of a row to one side.
// CHECK-LABEL: @rounded_to_one_side
// CHECK: %[[A:.*]] = tfl.abs {{.*}} -> tensor<4x4x!quant.uniform<i8:f32, 1.031250e+00:-128>>
// CHECK: tfl.add %[[A]], {{.*}} -> tensor<4x4x!quant.uniform<i8:f32, 1.000000e+00:-128>>
func.func @rounded_to_one_side(%x: tensor<4x4xf32> {tfl.range = array<f32: -254.0, 254.0>}, %b: tensor<4x1xf32> {tfl.range = array<f32: -1.0, 1.0>}) -> tensor<4x4xf32> {
  %0 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 254.0>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = tfl.add %0, %b {fused_activation_function = "NONE", tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<4x4xf32>, tensor<4x1xf32>) -> tensor<4x4xf32>
  return %1 : tensor<4x4xf32>
}

// A constant takes the scale of what it stands beside, and gives no other operator a reason to stay in float.
// CHECK-LABEL: @padded
// CHECK: tfl.padv2 {{.*}} -> tensor<4x!quant
// CHECK: tfl.reshape {{.*}} -> tensor<1x2x!quant
func.func @padded(%x: tensor<2xf32> {tfl.range = array<f32: 0.0, 255.0>}) -> (tensor<4xf32>, tensor<1x2xf32>) {
  %pads = tfl.const dense<[[1, 1]]> : tensor<1x2xi32> -> tensor<1x2xi32>
  %c = tfl.const dense<3.0> : tensor<f32> -> tensor<f32>
  %s = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.padv2 %x, %pads, %c {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>, tensor<1x2xi32>, tensor<f32>) -> tensor<4xf32>
  %1 = tfl.reshape %x, %s {tfl.ranges = array<f32: 0.0, 255.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  return %0, %1 : tensor<4xf32>, tensor<1x2xf32>
}

// What is copied from constants follows what reads it; LiteRT has no ONE_HOT of int16.
// CHECK-LABEL: @chosen_class
// CHECK: tfl.one_hot {{.*}} -> tensor<2x3x!quant.uniform<i8:f32, {{.*}}:-128>>
// CHECK-NOT: tfl.quantize
// CHECK: tfl.mul
// INT16-LABEL: @chosen_class
// INT16: tfl.one_hot {{.*}} -> tensor<2x3xf32>
func.func @chosen_class(%i: tensor<2xi32>, %x: tensor<2x3xf32> {tfl.range = array<f32: -127.0, 127.0>}) -> tensor<2x3xf32> {
  %depth = tfl.const dense<3> : tensor<i32> -> tensor<i32>
  %on = tfl.const dense<1.0> : tensor<f32> -> tensor<f32>
  %off = tfl.const dense<0.0> : tensor<f32> -> tensor<f32>
  %0 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 127.0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = tfl.one_hot %i, %depth, %on, %off {tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<2xi32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = tfl.mul %0, %1 {fused_activation_function = "NONE", tfl.ranges = array<f32: 0.0, 127.0>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}
