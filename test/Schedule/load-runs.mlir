// RUN: tflc-opt %s -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// Rows are picked by a table, but their elements lie beside each other: vectors are loaded.
// CHECK-LABEL: @rows
// CHECK: %[[ROW:.*]] = memref.load
// CHECK: %[[AT:.*]] = arith.index_cast %[[ROW]] : i32 to index
// CHECK: vector.load %{{.*}}[%[[AT]], %{{.*}}] : memref<8x64xf32>, vector<8xf32>
// CHECK-NOT: vector.from_elements
// Here the place within a row comes from a table: lane by lane.
// CHECK-LABEL: @columns
// CHECK: vector.from_elements
// CHECK-NOT: vector.load %{{.*}} : memref<8x64xf32>
// The row depends on the column.
// CHECK-LABEL: @diagonal
// CHECK: vector.from_elements
// CHECK-NOT: vector.load %{{.*}} : memref<64x64xf32>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd"}} {
  func.func @rows(%x: memref<8x64xf32>, %places: memref<4xi32>, %y: memref<4x64xf32>) {
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%places : memref<4xi32>) outs(%y : memref<4x64xf32>) {
    ^bb0(%place: i32, %out: f32):
      %row = arith.index_cast %place : i32 to index
      %column = linalg.index 1 : index
      %r = memref.load %x[%row, %column] : memref<8x64xf32>
      linalg.yield %r : f32
    }
    return
  }
  func.func @columns(%x: memref<8x64xf32>, %places: memref<64xi32>, %y: memref<8x64xf32>) {
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%places : memref<64xi32>) outs(%y : memref<8x64xf32>) {
    ^bb0(%place: i32, %out: f32):
      %row = linalg.index 0 : index
      %column = arith.index_cast %place : i32 to index
      %r = memref.load %x[%row, %column] : memref<8x64xf32>
      linalg.yield %r : f32
    }
    return
  }
  func.func @diagonal(%x: memref<64x64xf32>, %y: memref<8x64xf32>) {
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        outs(%y : memref<8x64xf32>) {
    ^bb0(%out: f32):
      %column = linalg.index 1 : index
      %r = memref.load %x[%column, %column] : memref<64x64xf32>
      linalg.yield %r : f32
    }
    return
  }
}
