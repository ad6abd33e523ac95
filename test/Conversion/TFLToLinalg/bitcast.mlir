// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// The lowest byte first.
// CHECK-LABEL: @split
// CHECK: linalg.generic {{.*}} ins(%arg0 : tensor<3xf32>) outs(%{{.*}} : tensor<3x4xi8>)
// CHECK: %[[BITS:.*]] = arith.bitcast %{{.*}} : f32 to i32
// CHECK: %[[PLACE:.*]] = linalg.index 1
// CHECK: %[[WIDE:.*]] = arith.index_cast %[[PLACE]] : index to i32
// CHECK: %[[DISTANCE:.*]] = arith.muli %[[WIDE]], %c8_i32
// CHECK: %[[MOVED:.*]] = arith.shrui %[[BITS]], %[[DISTANCE]]
// CHECK: arith.trunci %[[MOVED]] : i32 to i8
func.func @split(%x: tensor<3xf32>) -> tensor<3x4xui8> {
  %y = tfl.bitcast %x : (tensor<3xf32>) -> tensor<3x4xui8>
  return %y : tensor<3x4xui8>
}

// -----

// CHECK-LABEL: @join
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3xf32>)
// CHECK: %[[LOW:.*]] = arith.extui %{{.*}} : i16 to i32
// CHECK: %[[HIGH:.*]] = arith.extui %{{.*}} : i16 to i32
// CHECK: %[[MOVED:.*]] = arith.shli %[[HIGH]], %c16_i32
// CHECK: %[[BITS:.*]] = arith.ori %[[LOW]], %[[MOVED]]
// CHECK: arith.bitcast %[[BITS]] : i32 to f32
func.func @join(%x: tensor<3x2xi16>) -> tensor<3xf32> {
  %y = tfl.bitcast %x : (tensor<3x2xi16>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// CHECK-LABEL: @complex
// CHECK: complex.re
// CHECK: complex.im
// CHECK: arith.ori {{.*}} : i64
func.func @complex(%x: tensor<3xcomplex<f32>>) -> tensor<3xi64> {
  %y = tfl.bitcast %x : (tensor<3xcomplex<f32>>) -> tensor<3xi64>
  return %y : tensor<3xi64>
}
