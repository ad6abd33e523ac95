// RUN: tflc-opt %s -tflc-check-lowered -verify-diagnostics -split-input-file

func.func @lowered(%x: tensor<4xi32>, %m: i32, %s: i8) -> tensor<4xi32> {
  %c = arith.constant 1 : i32
  %e = tensor.empty() : tensor<4xi32>
  %0 = linalg.fill ins(%c : i32) outs(%e : tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// -----

func.func @operator_left(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{is left after lowering}}
  %0 = "tfl.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @type_left() -> index {
  // expected-error @below {{has a result without a storage type after lowering}}
  %0 = tensor.empty() : tensor<4x!quant.uniform<i8:f32, 0.5>>
  %c0 = arith.constant 0 : index
  return %c0 : index
}

// -----

func.func @buffers_come_later(%x: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  // expected-error @below {{is left after lowering}}
  %0 = memref.load %x[%c0] : memref<4xf32>
  return
}
