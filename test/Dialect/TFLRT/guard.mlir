// RUN: tflc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @guard
func.func @guard(%status: i32, %x: tensor<4xi32>) -> tensor<4xi32> {
  // CHECK: tflrt.guard %{{.*}}, %{{.*}} : tensor<4xi32> -> tensor<4xi32>
  %0 = tflrt.guard %status, %x : tensor<4xi32> -> tensor<4xi32>
  // CHECK: tflrt.guard %{{[^,]*}}{{$}}
  tflrt.guard %status
  return %0 : tensor<4xi32>
}

// -----

func.func @types(%status: i32, %x: tensor<4xi32>) -> tensor<5xi32> {
  // expected-error @+1 {{has a value and a result of different types}}
  %0 = tflrt.guard %status, %x : tensor<4xi32> -> tensor<5xi32>
  return %0 : tensor<5xi32>
}
