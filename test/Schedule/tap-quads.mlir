// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// Three taps of a column are one product, and two lines of results share the columns: weights are packed for both, the first
// results' with a zero behind them and the others' with one in front, 2 x 3 x 4 bytes for each of the 32 channels.
// Four results of three columns each, in four parts.
// CHOICE-LABEL: @lines
// CHOICE: tflrt.kernel #tflrt.tap_quads<dim = 2, lanes = 32, tile = [2, 2, 32, 3, 3], along = 3>
// CHECK: memref.global "private" constant @tflc.packed.{{.*}} : memref<768xi8>
// CHECK-LABEL: @lines
// CHECK-COUNT-48: tflrt.dot {{.*}} : vector<8xi32>, vector<32xi8>, vector<32xi8>
// CHECK-NOT: tflrt.dot
// CHECK: return
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 32 : i64, dot = "avxvnni"}} {
  memref.global "private" constant @weights : memref<3x3x32xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F11">
  func.func @lines(%x: memref<6x6x32xi8>, %y: memref<4x4x32xi32>) {
    %weights = memref.get_global @weights : memref<3x3x32xi8>
    linalg.generic {
        indexing_maps = [affine_map<(y, x, c, i, j) -> (y + i, x + j, c)>, affine_map<(y, x, c, i, j) -> (i, j, c)>, affine_map<(y, x, c, i, j) -> (y, x, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<6x6x32xi8>, memref<3x3x32xi8>) outs(%y : memref<4x4x32xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extui %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// Signed rows need an instruction for them.
// CHOICE-LABEL: @signed
// CHOICE: tflrt.kernel #tflrt.narrow_loops
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 32 : i64, dot = "avxvnni"}} {
  memref.global "private" constant @weights : memref<3x3x32xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F11">
  func.func @signed(%x: memref<6x6x32xi8>, %y: memref<4x4x32xi32>) {
    %weights = memref.get_global @weights : memref<3x3x32xi8>
    linalg.generic {
        indexing_maps = [affine_map<(y, x, c, i, j) -> (y + i, x + j, c)>, affine_map<(y, x, c, i, j) -> (i, j, c)>, affine_map<(y, x, c, i, j) -> (y, x, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<6x6x32xi8>, memref<3x3x32xi8>) outs(%y : memref<4x4x32xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// CHOICE-LABEL: @signed_products
// CHOICE: tflrt.kernel #tflrt.tap_quads
// CHECK-LABEL: @signed_products
// CHECK: tflrt.dot
// CHECK-NOT: lhs_unsigned
// CHECK: return
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 32 : i64, dot = "avxvnniint8"}} {
  memref.global "private" constant @weights : memref<3x3x32xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F11">
  func.func @signed_products(%x: memref<6x6x32xi8>, %y: memref<4x4x32xi32>) {
    %weights = memref.get_global @weights : memref<3x3x32xi8>
    linalg.generic {
        indexing_maps = [affine_map<(y, x, c, i, j) -> (y + i, x + j, c)>, affine_map<(y, x, c, i, j) -> (i, j, c)>, affine_map<(y, x, c, i, j) -> (y, x, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<6x6x32xi8>, memref<3x3x32xi8>) outs(%y : memref<4x4x32xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// Words of bytes without sign: two products would not fit 16 bits, so pairs of words join the sums.
// CHOICE-LABEL: @words
// CHOICE: tflrt.kernel #tflrt.narrow_loops
// CHECK-LABEL: @words
// CHECK: arith.extui {{.*}} : vector<16xi8> to vector<16xi16>
// CHECK: tflrt.dot {{.*}} : vector<8xi32>, vector<16xi16>, vector<16xi16>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 32 : i64, dot = "maddwd"}} {
  memref.global "private" constant @weights : memref<3x3x32xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F11">
  func.func @words(%x: memref<6x6x32xi8>, %y: memref<4x4x32xi32>) {
    %weights = memref.get_global @weights : memref<3x3x32xi8>
    linalg.generic {
        indexing_maps = [affine_map<(y, x, c, i, j) -> (y + i, x + j, c)>, affine_map<(y, x, c, i, j) -> (i, j, c)>, affine_map<(y, x, c, i, j) -> (y, x, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<6x6x32xi8>, memref<3x3x32xi8>) outs(%y : memref<4x4x32xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extui %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// Sixteen channels of two neighbouring pixels fill a vector; a line of the window is one product then.
// CHOICE-LABEL: @joined
// CHOICE: tflrt.kernel #tflrt.tap_quads<dim = 2, lanes = 32, tile = [4, 1, 32, 3, 3], along = 4, joined = 2>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 32 : i64, dot = "avxvnni"}} {
  memref.global "private" constant @weights : memref<3x3x16xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F11">
  func.func @joined(%x: memref<6x6x16xi8>, %y: memref<4x4x16xi32>) {
    %weights = memref.get_global @weights : memref<3x3x16xi8>
    linalg.generic {
        indexing_maps = [affine_map<(y, x, c, i, j) -> (y + i, x + j, c)>, affine_map<(y, x, c, i, j) -> (i, j, c)>, affine_map<(y, x, c, i, j) -> (y, x, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<6x6x16xi8>, memref<3x3x16xi8>) outs(%y : memref<4x4x16xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extui %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// Four lines of a window of 5x5 are five columns of four, and the fifth line is two groups of neighbours: seven products.
// CHOICE-LABEL: @fifth_line
// CHOICE: tflrt.kernel #tflrt.tap_quads<dim = 2, lanes = 32, tile = [1, 4, 32, 5, 5], along = 3>
// CHECK-LABEL: @fifth_line
// CHECK-COUNT-112: tflrt.dot {{.*}} : vector<8xi32>, vector<32xi8>, vector<32xi8>
// CHECK-NOT: tflrt.dot
// CHECK: return
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 32 : i64, dot = "avxvnni"}} {
  memref.global "private" constant @weights : memref<5x5x32xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F11">
  func.func @fifth_line(%x: memref<8x8x32xi8>, %y: memref<4x4x32xi32>) {
    %weights = memref.get_global @weights : memref<5x5x32xi8>
    linalg.generic {
        indexing_maps = [affine_map<(y, x, c, i, j) -> (y + i, x + j, c)>, affine_map<(y, x, c, i, j) -> (i, j, c)>, affine_map<(y, x, c, i, j) -> (y, x, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<8x8x32xi8>, memref<5x5x32xi8>) outs(%y : memref<4x4x32xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extui %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}
