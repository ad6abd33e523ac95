// RUN: tflc-opt %s -verify-diagnostics -split-input-file

func.func @weights_shape(%x: tensor<1x3xf32>, %w: tensor<2x4xf32>, %r: tensor<2x2xf32>, %b: tensor<2xf32>,
                         %h: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{weights must have shape [2, 3], found [2, 4]}}
  %y = tfl.rnn %x, %w, %r, %b, %h : (tensor<1x3xf32>, tensor<2x4xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<1x2xf32>)
      -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

func.func @missing_state(%x: tensor<1x3xf32>, %w: tensor<2x3xf32>, %r: tensor<2x2xf32>, %b: tensor<2xf32>)
    -> tensor<1x2xf32> {
  // expected-error @+1 {{the operand hidden_state is missing}}
  %y = tfl.rnn %x, %w, %r, %b : (tensor<1x3xf32>, tensor<2x3xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

func.func @mixed_weights(%x: tensor<1x3xf32>, %w: tensor<2x3x!quant.uniform<i8:f32, 0.5>>, %r: tensor<2x2xf32>,
                         %b: tensor<2xf32>, %h: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{the weights of a layer must be of one type, found int8 and float32}}
  %y = tfl.rnn %x, %w, %r, %b, %h : (tensor<1x3xf32>, tensor<2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2xf32>,
      tensor<2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

func.func @results(%x: tensor<1x4x3xf32>, %w: tensor<2x3xf32>, %r: tensor<2x2xf32>, %b: tensor<2xf32>, %h: tensor<1x2xf32>)
    -> tensor<1x4x2xf32> {
  // expected-error @+1 {{expected 2 results, found 1}}
  %y = tfl.bidirectional_sequence_rnn %x, %w, %r, %b, %h, %w, %r, %b, %h : (tensor<1x4x3xf32>, tensor<2x3xf32>,
      tensor<2x2xf32>, tensor<2xf32>, tensor<1x2xf32>, tensor<2x3xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<1x2xf32>)
      -> tensor<1x4x2xf32>
  return %y : tensor<1x4x2xf32>
}

// -----

func.func @state_shape(%x: tensor<4x3x3xf32>, %w: tensor<2x3xf32>, %r: tensor<2x2xf32>, %b: tensor<2xf32>,
                       %h: tensor<4x2xf32>) -> tensor<4x3x2xf32> {
  // expected-error @+1 {{hidden_state must have shape [3, 2], found [4, 2]}}
  %y = tfl.unidirectional_sequence_rnn %x, %w, %r, %b, %h {time_major = true} : (tensor<4x3x3xf32>, tensor<2x3xf32>,
      tensor<2x2xf32>, tensor<2xf32>, tensor<4x2xf32>) -> tensor<4x3x2xf32>
  return %y : tensor<4x3x2xf32>
}

// -----

func.func @rank(%x: tensor<1x3xf32>, %f: tensor<5x3xf32>, %t: tensor<5x4xf32>, %b: tensor<2xf32>, %s: tensor<1x20xf32>)
    -> tensor<1x2xf32> {
  // expected-error @+1 {{the 5 filters are no multiple of the rank 2}}
  %y = tfl.svdf %x, %f, %t, %b, %s {rank = 2 : i32} : (tensor<1x3xf32>, tensor<5x3xf32>, tensor<5x4xf32>, tensor<2xf32>,
      tensor<1x20xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

func.func @gate(%x: tensor<1x3xf32>, %w: tensor<2x3xf32>, %r: tensor<2x2xf32>, %b: tensor<2xf32>, %h: tensor<1x2xf32>)
    -> tensor<1x2xf32> {
  %n = tfl.no_value : none
  // expected-error @+1 {{the operand recurrent_to_input_weights is not expected}}
  %y = tfl.lstm %x, %n, %w, %w, %w, %r, %r, %r, %r, %n, %n, %n, %n, %b, %b, %b, %n, %n, %h, %h
      : (tensor<1x3xf32>, none, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
         tensor<2x2xf32>, tensor<2x2xf32>, none, none, none, none, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none,
         tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

func.func @clip(%x: tensor<1x3xf32>, %w: tensor<2x3xf32>, %r: tensor<2x2xf32>, %b: tensor<2xf32>, %h: tensor<1x2xf32>)
    -> tensor<1x2xf32> {
  %n = tfl.no_value : none
  // expected-error @+1 {{cell_clip must not be negative, found -1}}
  %y = tfl.lstm %x, %n, %w, %w, %w, %n, %r, %r, %r, %n, %n, %n, %n, %b, %b, %b, %n, %n, %h, %h {cell_clip = -1.0 : f32}
      : (tensor<1x3xf32>, none, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, none, tensor<2x2xf32>,
         tensor<2x2xf32>, tensor<2x2xf32>, none, none, none, none, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none,
         tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

func.func @basic_width(%x: tensor<2x?xf32>, %a: tensor<2x2xf32>, %w: tensor<8x5xf32>, %b: tensor<8xf32>, %s: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // expected-error @+1 {{the numbers of inputs and units of a basic LSTM must be known, found [?, 2]}}
  %y:4 = tfl.lstm %x, %a, %w, %b, %s {kernel_type = "BASIC"}
      : (tensor<2x?xf32>, tensor<2x2xf32>, tensor<8x5xf32>, tensor<8xf32>, tensor<2x2xf32>)
      -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x?xf32>, tensor<2x8xf32>)
  return %y#0 : tensor<2x2xf32>
}

// -----

func.func @variable_shape() -> tensor<?xf32> {
  // expected-error @+1 {{a variable tensor must have a known shape, found [?]}}
  %v = tfl.variable_tensor {variable = "main.0"} : () -> tensor<?xf32>
  return %v : tensor<?xf32>
}

// -----

func.func @no_variable(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{the operand is no variable tensor}}
  %y = tfl.load_variable_tensor %x : (tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
