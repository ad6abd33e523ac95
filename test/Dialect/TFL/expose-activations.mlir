// RUN: tflc-opt %s -tfl-expose-activations | FileCheck %s

// Arguments first, then results in program order; no integers and no constants.
// CHECK-LABEL: func.func @main
// CHECK-SAME: -> (tensor<2xf32> {tfl.name = "y"}, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
func.func @main(%x: tensor<2xf32>, %n: tensor<2xi32>) -> (tensor<2xf32> {tfl.name = "y"}) {
  %c = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  // CHECK: %[[A:.*]] = tfl.add
  // CHECK: %[[E:.*]] = tfl.exp
  // CHECK: return %[[E]], %arg0, %[[A]], %[[E]]
  %0 = tfl.add %x, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.exp %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// Nobody calls a private function from outside.
// CHECK-LABEL: func.func private @body(%arg0: tensor<2xf32>) -> tensor<2xf32>
func.func private @body(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
