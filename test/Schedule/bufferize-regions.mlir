// RUN: tflc-opt %s --tflc-bufferize --cse | FileCheck %s

#row = affine_map<(b, o, k) -> (b, k)>
#weights = affine_map<(b, o, k) -> (o, k)>
#out = affine_map<(b, o, k) -> (b, o)>
#id = affine_map<(b, o) -> (b, o)>

// What the loop carries has one place, the output here, into which the last op of an iteration writes.
// CHECK-LABEL: func.func @carried
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<1x16xf32>, %[[Y:[a-z0-9]+]]: memref<1x16xf32>
func.func @carried(%x: tensor<1x16xf32>) -> tensor<1x16xf32> attributes {tfl.signature = "carried"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c28 = arith.constant 28 : index
  // CHECK: linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[Y]] :
  // CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{[a-z0-9_]+}} {
  // CHECK-NEXT: linalg.generic {{.*}} ins(%[[Y]] : {{.*}}) outs(%[[Y]] :
  // CHECK-NOT: linalg.generic
  // CHECK: return
  %r = scf.for %i = %c0 to %c28 step %c1 iter_args(%a = %x) -> tensor<1x16xf32> {
    %e = tensor.empty() : tensor<1x16xf32>
    %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%a : tensor<1x16xf32>) outs(%e : tensor<1x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %p, %p : f32
      linalg.yield %s : f32
    } -> tensor<1x16xf32>
    scf.yield %b : tensor<1x16xf32>
  }
  return %r : tensor<1x16xf32>
}
