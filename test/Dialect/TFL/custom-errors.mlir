// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @unknown(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{custom operator "Mystery" is not supported}}
  %y = tfl.custom %x {custom_code = "Mystery", custom_options = ""} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @options(%x: tensor<60x1xf32>) -> tensor<1x5x9xf32> {
  // expected-error @below {{the options of AudioSpectrogram are malformed}}
  %y = tfl.custom %x {custom_code = "AudioSpectrogram", custom_options = "\01\02\03\04"} : (tensor<60x1xf32>) -> tensor<1x5x9xf32>
  return %y : tensor<1x5x9xf32>
}

// -----

func.func @short_options(%x: tensor<1x4x4x1xf32>) -> (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) {
  // expected-error @below {{the options of MaxPoolingWithArgmax2D are malformed}}
  %y, %i = tfl.custom %x {custom_code = "MaxPoolingWithArgmax2D", custom_options = "\02\00\00\00"}
    : (tensor<1x4x4x1xf32>) -> (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>)
  return %y, %i : tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>
}

// -----

// Padding VALID, strides and filter of 2.
func.func @rank(%x: tensor<4x4x1xf32>) -> (tensor<2x2x1xf32>, tensor<2x2x1xf32>) {
  // expected-error @below {{input 0 must have 4 dimensions, found shape [4, 4, 1]}}
  %y, %i = tfl.custom %x {custom_code = "MaxPoolingWithArgmax2D",
    custom_options = "\02\00\00\00\02\00\00\00\02\00\00\00\02\00\00\00\02\00\00\00\00\00\00\00"}
    : (tensor<4x4x1xf32>) -> (tensor<2x2x1xf32>, tensor<2x2x1xf32>)
  return %y, %i : tensor<2x2x1xf32>, tensor<2x2x1xf32>
}

// -----

// Functions of the user are told shapes when the model is compiled.
func.func @call_of_unknown_shape(%x: tensor<?x4xf32>) -> tensor<4xf32> {
  // expected-error @below {{the function my_op needs known shapes, found [?, 4]; --shape fixes those of inputs}}
  %y = tfl.custom %x {custom_code = "Mystery", custom_options = "", function = "my_op"} : (tensor<?x4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
