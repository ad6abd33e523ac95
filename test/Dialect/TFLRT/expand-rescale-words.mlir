// RUN: tflc-opt %s -split-input-file --tflrt-expand-rescale --canonicalize | FileCheck %s

// With a bit to spare, the upper word of the doubled product is the first result; its sign is x's,
// and the constant that the caller adds joins before the shift: 2^6 - 128 * 2^7.
module attributes {tflc.target = {pointer_bits = 32 : i64}} {
  // CHECK-LABEL: @constant_shift
  // CHECK-SAME: %[[X:.*]]: i32, %[[M:.*]]: i32
  func.func @constant_shift(%x: i32, %m: i32) -> i32 {
    // CHECK-DAG: %[[HALF:.*]] = arith.constant 2147483648 : i64
    // CHECK-DAG: %[[C32:.*]] = arith.constant 32 : i64
    // CHECK-DAG: %[[NUDGE:.*]] = arith.constant -16320 : i32
    // CHECK-DAG: %[[C7:.*]] = arith.constant 7 : i32
    // CHECK: %[[DOUBLED:.*]] = arith.shli %[[X]], %{{.*}} : i32
    // CHECK: %[[PRODUCT:.*]] = arith.muli
    // CHECK: %[[SUM:.*]] = arith.addi %[[PRODUCT]], %[[HALF]] : i64
    // CHECK: %[[UPPER:.*]] = arith.shrui %[[SUM]], %[[C32]] : i64
    // CHECK: %[[HIGH:.*]] = arith.trunci %[[UPPER]] : i64 to i32
    // CHECK: %[[SIGN:.*]] = arith.shrsi %[[X]], %{{.*}} : i32
    // CHECK: %[[SIGNED:.*]] = arith.addi %[[HIGH]], %[[SIGN]] : i32
    // CHECK: %[[NUDGED:.*]] = arith.addi %[[SIGNED]], %[[NUDGE]] : i32
    // CHECK: %[[RESULT:.*]] = arith.shrsi %[[NUDGED]], %[[C7]] : i32
    // CHECK: return %[[RESULT]]
    %s = arith.constant -7 : i8
    %zero = arith.constant -128 : i32
    %y = tflrt.rescale %x, %m, %s <double> {max_input = 8000000 : i32} : i32, i8 -> i32
    %z = arith.addi %y, %zero : i32
    return %z : i32
  }

  // A shift from a table: 2^(right - 1) is made at run time.
  // CHECK-LABEL: @variable_shift
  func.func @variable_shift(%x: i32, %m: i32, %s: i8) -> i32 {
    // CHECK: arith.muli
    // CHECK: arith.shli %{{.*}}, %{{.*}} : i32
    // CHECK-NOT: arith.select
    // CHECK: return
    %y = tflrt.rescale %x, %m, %s <double> {max_input = 8000000 : i32, max_shift = -1 : i32} : i32, i8 -> i32
    return %y : i32
  }

  // Rounded once: what is added for it belongs to the upper word alone.
  // CHECK-LABEL: @single
  // CHECK-NOT: arith.constant 2147483648
  func.func @single(%x: i32, %m: i32) -> i32 {
    // CHECK: %[[PRODUCT:.*]] = arith.muli
    // CHECK: arith.shrui %[[PRODUCT]], %{{.*}} : i64
    %s = arith.constant -3 : i8
    %y = tflrt.rescale %x, %m, %s <single> {max_input = 500000 : i32} : i32, i8 -> i32
    return %y : i32
  }

  // A sum of bytes has its bounds in itself.
  // CHECK-LABEL: @derived
  // CHECK: arith.constant 2147483648 : i64
  func.func @derived(%a: i8, %m: i32) -> i32 {
    %wide = arith.extsi %a : i8 to i32
    %c20 = arith.constant 20 : i32
    %three = arith.constant 3 : i32
    %sum = arith.addi %wide, %three : i32
    %x = arith.shli %sum, %c20 : i32
    %s = arith.constant 0 : i8
    %y = tflrt.rescale %x, %m, %s <double> : i32, i8 -> i32
    return %y : i32
  }

  // A sum of rescaled values, as a residual makes it: the bounds go through their expansion.
  // CHECK-LABEL: @sum
  // CHECK-NOT: arith.constant 1073741824 : i64
  func.func @sum(%a: i8, %b: i8) -> i32 {
    %m = arith.constant 1300000000 : i32
    %s = arith.constant -3 : i8
    %none = arith.constant 0 : i8
    %c20 = arith.constant 20 : i32
    %wideA = arith.extsi %a : i8 to i32
    %wideB = arith.extsi %b : i8 to i32
    %x = arith.shli %wideA, %c20 : i32
    %y = arith.shli %wideB, %c20 : i32
    %p = tflrt.rescale %x, %m, %none <double> : i32, i8 -> i32
    %q = tflrt.rescale %y, %m, %s <double> : i32, i8 -> i32
    %sum = arith.addi %p, %q : i32
    %r = tflrt.rescale %sum, %m, %s <double> : i32, i8 -> i32
    return %r : i32
  }

  // Nothing is known of the input: twice its value may not fit.
  // CHECK-LABEL: @unbounded
  // CHECK: arith.constant 1073741824 : i64
  func.func @unbounded(%x: i32, %m: i32) -> i32 {
    %s = arith.constant -7 : i8
    %y = tflrt.rescale %x, %m, %s <double> : i32, i8 -> i32
    return %y : i32
  }
}

// -----

// Registers of 64 bits hold the whole product.
module attributes {tflc.target = {pointer_bits = 64 : i64}} {
  // CHECK-LABEL: @wide
  // CHECK: arith.constant 1073741824 : i64
  func.func @wide(%x: i32, %m: i32) -> i32 {
    %s = arith.constant -7 : i8
    %y = tflrt.rescale %x, %m, %s <double> {max_input = 8000000 : i32} : i32, i8 -> i32
    return %y : i32
  }
}
