// RUN: tflc-opt %s | FileCheck %s

// A rescale is elementwise mappable: it stands on scalars and vectors alike.
// CHECK-LABEL: @rescale
func.func @rescale(%x: i32, %m: i32, %s: i8, %v: vector<16xi32>, %vs: vector<16xi8>) -> (i32, vector<16xi32>) {
  // CHECK: tflrt.rescale %{{.*}}, %{{.*}}, %{{.*}} <double> : i32, i8 -> i32
  %0 = tflrt.rescale %x, %m, %s <double> : i32, i8 -> i32
  // CHECK: tflrt.rescale %{{.*}}, %{{.*}}, %{{.*}} <single> : vector<16xi32>, vector<16xi8> -> vector<16xi32>
  %1 = tflrt.rescale %v, %v, %vs <single> : vector<16xi32>, vector<16xi8> -> vector<16xi32>
  return %0, %1 : i32, vector<16xi32>
}
