// RUN: tflc-opt %s -split-input-file -tflc-expand-doubles | FileCheck %s

// Arithmetic on doubles is calls on their bits; what only moves them stays.
module attributes {tflc.target = {name = "cortex-m4"}} {
  // CHECK-LABEL: @arithmetic
  // CHECK-SAME: (%[[X:.*]]: f32, %[[Y:.*]]: f64, %[[M:.*]]: memref<f64>)
  // CHECK: %[[BITS:.*]] = arith.bitcast %[[X]] : f32 to i32
  // CHECK: %[[WIDE:.*]] = call @tflc.float_to_double(%[[BITS]]) : (i32) -> i64
  // CHECK: call @tflc.double_sum
  // CHECK: arith.xori
  // CHECK: call @tflc.double_sum
  // CHECK: call @tflc.double_product
  // CHECK: call @tflc.double_quotient
  // CHECK: memref.store %{{.*}}, %[[M]][] : memref<f64>
  // CHECK: %[[LESS:.*]] = arith.cmpi slt
  // CHECK: arith.select %{{.*}} : f64
  // CHECK: %[[NARROW:.*]] = call @tflc.double_to_float
  // CHECK: arith.bitcast %[[NARROW]] : i32 to f32
  // CHECK-NOT: arith.{{addf|subf|mulf|divf|cmpf|extf|truncf}}
  // CHECK: func.func private @tflc.double_to_float(%{{.*}}: i64) -> i32
  func.func @arithmetic(%x: f32, %y: f64, %m: memref<f64>) -> f32 {
    %0 = arith.extf %x : f32 to f64
    %1 = arith.addf %0, %y : f64
    %2 = arith.subf %1, %y : f64
    %3 = arith.mulf %2, %2 : f64
    %4 = arith.divf %3, %y : f64
    memref.store %4, %m[] : memref<f64>
    %5 = arith.cmpf olt, %4, %y : f64
    %6 = arith.select %5, %4, %y : f64
    %7 = arith.truncf %6 : f64 to f32
    return %7 : f32
  }
}

// -----

// On 32 bits a float and a long integer have no conversion in instructions, with double precision or without.
module attributes {tflc.target = {name = "armv7-a"}} {
  // CHECK-LABEL: @conversions
  // CHECK: call @tflc.signed_to_float
  // CHECK: call @tflc.float_to_double
  // CHECK: call @tflc.double_to_integer
  // CHECK: call @tflc.unsigned_to_double
  // CHECK: arith.sitofp %{{.*}} : i32 to f64
  func.func @conversions(%x: i64, %y: f32, %z: i32) -> (f32, i64, f64, f64) {
    %0 = arith.sitofp %x : i64 to f32
    %1 = arith.fptosi %y : f32 to i64
    %2 = arith.uitofp %x : i64 to f64
    %3 = arith.sitofp %z : i32 to f64
    return %0, %1, %2, %3 : f32, i64, f64, f64
  }
}

// -----

// 64 bits and double precision have instructions for all of them.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-LABEL: @nothing
  // CHECK-NOT: call
  // CHECK: arith.addf
  // CHECK: arith.fptosi
  func.func @nothing(%x: f64) -> i64 {
    %0 = arith.addf %x, %x : f64
    %1 = arith.fptosi %0 : f64 to i64
    return %1 : i64
  }
}
