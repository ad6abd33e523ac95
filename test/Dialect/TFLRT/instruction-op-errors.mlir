// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @too_few_sums(%rows: i32, %weights: i32, %sum: i32) {
  // expected-error @below {{has 1 sums instead of 2, one for each row and column}}
  %r = tflrt.word_products %rows, %weights into (%sum)
      {row_offsets = array<i64: 0, 32>, columns = 1, groups = 8, unroll = 2, rest = 0, runs = 1, step = 0} : i32
  return
}

// -----

func.func @too_many_results(%rows: i32, %weights: i32, %sum: i32) {
  // expected-error @below {{has 2 results for 1 sums}}
  %r:2 = tflrt.word_products %rows, %weights into (%sum)
      {row_offsets = array<i64: 0>, columns = 1, groups = 8, unroll = 2, rest = 0, runs = 1, step = 0} : i32, i32
  return
}

// -----

func.func @no_words(%rows: i32, %weights: i32, %sum: i32) {
  // expected-error @below {{has no words to multiply}}
  %r = tflrt.word_products %rows, %weights into (%sum)
      {row_offsets = array<i64: 0>, columns = 1, groups = 0, unroll = 1, rest = 3, runs = 1, step = 0} : i32
  return
}

// -----

func.func @large_rest(%rows: i32, %weights: i32, %sum: i32) {
  // expected-error @below {{has a rest of 4 bytes, which hold a word}}
  %r = tflrt.word_products %rows, %weights into (%sum)
      {row_offsets = array<i64: 0>, columns = 1, groups = 1, unroll = 1, rest = 4, runs = 1, step = 0} : i32
  return
}

// -----

func.func @aligned_bytes(%rows: i32, %weights: i32, %sum: i32) {
  // expected-error @below {{has aligned rows of bytes, which nothing makes use of}}
  %r = tflrt.word_products %rows, %weights into (%sum)
      {row_offsets = array<i64: 0>, columns = 1, groups = 8, unroll = 2, rest = 0, runs = 1, step = 0, aligned} : i32
  return
}

// -----

func.func @uneven(%rows: i32, %weights: i32, %sum: i32) {
  // expected-error @below {{cannot take 8 words in steps of 3}}
  %r = tflrt.word_products %rows, %weights into (%sum)
      {row_offsets = array<i64: 0>, columns = 1, groups = 8, unroll = 3, rest = 0, runs = 1, step = 0} : i32
  return
}

// -----

func.func @part_of_a_run(%rows: i32, %weights: i32, %sum: i32) {
  // expected-error @below {{takes only a part of each of several runs in one iteration}}
  %r = tflrt.word_products %rows, %weights into (%sum)
      {row_offsets = array<i64: 0>, columns = 1, groups = 8, unroll = 4, rest = 0, runs = 3, step = 16} : i32
  return
}

// -----

func.func @registers() {
  // expected-error @below {{does not say the size of each of the eight registers}}
  tflrt.tile_configure rows [16, 16] bytes [64, 64]
  return
}

// -----

func.func @large_register() {
  // expected-error @below {{has a register of 17 rows of 64 bytes}}
  tflrt.tile_configure rows [17, 0, 0, 0, 0, 0, 0, 0] bytes [64, 0, 0, 0, 0, 0, 0, 0]
  return
}

// -----

func.func @odd_register() {
  // expected-error @below {{has a register of 16 rows of 30 bytes}}
  tflrt.tile_configure rows [16, 0, 0, 0, 0, 0, 0, 0] bytes [30, 0, 0, 0, 0, 0, 0, 0]
  return
}

// -----

func.func @no_bytes() {
  // expected-error @below {{has a register with rows but no bytes, or bytes but no rows}}
  tflrt.tile_configure rows [16, 0, 0, 0, 0, 0, 0, 0] bytes [0, 0, 0, 0, 0, 0, 0, 0]
  return
}

// -----

func.func @same_register() {
  // expected-error @below {{needs three different registers}}
  tflrt.tile_dot 0, 1, 1
  return
}

// -----

func.func @no_such_register() {
  // expected-error @below {{attribute 'tile' failed to satisfy constraint}}
  tflrt.tile_zero 8
  return
}
