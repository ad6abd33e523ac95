// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @reshape_count(%x: tensor<2x3xf32>) -> tensor<7xf32> {
  // expected-error @below {{cannot reshape [2, 3] to [7], the number of elements differs}}
  %0 = tfl.reshape %x {new_shape = array<i32: 7>} : (tensor<2x3xf32>) -> tensor<7xf32>
  return %0 : tensor<7xf32>
}

// -----

func.func @reshape_two_rests(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @below {{more than one dimension of the new shape [-1, -1] is -1}}
  %0 = tfl.reshape %x {new_shape = array<i32: -1, -1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @squeeze_not_one(%x: tensor<2x3xf32>) -> tensor<2xf32> {
  // expected-error @below {{dimension 1 of [2, 3] is not of size one}}
  %0 = tfl.squeeze %x {squeeze_dims = array<i32: -1>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @strided_slice_zero_stride(%x: tensor<4xf32>) -> tensor<4xf32> {
  %z = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  // expected-error @below {{the stride of entry 0 is zero}}
  %0 = tfl.strided_slice %x, %z, %z, %z {begin_mask = 0 : i32, end_mask = 0 : i32, ellipsis_mask = 0 : i32,
    new_axis_mask = 0 : i32, shrink_axis_mask = 0 : i32} : (tensor<4xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @pack_count(%x: tensor<2xf32>) -> tensor<1x2xf32> {
  // expected-error @below {{values_count is 2, but the operator has 1 inputs}}
  %0 = tfl.pack %x {values_count = 2 : i32, axis = 0 : i32} : (tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

func.func @concatenation_shapes(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<4x3xf32> {
  // expected-error @below {{inputs of shapes [2, 3] and [2, 4] do not fit together}}
  %0 = tfl.concatenation %x, %y {axis = 0 : i32} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----

func.func @transpose_perm(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %perm = tfl.const dense<[1, 1]> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{perm names dimension 1 twice}}
  %0 = tfl.transpose %x, %perm : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @split_parts(%x: tensor<5xf32>) -> tensor<2xf32> {
  %axis = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  // expected-error @below {{dimension 0 of [5] cannot be cut into 2 equal parts}}
  %0:2 = tfl.split %axis, %x {num_splits = 2 : i32} : (tensor<i32>, tensor<5xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  return %0#0 : tensor<2xf32>
}

// -----

func.func @pad_rows(%x: tensor<5xf32>) -> tensor<7xf32> {
  %p = tfl.const dense<1> : tensor<2x2xi32> -> tensor<2x2xi32>
  // expected-error @below {{paddings must have shape [1, 2], found [2, 2]}}
  %0 = tfl.pad %x, %p : (tensor<5xf32>, tensor<2x2xi32>) -> tensor<7xf32>
  return %0 : tensor<7xf32>
}

// -----

func.func @gather_axis(%x: tensor<5xf32>, %i: tensor<2xi32>) -> tensor<2xf32> {
  // expected-error @below {{axis 1 is not in the range [-1, 1)}}
  %0 = tfl.gather %x, %i {axis = 1 : i32} : (tensor<5xf32>, tensor<2xi32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @embedding_lookup_indices(%i: tensor<2x1xi32>, %x: tensor<5x3xf32>) -> tensor<2x3xf32> {
  // expected-error @below {{lookup must be a vector of int32, found int32 of shape [2, 1]}}
  %0 = tfl.embedding_lookup %i, %x : (tensor<2x1xi32>, tensor<5x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @embedding_lookup_rank(%i: tensor<2xi32>, %x: tensor<5xf32>) -> tensor<2xf32> {
  // expected-error @below {{the table must have two or more dimensions, found shape [5]}}
  %0 = tfl.embedding_lookup %i, %x : (tensor<2xi32>, tensor<5xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @embedding_lookup_types(%i: tensor<2xi32>, %x: tensor<5x3xi16>) -> tensor<2x3xf32> {
  // expected-error @below {{inputs and outputs must have one type, found int16 and float32}}
  %0 = tfl.embedding_lookup %i, %x : (tensor<2xi32>, tensor<5x3xi16>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

!columns = !quant.uniform<i8:f32:1, {0.5, 0.25, 0.125}>
func.func @embedding_lookup_columns(%i: tensor<2xi32>, %x: tensor<5x3x!columns>) -> tensor<2x3xf32> {
  // expected-error @below {{a table that becomes float32 must have one scale, or one for each row, and the zero point 0}}
  %0 = tfl.embedding_lookup %i, %x : (tensor<2xi32>, tensor<5x3x!columns>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @add_n_shapes(%x: tensor<2xf32>, %y: tensor<1xf32>) -> tensor<2xf32> {
  // expected-error @below {{inputs must have one shape, found [2] and [1]}}
  %0 = tfl.add_n %x, %y : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @add_n_nothing() -> tensor<f32> {
  // expected-error @below {{has no inputs}}
  %0 = tfl.add_n : () -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

func.func @call_once() {
  // expected-error @below {{there is no function @init}}
  tfl.call_once {init_subgraph = @init} : () -> ()
  return
}

// -----

func.func @one_hot_axis(%i: tensor<3xi32>, %v: tensor<f32>) -> tensor<3x4xf32> {
  %depth = tfl.const dense<4> : tensor<i32> -> tensor<i32>
  // expected-error @below {{axis 2 is not in the range [-2, 2)}}
  %0 = tfl.one_hot %i, %depth, %v, %v {axis = 2 : i32} : (tensor<3xi32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// -----

func.func @reverse_sequence_dims(%x: tensor<3x4xf32>, %n: tensor<3xi32>) -> tensor<3x4xf32> {
  // expected-error @below {{seq_dim 0 and batch_dim 0 do not fit an input of shape [3, 4]}}
  %0 = tfl.reverse_sequence %x, %n {seq_dim = 0 : i32, batch_dim = 0 : i32} : (tensor<3x4xf32>, tensor<3xi32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// -----

func.func @gather_constant(%x: tensor<5x3xf32>) -> tensor<2x3xf32> {
  %i = tfl.const dense<[0, 5]> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{index 5 is not in the range [0, 5)}}
  %0 = tfl.gather %x, %i : (tensor<5x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @embedding_lookup_constant(%x: tensor<5x3xf32>) -> tensor<2x3xf32> {
  %i = tfl.const dense<[-1, 4]> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{index -1 is not in the range [0, 5)}}
  %0 = tfl.embedding_lookup %i, %x : (tensor<2xi32>, tensor<5x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @bitcast_size(%x: tensor<5x3xi8>) -> tensor<5xf32> {
  // expected-error @below {{the last dimension of [5, 3] must be 4 to become float32}}
  %0 = tfl.bitcast %x : (tensor<5x3xi8>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

func.func @broadcast_args(%x: tensor<2x1xi32>, %y: tensor<3xi32>) -> tensor<3xi32> {
  // expected-error @below {{a shape must be a vector, found shape [2, 1]}}
  %0 = tfl.broadcast_args %x, %y : (tensor<2x1xi32>, tensor<3xi32>) -> tensor<3xi32>
  return %0 : tensor<3xi32>
}

// -----

func.func @cumsum_axis(%x: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %a = tfl.const dense<2> : tensor<i32> -> tensor<i32>
  // expected-error @below {{axis 2 is not in the range [-2, 2)}}
  %0 = tfl.cumsum %x, %a : (tensor<5x3xf32>, tensor<i32>) -> tensor<5x3xf32>
  return %0 : tensor<5x3xf32>
}

// -----

func.func @matrix_set_diag(%x: tensor<4x2xf32>, %d: tensor<3xf32>) -> tensor<4x2xf32> {
  // expected-error @below {{a diagonal of shape [3] does not fit an input of shape [4, 2]}}
  %0 = tfl.matrix_set_diag %x, %d : (tensor<4x2xf32>, tensor<3xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// -----

func.func @dilate(%x: tensor<2xf32>, %v: tensor<f32>) -> tensor<2xf32> {
  %d = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  // expected-error @below {{dilations must be positive, found 0}}
  %0 = tfl.dilate %x, %d, %v : (tensor<2xf32>, tensor<1xi32>, tensor<f32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @stablehlo_pad(%x: tensor<2xf32>, %v: tensor<f32>) -> tensor<2xf32> {
  // expected-error @below {{interior padding must not be negative, found -1}}
  %0 = tfl.stablehlo_pad %x, %v {edge_padding_low = array<i64: 0>, edge_padding_high = array<i64: 0>,
    interior_padding = array<i64: -1>} : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @rfft2d(%x: tensor<1x9xf32>) -> tensor<1x4xcomplex<f32>> {
  %n = tfl.const dense<[1, 6]> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{fft_length must be powers of two, found 6}}
  %0 = tfl.rfft2d %x, %n : (tensor<1x9xf32>, tensor<2xi32>) -> tensor<1x4xcomplex<f32>>
  return %0 : tensor<1x4xcomplex<f32>>
}

// -----

func.func @real(%x: tensor<9xcomplex<f32>>) -> tensor<9xf64> {
  // expected-error @below {{the result must be float32, found float64}}
  %0 = tfl.real %x : (tensor<9xcomplex<f32>>) -> tensor<9xf64>
  return %0 : tensor<9xf64>
}

// -----

func.func @bucketize(%x: tensor<9xf32>) -> tensor<9xi32> {
  // expected-error @below {{boundaries must ascend}}
  %0 = tfl.bucketize %x {boundaries = array<f32: 1.0, 0.0>} : (tensor<9xf32>) -> tensor<9xi32>
  return %0 : tensor<9xi32>
}

// -----

func.func @fake_quant(%x: tensor<9xf32>) -> tensor<9xf32> {
  // expected-error @below {{num_bits must be in [1, 16], found 17}}
  %0 = tfl.fake_quant %x {min = 0.0 : f32, max = 1.0 : f32, num_bits = 17 : i32} : (tensor<9xf32>) -> tensor<9xf32>
  return %0 : tensor<9xf32>
}

// -----

func.func @local_response_normalization(%x: tensor<9xf32>) -> tensor<9xf32> {
  // expected-error @below {{the input must have four dimensions, found shape [9]}}
  %0 = tfl.local_response_normalization %x {radius = 1 : i32} : (tensor<9xf32>) -> tensor<9xf32>
  return %0 : tensor<9xf32>
}

// -----

func.func @reduce_window(%x: tensor<4xf32>, %i: tensor<f32>) -> tensor<4xf32> {
  %w = tfl.const dense<0> : tensor<1xi64> -> tensor<1xi64>
  // expected-error @below {{window_dimensions must be positive numbers of 32 bits, found 0}}
  %0 = tfl.reduce_window %x, %i, %w, %w, %w {reduce_function = "ADD"}
    : (tensor<4xf32>, tensor<f32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @stablehlo_shapes(%x: tensor<4xf32>, %y: tensor<1xf32>) -> tensor<4xf32> {
  // expected-error @below {{operands must have one shape, found [4] and [1]}}
  %0 = tfl.stablehlo_add %x, %y : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @stablehlo_gather(%x: tensor<4x3xf32>, %i: tensor<2x1xi32>) -> tensor<2x3xf32> {
  // expected-error @below {{a slice of 4 elements does not fit dimension 1 of [4, 3]}}
  %0 = tfl.stablehlo_gather %x, %i {offset_dims = array<i64: 1>, collapsed_slice_dims = array<i64: 0>,
    start_index_map = array<i64: 0>, index_vector_dim = 1 : i64, slice_sizes = array<i64: 1, 4>}
    : (tensor<4x3xf32>, tensor<2x1xi32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @stablehlo_rng(%s: tensor<3xui64>) -> (tensor<3xui64>, tensor<4xui32>) {
  // expected-error @below {{states must have two elements, found 3}}
  %0:2 = tfl.stablehlo_rng_bit_generator %s {algorithm = "THREEFRY"} : (tensor<3xui64>) -> (tensor<3xui64>, tensor<4xui32>)
  return %0#0, %0#1 : tensor<3xui64>, tensor<4xui32>
}

// -----

func.func @rank_type(%x: tensor<2x3xf32>) -> tensor<complex<f32>> {
  // expected-error @below {{the result must be int32 or int64, found complex64}}
  %0 = tfl.rank %x : (tensor<2x3xf32>) -> tensor<complex<f32>>
  return %0 : tensor<complex<f32>>
}

// -----

func.func @split_scalar(%axis: tensor<i32>, %x: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{a scalar cannot be cut into parts}}
  %0 = tfl.split %axis, %x {num_splits = 1 : i32} : (tensor<i32>, tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

func.func @split_v_sizes(%x: tensor<4xf32>, %sizes: tensor<2xi32>, %axis: tensor<i32>) -> tensor<?xf32> {
  // expected-error @below {{size_splits must have one size for each of the 1 outputs, found shape [2]}}
  %0 = tfl.split_v %x, %sizes, %axis {num_splits = 1 : i32} : (tensor<4xf32>, tensor<2xi32>, tensor<i32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

func.func @resize_nothing(%x: tensor<1x0x4x1xf32>) -> tensor<1x2x2x1xf32> {
  %size = tfl.const dense<2> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{there is no pixel to read in an input of shape [1, 0, 4, 1]}}
  %0 = tfl.resize_nearest_neighbor %x, %size : (tensor<1x0x4x1xf32>, tensor<2xi32>) -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}

// -----

func.func @resize_negative(%x: tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32> {
  %size = tfl.const dense<0> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{the new size must be 1 or more, found 0}}
  %0 = tfl.resize_bilinear %x, %size : (tensor<1x4x4x1xf32>, tensor<2xi32>) -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}

// -----

func.func @split_float_axis(%axis: tensor<f32>, %x: tensor<4xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{axis must be int32 or int64, found float32}}
  %0:2 = tfl.split %axis, %x {num_splits = 2 : i32} : (tensor<f32>, tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  return %0#0 : tensor<2xf32>
}

// -----

func.func @reshape_to_fed_rank(%x: tensor<4xf32>, %shape: tensor<33xi32>) -> tensor<?xf32> {
  // expected-error @+1 {{a result of rank 33 is not supported, the limit is 32}}
  %0 = tfl.reshape %x, %shape : (tensor<4xf32>, tensor<33xi32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
