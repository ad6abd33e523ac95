// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// A register tile has the four results of a window. Clamping keeps their order, so that the largest sum is found first. Lines and
// pixels beyond the last whole window are not computed: 4 x 5 windows of 9 x 11 results.
// CHOICE-LABEL: @rising
// CHOICE-NOT: memref.alloc() : memref<9x11x16xi8>
// CHOICE: tflrt.kernel #tflrt.{{broadcast|row_lanes}}<{{.*}}tile = [{{[0-9]+, [0-9]+, 2, 2, .+}}]
// CHOICE-NOT: tflrt.kernel
// CHOICE: return
// CHECK-LABEL: @rising
// CHECK: tflrt.dot
// CHECK-COUNT-3: arith.maxsi %{{.+}}, %{{.+}} : vector<8xi32>
// CHECK: arith.trunci
// CHECK-NOT: arith.maxsi {{.*}}i8>
// CHECK: vector.store {{.*}} : memref<320xi8>
// CHECK: return
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", lookup = "pshufb", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x8xi8> = dense<3>
  memref.global "private" constant @bias : memref<16xi32> = dense<5>
  func.func @rising(%x: memref<9x11x8xi8>, %y: memref<4x5x16xi8>) {
    %least = arith.constant -128 : i32
    %most = arith.constant 127 : i32
    %initial = arith.constant -128 : i8
    %weights = memref.get_global @weights : memref<16x8xi8>
    %bias = memref.get_global @bias : memref<16xi32>
    %sums = memref.alloc() : memref<9x11x16xi32>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%bias : memref<16xi32>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%b: i32, %o: i32):
      linalg.yield %b : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, k) -> (h, w, k)>, affine_map<(h, w, c, k) -> (c, k)>, affine_map<(h, w, c, k) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<9x11x8xi8>, memref<16x8xi8>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %bytes = memref.alloc() : memref<9x11x16xi8>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (h, w, c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sums : memref<9x11x16xi32>) outs(%bytes : memref<9x11x16xi8>) {
    ^bb0(%a: i32, %o: i8):
      %m = arith.maxsi %a, %least : i32
      %n = arith.minsi %m, %most : i32
      %t = arith.trunci %n : i32 to i8
      linalg.yield %t : i8
    }
    %window = memref.alloc() : memref<2x2xi8>
    linalg.fill ins(%initial : i8) outs(%y : memref<4x5x16xi8>)
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, i, j) -> (h * 2 + i, w * 2 + j, c)>, affine_map<(h, w, c, i, j) -> (i, j)>, affine_map<(h, w, c, i, j) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%bytes, %window : memref<9x11x16xi8>, memref<2x2xi8>) outs(%y : memref<4x5x16xi8>) {
    ^bb0(%a: i8, %w: i8, %largest: i8):
      %m = arith.maxsi %a, %largest : i8
      linalg.yield %m : i8
    }
    return
  }
}

// -----

// What falls where the sum rises, what wraps around, and windows without a result above their initial value: all results are packed by a
// kernel of their own.
// CHOICE-LABEL: @falling
// CHOICE: memref.alloc() : memref<9x11x16xi8>
// CHOICE: tflrt.kernel #tflrt.{{broadcast|row_lanes}}<
// CHOICE: tflrt.kernel #tflrt.{{vector|narrow}}_loops<
// CHECK-LABEL: @falling
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", lookup = "pshufb", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x8xi8> = dense<3>
  memref.global "private" constant @bias : memref<16xi32> = dense<5>
  func.func @falling(%x: memref<9x11x8xi8>, %y: memref<4x5x16xi8>) {
    %least = arith.constant -128 : i32
    %most = arith.constant 127 : i32
    %initial = arith.constant -128 : i8
    %weights = memref.get_global @weights : memref<16x8xi8>
    %bias = memref.get_global @bias : memref<16xi32>
    %sums = memref.alloc() : memref<9x11x16xi32>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%bias : memref<16xi32>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%b: i32, %o: i32):
      linalg.yield %b : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, k) -> (h, w, k)>, affine_map<(h, w, c, k) -> (c, k)>, affine_map<(h, w, c, k) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<9x11x8xi8>, memref<16x8xi8>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %bytes = memref.alloc() : memref<9x11x16xi8>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (h, w, c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sums : memref<9x11x16xi32>) outs(%bytes : memref<9x11x16xi8>) {
    ^bb0(%a: i32, %o: i8):
      %m = arith.maxsi %a, %least : i32
      %n = arith.minsi %m, %most : i32
      %f = arith.subi %most, %n : i32
      %q = arith.minsi %f, %most : i32
      %t = arith.trunci %q : i32 to i8
      linalg.yield %t : i8
    }
    %window = memref.alloc() : memref<2x2xi8>
    linalg.fill ins(%initial : i8) outs(%y : memref<4x5x16xi8>)
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, i, j) -> (h * 2 + i, w * 2 + j, c)>, affine_map<(h, w, c, i, j) -> (i, j)>, affine_map<(h, w, c, i, j) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%bytes, %window : memref<9x11x16xi8>, memref<2x2xi8>) outs(%y : memref<4x5x16xi8>) {
    ^bb0(%a: i8, %w: i8, %largest: i8):
      %m = arith.maxsi %a, %largest : i8
      linalg.yield %m : i8
    }
    return
  }
}

// -----

// CHOICE-LABEL: @wrapping
// CHOICE: memref.alloc() : memref<9x11x16xi8>
// CHOICE: tflrt.kernel #tflrt.{{broadcast|row_lanes}}<
// CHOICE: tflrt.kernel #tflrt.{{vector|narrow}}_loops<
// CHECK-LABEL: @wrapping
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", lookup = "pshufb", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x8xi8> = dense<3>
  memref.global "private" constant @bias : memref<16xi32> = dense<5>
  func.func @wrapping(%x: memref<9x11x8xi8>, %y: memref<4x5x16xi8>) {
    %least = arith.constant -128 : i32
    %most = arith.constant 127 : i32
    %initial = arith.constant -128 : i8
    %weights = memref.get_global @weights : memref<16x8xi8>
    %bias = memref.get_global @bias : memref<16xi32>
    %sums = memref.alloc() : memref<9x11x16xi32>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%bias : memref<16xi32>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%b: i32, %o: i32):
      linalg.yield %b : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, k) -> (h, w, k)>, affine_map<(h, w, c, k) -> (c, k)>, affine_map<(h, w, c, k) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<9x11x8xi8>, memref<16x8xi8>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %bytes = memref.alloc() : memref<9x11x16xi8>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (h, w, c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sums : memref<9x11x16xi32>) outs(%bytes : memref<9x11x16xi8>) {
    ^bb0(%a: i32, %o: i8):
      %t = arith.trunci %a : i32 to i8
      linalg.yield %t : i8
    }
    %window = memref.alloc() : memref<2x2xi8>
    linalg.fill ins(%initial : i8) outs(%y : memref<4x5x16xi8>)
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, i, j) -> (h * 2 + i, w * 2 + j, c)>, affine_map<(h, w, c, i, j) -> (i, j)>, affine_map<(h, w, c, i, j) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%bytes, %window : memref<9x11x16xi8>, memref<2x2xi8>) outs(%y : memref<4x5x16xi8>) {
    ^bb0(%a: i8, %w: i8, %largest: i8):
      %m = arith.maxsi %a, %largest : i8
      linalg.yield %m : i8
    }
    return
  }
}

// -----

// CHOICE-LABEL: @initial
// CHOICE: memref.alloc() : memref<9x11x16xi8>
// CHOICE: tflrt.kernel #tflrt.{{broadcast|row_lanes}}<
// CHOICE: tflrt.kernel #tflrt.{{vector|narrow}}_loops<
// CHECK-LABEL: @initial
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", lookup = "pshufb", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x8xi8> = dense<3>
  memref.global "private" constant @bias : memref<16xi32> = dense<5>
  func.func @initial(%x: memref<9x11x8xi8>, %y: memref<4x5x16xi8>) {
    %least = arith.constant -128 : i32
    %most = arith.constant 127 : i32
    %initial = arith.constant 5 : i8
    %weights = memref.get_global @weights : memref<16x8xi8>
    %bias = memref.get_global @bias : memref<16xi32>
    %sums = memref.alloc() : memref<9x11x16xi32>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%bias : memref<16xi32>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%b: i32, %o: i32):
      linalg.yield %b : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, k) -> (h, w, k)>, affine_map<(h, w, c, k) -> (c, k)>, affine_map<(h, w, c, k) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<9x11x8xi8>, memref<16x8xi8>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %bytes = memref.alloc() : memref<9x11x16xi8>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (h, w, c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sums : memref<9x11x16xi32>) outs(%bytes : memref<9x11x16xi8>) {
    ^bb0(%a: i32, %o: i8):
      %m = arith.maxsi %a, %least : i32
      %n = arith.minsi %m, %most : i32
      %t = arith.trunci %n : i32 to i8
      linalg.yield %t : i8
    }
    %window = memref.alloc() : memref<2x2xi8>
    linalg.fill ins(%initial : i8) outs(%y : memref<4x5x16xi8>)
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, i, j) -> (h * 2 + i, w * 2 + j, c)>, affine_map<(h, w, c, i, j) -> (i, j)>, affine_map<(h, w, c, i, j) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%bytes, %window : memref<9x11x16xi8>, memref<2x2xi8>) outs(%y : memref<4x5x16xi8>) {
    ^bb0(%a: i8, %w: i8, %largest: i8):
      %m = arith.maxsi %a, %largest : i8
      linalg.yield %m : i8
    }
    return
  }
}

// -----

// Windows that overlap would be computed more than once.
// CHOICE-LABEL: @overlapping
// CHOICE: memref.alloc() : memref<9x11x16xi8>
// CHOICE: tflrt.kernel #tflrt.{{broadcast|row_lanes}}<
// CHOICE: tflrt.kernel #tflrt.{{vector|narrow}}_loops<
// CHECK-LABEL: @overlapping
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", lookup = "pshufb", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x8xi8> = dense<3>
  memref.global "private" constant @bias : memref<16xi32> = dense<5>
  func.func @overlapping(%x: memref<9x11x8xi8>, %y: memref<4x5x16xi8>) {
    %least = arith.constant -128 : i32
    %most = arith.constant 127 : i32
    %initial = arith.constant -128 : i8
    %weights = memref.get_global @weights : memref<16x8xi8>
    %bias = memref.get_global @bias : memref<16xi32>
    %sums = memref.alloc() : memref<9x11x16xi32>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%bias : memref<16xi32>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%b: i32, %o: i32):
      linalg.yield %b : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, k) -> (h, w, k)>, affine_map<(h, w, c, k) -> (c, k)>, affine_map<(h, w, c, k) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<9x11x8xi8>, memref<16x8xi8>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %bytes = memref.alloc() : memref<9x11x16xi8>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (h, w, c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sums : memref<9x11x16xi32>) outs(%bytes : memref<9x11x16xi8>) {
    ^bb0(%a: i32, %o: i8):
      %m = arith.maxsi %a, %least : i32
      %n = arith.minsi %m, %most : i32
      %t = arith.trunci %n : i32 to i8
      linalg.yield %t : i8
    }
    %window = memref.alloc() : memref<3x3xi8>
    linalg.fill ins(%initial : i8) outs(%y : memref<4x5x16xi8>)
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, i, j) -> (h * 2 + i, w * 2 + j, c)>, affine_map<(h, w, c, i, j) -> (i, j)>, affine_map<(h, w, c, i, j) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%bytes, %window : memref<9x11x16xi8>, memref<3x3xi8>) outs(%y : memref<4x5x16xi8>) {
    ^bb0(%a: i8, %w: i8, %largest: i8):
      %m = arith.maxsi %a, %largest : i8
      linalg.yield %m : i8
    }
    return
  }
}

// -----

// Another op reads the results.
// CHOICE-LABEL: @read_twice
// CHOICE: memref.alloc() : memref<9x11x16xi8>
// CHOICE: tflrt.kernel #tflrt.{{broadcast|row_lanes}}<
// CHOICE: tflrt.kernel #tflrt.{{vector|narrow}}_loops<
// CHECK-LABEL: @read_twice
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", lookup = "pshufb", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x8xi8> = dense<3>
  memref.global "private" constant @bias : memref<16xi32> = dense<5>
  func.func @read_twice(%x: memref<9x11x8xi8>, %y: memref<4x5x16xi8>, %z: memref<9x11x16xi8>) {
    %least = arith.constant -128 : i32
    %most = arith.constant 127 : i32
    %initial = arith.constant -128 : i8
    %weights = memref.get_global @weights : memref<16x8xi8>
    %bias = memref.get_global @bias : memref<16xi32>
    %sums = memref.alloc() : memref<9x11x16xi32>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%bias : memref<16xi32>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%b: i32, %o: i32):
      linalg.yield %b : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, k) -> (h, w, k)>, affine_map<(h, w, c, k) -> (c, k)>, affine_map<(h, w, c, k) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<9x11x8xi8>, memref<16x8xi8>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %bytes = memref.alloc() : memref<9x11x16xi8>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (h, w, c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sums : memref<9x11x16xi32>) outs(%bytes : memref<9x11x16xi8>) {
    ^bb0(%a: i32, %o: i8):
      %m = arith.maxsi %a, %least : i32
      %n = arith.minsi %m, %most : i32
      %t = arith.trunci %n : i32 to i8
      linalg.yield %t : i8
    }
    %window = memref.alloc() : memref<2x2xi8>
    linalg.fill ins(%initial : i8) outs(%y : memref<4x5x16xi8>)
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, i, j) -> (h * 2 + i, w * 2 + j, c)>, affine_map<(h, w, c, i, j) -> (i, j)>, affine_map<(h, w, c, i, j) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%bytes, %window : memref<9x11x16xi8>, memref<2x2xi8>) outs(%y : memref<4x5x16xi8>) {
    ^bb0(%a: i8, %w: i8, %largest: i8):
      %m = arith.maxsi %a, %largest : i8
      linalg.yield %m : i8
    }
    memref.copy %bytes, %z : memref<9x11x16xi8> to memref<9x11x16xi8>
    return
  }
}

// -----

// Sixty-four sums are not in registers together.
// CHOICE-LABEL: @large
// CHOICE: memref.alloc() : memref<9x11x16xi8>
// CHOICE: tflrt.kernel #tflrt.{{broadcast|row_lanes}}<
// CHOICE: tflrt.kernel #tflrt.{{vector|narrow}}_loops<
// CHECK-LABEL: @large
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", lookup = "pshufb", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x8xi8> = dense<3>
  memref.global "private" constant @bias : memref<16xi32> = dense<5>
  func.func @large(%x: memref<9x11x8xi8>, %y: memref<1x1x16xi8>) {
    %least = arith.constant -128 : i32
    %most = arith.constant 127 : i32
    %initial = arith.constant -128 : i8
    %weights = memref.get_global @weights : memref<16x8xi8>
    %bias = memref.get_global @bias : memref<16xi32>
    %sums = memref.alloc() : memref<9x11x16xi32>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%bias : memref<16xi32>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%b: i32, %o: i32):
      linalg.yield %b : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, k) -> (h, w, k)>, affine_map<(h, w, c, k) -> (c, k)>, affine_map<(h, w, c, k) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<9x11x8xi8>, memref<16x8xi8>) outs(%sums : memref<9x11x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %bytes = memref.alloc() : memref<9x11x16xi8>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (h, w, c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sums : memref<9x11x16xi32>) outs(%bytes : memref<9x11x16xi8>) {
    ^bb0(%a: i32, %o: i8):
      %m = arith.maxsi %a, %least : i32
      %n = arith.minsi %m, %most : i32
      %t = arith.trunci %n : i32 to i8
      linalg.yield %t : i8
    }
    %window = memref.alloc() : memref<8x8xi8>
    linalg.fill ins(%initial : i8) outs(%y : memref<1x1x16xi8>)
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, i, j) -> (h * 8 + i, w * 8 + j, c)>, affine_map<(h, w, c, i, j) -> (i, j)>, affine_map<(h, w, c, i, j) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%bytes, %window : memref<9x11x16xi8>, memref<8x8xi8>) outs(%y : memref<1x1x16xi8>) {
    ^bb0(%a: i8, %w: i8, %largest: i8):
      %m = arith.maxsi %a, %largest : i8
      linalg.yield %m : i8
    }
    return
  }
}

// -----

// Floats, each result by the pooling's body in its order: what a NaN leaves depends on that.
// CHOICE-LABEL: @floats
// CHOICE: tflrt.kernel #tflrt.{{broadcast|row_lanes}}<{{.*}}tile = [{{[0-9]+, [0-9]+, 2, 2, .+}}]
// CHOICE-NOT: tflrt.kernel
// CHOICE: return
// CHECK-LABEL: @floats
// CHECK: vector.fma
// CHECK: %[[LEAST:.+]] = arith.constant -3.40282347E+38 : f32
// CHECK-NEXT: %[[START:.+]] = vector.broadcast %[[LEAST]] : f32 to vector<8xf32>
// CHECK: arith.cmpf ogt, %{{.+}}, %[[START]] : vector<8xf32>
// CHECK-COUNT-3: arith.select {{.*}} : vector<8xi1>, vector<8xf32>
// CHECK: vector.store {{.*}} : memref<320xf32>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, has_fma = true, lookup = "pshufb", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x2xf32> = dense<0.5>
  memref.global "private" constant @bias : memref<16xf32> = dense<1.5>
  func.func @floats(%x: memref<9x11x2xf32>, %y: memref<4x5x16xf32>) {
    %least = arith.constant -3.40282347E+38 : f32
    %weights = memref.get_global @weights : memref<16x2xf32>
    %bias = memref.get_global @bias : memref<16xf32>
    %sums = memref.alloc() : memref<9x11x16xf32>
    linalg.generic {indexing_maps = [affine_map<(h, w, c) -> (c)>, affine_map<(h, w, c) -> (h, w, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%bias : memref<16xf32>) outs(%sums : memref<9x11x16xf32>) {
    ^bb0(%b: f32, %o: f32):
      linalg.yield %b : f32
    }
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, k) -> (h, w, k)>, affine_map<(h, w, c, k) -> (c, k)>, affine_map<(h, w, c, k) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<9x11x2xf32>, memref<16x2xf32>) outs(%sums : memref<9x11x16xf32>) {
    ^bb0(%a: f32, %w: f32, %sum: f32):
      %p = arith.mulf %a, %w : f32
      %s = arith.addf %sum, %p : f32
      linalg.yield %s : f32
    }
    %window = memref.alloc() : memref<2x2xf32>
    linalg.fill ins(%least : f32) outs(%y : memref<4x5x16xf32>)
    linalg.generic {
        indexing_maps = [affine_map<(h, w, c, i, j) -> (h * 2 + i, w * 2 + j, c)>, affine_map<(h, w, c, i, j) -> (i, j)>, affine_map<(h, w, c, i, j) -> (h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%sums, %window : memref<9x11x16xf32>, memref<2x2xf32>) outs(%y : memref<4x5x16xf32>) {
    ^bb0(%a: f32, %w: f32, %largest: f32):
      %g = arith.cmpf ogt, %a, %largest : f32
      %m = arith.select %g, %a, %largest : f32
      linalg.yield %m : f32
    }
    return
  }
}
