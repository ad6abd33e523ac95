// RUN: tflc-opt %s --tfl-to-linalg --split-input-file | FileCheck %s

// Both operands are brought to one scale, then the sum to the result's.
!q8 = !quant.uniform<i8:f32, 0.5:3>
// CHECK-LABEL: @add
func.func @add(%a: tensor<2x4x!q8>, %b: tensor<4x!q8>) -> tensor<2x4x!q8> {
  // CHECK: linalg.generic
  // CHECK: arith.extsi %{{.*}} : i8 to i32
  // CHECK: arith.shli %{{.*}}, %c20_i32
  // CHECK-COUNT-3: tflrt.rescale %{{.*}} <double>
  // CHECK: arith.trunci %{{.*}} : i32 to i8
  %0 = tfl.add %a, %b : (tensor<2x4x!q8>, tensor<4x!q8>) -> tensor<2x4x!q8>
  return %0 : tensor<2x4x!q8>
}

// -----

// A dimension of size one that is not repeated keeps its loop, so that fusion sees one map.
// CHECK-DAG: #[[SAME:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG: #[[REPEATED:.*]] = affine_map<(d0, d1, d2) -> (d0, 0, d2)>
// CHECK-LABEL: @multiply
func.func @multiply(%a: tensor<1x3x4xf32>, %b: tensor<1x1x4xf32>) -> tensor<1x3x4xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[SAME]], #[[REPEATED]], #[[SAME]]]
  %0 = tfl.mul %a, %b : (tensor<1x3x4xf32>, tensor<1x1x4xf32>) -> tensor<1x3x4xf32>
  return %0 : tensor<1x3x4xf32>
}

// -----

// Functions of bytes are tables.
!q8 = !quant.uniform<i8:f32, 0.1>
!o8 = !quant.uniform<i8:f32, 0.00390625:-128>
// CHECK-LABEL: @logistic
func.func @logistic(%a: tensor<4x!q8>) -> tensor<4x!o8> {
  // CHECK: %[[TABLE:.*]] = arith.constant dense<{{.*}}> : tensor<256xi8>
  // CHECK: %[[INDEX:.*]] = arith.index_castui %{{.*}} : i8 to index
  // CHECK: tensor.extract %[[TABLE]][%[[INDEX]]]
  %0 = tfl.logistic %a : (tensor<4x!q8>) -> tensor<4x!o8>
  return %0 : tensor<4x!o8>
}

// -----

// A comparison is stored as a byte.
// CHECK-LABEL: @less
func.func @less(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xi1> {
  // CHECK: %[[LESS:.*]] = arith.cmpf olt
  // CHECK: arith.extui %[[LESS]] : i1 to i8
  %0 = tfl.less %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %0 : tensor<4xi1>
}

// -----

// A vector of conditions decides about rows.
// CHECK: affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: @select
func.func @select(%c: tensor<2xi1>, %a: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // CHECK: arith.select
  %0 = tfl.select %c, %a, %a : (tensor<2xi1>, tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// Scales for each channel are vectors that the map of their dimension reads.
!pc = !quant.uniform<i8:f32:1, {0.5, 0.25:1, 0.125}>
// CHECK: affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: @dequantize
func.func @dequantize(%a: tensor<2x3x!pc>) -> tensor<2x3xf32> {
  // CHECK-DAG: dense<[5.000000e-01, 2.500000e-01, 1.250000e-01]> : tensor<3xf32>
  // CHECK-DAG: dense<[0.000000e+00, 1.000000e+00, 0.000000e+00]> : tensor<3xf32>
  // CHECK: arith.sitofp
  %0 = tfl.dequantize %a : (tensor<2x3x!pc>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: @add_n
func.func @add_n(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: arith.addf
  // CHECK: arith.maximumf
  // CHECK: %[[SUM:.*]] = arith.minimumf
  // CHECK: arith.addf %[[SUM]]
  %0 = tfl.add_n %a, %b, %c : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A distance beyond the width shifts by all bits but one.
// CHECK-LABEL: @right_shift
func.func @right_shift(%a: tensor<4xi8>, %u: tensor<4xui8>) -> (tensor<4xi8>, tensor<4xui8>) {
  // CHECK: arith.maxsi
  // CHECK: arith.minsi
  // CHECK: arith.shrsi
  %0 = tfl.right_shift %a, %a : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  // CHECK: arith.minui
  // CHECK: arith.shrui
  %1 = tfl.right_shift %u, %u : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  return %0, %1 : tensor<4xi8>, tensor<4xui8>
}

// -----

// CHECK-LABEL: @bitwise_xor
func.func @bitwise_xor(%a: tensor<4xi16>, %b: tensor<1xi16>) -> tensor<4xi16> {
  // CHECK: arith.xori
  %0 = tfl.bitwise_xor %a, %b : (tensor<4xi16>, tensor<1xi16>) -> tensor<4xi16>
  return %0 : tensor<4xi16>
}

// -----

// Integers below 32 bits come from a conversion to 32, which more targets have than one to 64.
// CHECK-LABEL: @cast
func.func @cast(%a: tensor<4xf32>) -> (tensor<4xi8>, tensor<4xui16>, tensor<4xi32>, tensor<4xui32>, tensor<4xi64>) {
  // CHECK: arith.fptosi %{{.*}} : f32 to i32
  // CHECK: arith.trunci %{{.*}} : i32 to i8
  %0 = tfl.cast %a : (tensor<4xf32>) -> tensor<4xi8>
  // CHECK: arith.fptosi %{{.*}} : f32 to i32
  // CHECK: arith.trunci %{{.*}} : i32 to i16
  %1 = tfl.cast %a : (tensor<4xf32>) -> tensor<4xui16>
  // CHECK: arith.fptosi %{{.*}} : f32 to i32
  %2 = tfl.cast %a : (tensor<4xf32>) -> tensor<4xi32>
  // CHECK: arith.fptosi %{{.*}} : f32 to i64
  %3 = tfl.cast %a : (tensor<4xf32>) -> tensor<4xui32>
  // CHECK: arith.fptosi %{{.*}} : f32 to i64
  %4 = tfl.cast %a : (tensor<4xf32>) -> tensor<4xi64>
  return %0, %1, %2, %3, %4 : tensor<4xi8>, tensor<4xui16>, tensor<4xi32>, tensor<4xui32>, tensor<4xi64>
}

// -----

// The numbers of a range are counted in 32 bits.
// CHECK-LABEL: @range
func.func @range() -> tensor<3xf32> {
  %start = tfl.const dense<1.0> : tensor<f32> -> tensor<f32>
  %limit = tfl.const dense<2.5> : tensor<f32> -> tensor<f32>
  %delta = tfl.const dense<0.5> : tensor<f32> -> tensor<f32>
  // CHECK: arith.sitofp %{{.*}} : i32 to f32
  %0 = tfl.range %start, %limit, %delta : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// The least index at which the maximum stands. Few places are stored, as integers that are as small.
// CHECK-LABEL: @arg_max
func.func @arg_max(%a: tensor<2x5xi32>) -> tensor<2xi32> {
  %axis = tfl.const dense<-1> : tensor<i32> -> tensor<i32>
  // CHECK: arith.maxsi
  // CHECK: arith.constant dense<[0, 1, 2, 3, 4]> : tensor<5xi8>
  // CHECK: arith.cmpi eq
  // CHECK: arith.minsi {{.*}} : i8
  // CHECK: arith.extsi %{{.*}} : i8 to i32
  %0 = tfl.arg_max %a, %axis {output_type = "INT32"} : (tensor<2x5xi32>, tensor<i32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// Many places, or an unknown number of them, are those of the loop.
// CHECK-LABEL: @arg_min_of_many
func.func @arg_min_of_many(%a: tensor<2x2000xf32>) -> tensor<2xi64> {
  %axis = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  // CHECK: linalg.index 1
  // CHECK: arith.minsi {{.*}} : i64
  %0 = tfl.arg_min %a, %axis {output_type = "INT64"} : (tensor<2x2000xf32>, tensor<i32>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// -----

// Scales that are powers of two have a kernel of their own, unless the operator forbids it.
!h16 = !quant.uniform<i16:f32, 3.0517578125e-05>
// CHECK-LABEL: @sub_powers_of_two
func.func @sub_powers_of_two(%a: tensor<2x!h16>, %b: tensor<2x!h16>) -> (tensor<2x!h16>, tensor<2x!h16>) {
  // CHECK-NOT: tflrt.rescale
  // CHECK: arith.subi
  // CHECK-NOT: tflrt.rescale
  %0 = tfl.sub %a, %b : (tensor<2x!h16>, tensor<2x!h16>) -> tensor<2x!h16>
  // CHECK: linalg.generic
  // CHECK-COUNT-3: tflrt.rescale
  %1 = tfl.sub %a, %b {pot_scale_int16 = false} : (tensor<2x!h16>, tensor<2x!h16>) -> tensor<2x!h16>
  return %0, %1 : tensor<2x!h16>, tensor<2x!h16>
}

// -----

// Between two entries of a table of 16 bits runs a line whose slope wraps around in 16 bits.
// CHECK-LABEL: @steep_table
func.func @steep_table(%a: tensor<2x!quant.uniform<i16:f32, 0.5>>) -> tensor<2x!quant.uniform<i16:f32, 3.0e-04>> {
  // CHECK: %[[D:.*]] = arith.subi
  // CHECK: %[[N:.*]] = arith.trunci %[[D]] : i32 to i16
  // CHECK: %[[S:.*]] = arith.extsi %[[N]] : i16 to i32
  // CHECK: arith.muli %[[S]]
  %0 = tfl.log %a : (tensor<2x!quant.uniform<i16:f32, 0.5>>) -> tensor<2x!quant.uniform<i16:f32, 3.0e-04>>
  return %0 : tensor<2x!quant.uniform<i16:f32, 3.0e-04>>
}
