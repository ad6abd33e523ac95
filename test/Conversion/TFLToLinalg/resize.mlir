// RUN: tflc-opt %s -tfl-to-linalg -canonicalize | FileCheck %s

// Positions are tables; with half-pixel centers the first and the last pixel stand alone.
// CHECK-LABEL: @nearest
func.func @nearest(%x: tensor<1x2x2x3xi8>) -> tensor<1x4x4x3xi8> {
  // CHECK: arith.constant dense<[0, 0, 1, 1]> : tensor<4xi32>
  // CHECK: linalg.generic
  // CHECK: tensor.extract
  %size = tfl.const dense<4> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.resize_nearest_neighbor %x, %size {half_pixel_centers = true} : (tensor<1x2x2x3xi8>, tensor<2xi32>) -> tensor<1x4x4x3xi8>
  return %0 : tensor<1x4x4x3xi8>
}

// 10 fractional bits; the sum of 8-bit pixels fits in 32 bits.
// CHECK-LABEL: @bilinear
func.func @bilinear(%x: tensor<1x2x2x3x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x4x4x3x!quant.uniform<i8:f32, 0.5>> {
  // CHECK-DAG: arith.constant dense<[0, 512, 0, 512]> : tensor<4xi32>
  // CHECK: arith.shrsi %{{.*}} : i32
  %size = tfl.const dense<4> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.resize_bilinear %x, %size : (tensor<1x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2xi32>) -> tensor<1x4x4x3x!quant.uniform<i8:f32, 0.5>>
  return %0 : tensor<1x4x4x3x!quant.uniform<i8:f32, 0.5>>
}

// A fed size: the tables are computed. What is not positive ends the invocation.
// CHECK-LABEL: @fed_size
func.func @fed_size(%x: tensor<1x2x2x3xf32>, %size: tensor<2xi32>) -> tensor<1x?x?x3xf32> {
  // CHECK: tflrt.guard
  // CHECK: linalg.generic
  // CHECK: math.floor
  // CHECK: linalg.yield %{{.*}} : i32
  // CHECK: linalg.generic
  // CHECK: tensor.extract
  %0 = tfl.resize_bilinear %x, %size : (tensor<1x2x2x3xf32>, tensor<2xi32>) -> tensor<1x?x?x3xf32>
  return %0 : tensor<1x?x?x3xf32>
}
