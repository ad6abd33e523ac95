// RUN: tflc-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{has vectors along loop 2 of 2}}
module attributes {test.form = #tflrt.vector_loops<dim = 2, lanes = 8, tile = [2, 16]>} {}

// -----

// expected-error @below {{has 6 lanes, which is no power of two}}
module attributes {test.form = #tflrt.narrow_loops<dim = 1, lanes = 6, tile = [2, 12]>} {}

// -----

// expected-error @below {{has a tile of 0 iterations of loop 0}}
module attributes {test.form = #tflrt.reduction<dim = 1, lanes = 8, tile = [0, 16]>} {}

// -----

// expected-error @below {{has split = 0, which must be positive}}
module attributes {test.form = #tflrt.reduction<dim = 1, lanes = 8, tile = [1, 16], split = 0>} {}

// -----

// expected-error @below {{has quads along loop 1 of 3}}
module attributes {test.form = #tflrt.tap_quads<dim = 1, lanes = 16, tile = [2, 16, 3], along = 1>} {}

// -----

// expected-error @below {{has 4 lanes, but taps are scalars}}
module attributes {test.form = #tflrt.taps<dim = 1, lanes = 4, tile = [2, 4, 3]>} {}

// -----

// expected-error @below {{has its weights in input 2 of 2}}
module attributes {test.form = #tflrt.broadcast<dim = 1, lanes = 8, tile = [6, 16, 2], weights = 2, along = 2>} {}

// -----

// The loop of the columns is no loop of the reduction.
// expected-error @below {{has groups along loop 1 of 3}}
module attributes {test.form = #tflrt.broadcast<dim = 1, lanes = 8, tile = [6, 16, 2], along = 1>} {}

// -----

// expected-error @below {{has a tile of 12 columns in vectors of 8}}
module attributes {test.form = #tflrt.broadcast<dim = 1, lanes = 8, tile = [6, 12, 2], along = 2>} {}

// -----

// expected-error @below {{has a block of 2 loops instead of 3}}
module attributes {test.form = #tflrt.broadcast<dim = 1, lanes = 8, tile = [6, 16, 2], along = 2, block = [6, 1]>} {}

// -----

// expected-error @below {{has a scratch buffer of -1 elements}}
module attributes {test.form = #tflrt.broadcast<dim = 1, lanes = 8, tile = [6, 16, 2], along = 2, scratch = -1>} {}

// -----

// expected-error @below {{packs columns, but has no block of rows or no buffer for them}}
module attributes {test.form = #tflrt.broadcast<dim = 1, lanes = 8, tile = [6, 16, 2], along = 2, packs = true>} {}

// -----

// expected-error @below {{has row_groups = 0, which must be positive}}
module attributes {test.form = #tflrt.row_lanes<dim = 1, lanes = 4, tile = [3, 8, 16], along = 2, row_groups = 0>} {}

// -----

// expected-error @below {{has vectors of 8 columns in groups of 8 instead of 4 and 8}}
module attributes {test.form = #tflrt.row_pairs<dim = 1, lanes = 8, tile = [3, 8, 16], along = 2, group = 8>} {}

// -----

// expected-error @below {{has 16 columns of 68 bytes, but a register has 16 of up to 64}}
module attributes {test.form = #tflrt.tile_registers<dim = 1, lanes = 16, tile = [16, 16, 68], along = 2, group = 4>} {}

// -----

// expected-error @below {{has 1 lanes and groups of 2, but sums are scalars and groups have four bytes}}
module attributes {test.form = #tflrt.quad_runs<dim = 1, tile = [3, 2, 8], along = 2, group = 2>} {}

// -----

// expected-error @below {{has a block of 2 loops instead of 3}}
module attributes {test.form = #tflrt.quad_runs<dim = 1, tile = [3, 2, 8], along = 2, group = 4, block = [6, 1], scratch = 64>} {}

// -----

// expected-error @below {{has groups of 2 instead of two pairs of bytes}}
module attributes {test.form = #tflrt.byte_pairs<dim = 0, lanes = 8, tile = [64, 4], along = 1, group = 2>} {}

// -----

// expected-error @below {{has patches of 3 lines of 2 pixels; there are two or four of each}}
module attributes {test.form = #tflrt.winograd<dim = 2, lanes = 8, tile = [2, 2, 8, 1, 1], along = 4, group = 2, lines = 3, pixels = 2,
                                               rows = 1, patches = 1, columns = 8, channels = 16, scratch = 64>} {}

// -----

// expected-error @below {{transforms 4 patches and multiplies 3 at once}}
module attributes {test.form = #tflrt.winograd<dim = 2, lanes = 8, tile = [2, 2, 8, 1, 1], along = 4, group = 2, lines = 2, pixels = 2,
                                               rows = 3, patches = 4, columns = 8, channels = 16, scratch = 64>} {}

// -----

// A form without its loops is no strategy.
// expected-error @below {{struct is missing required parameter: tile}}
module attributes {test.form = #tflrt.vector_loops<dim = 1>} {}
