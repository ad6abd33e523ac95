// RUN: tflc-opt %s -split-input-file -tflc-narrow-constants=for-size -canonicalize | FileCheck %s
// RUN: tflc-opt %s -split-input-file -tflc-narrow-constants | FileCheck %s --check-prefix=FAST

module attributes {tflc.target = {name = "x86-64-v3"}} {
  // Every value is a float16.
  // CHECK-DAG: memref.global constant @halves : memref<32xf16>
  memref.global constant @halves : memref<4x8xf32> = dense<[
    [0x7F800000, 1.0, -2.5, 0.0, -0.0, 5.96046448e-08, 65504.0, 3.0], [1.0, 1.0, -2.5, 0.0, 3.0, 4.0, 5.0, 6.0],
    [1.0, 1.0, -2.5, 0.0, 3.0, 4.0, 5.0, 6.0], [1.0, 1.0, -2.5, 0.0, 3.0, 4.0, 5.0, 6.0]]>
  // Too few to be worth the code.
  // CHECK-DAG: memref.global constant @few : memref<2xf32>
  memref.global constant @few : memref<2xf32> = dense<[1.0, 2.0]>

  // Loads through views, of vectors and of single elements.
  // CHECK-LABEL: @loads(
  // CHECK-SAME: %[[I:.*]]: index)
  // CHECK: %[[W:.*]] = memref.get_global @halves : memref<32xf16>
  // CHECK: %[[H:.*]] = vector.load %[[W]][%c12{{.*}}] : memref<32xf16>, vector<4xf16>
  // CHECK: %[[V:.*]] = arith.extf %[[H]] : vector<4xf16> to vector<4xf32>
  // CHECK: %[[ROW:.*]] = arith.muli %[[I]], %c8{{.*}} : index
  // CHECK: %[[AT:.*]] = arith.addi %[[ROW]], %[[I]] : index
  // CHECK: %[[E:.*]] = memref.load %{{.*}}[%[[AT]]] : memref<32xf16>
  // CHECK: %[[S:.*]] = arith.extf %[[E]] : f16 to f32
  // CHECK: return %[[V]], %[[S]], %{{.*}} : vector<4xf32>, f32, f32
  // FAST-NOT: f16
  func.func @loads(%i: index) -> (vector<4xf32>, f32, f32) {
    %w = memref.get_global @halves : memref<4x8xf32>
    %row = memref.subview %w[1, 0] [1, 8] [1, 1] : memref<4x8xf32> to memref<8xf32, strided<[1], offset: 8>>
    %c4 = arith.constant 4 : index
    %v = vector.load %row[%c4] : memref<8xf32, strided<[1], offset: 8>>, vector<4xf32>
    %s = memref.load %w[%i, %i] : memref<4x8xf32>
    %y = memref.get_global @few : memref<2xf32>
    %u = memref.load %y[%i] : memref<2xf32>
    return %v, %s, %u : vector<4xf32>, f32, f32
  }
}

// -----

// A value between two halves; and somebody else looks at the constant.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-DAG: memref.global constant @singles : memref<32xf32>
  memref.global constant @singles : memref<32xf32> = dense<[0.1, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0,
    1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]>
  // CHECK-DAG: memref.global constant @passed : memref<32xf32>
  memref.global constant @passed : memref<32xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0,
    1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]>
  func.func private @use(memref<32xf32>)
  func.func @others(%i: index) -> (f32, f32) {
    %w = memref.get_global @singles : memref<32xf32>
    %s = memref.load %w[%i] : memref<32xf32>
    %p = memref.get_global @passed : memref<32xf32>
    %t = memref.load %p[%i] : memref<32xf32>
    func.call @use(%p) : (memref<32xf32>) -> ()
    return %s, %t : f32, f32
  }
}

// -----

// Without an instruction, a finite half is moved into place and multiplied. A constant that is read once for many
// instructions of the step is narrow at every level.
module attributes {tflc.target = {name = "riscv64-gc"}} {
  // CHECK: memref.global constant @w : memref<32xi16>
  // FAST: memref.global constant @w : memref<32xi16>
  memref.global constant @w : memref<32xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0,
    1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]>
  // CHECK-LABEL: @scale
  // CHECK: scf.for
  // CHECK: %[[H:.*]] = memref.load %{{.*}}[%{{.*}}] : memref<32xi16>
  // CHECK: %[[S:.*]] = arith.extsi %[[H]] : i16 to i32
  // CHECK: %[[M:.*]] = arith.shli %[[S]], %c13
  // CHECK: %[[A:.*]] = arith.andi %[[M]], %c-1879048193
  // CHECK: %[[F:.*]] = arith.bitcast %[[A]] : i32 to f32
  // CHECK: arith.mulf %[[F]], %{{.*}} : f32
  // CHECK: scf.for
  func.func @scale(%x: memref<32x1000xf32>) {
    %w = memref.get_global @w : memref<32xf32>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c32 = arith.constant 32 : index
    %c1000 = arith.constant 1000 : index
    scf.for %i = %c0 to %c32 step %c1 {
      %f = memref.load %w[%i] : memref<32xf32>
      scf.for %j = %c0 to %c1000 step %c1 {
        %v = memref.load %x[%i, %j] : memref<32x1000xf32>
        %p = arith.mulf %v, %f : f32
        memref.store %p, %x[%i, %j] : memref<32x1000xf32>
      }
    }
    return
  }
}

// -----

// Small integers are two to a byte. Blocks are as long as the shortest vector: here 4 elements, of which the first two
// are the low halves of two bytes.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // 7 + 8 and -7 + 8: 0x1F; -8 + 8 and 0 + 8: 0x80.
  // CHECK: memref.global constant @w : memref<64xi8> = dense<[31, -128, 
  memref.global constant @w : memref<128xi8> = dense<"0x07F8F90001020304FFFEFDFCFBFAF9F80706050403020100FFFEFDFCFBFAF9F807F8F90001020304FFFEFDFCFBFAF9F80706050403020100FFFEFDFCFBFAF9F807F8F90001020304FFFEFDFCFBFAF9F80706050403020100FFFEFDFCFBFAF9F807F8F90001020304FFFEFDFCFBFAF9F80706050403020100FFFEFDFCFBFAF9F8">
  // CHECK-LABEL: @nibbles(
  // CHECK: scf.for %[[J:.*]] =
  // CHECK: %[[AT:.*]] = arith.divui %[[J]], %c2
  // CHECK: %[[BOTH:.*]] = vector.load %{{.*}}[%[[AT]]] : memref<64xi8>, vector<4xi8>
  // CHECK: %[[LOW:.*]] = arith.andi %[[BOTH]], %{{.*}} : vector<4xi8>
  // CHECK: %[[HIGH:.*]] = arith.shrui %[[BOTH]], %{{.*}} : vector<4xi8>
  // CHECK: %[[ALL:.*]] = vector.shuffle %[[LOW]], %[[HIGH]] [0, 1, 4, 5, 2, 3, 6, 7] : vector<4xi8>, vector<4xi8>
  // CHECK: arith.subi %[[ALL]], %{{.*}} : vector<8xi8>
  // CHECK: vector.load %{{.*}} : memref<64xi8>, vector<2xi8>
  // CHECK: memref.load %{{.*}} : memref<64xi8>
  func.func @nibbles(%i: index, %out: memref<128xi8>) -> i8 {
    %w = memref.get_global @w : memref<128xi8>
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c12 = arith.constant 12 : index
    %c128 = arith.constant 128 : index
    scf.for %j = %c0 to %c128 step %c8 {
      %v = vector.load %w[%j] : memref<128xi8>, vector<8xi8>
      vector.store %v, %out[%j] : memref<128xi8>, vector<8xi8>
    }
    %s = vector.load %w[%c12] : memref<128xi8>, vector<4xi8>
    vector.store %s, %out[%c0] : memref<128xi8>, vector<4xi8>
    %e = memref.load %w[%i] : memref<128xi8>
    return %e : i8
  }
}
