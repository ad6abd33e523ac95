// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// Known ids are checked at compile time.
// CHECK-LABEL: @segment_sum
// CHECK-NOT: tflrt.guard
// CHECK: linalg.fill {{.*}} -> tensor<2x2xf32>
// CHECK: scf.for
// CHECK: arith.addf
func.func @segment_sum(%x: tensor<3x2xf32>) -> tensor<2x2xf32> {
  %s = tfl.const dense<[0, 0, 1]> : tensor<3xi32> -> tensor<3xi32>
  %y = tfl.segment_sum %x, %s : (tensor<3x2xf32>, tensor<3xi32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

// The number of segments comes from the data, and so do ids that may be wrong.
// CHECK-LABEL: @segment_sum_of_data
// CHECK: %[[IDS:.*]] = tflrt.guard %{{.*}}, %arg1
// CHECK: %[[LARGEST:.*]] = linalg.generic {{.*}} ins(%[[IDS]]
// CHECK:   arith.maxsi
// CHECK: %[[ID:.*]] = tensor.extract %[[LARGEST]][]
// CHECK: %[[COUNT:.*]] = arith.addi %[[ID]]
// CHECK: %[[SIZE:.*]] = arith.index_cast %[[COUNT]]
// CHECK: tensor.empty(%[[SIZE]])
func.func @segment_sum_of_data(%x: tensor<3x2xf32>, %s: tensor<3xi32>) -> tensor<?x2xf32> {
  %y = tfl.segment_sum %x, %s : (tensor<3x2xf32>, tensor<3xi32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// Only rows with an id take part; an id that is too large is guarded against.
// CHECK-LABEL: @unsorted_segment_max
// CHECK-DAG: %[[LOWEST:.*]] = arith.constant -3.40282347E+38
// CHECK-DAG: %[[LIMIT:.*]] = arith.constant 5 : i32
// CHECK: arith.cmpi sge, %{{.*}}, %[[LIMIT]]
// CHECK: tflrt.guard
// CHECK: linalg.fill ins(%[[LOWEST]]
// CHECK: %[[HAS_ID:.*]] = arith.cmpi sge
// CHECK: %[[BETTER:.*]] = arith.cmpf ogt
// CHECK: %[[BEST:.*]] = arith.select %[[BETTER]]
// CHECK: %[[VALUE:.*]] = arith.select %[[HAS_ID]], %[[BEST]], %{{.*}}
// CHECK: tensor.insert %[[VALUE]]
func.func @unsorted_segment_max(%x: tensor<3x2xf32>, %s: tensor<3xi32>) -> tensor<5x2xf32> {
  %n = tfl.const dense<5> : tensor<i32> -> tensor<i32>
  %y = tfl.unsorted_segment_max %x, %s, %n : (tensor<3x2xf32>, tensor<3xi32>, tensor<i32>) -> tensor<5x2xf32>
  return %y : tensor<5x2xf32>
}

// -----

// CHECK-LABEL: @unsorted_segment_prod
// CHECK: linalg.fill ins(%c1_i32
// CHECK: scf.for
// CHECK: arith.muli
func.func @unsorted_segment_prod(%x: tensor<3x2xi32>, %s: tensor<3x2xi32>) -> tensor<5xi32> {
  %n = tfl.const dense<5> : tensor<1xi32> -> tensor<1xi32>
  %y = tfl.unsorted_segment_prod %x, %s, %n : (tensor<3x2xi32>, tensor<3x2xi32>, tensor<1xi32>) -> tensor<5xi32>
  return %y : tensor<5xi32>
}
