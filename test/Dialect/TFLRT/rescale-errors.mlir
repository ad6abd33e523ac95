// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @wide_input(%x: i64, %m: i32, %s: i8) {
  // expected-error @below {{cannot round an input of 64 bits as 'double' says}}
  %y = tflrt.rescale %x, %m, %s <double> : i64, i8 -> i32
  return
}

// -----

func.func @short_input(%x: i16, %m: i32, %s: i8) {
  // expected-error @below {{cannot round an input of 16 bits as 'reduced' says}}
  %y = tflrt.rescale %x, %m, %s <reduced> : i16, i8 -> i32
  return
}

// -----

func.func @wide_result(%x: i32, %m: i64, %s: i8) {
  // expected-error @below {{has a result of 64 instead of 32 bits}}
  %y = tflrt.rescale %x, %m, %s <single> : i32, i8 -> i64
  return
}

// -----

func.func @far_shift(%x: i32, %m: i32, %s: i8) {
  // expected-error @below {{has a largest shift of -32, which no shift may have}}
  %y = tflrt.rescale %x, %m, %s <single> {max_shift = -32 : i32} : i32, i8 -> i32
  return
}

// -----

func.func @half_a_range(%x: i32, %m: i32, %s: i8) {
  // expected-error @below {{has a range of inputs without an end}}
  %y = tflrt.rescale %x, %m, %s <single> {input_ranges = array<i32: -1, 1, 5>} : i32, i8 -> i32
  return
}

// -----

func.func @empty_range(%x: i32, %m: i32, %s: i8) {
  // expected-error @below {{has a range of inputs from 7 to 5}}
  %y = tflrt.rescale %x, %m, %s <single> {input_ranges = array<i32: 7, 5>} : i32, i8 -> i32
  return
}

// -----

func.func @doubles(%x: i32, %scale: f64, %offset: f64) {
  // expected-error @below {{has a scale or an offset that is no f32}}
  %y = tflrt.float_rescale %x, %scale, %offset <nearest> : i32, f64, f64
  return
}

// -----

func.func @wide_accumulator(%x: i64, %scale: f32, %offset: f32) {
  // expected-error @below {{has an input of 64 instead of 32 bits}}
  %y = tflrt.float_rescale %x, %scale, %offset <truncate> : i64, f32, f32
  return
}

// -----

func.func @raised_byte(%x: i32, %scale: f32, %offset: f32, %raised: i8) {
  // expected-error @below {{compares its input with an integer of another width}}
  %y = tflrt.float_rescale %x, %scale, %offset raised(%raised : i8) <nearest> : i32, f32, f32
  return
}

// -----

func.func @words(%a: i16) {
  // expected-error @below {{does not make 32 bits of bytes}}
  %y = tflrt.float_sum %a, %a {lhs_scale = 1.0 : f32, rhs_scale = 1.0 : f32, offset = 0.0 : f32} : i16 -> i32
  return
}

// -----

func.func @other_factor(%sum: vector<4xi32>, %a: vector<16xi8>, %b: vector<8xi8>) {
  // expected-error @below {{has factors of different types}}
  %r = tflrt.dot %sum, %a, %b : vector<4xi32>, vector<16xi8>, vector<8xi8>
  return
}

// -----

func.func @uneven(%sum: vector<4xi32>, %a: vector<6xi8>) {
  // expected-error @below {{cannot share 6 products among 4 sums}}
  %r = tflrt.dot %sum, %a, %a : vector<4xi32>, vector<6xi8>, vector<6xi8>
  return
}
