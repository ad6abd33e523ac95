// RUN: tflc-opt %s -split-input-file -tflc-fold-byte-functions | FileCheck %s

// A byte and a table of it are multiplied: together they are one table, here of x * (x + 1) / 2 for small x.
// CHECK-LABEL: @product_with_table
// CHECK: %[[TABLE:.*]] = arith.constant dense<"0x00010306
// CHECK: linalg.generic
// CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: i8):
// CHECK-NEXT: %[[I:.*]] = arith.index_castui %[[X]] : i8 to index
// CHECK-NEXT: %[[Y:.*]] = tensor.extract %[[TABLE]][%[[I]]] : tensor<256xi8>
// CHECK-NEXT: linalg.yield %[[Y]] : i8
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @product_with_table(%x: tensor<64xi8>) -> tensor<64xi8> {
    %table = arith.constant dense<1> : tensor<256xi8>
    %empty = tensor.empty() : tensor<64xi8>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi8>) outs(%empty : tensor<64xi8>) {
    ^bb0(%in: i8, %out: i8):
      %one = arith.constant 1 : i32
      %i = arith.index_castui %in : i8 to index
      %t = tensor.extract %table[%i] : tensor<256xi8>
      %a = arith.extsi %in : i8 to i32
      %b = arith.extsi %t : i8 to i32
      %next = arith.addi %a, %b : i32
      %p = arith.muli %a, %next : i32
      %h = arith.shrsi %p, %one : i32
      %r = arith.trunci %h : i32 to i8
      linalg.yield %r : i8
    } -> tensor<64xi8>
    return %y : tensor<64xi8>
  }
}

// -----

// A table alone stays as it is, and a product of two bytes is no function of one.
// CHECK-LABEL: @two_bytes
// CHECK: tensor.extract
// CHECK: arith.muli
// CHECK: arith.trunci
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @two_bytes(%x: tensor<64xi8>, %z: tensor<64xi8>) -> tensor<64xi8> {
    %table = arith.constant dense<1> : tensor<256xi8>
    %empty = tensor.empty() : tensor<64xi8>
    %y = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
        ins(%x, %z : tensor<64xi8>, tensor<64xi8>) outs(%empty : tensor<64xi8>) {
    ^bb0(%in: i8, %other: i8, %out: i8):
      %i = arith.index_castui %in : i8 to index
      %t = tensor.extract %table[%i] : tensor<256xi8>
      %a = arith.extsi %other : i8 to i32
      %b = arith.extsi %t : i8 to i32
      %p = arith.muli %a, %b : i32
      %r = arith.trunci %p : i32 to i8
      linalg.yield %r : i8
    } -> tensor<64xi8>
    return %y : tensor<64xi8>
  }
}

// -----

// Where bytes are looked up one by one, a chain without a table is computed; without vectors a load is less than a rescale.
// CHECK-LABEL: @rescale_in_lanes
// CHECK: tflrt.rescale
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "riscv64-gcv"}} {
  func.func @rescale_in_lanes(%x: tensor<64xi8>) -> tensor<64xi8> {
    %empty = tensor.empty() : tensor<64xi8>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi8>) outs(%empty : tensor<64xi8>) {
    ^bb0(%in: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant 0 : i8
      %a = arith.extsi %in : i8 to i32
      %b = tflrt.rescale %a, %m, %s <double> : i32, i8 -> i32
      %r = arith.trunci %b : i32 to i8
      linalg.yield %r : i8
    } -> tensor<64xi8>
    return %y : tensor<64xi8>
  }
}

// -----

// CHECK-LABEL: @rescale_of_scalars
// CHECK-NOT: tflrt.rescale
// CHECK: tensor.extract
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "cortex-m4"}} {
  func.func @rescale_of_scalars(%x: tensor<64xi8>) -> tensor<64xi8> {
    %empty = tensor.empty() : tensor<64xi8>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi8>) outs(%empty : tensor<64xi8>) {
    ^bb0(%in: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant 0 : i8
      %a = arith.extsi %in : i8 to i32
      %b = tflrt.rescale %a, %m, %s <double> : i32, i8 -> i32
      %r = arith.trunci %b : i32 to i8
      linalg.yield %r : i8
    } -> tensor<64xi8>
    return %y : tensor<64xi8>
  }
}

// -----

// Rescaling in float takes less time than a table,
// CHECK-LABEL: @rescale_once
// CHECK: tflrt.rescale
// CHECK-NOT: tensor.extract
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @rescale_once(%x: tensor<64xi8>) -> tensor<64xi8> {
    %empty = tensor.empty() : tensor<64xi8>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi8>) outs(%empty : tensor<64xi8>) {
    ^bb0(%in: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant 0 : i8
      %a = arith.extsi %in : i8 to i32
      %b = tflrt.rescale %a, %m, %s <double> : i32, i8 -> i32
      %r = arith.trunci %b : i32 to i8
      linalg.yield %r : i8
    } -> tensor<64xi8>
    return %y : tensor<64xi8>
  }
}

// -----

// but not less than a table of 128 entries in two registers,
// CHECK-LABEL: @rescale_once_fast_lookup
// CHECK-NOT: tflrt.rescale
// CHECK: tensor.extract
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "sapphirerapids"}} {
  func.func @rescale_once_fast_lookup(%x: tensor<64xi8>) -> tensor<64xi8> {
    %empty = tensor.empty() : tensor<64xi8>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi8>) outs(%empty : tensor<64xi8>) {
    ^bb0(%in: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant 0 : i8
      %a = arith.extsi %in : i8 to i32
      %b = tflrt.rescale %a, %m, %s <double> : i32, i8 -> i32
      %r = arith.trunci %b : i32 to i8
      linalg.yield %r : i8
    } -> tensor<64xi8>
    return %y : tensor<64xi8>
  }
}

// -----

// and twice as much takes more than any table.
// CHECK-LABEL: @rescale_twice
// CHECK-NOT: tflrt.rescale
// CHECK: tensor.extract
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @rescale_twice(%x: tensor<64xi8>) -> tensor<64xi8> {
    %empty = tensor.empty() : tensor<64xi8>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi8>) outs(%empty : tensor<64xi8>) {
    ^bb0(%in: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant 0 : i8
      %a = arith.extsi %in : i8 to i32
      %b = tflrt.rescale %a, %m, %s <double> : i32, i8 -> i32
      %c = tflrt.rescale %b, %m, %s <double> : i32, i8 -> i32
      %r = arith.trunci %c : i32 to i8
      linalg.yield %r : i8
    } -> tensor<64xi8>
    return %y : tensor<64xi8>
  }
}
