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
