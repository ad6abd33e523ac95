// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @add_bool
// CHECK: arith.ori %{{.*}} : i8
func.func @add_bool(%a: tensor<3xi1>, %b: tensor<3xi1>) -> tensor<3xi1> {
  %y = tfl.stablehlo_add %a, %b : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>
  return %y : tensor<3xi1>
}

// -----

// CHECK-LABEL: @maximum_uint16
// CHECK: arith.maxui %{{.*}} : i16
func.func @maximum_uint16(%a: tensor<3xui16>, %b: tensor<3xui16>) -> tensor<3xui16> {
  %y = tfl.stablehlo_maximum %a, %b : (tensor<3xui16>, tensor<3xui16>) -> tensor<3xui16>
  return %y : tensor<3xui16>
}

// -----

// Too far is zero.
// CHECK-LABEL: @shift_left
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[FAR:.*]], %c8_i8
// CHECK: %[[DISTANCE:.*]] = arith.select %[[INSIDE]], %[[FAR]], %c0_i8
// CHECK: %[[SHIFTED:.*]] = arith.shli %{{.*}}, %[[DISTANCE]]
// CHECK: arith.select %[[INSIDE]], %[[SHIFTED]], %c0_i8
func.func @shift_left(%a: tensor<3xi8>, %b: tensor<3xi8>) -> tensor<3xi8> {
  %y = tfl.stablehlo_shift_left %a, %b : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi8>
  return %y : tensor<3xi8>
}

// -----

// A start is moved so that the slice lies inside.
// CHECK-LABEL: @gather
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK-DAG: %[[LAST:.*]] = arith.constant 4 : i64
// CHECK: %[[INDEX:.*]] = tensor.extract %arg1
// CHECK: %[[WIDE:.*]] = arith.extsi %[[INDEX]] : i32 to i64
// CHECK: %[[LOW:.*]] = arith.minsi %[[WIDE]], %[[LAST]]
// CHECK: %[[START:.*]] = arith.maxsi %[[LOW]], %[[ZERO]]
// CHECK: %[[ROW:.*]] = arith.index_cast %[[START]]
// CHECK: tensor.extract %arg0[%[[ROW]], %{{.*}}]
func.func @gather(%x: tensor<5x3xf32>, %i: tensor<2x1xi32>) -> tensor<2x3xf32> {
  %y = tfl.stablehlo_gather %x, %i {offset_dims = array<i64: 1>, collapsed_slice_dims = array<i64: 0>,
    start_index_map = array<i64: 0>, index_vector_dim = 1 : i64, slice_sizes = array<i64: 1, 3>, indices_are_sorted = false}
    : (tensor<5x3xf32>, tensor<2x1xi32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// Places outside of the tensor are left out.
// CHECK-LABEL: @scatter
// CHECK: scf.for
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %{{.*}}, %c5_i64
// CHECK: %[[PRODUCT:.*]] = arith.mulf %[[OLD:.*]], %{{.*}}
// CHECK: %[[VALUE:.*]] = arith.select %{{.*}}, %[[PRODUCT]], %[[OLD]]
// CHECK: tensor.insert %[[VALUE]]
func.func @scatter(%x: tensor<5x3xf32>, %i: tensor<2x1xi32>, %u: tensor<2x3xf32>) -> tensor<5x3xf32> {
  %y = tfl.stablehlo_scatter %x, %i, %u {update_window_dims = array<i64: 1>, inserted_window_dims = array<i64: 0>,
    scatter_dims_to_operand_dims = array<i64: 0>, index_vector_dim = 1 : i64, computation = "MULTIPLY"}
    : (tensor<5x3xf32>, tensor<2x1xi32>, tensor<2x3xf32>) -> tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}

// -----

// Three words need two blocks of two words.
// CHECK-LABEL: @threefry
// CHECK: %[[WORDS:.*]]:2 = linalg.generic {{.*}} outs(%{{.*}}, %{{.*}} : tensor<2xi32>, tensor<2xi32>)
// CHECK: tensor.insert_slice %[[WORDS]]#0
// CHECK: tensor.insert_slice %[[WORDS]]#1
// CHECK: %[[STATE:.*]] = arith.addi %{{.*}}, %c2_i64
// CHECK: tensor.insert %[[STATE]] into %arg0[%c1]
func.func @threefry(%s: tensor<2xui64>) -> (tensor<2xui64>, tensor<3xui32>) {
  %t, %y = tfl.stablehlo_rng_bit_generator %s {algorithm = "THREEFRY"} : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3xui32>)
  return %t, %y : tensor<2xui64>, tensor<3xui32>
}

// A state of unknown size has two elements or three: which, decides where half of the counter stands.
// CHECK-LABEL: @rng_unknown_state
func.func @rng_unknown_state(%s: tensor<?xui64>) -> (tensor<?xui64>, tensor<3xui32>) {
  // CHECK: tflrt.guard
  // CHECK: %[[PLACE:.*]] = arith.select %{{.*}}, %c2, %c0 : index
  // CHECK: tensor.extract %{{.*}}[%[[PLACE]]]
  %t, %y = tfl.stablehlo_rng_bit_generator %s {algorithm = "PHILOX"} : (tensor<?xui64>) -> (tensor<?xui64>, tensor<3xui32>)
  return %t, %y : tensor<?xui64>, tensor<3xui32>
}
