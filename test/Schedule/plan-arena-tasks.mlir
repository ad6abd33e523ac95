// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v3 --tflc-form-kernels "--tflc-select-strategies=tasks" --tflc-plan-arena --split-input-file | FileCheck %s

// Tasks may write over what they read where each touches rows of its own alone: the output lies at its operand's place.
// CHECK: tflc.arena_size = 1536000
// CHECK-LABEL: @same
// CHECK: tflrt.kernel {{.*}}tflc.tasks
#id = affine_map<(h, w) -> (h, w)>
func.func @same(%x: memref<600x640xf32>, %y: memref<600x640xf32>, %arena: memref<?xi8> {tflc.arena}) attributes {tfl.signature = "same"} {
  %a = memref.alloc() : memref<600x640xf32>
  linalg.copy ins(%x : memref<600x640xf32>) outs(%a : memref<600x640xf32>)
  %b = memref.alloc() : memref<600x640xf32>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<600x640xf32>) outs(%b : memref<600x640xf32>) {
  ^bb0(%p: f32, %q: f32):
    %s = arith.negf %p : f32
    linalg.yield %s : f32
  }
  linalg.copy ins(%b : memref<600x640xf32>) outs(%y : memref<600x640xf32>)
  return
}

// -----

// Shorter rows would be written where another task has yet to read, though in order all would be well.
// CHECK: tflc.arena_size = 2764800
// CHECK-LABEL: @shrink
// CHECK: tflrt.kernel {{.*}}tflc.tasks
#id = affine_map<(h, w) -> (h, w)>
func.func @shrink(%x: memref<600x640xf32>, %y: memref<600x512xf32>, %arena: memref<?xi8> {tflc.arena}) attributes {tfl.signature = "shrink"} {
  %a = memref.alloc() : memref<600x640xf32>
  linalg.copy ins(%x : memref<600x640xf32>) outs(%a : memref<600x640xf32>)
  %i = memref.subview %a[0, 64] [600, 512] [1, 1] : memref<600x640xf32> to memref<600x512xf32, strided<[640, 1], offset: 64>>
  %b = memref.alloc() : memref<600x512xf32>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%i : memref<600x512xf32, strided<[640, 1], offset: 64>>) outs(%b : memref<600x512xf32>) {
  ^bb0(%p: f32, %q: f32):
    %s = arith.negf %p : f32
    linalg.yield %s : f32
  }
  linalg.copy ins(%b : memref<600x512xf32>) outs(%y : memref<600x512xf32>)
  return
}
