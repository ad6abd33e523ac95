// RUN: tflc-opt %s | FileCheck %s
// RUN: tflc-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD

// A rescale is elementwise mappable: it stands on scalars and vectors alike.
// CHECK-LABEL: @rescale
func.func @rescale(%x: i32, %m: i32, %s: i8, %v: vector<16xi32>, %vs: vector<16xi8>) -> (i32, vector<16xi32>) {
  // CHECK: tflrt.rescale %{{.*}}, %{{.*}}, %{{.*}} <double> : i32, i8 -> i32
  %0 = tflrt.rescale %x, %m, %s <double> : i32, i8 -> i32
  // CHECK: tflrt.rescale %{{.*}}, %{{.*}}, %{{.*}} <single> : vector<16xi32>, vector<16xi8> -> vector<16xi32>
  %1 = tflrt.rescale %v, %v, %vs <single> : vector<16xi32>, vector<16xi8> -> vector<16xi32>
  return %0, %1 : i32, vector<16xi32>
}

// A constant times a constant is one: 100 * 0.75 / 4, and -6 * 0.5 / 2, whose half goes away from zero. A shift beyond the
// op's range is left alone.
// FOLD-LABEL: @constants
// FOLD-DAG: %[[A:.*]] = arith.constant 19 : i32
// FOLD-DAG: %[[B:.*]] = arith.constant -2 : i32
// FOLD: %[[C:.*]] = tflrt.rescale
// FOLD: return %[[A]], %[[B]], %[[C]]
func.func @constants() -> (i32, i32, i32) {
  %x = arith.constant 100 : i32
  %y = arith.constant -6 : i32
  %m = arith.constant 1610612736 : i32
  %h = arith.constant 1073741824 : i32
  %once = arith.constant -1 : i8
  %right = arith.constant -2 : i8
  %far = arith.constant -40 : i8
  %0 = tflrt.rescale %x, %m, %right <double> : i32, i8 -> i32
  %1 = tflrt.rescale %y, %h, %once <double> : i32, i8 -> i32
  %2 = tflrt.rescale %x, %m, %far <single> : i32, i8 -> i32
  return %0, %1, %2 : i32, i32, i32
}
