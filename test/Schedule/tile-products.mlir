// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies=for-size | FileCheck %s --check-prefix=SIZE

#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (k, n)>
#result = affine_map<(m, n, k) -> (m, n)>

// A tile of 32 x 32 sums takes four registers, its rows and weights two each. 100 bytes are multiplied in two parts, which
// overlap by four. One configuration serves the rest of 16 rows as well: 16 rows of 64 bytes, 16 of 52, and 13 groups of weights.
// CHOICE-LABEL: @matrix
// CHOICE: tflrt.kernel #tflrt.tile_registers<
// CHOICE-SAME: tile = [32, 32, 52], {{.*}}group = 4, scratch = 2048>
// CHOICE-SAME: scratch(%{{.*}} : memref<2048xi16>)
// Small code has no memory for the sums.
// SIZE-LABEL: @matrix
// SIZE-NOT: tiles = true
// CHECK-LABEL: @matrix
// CHECK: tflrt.tile_configure rows [16, 16, 16, 16, 16, 16, 13, 13] bytes [64, 64, 64, 64, 52, 52, 64, 64]
// CHECK: scf.for %[[ROW:.+]] =
// CHECK-COUNT-4: tflrt.tile_zero
// CHECK: %[[AT:.+]] = arith.muli %[[ROW]], %c100
// CHECK-COUNT-3: tflrt.tile_load
// CHECK: tflrt.tile_dot 0, 4, 6
// CHECK: tflrt.tile_dot 2, 5, 6
// CHECK: tflrt.tile_load 7
// CHECK: tflrt.tile_dot 1, 4, 7
// CHECK: tflrt.tile_dot 3, 5, 7
// The second part begins four bytes before the first one ends.
// CHECK: arith.addi %[[AT]], %c48
// CHECK-COUNT-4: tflrt.tile_dot
// CHECK-COUNT-4: tflrt.tile_store
// CHECK: scf.for
// CHECK: vector.bitcast %{{.*}} : vector<32xi16> to vector<16xi32>
// CHECK-COUNT-4: vector.store
// CHECK-NOT: tile_configure
// CHECK: tflrt.tile_release
module attributes {tflc.target = {dot = "vnni512", has_tile_products = true, vector_bits = 512 : i64, vector_registers = 32 : i64}} {
  memref.global "private" constant @weights : memref<100x32xi8> = dense<3>
  func.func @matrix(%out: memref<240x32xi32>) {
    %x = memref.alloc() : memref<240x100xi8>
    %zero = arith.constant 0 : i8
    linalg.fill ins(%zero : i8) outs(%x : memref<240x100xi8>)
    %w = memref.get_global @weights : memref<100x32xi8>
    linalg.generic {indexing_maps = [#rows, #columns, #result], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<240x100xi8>, memref<100x32xi8>) outs(%out : memref<240x32xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %wide = arith.extui %a : i8 to i32
      %weight = arith.extsi %b : i8 to i32
      %product = arith.muli %wide, %weight : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    }
    return
  }
}

// -----

// Lines of eight rows that are ten rows apart: a tile has three of them, with two rows between
// each that nobody asked for. The rest of one line has other registers: they are configured in turn.
// CHOICE-LABEL: @window
// CHOICE: tflrt.kernel #tflrt.tile_registers<
// CHOICE-SAME: tile = [3, 8, 32, 1, 1, 32]
// CHECK-LABEL: @window
// CHECK: scf.for
// CHECK: tflrt.tile_configure
// CHECK: tflrt.tile_load {{.*}} by 128 :
// CHECK-COUNT-4: tflrt.tile_store
// CHECK: tflrt.tile_configure
// CHECK-COUNT-2: tflrt.tile_store
// CHECK-NOT: tile_configure
// CHECK: tflrt.tile_release
module attributes {tflc.target = {dot = "vnni512", has_tile_products = true, vector_bits = 512 : i64, vector_registers = 32 : i64}} {
  memref.global "private" constant @weights : memref<3x3x32x64xi8> = dense<3>
  func.func @window(%out: memref<7x8x64xi32>) {
    %x = memref.alloc() : memref<9x10x128xi8>
    %zero = arith.constant 0 : i8
    linalg.fill ins(%zero : i8) outs(%x : memref<9x10x128xi8>)
    %part = memref.subview %x[0, 0, 0] [9, 10, 32] [1, 1, 1] : memref<9x10x128xi8> to memref<9x10x32xi8, strided<[1280, 128, 1]>>
    %w = memref.get_global @weights : memref<3x3x32x64xi8>
    linalg.generic {indexing_maps = [affine_map<(y, x, n, i, j, k) -> (y + i, x + j, k)>, affine_map<(y, x, n, i, j, k) -> (i, j, k, n)>, affine_map<(y, x, n, i, j, k) -> (y, x, n)>],
                    iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%part, %w : memref<9x10x32xi8, strided<[1280, 128, 1]>>, memref<3x3x32x64xi8>) outs(%out : memref<7x8x64xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %wide = arith.extui %a : i8 to i32
      %weight = arith.extsi %b : i8 to i32
      %product = arith.muli %wide, %weight : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    }
    return
  }
}

// -----

#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (k, n)>
#result = affine_map<(m, n, k) -> (m, n)>

// One row is no matrix.
// CHOICE-LABEL: @one_row
// CHOICE-NOT: tile_registers
// CHECK-LABEL: @one_row
// CHECK-NOT: tflrt.tile
module attributes {tflc.target = {dot = "vnni512", has_tile_products = true, vector_bits = 512 : i64, vector_registers = 32 : i64}} {
  memref.global "private" constant @weights : memref<4096x32xi8> = dense<3>
  func.func @one_row(%out: memref<1x32xi32>) {
    %x = memref.alloc() : memref<1x4096xi8>
    %zero = arith.constant 0 : i8
    linalg.fill ins(%zero : i8) outs(%x : memref<1x4096xi8>)
    %w = memref.get_global @weights : memref<4096x32xi8>
    linalg.generic {indexing_maps = [#rows, #columns, #result], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<1x4096xi8>, memref<4096x32xi8>) outs(%out : memref<1x32xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %wide = arith.extui %a : i8 to i32
      %weight = arith.extsi %b : i8 to i32
      %product = arith.muli %wide, %weight : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    }
    return
  }
}

// -----

#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (k, n)>
#result = affine_map<(m, n, k) -> (m, n)>

// The sums would make the arena larger.
// CHOICE-LABEL: @no_memory
// CHOICE-NOT: tile_registers
module attributes {tflc.target = {dot = "vnni512", has_tile_products = true, vector_bits = 512 : i64, vector_registers = 32 : i64}} {
  memref.global "private" constant @weights : memref<100x32xi8> = dense<3>
  func.func @no_memory(%x: memref<240x100xi8>, %out: memref<240x32xi32>) {
    %w = memref.get_global @weights : memref<100x32xi8>
    linalg.generic {indexing_maps = [#rows, #columns, #result], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<240x100xi8>, memref<100x32xi8>) outs(%out : memref<240x32xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %wide = arith.extui %a : i8 to i32
      %weight = arith.extsi %b : i8 to i32
      %product = arith.muli %wide, %weight : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    }
    return
  }
}

// -----

#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (k, n)>
#result = affine_map<(m, n, k) -> (m, n)>

// CHOICE-LABEL: @no_tiles
// CHOICE-NOT: tile_registers
module attributes {tflc.target = {dot = "vnni512", has_tile_products = false, vector_bits = 512 : i64, vector_registers = 32 : i64}} {
  memref.global "private" constant @weights : memref<100x32xi8> = dense<3>
  func.func @no_tiles(%out: memref<240x32xi32>) {
    %x = memref.alloc() : memref<240x100xi8>
    %zero = arith.constant 0 : i8
    linalg.fill ins(%zero : i8) outs(%x : memref<240x100xi8>)
    %w = memref.get_global @weights : memref<100x32xi8>
    linalg.generic {indexing_maps = [#rows, #columns, #result], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<240x100xi8>, memref<100x32xi8>) outs(%out : memref<240x32xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %wide = arith.extui %a : i8 to i32
      %weight = arith.extsi %b : i8 to i32
      %product = arith.muli %wide, %weight : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    }
    return
  }
}
