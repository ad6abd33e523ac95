// RUN: tflc-opt %s -tfl-fuse | FileCheck %s

// CHECK-LABEL: @relu
func.func @relu(%a: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: tfl.add {{.*}}fused_activation_function = "RELU6"
  // CHECK-NOT: tfl.relu6
  %0 = tfl.add %a, %a {fused_activation_function = "NONE"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.relu6 %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// The activation has a scale of its own: nothing to do.
// CHECK-LABEL: @other_scale
func.func @other_scale(%a: tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x!quant.uniform<i8:f32, 0.25>> {
  // CHECK: tfl.relu
  %0 = tfl.add %a, %a {fused_activation_function = "NONE"} : (tensor<2x!quant.uniform<i8:f32, 0.5>>, tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x!quant.uniform<i8:f32, 0.5>>
  %1 = tfl.relu %0 : (tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x!quant.uniform<i8:f32, 0.25>>
  return %1 : tensor<2x!quant.uniform<i8:f32, 0.25>>
}

// Somebody else needs the value before the activation.
// CHECK-LABEL: @two_uses
func.func @two_uses(%a: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // CHECK: tfl.relu
  %0 = tfl.add %a, %a {fused_activation_function = "NONE"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.relu %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}
