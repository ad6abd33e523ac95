// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v3 --tflc-form-kernels --tflc-select-strategies --tflc-emit-kernels | FileCheck %s
// RUN: tflc-opt %s --tflc-set-target=target=riscv64-gc --tflc-form-kernels --tflc-select-strategies --tflc-emit-kernels | FileCheck %s --check-prefix=SCALAR
// RUN: tflc-opt %s --tflc-set-target=target=sapphirerapids --tflc-form-kernels --tflc-select-strategies --tflc-emit-kernels | FileCheck %s --check-prefix=PLANES

memref.global "private" constant @table : memref<256xi8> = dense<3>
memref.global "private" constant @words : memref<256xi16> = dense<3>
memref.global "private" constant @large : memref<256xi32> = dense<66051>

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

// Other elements are read lane by lane. Where a vector of bytes takes two instructions, the bytes of words are looked up instead, but
// for those that are all zeros.
// PLANES-LABEL: @word_table
// PLANES: tflrt.lookup %{{.+}} in [3, {{.*}}] : vector<64xi8>
// PLANES-NOT: tflrt.lookup
// PLANES: vector.bitcast %{{.+}} : vector<128xi8> to vector<64xi16>
// PLANES-NOT: memref.load
// PLANES: return
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

// A sum over a row, as SOFTMAX has it: as many words as there are bytes in a vector, in three planes.
// PLANES-LABEL: @sum_of_words
// PLANES-DAG: tflrt.lookup %{{.+}} in [3, {{.*}}] : vector<64xi8>
// PLANES-DAG: tflrt.lookup %{{.+}} in [2, {{.*}}] : vector<64xi8>
// PLANES-DAG: tflrt.lookup %{{.+}} in [1, {{.*}}] : vector<64xi8>
// PLANES: vector.bitcast %{{.+}} : vector<128xi16> to vector<64xi32>
// PLANES-NOT: memref.load
// PLANES: vector.reduction <add>
func.func @sum_of_words(%x: memref<16x256xi8>, %y: memref<16xi32>) {
  %table = memref.get_global @large : memref<256xi32>
  %zero = arith.constant 0 : i32
  linalg.fill ins(%zero : i32) outs(%y : memref<16xi32>)
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<16x256xi8>) outs(%y : memref<16xi32>) {
  ^bb0(%in: i8, %sum: i32):
    %index = arith.index_castui %in : i8 to index
    %value = memref.load %table[%index] : memref<256xi32>
    %next = arith.addi %sum, %value : i32
    linalg.yield %next : i32
  }
  return
}
