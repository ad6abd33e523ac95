// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @dilate
// CHECK: %[[VALUE:.*]] = tensor.extract %arg1[]
// CHECK: %[[FILLED:.*]] = linalg.fill ins(%[[VALUE]] : i8) {{.*}} -> tensor<3x10xi8>
// CHECK: tensor.insert_slice %arg0 into %[[FILLED]][0, 0] [2, 4] [2, 3]
func.func @dilate(%x: tensor<2x4xi8>, %v: tensor<i8>) -> tensor<3x10xi8> {
  %d = tfl.const dense<[2, 3]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.dilate %x, %d, %v : (tensor<2x4xi8>, tensor<2xi32>, tensor<i8>) -> tensor<3x10xi8>
  return %y : tensor<3x10xi8>
}

// -----

// Below zero, padding leaves elements out: of those between others, too.
// CHECK-LABEL: @stablehlo_pad
// CHECK: %[[SPREAD:.*]] = tensor.insert_slice %arg0 into %{{.*}}[1] [3] [3] : tensor<3xf32> into tensor<8xf32>
// CHECK: tensor.extract_slice %[[SPREAD]][0] [7] [1]
func.func @stablehlo_pad(%x: tensor<3xf32>, %v: tensor<f32>) -> tensor<7xf32> {
  %y = tfl.stablehlo_pad %x, %v {edge_padding_low = array<i64: 1>, edge_padding_high = array<i64: -1>,
    interior_padding = array<i64: 2>} : (tensor<3xf32>, tensor<f32>) -> tensor<7xf32>
  return %y : tensor<7xf32>
}

// -----

// CHECK-LABEL: @nothing_left
// CHECK-NOT: tensor.insert_slice
// CHECK: return %{{.*}} : tensor<0x0xf32>
func.func @nothing_left(%x: tensor<2x3xf32>, %v: tensor<f32>) -> tensor<0x0xf32> {
  %y = tfl.stablehlo_pad %x, %v {edge_padding_low = array<i64: -2, 0>, edge_padding_high = array<i64: 0, 0>,
    interior_padding = array<i64: 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<0x0xf32>
  return %y : tensor<0x0xf32>
}
