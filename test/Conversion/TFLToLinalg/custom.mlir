// RUN: tflc-opt %s -tfl-to-linalg -canonicalize | FileCheck %s

// A custom operator with a function is a call of it, on new tensors; what it returns may end the invocation.
// CHECK-LABEL: @call
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[Q:.*]]: tensor<2xi8>)
func.func @call(%x: tensor<4xf32>, %q: tensor<2x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<3xf32> {
  %none = tfl.no_value {value} : none
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<3xf32>
  // CHECK: %[[Y:.*]], %[[STATUS:.*]] = tflrt.call_custom "my_op"(%[[X]], %[[Q]] : tensor<4xf32>, tensor<2xi8>) into(%[[INIT]] : tensor<3xf32>)
  // CHECK-SAME: input_types = [tensor<4xf32>, none, tensor<2x!quant.uniform<i8:f32, 5.000000e-01:3>>]
  // CHECK-SAME: options = "abc", output_types = [tensor<3xf32>]
  // CHECK: %[[RESULT:.*]] = tflrt.guard %[[STATUS]], %[[Y]] : tensor<3xf32> -> tensor<3xf32>
  // CHECK: return %[[RESULT]]
  %y = tfl.custom %x, %none, %q {custom_code = "MyOp", custom_options = "abc", function = "my_op"}
    : (tensor<4xf32>, none, tensor<2x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}
