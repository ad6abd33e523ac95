// RUN: tflc-opt %s -tflc-check-floats -verify-diagnostics -split-input-file

// What only moves floats or changes their sign needs no unit, and integers never do.
module attributes {tflc.target = {name = "cortex-m0plus"}} {
  func.func @moves(%x: f32, %i: i64, %c: i1) -> (f32, i64) {
    %0 = arith.constant 1.0 : f32
    %1 = arith.select %c, %x, %0 : f32
    %2 = arith.negf %1 : f32
    %3 = math.absf %2 : f32
    %4 = arith.addi %i, %i : i64
    return %3, %4 : f32, i64
  }

  func.func @computes(%x: f32, %i: i32) -> f32 {
    // expected-error @below {{computes with float32, but target 'cortex-m0plus' has no floating point unit}}
    %0 = arith.addf %x, %x : f32
    // expected-error @below {{computes with float32}}
    %1 = arith.sitofp %i : i32 to f32
    // expected-error @below {{computes with float32}}
    %2 = math.sqrt %1 : f32
    return %2 : f32
  }
}

// -----

module attributes {tflc.target = {name = "cortex-m4"}} {
  func.func @single(%x: f32, %i: i32) -> (f32, i32) {
    %0 = arith.addf %x, %x : f32
    %1 = math.exp %0 : f32
    %2 = arith.fptosi %1 : f32 to i32
    return %1, %2 : f32, i32
  }

  func.func @double(%x: f32, %i: i64) -> (f64, f32, f32) {
    // expected-error @below {{computes with float64, but target 'cortex-m4' has no double precision unit}}
    %0 = arith.extf %x : f32 to f64
    // expected-error @below {{converts between float32 and int64, but target 'cortex-m4' has no double precision unit}}
    %1 = arith.sitofp %i : i64 to f32
    // expected-error @below {{raises float32 to a power, which takes float64, but target 'cortex-m4' has no double precision unit}}
    %2 = math.powf %x, %1 : f32
    return %0, %1, %2 : f64, f32, f32
  }
}

// -----

module attributes {tflc.target = {name = "cortex-m7"}} {
  func.func @all(%x: f32, %i: i64) -> f64 {
    %0 = arith.sitofp %i : i64 to f64
    %1 = math.powf %x, %x : f32
    %2 = arith.extf %1 : f32 to f64
    %3 = arith.addf %0, %2 : f64
    return %3 : f64
  }
}
