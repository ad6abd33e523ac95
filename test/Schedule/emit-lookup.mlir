// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v3 --tflc-form-kernels --tflc-select-strategies --tflc-emit-kernels | FileCheck %s
// RUN: tflc-opt %s --tflc-set-target=target=riscv64-gc --tflc-form-kernels --tflc-select-strategies --tflc-emit-kernels | FileCheck %s --check-prefix=SCALAR

memref.global "private" constant @table : memref<256xi8> = dense<3>
memref.global "private" constant @words : memref<256xi16> = dense<3>

#map = affine_map<(d0) -> (d0)>

// A body that reads a table of bytes at a byte: full vectors.
// CHECK-LABEL: @byte_table
// CHECK: tflrt.lookup %{{.+}} : vector<32xi8>
// CHECK-NOT: memref.load
// SCALAR-LABEL: @byte_table
// SCALAR-NOT: tflrt.lookup
// SCALAR: return
func.func @byte_table(%x: memref<4096xi8>, %y: memref<4096xi8>) {
  %table = memref.get_global @table : memref<256xi8>
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : memref<4096xi8>) outs(%y : memref<4096xi8>) {
  ^bb0(%in: i8, %out: i8):
    %index = arith.index_castui %in : i8 to index
    %value = memref.load %table[%index] : memref<256xi8>
    linalg.yield %value : i8
  }
  return
}

// Other elements are read lane by lane.
// CHECK-LABEL: @word_table
// CHECK-NOT: tflrt.lookup
// CHECK: memref.load
// CHECK: return
func.func @word_table(%x: memref<4096xi8>, %y: memref<4096xi16>) {
  %table = memref.get_global @words : memref<256xi16>
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : memref<4096xi8>) outs(%y : memref<4096xi16>) {
  ^bb0(%in: i8, %out: i16):
    %index = arith.index_castui %in : i8 to index
    %value = memref.load %table[%index] : memref<256xi16>
    linalg.yield %value : i16
  }
  return
}
