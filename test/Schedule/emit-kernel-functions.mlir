// RUN: tflc-opt %s --tflc-emit-kernels=functions | FileCheck %s
// RUN: tflc-opt %s --tflc-emit-kernels="functions in-loops" | FileCheck %s --check-prefix=LOOPS

// Each kernel becomes a function, which views the arena and reads constants as the kernel did.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  memref.global "private" constant @a : memref<16xf32> = dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0]>
  memref.global "private" constant @b : memref<16xf32> = dense<[0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5, 13.5, 14.5, 15.5]>

  // CHECK: func.func private @main.kernel0(%[[X:.*]]: memref<16xf32>, %{{.*}}: memref<16xf32>, %[[ARENA:.*]]: memref<256xi8>) attributes {tflc.kernel}
  // CHECK-DAG: %[[Y:.*]] = memref.view %[[ARENA]]
  // CHECK-DAG: %[[A:.*]] = memref.get_global @a
  // CHECK: vector.load %[[X]]
  // CHECK: vector.load %[[A]]
  // CHECK: vector.store %{{.*}}, %[[Y]]
  // CHECK: return
  // CHECK: func.func private @main.kernel1(
  // CHECK: memref.get_global @b
  // CHECK: func.func private @main.kernel2(
  // CHECK: arith.negf
  // CHECK: func.func @main(%[[IN:.*]]: memref<16xf32>, %[[OUT:.*]]: memref<16xf32>, %[[MEMORY:.*]]: memref<256xi8> {tflc.arena})
  // CHECK: call @main.kernel0(%[[IN]], %[[OUT]], %[[MEMORY]])
  // CHECK: call @main.kernel1(%[[IN]], %[[OUT]], %[[MEMORY]])
  // CHECK: call @main.kernel2(%[[IN]], %[[OUT]], %[[MEMORY]])
  // CHECK: return
  func.func @main(%x: memref<16xf32>, %y: memref<16xf32>, %arena: memref<256xi8> {tflc.arena}) attributes {tfl.signature = "main"} {
    %c0 = arith.constant 0 : index
    %between = memref.view %arena[%c0][] : memref<256xi8> to memref<16xf32>
    %a = memref.get_global @a : memref<16xf32>
    %b = memref.get_global @b : memref<16xf32>
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [8]> {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%x, %a : memref<16xf32>, memref<16xf32>) outs(%between : memref<16xf32>) {
      ^bb0(%p: f32, %q: f32, %old: f32):
        %r = arith.mulf %p, %q : f32
        linalg.yield %r : f32
      }
    }
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [8]> {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%between, %b : memref<16xf32>, memref<16xf32>) outs(%y : memref<16xf32>) {
      ^bb0(%p: f32, %q: f32, %old: f32):
        %r = arith.mulf %p, %q : f32
        linalg.yield %r : f32
      }
    }
    tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [8]> {
      linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
          ins(%y : memref<16xf32>) outs(%y : memref<16xf32>) {
      ^bb0(%p: f32, %old: f32):
        %r = arith.negf %p : f32
        linalg.yield %r : f32
      }
    }
    return
  }

  // A call would be a good part of a small step.
  // CHECK-LABEL: func.func @steps
  // CHECK: scf.for
  // CHECK: vector.load
  // LOOPS-LABEL: func.func @steps
  // LOOPS: scf.for
  // LOOPS: call @steps.kernel0(
  func.func @steps(%x: memref<16xf32>, %y: memref<16xf32>, %arena: memref<256xi8> {tflc.arena}) attributes {tfl.signature = "steps"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    scf.for %i = %c0 to %c4 step %c1 {
      tflrt.kernel #tflrt.vector_loops<dim = 0, lanes = 8, tile = [8]> {
        linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
            ins(%x : memref<16xf32>) outs(%y : memref<16xf32>) {
        ^bb0(%p: f32, %old: f32):
          %r = arith.negf %p : f32
          linalg.yield %r : f32
        }
      }
    }
    return
  }
}
