// RUN: tflc-opt %s -tflc-check-scheduled -verify-diagnostics -split-input-file

func.func @scheduled(%in: memref<4xf32>, %out: memref<4xf32>, %arena: memref<64xi8>, %n: index)
    attributes {tfl.signature = "serving_default"} {
  memref.copy %in, %out : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @heap(%in: memref<4xf32>) {
  // expected-error @below {{allocates outside of the arena}}
  %0 = memref.alloc() : memref<4xf32>
  return
}

// -----

func.func @tensors() {
  // expected-error @below {{is left after bufferization}}
  %0 = tensor.empty() : tensor<4xf32>
  return
}

// -----

// expected-error @below {{has an argument of type}}
func.func @strided(%in: memref<4x4xf32, strided<[8, 1]>>) attributes {tfl.signature = "a"} {
  return
}

// -----

// expected-error @below {{where only a status may be returned}}
func.func @result(%x: memref<4xf32>) -> memref<4xf32> attributes {tfl.signature = "a"} {
  return %x : memref<4xf32>
}
