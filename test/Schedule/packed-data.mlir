// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies=explain-choices | FileCheck %s
// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies --tflc-emit-kernels | FileCheck %s --check-prefix=EMIT

// A product of two activations: the columns of each batch are packed into a buffer once, for all rows.
#q = affine_map<(b, n, m, k) -> (b, n, k)>
#k = affine_map<(b, n, m, k) -> (b, m, k)>
#v = affine_map<(b, n, m, k) -> (b, k, m)>
#y = affine_map<(b, n, m, k) -> (b, n, m)>
module attributes {tflc.target = {name = "x86-64-v4", vector_bits = 512 : i64, dot = "vnni512"}} {
  // CHECK-LABEL: @floats
  // CHECK: %[[PACKED:.*]] = memref.alloc() : memref<512xf32>
  // CHECK: tflrt.kernel #tflrt.broadcast<dim = 2, {{.*}}block = [1, 20, 1, 1], packs = true, scratch = 512> scratch(%[[PACKED]] : memref<512xf32>)
  // EMIT-LABEL: @floats
  // EMIT: %[[PACKED:.*]] = memref.alloc() : memref<512xf32>
  // EMIT: scf.for
  // EMIT: memref.store %{{.*}}, %[[PACKED]]
  // EMIT: scf.for
  // EMIT: vector.load %[[PACKED]]
  func.func @floats(%q: memref<3x20x32xf32>, %k: memref<3x10x32xf32>, %y: memref<3x20x10xf32>, %pad: memref<8192xf32>) {
    %keep = memref.alloc() : memref<8192xf32>
    memref.copy %pad, %keep : memref<8192xf32> to memref<8192xf32>
    memref.copy %keep, %pad : memref<8192xf32> to memref<8192xf32>
    linalg.generic {indexing_maps = [#q, #k, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%q, %k : memref<3x20x32xf32>, memref<3x10x32xf32>) outs(%y : memref<3x20x10xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }

  // A small part of the second-level cache is always there for columns, also where the arena was empty.
  // CHECK-LABEL: @empty_arena
  // CHECK: tflrt.kernel #tflrt.broadcast<{{.*}}packs = true, scratch = 512>
  func.func @empty_arena(%q: memref<3x20x32xf32>, %k: memref<3x10x32xf32>, %y: memref<3x20x10xf32>) {
    linalg.generic {indexing_maps = [#q, #k, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%q, %k : memref<3x20x32xf32>, memref<3x10x32xf32>) outs(%y : memref<3x20x10xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }

  // Columns that are neighbours are read as they are.
  // CHECK-LABEL: @neighbours
  // CHECK: tflrt.kernel #tflrt.vector_loops
  // CHECK-SAME: "contraction of packed data: columns are neighbours already"
  func.func @neighbours(%q: memref<3x20x32xf32>, %v: memref<3x32x10xf32>, %y: memref<3x20x10xf32>) {
    linalg.generic {indexing_maps = [#q, #v, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%q, %v : memref<3x20x32xf32>, memref<3x32x10xf32>) outs(%y : memref<3x20x10xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }

  // Bytes are packed in groups, those of one row of a matrix by shuffles.
  // EMIT-LABEL: @bytes
  // EMIT: %[[PACKED:.*]] = memref.alloc() : memref<{{[0-9]+}}xi8>
  // EMIT: vector.interleave
  // EMIT: vector.store %{{.*}}, %[[PACKED]]
  // EMIT: tflrt.dot
  func.func @bytes(%q: memref<3x20x30xi8>, %v: memref<3x30x16xi8>, %y: memref<3x20x16xi32>, %pad: memref<8192xf32>) {
    %keep = memref.alloc() : memref<8192xf32>
    memref.copy %pad, %keep : memref<8192xf32> to memref<8192xf32>
    memref.copy %keep, %pad : memref<8192xf32> to memref<8192xf32>
    linalg.generic {indexing_maps = [#q, #v, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%q, %v : memref<3x20x30xi8>, memref<3x30x16xi8>) outs(%y : memref<3x20x16xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %l = arith.extui %a : i8 to i32
      %r = arith.extsi %b : i8 to i32
      %p = arith.muli %l, %r : i32
      %t = arith.addi %s, %p : i32
      linalg.yield %t : i32
    }
    return
  }

  // A row for each set of columns does not repay the packing.
  // CHECK-LABEL: @single_rows
  // CHECK: "contraction of packed data: too few rows meet the same columns"
  func.func @single_rows(%q: memref<3x1x32xf32>, %k: memref<3x10x32xf32>, %y: memref<3x1x10xf32>) {
    linalg.generic {indexing_maps = [#q, #k, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%q, %k : memref<3x1x32xf32>, memref<3x10x32xf32>) outs(%y : memref<3x1x10xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }
}
