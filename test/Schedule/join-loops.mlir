// RUN: tflc-opt %s --tflc-form-kernels --tflc-join-loops | FileCheck %s
// RUN: tflc-opt %s --tflc-set-target=target=cortex-m4 --tflc-form-kernels --tflc-join-loops | FileCheck %s --check-prefix=NOCACHE

#q = affine_map<(h, i, j, k) -> (h, i, k)>
#k = affine_map<(h, i, j, k) -> (h, j, k)>
#s = affine_map<(h, i, j, k) -> (h, i, j)>
#v = affine_map<(h, i, j, k) -> (h, k, j)>
#id = affine_map<(h, i, j) -> (h, i, j)>
#row = affine_map<(h, i, j) -> (h, i)>
#heads = affine_map<(h, i, j) -> (i, h, j)>

module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, has_fma = true, l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {

// Scores, their maxima and what a copy brings to the heads exist for one head at a time; what lies along the heads elsewhere is
// read and written in parts.
// NOCACHE-LABEL: @attention
// NOCACHE-NOT: scf.for
// CHECK-LABEL: @attention
// CHECK-SAME: (%[[Q:.+]]: memref<4x64x32xf32>, %[[K:.+]]: memref<4x64x32xf32>, %[[V:.+]]: memref<64x4x32xf32>, %[[Y:.+]]: memref<4x64x32xf32>)
// CHECK: scf.for %[[I:.+]] = %{{.+}} to %{{.+}} step
// CHECK-DAG: %[[QI:.+]] = memref.subview %[[Q]][%[[I]], 0, 0] [1, 64, 32] [1, 1, 1]
// CHECK-DAG: %[[VI:.+]] = memref.subview %[[V]][0, %[[I]], 0] [64, 1, 32] [1, 1, 1]
// CHECK-DAG: %[[PART:.+]] = memref.alloc() : memref<4096xf32>
// CHECK-DAG: memref.reinterpret_cast %[[PART]] to offset: [0], sizes: [1, 64, 64], strides: [4096, 64, 1]
// CHECK-DAG: memref.alloc() : memref<64xf32>
// CHECK-DAG: memref.alloc() : memref<2048xf32>
// CHECK-DAG: memref.subview %[[Y]][%[[I]], 0, 0] [1, 64, 32] [1, 1, 1]
// CHECK: tflc.shared_loop
// CHECK-NEXT: return
func.func @attention(%q: memref<4x64x32xf32>, %k: memref<4x64x32xf32>, %v: memref<64x4x32xf32>, %y: memref<4x64x32xf32>) {
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %scores = memref.alloc() : memref<4x64x64xf32>
  linalg.fill ins(%zero : f32) outs(%scores : memref<4x64x64xf32>)
  linalg.generic {indexing_maps = [#q, #k, #s], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : memref<4x64x32xf32>, memref<4x64x32xf32>) outs(%scores : memref<4x64x64xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %p = arith.mulf %a, %b : f32
    %next = arith.addf %sum, %p : f32
    linalg.yield %next : f32
  }
  %maxima = memref.alloc() : memref<4x64xf32>
  linalg.fill ins(%lowest : f32) outs(%maxima : memref<4x64xf32>)
  linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%scores : memref<4x64x64xf32>) outs(%maxima : memref<4x64xf32>) {
  ^bb0(%a: f32, %m: f32):
    %next = arith.maximumf %a, %m : f32
    linalg.yield %next : f32
  }
  %exps = memref.alloc() : memref<4x64x64xf32>
  linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%scores, %maxima : memref<4x64x64xf32>, memref<4x64xf32>) outs(%exps : memref<4x64x64xf32>) {
  ^bb0(%a: f32, %m: f32, %out: f32):
    %d = arith.subf %a, %m : f32
    %e = math.exp %d : f32
    linalg.yield %e : f32
  }
  %vh = memref.alloc() : memref<4x64x32xf32>
  linalg.generic {indexing_maps = [#heads, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%v : memref<64x4x32xf32>) outs(%vh : memref<4x64x32xf32>) {
  ^bb0(%a: f32, %out: f32):
    linalg.yield %a : f32
  }
  linalg.fill ins(%zero : f32) outs(%y : memref<4x64x32xf32>)
  linalg.generic {indexing_maps = [#q, #v, #s], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%exps, %vh : memref<4x64x64xf32>, memref<4x64x32xf32>) outs(%y : memref<4x64x32xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %p = arith.mulf %a, %b : f32
    %next = arith.addf %sum, %p : f32
    linalg.yield %next : f32
  }
  return
}

// Rows of an elementwise chain, as many as half of the cache holds. No step below half of that divides 67 rows, so the last ones
// come behind the loop. The product reads all of its weights in each row, and stays outside.
// CHECK-LABEL: @rows
// CHECK: %[[END:.+]] = arith.constant 64 : index
// CHECK: %[[STEP:.+]] = arith.constant 16 : index
// CHECK: scf.for %{{.+}} = %{{.+}} to %[[END]] step %[[STEP]]
// CHECK: memref.alloc() : memref<4096xf32>
// CHECK: tflc.shared_loop
// CHECK: memref.alloc() : memref<768xf32>
// CHECK: memref.alloc() : memref<67x256xf32>
// CHECK-NOT: scf.for
// CHECK: return
func.func @rows(%x: memref<67x256xf32>, %w: memref<256x256xf32>, %y: memref<67x256xf32>, %z: memref<67x256xf32>) {
  %zero = arith.constant 0.0 : f32
  %a = memref.alloc() : memref<67x256xf32>
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<67x256xf32>) outs(%a : memref<67x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  }
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<67x256xf32>) outs(%y : memref<67x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  }
  %b = memref.alloc() : memref<67x256xf32>
  linalg.fill ins(%zero : f32) outs(%b : memref<67x256xf32>)
  linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%y, %w : memref<67x256xf32>, memref<256x256xf32>) outs(%b : memref<67x256xf32>) {
  ^bb0(%in: f32, %weight: f32, %sum: f32):
    %p = arith.mulf %in, %weight : f32
    %next = arith.addf %sum, %p : f32
    linalg.yield %next : f32
  }
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%b : memref<67x256xf32>) outs(%z : memref<67x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  }
  return
}

// What is summed over the rows needs all of them.
// CHECK-LABEL: @columns
// CHECK-NOT: scf.for
// CHECK: return
func.func @columns(%x: memref<128x128xf32>, %y: memref<128xf32>) {
  %zero = arith.constant 0.0 : f32
  %a = memref.alloc() : memref<128x128xf32>
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<128x128xf32>) outs(%a : memref<128x128xf32>) {
  ^bb0(%in: f32, %out: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  }
  linalg.fill ins(%zero : f32) outs(%y : memref<128xf32>)
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<128x128xf32>) outs(%y : memref<128xf32>) {
  ^bb0(%in: f32, %sum: f32):
    %next = arith.addf %sum, %in : f32
    linalg.yield %next : f32
  }
  return
}

// Halves of the cache that hold all there is need no loop.
// CHECK-LABEL: @small
// CHECK-NOT: scf.for
// CHECK: return
func.func @small(%x: memref<64x64xf32>, %y: memref<64x64xf32>) {
  %a = memref.alloc() : memref<64x64xf32>
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<64x64xf32>) outs(%a : memref<64x64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  }
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<64x64xf32>) outs(%y : memref<64x64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  }
  return
}
}
