// RUN: tflc-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{has a type that is no static tensor of signless integers or floats: 'tensor<?xf32>'}}
tflrt.variable @unknown_size : tensor<?xf32>

// -----

// expected-error @below {{has an initial value of another type}}
tflrt.variable @other_value : tensor<2xf32> = dense<1.0> : tensor<3xf32>

// -----

func.func @missing() {
  // expected-error @below {{names 'counter', which is no variable}}
  %v = tflrt.read_variable @counter : tensor<2xf32>
  return
}

// -----

func.func private @counter()
func.func @function(%x: tensor<2xf32>) {
  // expected-error @below {{names 'counter', which is no variable}}
  tflrt.assign_variable @counter, %x : tensor<2xf32>
  return
}

// -----

tflrt.variable @counter : tensor<2xf32>
func.func @other_type() {
  // expected-error @below {{takes the variable for one of type 'tensor<2xi32>' instead of 'tensor<2xf32>'}}
  %v = tflrt.read_variable @counter : tensor<2xi32>
  return
}

// -----

tflrt.variable @counter : tensor<2xf32>
func.func @other_shape(%x: tensor<3xf32>) {
  // expected-error @below {{takes the variable for one of type 'tensor<3xf32>' instead of 'tensor<2xf32>'}}
  tflrt.assign_variable @counter, %x : tensor<3xf32>
  return
}
