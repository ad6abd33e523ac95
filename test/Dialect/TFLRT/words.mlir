// RUN: tflc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @words
func.func @words(%x: i16, %v: vector<16xi16>) -> (i16, vector<16xi16>) {
  // CHECK: tflrt.multiply_high %{{.*}}, %{{.*}} : i16
  %0 = tflrt.multiply_high %x, %x : i16
  // CHECK: tflrt.multiply_sign %{{.*}}, %{{.*}} : vector<16xi16>
  %1 = tflrt.multiply_sign %v, %v : vector<16xi16>
  return %0, %1 : i16, vector<16xi16>
}

// -----

func.func @wide(%x: i32) -> i32 {
  // expected-error @+1 {{operand #0 must be a 16 bit integer}}
  %0 = tflrt.multiply_high %x, %x : i32
  return %0 : i32
}
