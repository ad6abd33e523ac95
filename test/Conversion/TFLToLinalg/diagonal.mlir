// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK: #[[ROWS:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: @matrix_diag
// CHECK: linalg.generic {indexing_maps = [#[[ROWS]], #{{.*}}], {{.*}}} ins(%arg0 : tensor<2x3xi8>) outs(%{{.*}} : tensor<2x3x3xi8>)
// CHECK: %[[I:.*]] = linalg.index 1
// CHECK: %[[J:.*]] = linalg.index 2
// CHECK: %[[IS:.*]] = arith.cmpi eq, %[[I]], %[[J]]
// CHECK: arith.select %[[IS]], %{{.*}}, %c0_i8
func.func @matrix_diag(%d: tensor<2x3xi8>) -> tensor<2x3x3xi8> {
  %y = tfl.matrix_diag %d : (tensor<2x3xi8>) -> tensor<2x3x3xi8>
  return %y : tensor<2x3x3xi8>
}

// -----

// Rows behind the end of the diagonal read its end and do not use it.
// CHECK-LABEL: @matrix_set_diag
// CHECK: %[[LAST:.*]] = arith.constant 1 : index
// CHECK: %[[ROW:.*]] = linalg.index 0
// CHECK: %[[PLACE:.*]] = arith.minsi %[[ROW]], %[[LAST]]
// CHECK: %[[ELEMENT:.*]] = tensor.extract %arg1[%[[PLACE]]]
// CHECK: arith.select %{{.*}}, %[[ELEMENT]], %{{.*}}
func.func @matrix_set_diag(%x: tensor<4x2xf32>, %d: tensor<2xf32>) -> tensor<4x2xf32> {
  %y = tfl.matrix_set_diag %x, %d : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}
