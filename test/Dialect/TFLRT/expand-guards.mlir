// RUN: tflc-opt %s -split-input-file -verify-diagnostics -tflrt-expand-guards | FileCheck %s

// Each guard ends the function with its status, the next block goes on.
// CHECK-LABEL: func.func @two(%arg0: i32, %arg1: i32, %arg2: memref<1xf32>) -> i32
func.func @two(%first: i32, %second: i32, %out: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %x = arith.constant 1.0 : f32
  // CHECK: %[[OK:.*]] = arith.constant 0 : i32
  // CHECK: %[[REJECTED:.*]] = arith.cmpi ne, %arg0, %[[OK]]
  // CHECK: cf.cond_br %[[REJECTED]], ^[[EXIT:.*]](%arg0 : i32), ^[[NEXT:bb[0-9]+]]
  tflrt.guard %first
  // CHECK: ^[[NEXT]]:
  // CHECK: memref.store
  memref.store %x, %out[%c0] : memref<1xf32>
  // CHECK: cf.cond_br %{{.*}}, ^[[EXIT]](%arg1 : i32), ^[[LAST:bb[0-9]+]]
  tflrt.guard %second
  // CHECK: ^[[LAST]]:
  // CHECK: cf.br ^[[EXIT]](%[[OK]] : i32)
  // CHECK: ^[[EXIT]](%[[STATUS:.*]]: i32):
  // CHECK: return %[[STATUS]] : i32
  return
}

// A loop around a guard becomes blocks that the guard can leave; another one stays as it is.
// CHECK-LABEL: func.func @in_loop(%arg0: i32, {{.*}}) -> i32
// CHECK: cf.br ^[[LOOP:bb[0-9]+]]
// CHECK: ^[[LOOP]](%[[I:.*]]: index):
// CHECK: cf.cond_br %{{.*}}, ^[[BODY:bb[0-9]+]], ^[[END:bb[0-9]+]]
// CHECK: ^[[BODY]]:
// CHECK: cf.cond_br %{{.*}}, ^[[EXIT:bb[0-9]+]](%arg0 : i32), ^[[NEXT:bb[0-9]+]]
// CHECK: ^[[NEXT]]:
// CHECK: cf.br ^[[LOOP]]
// CHECK: ^[[END]]:
// CHECK: scf.for
// CHECK: cf.br ^[[EXIT]]
// CHECK: ^[[EXIT]](%[[STATUS:.*]]: i32):
// CHECK: return %[[STATUS]] : i32
func.func @in_loop(%status: i32, %n: index, %out: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  scf.for %i = %c0 to %n step %c1 {
    tflrt.guard %status
  }
  scf.for %i = %c0 to %n step %c1 {
    memref.store %x, %out[%i] : memref<8xf32>
  }
  return
}

// A function without guards has no status.
// CHECK-LABEL: func.func @none(%arg0: memref<1xf32>) {
// CHECK-NEXT: return{{$}}
func.func @none(%out: memref<1xf32>) {
  return
}

// -----

func.func @on_tensors(%status: i32, %x: tensor<4xi32>) {
  // expected-error @+1 {{is on tensors}}
  %0 = tflrt.guard %status, %x : tensor<4xi32> -> tensor<4xi32>
  return
}

// -----

func.func @in_kernel(%status: i32) {
  "tflrt.kernel"() ({
    // expected-error @+1 {{is not at the top level of its function, nor in a loop or branch}}
    tflrt.guard %status
  }) : () -> ()
  return
}

// -----

// expected-error @+1 {{has guards and results}}
func.func @results(%status: i32) -> i32 {
  tflrt.guard %status
  return %status : i32
}

// -----

// expected-error @+1 {{has guards and is called}}
func.func private @called(%status: i32) {
  tflrt.guard %status
  return
}
func.func @caller(%status: i32) {
  call @called(%status) : (i32) -> ()
  return
}
