// RUN: tflc-opt %s | tflc-opt | FileCheck %s

// One attribute for each form (docs/Strategies.md). Defaults are not printed.
// CHECK: test.loops = #tflrt.vector_loops<dim = 1, lanes = 8, tile = [2, 16]>, test.scalar = #tflrt.vector_loops<dim = 0, tile = [1]>
module attributes {
  test.scalar = #tflrt.vector_loops<dim = 0, lanes = 1, tile = [1]>,
  test.loops = #tflrt.vector_loops<tile = [2, 16], dim = 1, lanes = 8>
} {}

// CHECK: narrow_loops<dim = 1, lanes = 16, tile = [2, 16, 3, 3], joined = 2>
module attributes {test.form = #tflrt.narrow_loops<dim = 1, lanes = 16, tile = [2, 16, 3, 3], joined = 2>} {}
// CHECK: tap_quads<dim = 1, lanes = 64, tile = [2, 64, 3, 3], along = 2, joined = 4>
module attributes {test.form = #tflrt.tap_quads<dim = 1, lanes = 64, tile = [2, 64, 3, 3], along = 2, joined = 4>} {}
// CHECK: taps<dim = 1, tile = [2, 1, 3], pairs = true>
module attributes {test.form = #tflrt.taps<dim = 1, tile = [2, 1, 3], pairs = true>} {}
// CHECK: reduction<dim = 1, lanes = 8, tile = [2, 16], split = 2>
module attributes {test.form = #tflrt.reduction<dim = 1, lanes = 8, tile = [2, 16], split = 2>} {}
// CHECK: broadcast<dim = 1, lanes = 8, tile = [6, 16, 2], weights = 1, along = 2, group = 2, split = 2, widen = true, block = [6, 1, 1], scratch = 384>
module attributes {test.form = #tflrt.broadcast<dim = 1, lanes = 8, tile = [6, 16, 2], weights = 1, along = 2, group = 2,
                                                split = 2, widen = true, block = [6, 1, 1], scratch = 384>} {}
// CHECK: row_lanes<dim = 1, lanes = 4, tile = [3, 8, 16], weights = 1, along = 2, group = 4, row_groups = 4, epilogue_lanes = 16>
module attributes {test.form = #tflrt.row_lanes<dim = 1, lanes = 4, tile = [3, 8, 16], weights = 1, along = 2, group = 4,
                                                row_groups = 4, split = 1, epilogue_lanes = 16>} {}
// CHECK: across_lanes<dim = 0, lanes = 8, tile = [16, 16], along = 1, group = 16, widen = true>
module attributes {test.form = #tflrt.across_lanes<dim = 0, lanes = 8, tile = [16, 16], along = 1, group = 16, widen = true>} {}
// CHECK: row_pairs<dim = 1, lanes = 4, tile = [3, 8, 16], along = 2, group = 8, epilogue_lanes = 16>
module attributes {test.form = #tflrt.row_pairs<dim = 1, lanes = 4, tile = [3, 8, 16], along = 2, group = 8, epilogue_lanes = 16>} {}
// CHECK: tile_registers<dim = 1, lanes = 16, tile = [32, 32, 52], along = 2, group = 4, scratch = 2048>
module attributes {test.form = #tflrt.tile_registers<dim = 1, lanes = 16, tile = [32, 32, 52], along = 2, group = 4, scratch = 2048>} {}
// CHECK: quad_runs<dim = 1, tile = [3, 2, 8], weights = 1, along = 2, group = 4>
module attributes {test.form = #tflrt.quad_runs<dim = 1, tile = [3, 2, 8], weights = 1, along = 2, group = 4>} {}
// CHECK: quad_runs<dim = 1, tile = [3, 2, 8], weights = 1, along = 2, group = 4, block = [6, 1, 1], scratch = 147>
module attributes {test.form = #tflrt.quad_runs<dim = 1, tile = [3, 2, 8], weights = 1, along = 2, group = 4, block = [6, 1, 1], scratch = 147>} {}
// CHECK: byte_pairs<dim = 0, lanes = 8, tile = [64, 4], along = 1, group = 4>
module attributes {test.form = #tflrt.byte_pairs<dim = 0, lanes = 8, tile = [64, 4], along = 1, group = 4>} {}
// CHECK: winograd<dim = 2, lanes = 8, tile = [2, 4, 8, 1, 1], along = 4, group = 2, lines = 2, pixels = 4, rows = 3, patches = 6, columns = 8, channels = 16, weights_first = true, scratch = 4096>
module attributes {test.form = #tflrt.winograd<dim = 2, lanes = 8, tile = [2, 4, 8, 1, 1], along = 4, group = 2, lines = 2, pixels = 4,
                                               rows = 3, patches = 6, columns = 8, channels = 16, weights_first = true, scratch = 4096>} {}
