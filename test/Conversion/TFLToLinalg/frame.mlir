// RUN: tflc-opt %s -tfl-to-linalg | FileCheck %s

// Signatures lose quantization and signedness, bool takes a byte; attributes of arguments stay.
// CHECK-LABEL: func.func @signature(
// CHECK-SAME: tensor<2xi8> {tfl.name = "x"}, %{{.*}}: tensor<?xi8>, %{{.*}}: tensor<3xi16>) -> (tensor<2xi8>
func.func @signature(%a: tensor<2x!quant.uniform<u8:f32, 0.5:128>> {tfl.name = "x"}, %b: tensor<?xi1>, %c: tensor<3xui16>)
    -> (tensor<2x!quant.uniform<u8:f32, 0.5:128>>, tensor<?xi1>) {
  return %a, %b : tensor<2x!quant.uniform<u8:f32, 0.5:128>>, tensor<?xi1>
}

// CHECK-LABEL: func.func @constants
func.func @constants() -> (tensor<2x!quant.uniform<u8:f32, 0.5>>, tensor<2xui8>, tensor<2xi1>, tensor<2xi4>) {
  // CHECK-DAG: arith.constant dense<[1, -56]> : tensor<2xi8>
  %0 = tfl.const dense<[1, -56]> : tensor<2xi8> -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  // CHECK-DAG: arith.constant dense<[2, -56]> : tensor<2xi8>
  %1 = tfl.const dense<[2, 200]> : tensor<2xui8> -> tensor<2xui8>
  // CHECK-DAG: arith.constant dense<[1, 0]> : tensor<2xi8>
  %2 = tfl.const dense<[true, false]> : tensor<2xi1> -> tensor<2xi1>
  // CHECK-DAG: arith.constant dense<[-8, 7]> : tensor<2xi8>
  %3 = tfl.const dense<[-8, 7]> : tensor<2xi4> -> tensor<2xi4>
  return %0, %1, %2, %3 : tensor<2x!quant.uniform<u8:f32, 0.5>>, tensor<2xui8>, tensor<2xi1>, tensor<2xi4>
}

// CHECK-LABEL: func.func @call
func.func @call(%a: tensor<2xi1>, %b: tensor<?xi1>, %c: tensor<3xui16>, %q: tensor<2x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?xi1> {
  // CHECK: call @signature({{.*}}) : (tensor<2xi8>, tensor<?xi8>, tensor<3xi16>) -> (tensor<2xi8>, tensor<?xi8>)
  %0:2 = call @signature(%q, %b, %c) : (tensor<2x!quant.uniform<u8:f32, 0.5:128>>, tensor<?xi1>, tensor<3xui16>) -> (tensor<2x!quant.uniform<u8:f32, 0.5:128>>, tensor<?xi1>)
  return %0#1 : tensor<?xi1>
}
