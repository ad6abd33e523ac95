// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @imag
// CHECK: complex.im %{{.*}} : complex<f32>
func.func @imag(%x: tensor<3xcomplex<f32>>) -> tensor<3xf32> {
  %y = tfl.imag %x : (tensor<3xcomplex<f32>>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// The larger part times the root of a number in [1, 2]: nothing overflows.
// CHECK-LABEL: @complex_abs
// CHECK: %[[LARGE:.*]] = arith.maximumf
// CHECK: %[[SMALL:.*]] = arith.minimumf
// CHECK: %[[RATIO:.*]] = arith.divf %[[SMALL]], %[[LARGE]]
// CHECK: %[[ROOT:.*]] = math.sqrt
// CHECK: arith.mulf %[[LARGE]], %[[ROOT]] : f64
func.func @complex_abs(%x: tensor<3xcomplex<f64>>) -> tensor<3xf64> {
  %y = tfl.complex_abs %x : (tensor<3xcomplex<f64>>) -> tensor<3xf64>
  return %y : tensor<3xf64>
}

// -----

// Rows of eight reals are transforms of four complex numbers in two steps, and one step that takes even and odd apart.
// CHECK: #[[EVEN:.*]] = affine_map<(d0, d1) -> (d0, d1 * 2)>
// CHECK: #[[ODD:.*]] = affine_map<(d0, d1) -> (d0, d1 * 2 + 1)>
// CHECK: #[[MIRRORED:.*]] = affine_map<(d0, d1) -> (d0, -d1 + 4)>
// CHECK-LABEL: @rfft2d
// CHECK: linalg.generic {indexing_maps = [#[[EVEN]]
// CHECK: linalg.generic {indexing_maps = [#[[ODD]]
// CHECK-COUNT-4: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x{{.}}x2x{{.}}xf32>)
// CHECK: linalg.generic {{.*}}#[[MIRRORED]]{{.*}} outs(%{{.*}} : tensor<3x5xf32>)
// CHECK: linalg.generic {{.*}}#[[MIRRORED]]{{.*}} outs(%{{.*}} : tensor<3x5xf32>)
// CHECK: complex.create
func.func @rfft2d(%x: tensor<3x1x8xf32>) -> tensor<3x1x5xcomplex<f32>> {
  %n = tfl.const dense<[1, 8]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.rfft2d %x, %n : (tensor<3x1x8xf32>, tensor<2xi32>) -> tensor<3x1x5xcomplex<f32>>
  return %y : tensor<3x1x5xcomplex<f32>>
}

// A length that is fed: two steps at once, as often as the length says.
// CHECK-LABEL: @rfft2d_fed
func.func @rfft2d_fed(%x: tensor<2x3x5xf32>, %length: tensor<2xi32>) -> tensor<2x?x?xcomplex<f32>> {
  // CHECK: tflrt.guard
  // CHECK: math.cos
  // CHECK-COUNT-2: scf.while
  // CHECK: complex.create
  %0 = tfl.rfft2d %x, %length : (tensor<2x3x5xf32>, tensor<2xi32>) -> tensor<2x?x?xcomplex<f32>>
  return %0 : tensor<2x?x?xcomplex<f32>>
}
