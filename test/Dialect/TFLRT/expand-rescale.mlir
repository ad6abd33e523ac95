// RUN: tflc-opt %s --tflrt-expand-rescale --canonicalize | FileCheck %s

// Nothing is known: a shift to the left that may be by zero, and a second rounding that may shift nothing out.
// CHECK-LABEL: @double_unknown
// CHECK-SAME: (%[[X:.*]]: i32, %[[M:.*]]: i32, %[[S:.*]]: i8)
func.func @double_unknown(%x: i32, %m: i32, %s: i8) -> i32 {
  // CHECK: %[[LEFT:.*]] = arith.maxsi
  // CHECK: arith.shli %[[X]], %[[LEFT]] : i32
  // CHECK: arith.muli %{{.*}} : i64
  // CHECK: arith.cmpi sgt
  %0 = tflrt.rescale %x, %m, %s <double> : i32, i8 -> i32
  return %0 : i32
}

// A constant shift to the right needs neither.
// CHECK-LABEL: @double_right
// CHECK-SAME: (%[[X:.*]]: i32)
func.func @double_right(%x: i32) -> i32 {
  %m = arith.constant 1518500250 : i32
  %s = arith.constant -3 : i8
  // CHECK-NOT: arith.shli
  // CHECK-NOT: arith.cmpi
  // CHECK: arith.muli %{{.*}}, %c1518500250_i64 : i64
  // CHECK: arith.shrsi %{{.*}}, %c31_i64 : i64
  // CHECK: arith.shrsi %{{.*}}, %c2_i32 : i32
  // CHECK: arith.addi %{{.*}}, %c1_i32 : i32
  %0 = tflrt.rescale %x, %m, %s <double> : i32, i8 -> i32
  return %0 : i32
}

// A constant shift to the left leaves one rounding.
// CHECK-LABEL: @double_left
func.func @double_left(%x: i32) -> i32 {
  %m = arith.constant 1518500250 : i32
  %s = arith.constant 2 : i8
  // CHECK: arith.shli %{{.*}}, %c2_i32 : i32
  // CHECK: %[[HIGH:.*]] = arith.trunci
  // CHECK-NEXT: return %[[HIGH]]
  %0 = tflrt.rescale %x, %m, %s <double> : i32, i8 -> i32
  return %0 : i32
}

// A promised bound serves like a constant for vectors of shifts.
// CHECK-LABEL: @double_bound
func.func @double_bound(%x: vector<8xi32>, %m: vector<8xi32>, %s: vector<8xi8>) -> vector<8xi32> {
  // CHECK-NOT: arith.shli
  // CHECK-NOT: arith.cmpi
  // CHECK: arith.muli %{{.*}} : vector<8xi64>
  %0 = tflrt.rescale %x, %m, %s <double> {max_shift = -1 : i32} : vector<8xi32>, vector<8xi8> -> vector<8xi32>
  return %0 : vector<8xi32>
}

// A broadcast constant is a constant.
// CHECK-LABEL: @single
func.func @single(%x: vector<2x4xi32>) -> vector<2x4xi32> {
  %m = arith.constant 1518500250 : i32
  %s = arith.constant -3 : i8
  %ms = vector.broadcast %m : i32 to vector<2x4xi32>
  %ss = vector.broadcast %s : i8 to vector<2x4xi8>
  // CHECK-DAG: %[[M:.*]] = arith.constant dense<1518500250> : vector<2x4xi64>
  // CHECK-DAG: %[[HALF:.*]] = arith.constant dense<8589934592> : vector<2x4xi64>
  // CHECK-DAG: %[[TOTAL:.*]] = arith.constant dense<34> : vector<2x4xi64>
  // CHECK: %[[PRODUCT:.*]] = arith.muli %{{.*}}, %[[M]]
  // CHECK: %[[SUM:.*]] = arith.addi %[[PRODUCT]], %[[HALF]]
  // CHECK: %[[SHIFTED:.*]] = arith.shrsi %[[SUM]], %[[TOTAL]]
  // CHECK: arith.trunci %[[SHIFTED]]
  %0 = tflrt.rescale %x, %ms, %ss <single> : vector<2x4xi32>, vector<2x4xi8> -> vector<2x4xi32>
  return %0 : vector<2x4xi32>
}

// The 16 bit multiplier of a constant is computed here, and saturates.
// CHECK-LABEL: @reduced
func.func @reduced(%x: i64) -> i32 {
  %m = arith.constant 2147450880 : i32
  %s = arith.constant 0 : i8
  // CHECK-DAG: %[[M:.*]] = arith.constant 32767 : i64
  // CHECK-DAG: %[[HALF:.*]] = arith.constant 16384 : i64
  // CHECK-DAG: %[[TOTAL:.*]] = arith.constant 15 : i64
  // CHECK: %[[PRODUCT:.*]] = arith.muli %{{.*}}, %[[M]]
  // CHECK: %[[SUM:.*]] = arith.addi %[[PRODUCT]], %[[HALF]]
  // CHECK: arith.shrsi %[[SUM]], %[[TOTAL]]
  %0 = tflrt.rescale %x, %m, %s <reduced> : i64, i8 -> i32
  return %0 : i32
}

// CHECK-LABEL: @reduced_unknown
func.func @reduced_unknown(%x: i64, %m: i32, %s: i8) -> i32 {
  // CHECK: %[[LIMITED:.*]] = arith.minsi %{{.*}}, %c2147418112_i32
  // CHECK-NOT: tflrt.rescale
  %0 = tflrt.rescale %x, %m, %s <reduced> : i64, i8 -> i32
  return %0 : i32
}

// What has 32 bits stays so in vectors: upper and lower half times the multiplier, which shifts by 18 - 16 in the end.
// CHECK-LABEL: @reduced_words
func.func @reduced_words(%x: vector<4xi32>) -> vector<4xi32> {
  %m = arith.constant dense<1073741824> : vector<4xi32>
  %s = arith.constant dense<-3> : vector<4xi8>
  // CHECK-DAG: %[[M:.*]] = arith.constant dense<16384> : vector<4xi32>
  // CHECK-DAG: %[[TWO:.*]] = arith.constant dense<2> : vector<4xi32>
  // CHECK: arith.muli %{{.*}}, %[[M]] : vector<4xi32>
  // CHECK: arith.shrui
  // CHECK: arith.muli %{{.*}}, %[[M]] : vector<4xi32>
  // CHECK: %[[SUM:.*]] = arith.addi %{{.*}}, %[[TWO]]
  // CHECK: arith.shrsi %[[SUM]], %[[TWO]]
  // CHECK-NOT: i64
  %0 = tflrt.rescale %x, %m, %s <reduced> : vector<4xi32>, vector<4xi8> -> vector<4xi32>
  return %0 : vector<4xi32>
}
