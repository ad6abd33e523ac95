// RUN: tflc-opt %s -split-input-file -tflc-merge-kernels -canonicalize | FileCheck %s

// Two kernels that differ in a constant, in a place of the arena and in a number become one function.
module attributes {tflc.target = {name = "x86-64-v3"}, tflc.arena_alignment = 64 : i64} {
  memref.global "private" constant @w0 : memref<64xf32> = dense<1.0>
  memref.global "private" constant @w1 : memref<64xf32> = dense<2.0>

  // The constant and the result do not overlap what is read; the input is an argument of the program's.
  // CHECK: func.func private @main.kernel0(
  // CHECK-SAME: %[[X:[^ ]*]]: memref<64xf32> {llvm.dereferenceable = 256 : i64, llvm.noalias},
  // CHECK-SAME: %[[W:[^ ]*]]: memref<64xf32> {llvm.align = 64 : i64, llvm.dereferenceable = 256 : i64, llvm.noalias},
  // CHECK-SAME: %[[N:[^ ]*]]: f32,
  // CHECK-SAME: %[[Y:[^ ]*]]: memref<64xf32> {llvm.align = 64 : i64, llvm.dereferenceable = 256 : i64, llvm.noalias}) attributes {tflc.apart}
  // CHECK: %[[SPLAT:.*]] = vector.broadcast %[[N]] : f32 to vector<8xf32>
  // CHECK: scf.for
  // CHECK: vector.load %[[X]]
  // CHECK: vector.load %[[W]]
  // CHECK: arith.addf %{{.*}}, %[[SPLAT]]
  // CHECK: vector.store %{{.*}}, %[[Y]]
  // CHECK-NOT: @main.kernel1(
  // CHECK: func.func @main(%[[IN:.*]]: memref<64xf32>, %[[ARENA:.*]]: memref<1024xi8>
  // CHECK-DAG: %[[W0:.*]] = memref.get_global @w0
  // CHECK-DAG: %[[W1:.*]] = memref.get_global @w1
  // CHECK-DAG: %[[Y0:.*]] = memref.view %[[ARENA]][%c0]
  // CHECK-DAG: %[[Y1:.*]] = memref.view %[[ARENA]][%c256]
  // CHECK-DAG: call @main.kernel0(%[[IN]], %[[W0]], %cst{{.*}}, %[[Y0]])
  // CHECK-DAG: call @main.kernel0(%[[IN]], %[[W1]], %cst{{.*}}, %[[Y1]])
  func.func private @main.kernel0(%x: memref<64xf32>, %arena: memref<1024xi8>) attributes {tflc.kernel} {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c64 = arith.constant 64 : index
    %n = arith.constant dense<3.0> : vector<8xf32>
    %w = memref.get_global @w0 : memref<64xf32>
    %y = memref.view %arena[%c0][] : memref<1024xi8> to memref<64xf32>
    scf.for %i = %c0 to %c64 step %c8 {
      %a = vector.load %x[%i] : memref<64xf32>, vector<8xf32>
      %b = vector.load %w[%i] : memref<64xf32>, vector<8xf32>
      %p = arith.mulf %a, %b : vector<8xf32>
      %s = arith.addf %p, %n : vector<8xf32>
      %m = arith.maximumf %s, %a : vector<8xf32>
      %o = arith.subf %m, %b : vector<8xf32>
      %e = arith.mulf %o, %o : vector<8xf32>
      %f = arith.mulf %e, %o : vector<8xf32>
      %g = arith.mulf %f, %o : vector<8xf32>
      %h = arith.mulf %g, %o : vector<8xf32>
      %k = arith.mulf %h, %o : vector<8xf32>
      %r = arith.mulf %k, %o : vector<8xf32>
      vector.store %r, %y[%i] : memref<64xf32>, vector<8xf32>
    }
    return
  }
  func.func private @main.kernel1(%x: memref<64xf32>, %arena: memref<1024xi8>) attributes {tflc.kernel} {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c64 = arith.constant 64 : index
    %c256 = arith.constant 256 : index
    %n = arith.constant dense<4.0> : vector<8xf32>
    %w = memref.get_global @w1 : memref<64xf32>
    %y = memref.view %arena[%c256][] : memref<1024xi8> to memref<64xf32>
    scf.for %i = %c0 to %c64 step %c8 {
      %a = vector.load %x[%i] : memref<64xf32>, vector<8xf32>
      %b = vector.load %w[%i] : memref<64xf32>, vector<8xf32>
      %p = arith.mulf %a, %b : vector<8xf32>
      %s = arith.addf %p, %n : vector<8xf32>
      %m = arith.maximumf %s, %a : vector<8xf32>
      %o = arith.subf %m, %b : vector<8xf32>
      %e = arith.mulf %o, %o : vector<8xf32>
      %f = arith.mulf %e, %o : vector<8xf32>
      %g = arith.mulf %f, %o : vector<8xf32>
      %h = arith.mulf %g, %o : vector<8xf32>
      %k = arith.mulf %h, %o : vector<8xf32>
      %r = arith.mulf %k, %o : vector<8xf32>
      vector.store %r, %y[%i] : memref<64xf32>, vector<8xf32>
    }
    return
  }
  func.func @main(%x: memref<64xf32>, %arena: memref<1024xi8> {tflc.arena}) attributes {tfl.signature = "main"} {
    call @main.kernel0(%x, %arena) : (memref<64xf32>, memref<1024xi8>) -> ()
    call @main.kernel1(%x, %arena) : (memref<64xf32>, memref<1024xi8>) -> ()
    return
  }
}

// -----

// Buffers that overlap where one of the kernels runs are promised to nobody.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK: func.func private @main.kernel0(%{{[^ ]*}}: memref<16xi32> {llvm.dereferenceable = 64 : i64}, %{{[^ ]*}}: memref<16xi32> {llvm.dereferenceable = 64 : i64}) attributes {tflc.apart}
  func.func private @main.kernel0(%arena: memref<1024xi8>) attributes {tflc.kernel} {
    %c0 = arith.constant 0 : index
    %c512 = arith.constant 512 : index
    %x = memref.view %arena[%c0][] : memref<1024xi8> to memref<16xi32>
    %y = memref.view %arena[%c512][] : memref<1024xi8> to memref<16xi32>
    %a = vector.load %x[%c0] : memref<16xi32>, vector<16xi32>
    %b = arith.muli %a, %a : vector<16xi32>
    %c = arith.muli %b, %a : vector<16xi32>
    %d = arith.muli %c, %a : vector<16xi32>
    %e = arith.muli %d, %a : vector<16xi32>
    %f = arith.muli %e, %a : vector<16xi32>
    vector.store %f, %y[%c0] : memref<16xi32>, vector<16xi32>
    return
  }
  func.func private @main.kernel1(%arena: memref<1024xi8>) attributes {tflc.kernel} {
    %c0 = arith.constant 0 : index
    %c480 = arith.constant 480 : index
    %c512 = arith.constant 512 : index
    %x = memref.view %arena[%c512][] : memref<1024xi8> to memref<16xi32>
    %y = memref.view %arena[%c480][] : memref<1024xi8> to memref<16xi32>
    %a = vector.load %x[%c0] : memref<16xi32>, vector<16xi32>
    %b = arith.muli %a, %a : vector<16xi32>
    %c = arith.muli %b, %a : vector<16xi32>
    %d = arith.muli %c, %a : vector<16xi32>
    %e = arith.muli %d, %a : vector<16xi32>
    %f = arith.muli %e, %a : vector<16xi32>
    vector.store %f, %y[%c0] : memref<16xi32>, vector<16xi32>
    return
  }
  func.func @main(%arena: memref<1024xi8> {tflc.arena}) attributes {tfl.signature = "main"} {
    call @main.kernel0(%arena) : (memref<1024xi8>) -> ()
    call @main.kernel1(%arena) : (memref<1024xi8>) -> ()
    return
  }
}

// -----

// Shifts by other numbers are other instructions: both kernels go back to where they are called.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-NOT: func.func private
  // CHECK: func.func @main(
  // CHECK: arith.shrsi
  // CHECK: arith.shrsi
  // CHECK-NOT: call
  func.func private @main.kernel0(%arena: memref<1024xi8>) attributes {tflc.kernel} {
    %c0 = arith.constant 0 : index
    %n = arith.constant dense<3> : vector<16xi32>
    %x = memref.view %arena[%c0][] : memref<1024xi8> to memref<16xi32>
    %a = vector.load %x[%c0] : memref<16xi32>, vector<16xi32>
    %b = arith.shrsi %a, %n : vector<16xi32>
    %c = arith.muli %b, %b : vector<16xi32>
    %d = arith.muli %c, %b : vector<16xi32>
    vector.store %d, %x[%c0] : memref<16xi32>, vector<16xi32>
    return
  }
  func.func private @main.kernel1(%arena: memref<1024xi8>) attributes {tflc.kernel} {
    %c0 = arith.constant 0 : index
    %n = arith.constant dense<4> : vector<16xi32>
    %x = memref.view %arena[%c0][] : memref<1024xi8> to memref<16xi32>
    %a = vector.load %x[%c0] : memref<16xi32>, vector<16xi32>
    %b = arith.shrsi %a, %n : vector<16xi32>
    %c = arith.muli %b, %b : vector<16xi32>
    %d = arith.muli %c, %b : vector<16xi32>
    vector.store %d, %x[%c0] : memref<16xi32>, vector<16xi32>
    return
  }
  func.func @main(%arena: memref<1024xi8> {tflc.arena}) attributes {tfl.signature = "main"} {
    call @main.kernel0(%arena) : (memref<1024xi8>) -> ()
    call @main.kernel1(%arena) : (memref<1024xi8>) -> ()
    return
  }
}

// -----

// Tasks of kernels with the same code are one function, too, and so is what runs them. What one lane of a vector differs in is a table.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK-DAG: memref.global "private" constant @[[T0:.*]] : memref<4xi32> = dense<[1, 2, 3, 4]>
  // CHECK-DAG: memref.global "private" constant @[[T1:.*]] : memref<4xi32> = dense<[1, 2, 3, 5]>
  // CHECK: func.func private @main.task0(%[[Y:[^ ]*]]: memref<8x4xi32> {{{.*}}}, %[[T:[^ ]*]]: memref<4xi32> {{{.*}}}, %[[TASK:[^ ]*]]: index) {
  // CHECK: vector.load %[[T]][%c0] : memref<4xi32>, vector<4xi32>
  // CHECK: vector.load %[[Y]][%[[TASK]], %c0]
  // CHECK: func.func private @main.task0.run(memref<8x4xi32>, memref<4xi32>, memref<1xi8>) -> i32
  // CHECK-SAME: tflc.run_tasks = @main.task0
  // CHECK-NOT: @main.task1
  // CHECK: func.func @main(
  // CHECK-DAG: call @main.task0.run(%{{.*}}, %{{.*}}, %[[PARALLEL:.*]])
  // CHECK-DAG: call @main.task0.run(%{{.*}}, %{{.*}}, %[[PARALLEL]])
  func.func private @main.task0(%arena: memref<1024xi8>, %task: index) {
    %c0 = arith.constant 0 : index
    %t = arith.constant dense<[1, 2, 3, 4]> : vector<4xi32>
    %y = memref.view %arena[%c0][] : memref<1024xi8> to memref<8x4xi32>
    %a = vector.load %y[%task, %c0] : memref<8x4xi32>, vector<4xi32>
    %b = arith.addi %a, %t : vector<4xi32>
    %c = arith.muli %b, %b : vector<4xi32>
    %d = arith.muli %c, %b : vector<4xi32>
    %e = arith.muli %d, %b : vector<4xi32>
    %f = arith.muli %e, %b : vector<4xi32>
    vector.store %f, %y[%task, %c0] : memref<8x4xi32>, vector<4xi32>
    return
  }
  func.func private @main.task0.run(memref<1024xi8>, memref<1xi8>) -> i32 attributes {tflc.run_tasks = @main.task0, tflc.task_count = 8 : i64}
  func.func private @main.task1(%arena: memref<1024xi8>, %task: index) {
    %c0 = arith.constant 0 : index
    %c512 = arith.constant 512 : index
    %t = arith.constant dense<[1, 2, 3, 5]> : vector<4xi32>
    %y = memref.view %arena[%c512][] : memref<1024xi8> to memref<8x4xi32>
    %a = vector.load %y[%task, %c0] : memref<8x4xi32>, vector<4xi32>
    %b = arith.addi %a, %t : vector<4xi32>
    %c = arith.muli %b, %b : vector<4xi32>
    %d = arith.muli %c, %b : vector<4xi32>
    %e = arith.muli %d, %b : vector<4xi32>
    %f = arith.muli %e, %b : vector<4xi32>
    vector.store %f, %y[%task, %c0] : memref<8x4xi32>, vector<4xi32>
    return
  }
  func.func private @main.task1.run(memref<1024xi8>, memref<1xi8>) -> i32 attributes {tflc.run_tasks = @main.task1, tflc.task_count = 8 : i64}
  func.func @main(%arena: memref<1024xi8> {tflc.arena}, %parallel: memref<1xi8> {tflc.parallel}) -> (i32, i32) attributes {tfl.signature = "main"} {
    %0 = call @main.task0.run(%arena, %parallel) : (memref<1024xi8>, memref<1xi8>) -> i32
    %1 = call @main.task1.run(%arena, %parallel) : (memref<1024xi8>, memref<1xi8>) -> i32
    return %0, %1 : i32, i32
  }
}

// -----

// The same code in another number of tasks is run by a function of its own.
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // CHECK: func.func private @main.task0(
  // CHECK: func.func private @main.task0.run(
  // CHECK: func.func private @main.task1(
  // CHECK: func.func private @main.task1.run(
  func.func private @main.task0(%arena: memref<1024xi8>, %task: index) {
    %c0 = arith.constant 0 : index
    %t = arith.constant dense<[1, 2, 3, 4]> : vector<4xi32>
    %y = memref.view %arena[%c0][] : memref<1024xi8> to memref<8x4xi32>
    %a = vector.load %y[%task, %c0] : memref<8x4xi32>, vector<4xi32>
    %b = arith.addi %a, %t : vector<4xi32>
    %c = arith.muli %b, %b : vector<4xi32>
    %d = arith.muli %c, %b : vector<4xi32>
    %e = arith.muli %d, %b : vector<4xi32>
    %f = arith.muli %e, %b : vector<4xi32>
    vector.store %f, %y[%task, %c0] : memref<8x4xi32>, vector<4xi32>
    return
  }
  func.func private @main.task0.run(memref<1024xi8>, memref<1xi8>) -> i32 attributes {tflc.run_tasks = @main.task0, tflc.task_count = 8 : i64}
  func.func private @main.task1(%arena: memref<1024xi8>, %task: index) {
    %c0 = arith.constant 0 : index
    %c512 = arith.constant 512 : index
    %t = arith.constant dense<[1, 2, 3, 5]> : vector<4xi32>
    %y = memref.view %arena[%c512][] : memref<1024xi8> to memref<8x4xi32>
    %a = vector.load %y[%task, %c0] : memref<8x4xi32>, vector<4xi32>
    %b = arith.addi %a, %t : vector<4xi32>
    %c = arith.muli %b, %b : vector<4xi32>
    %d = arith.muli %c, %b : vector<4xi32>
    %e = arith.muli %d, %b : vector<4xi32>
    %f = arith.muli %e, %b : vector<4xi32>
    vector.store %f, %y[%task, %c0] : memref<8x4xi32>, vector<4xi32>
    return
  }
  func.func private @main.task1.run(memref<1024xi8>, memref<1xi8>) -> i32 attributes {tflc.run_tasks = @main.task1, tflc.task_count = 4 : i64}
  func.func @main(%arena: memref<1024xi8> {tflc.arena}, %parallel: memref<1xi8> {tflc.parallel}) -> (i32, i32) attributes {tfl.signature = "main"} {
    %0 = call @main.task0.run(%arena, %parallel) : (memref<1024xi8>, memref<1xi8>) -> i32
    %1 = call @main.task1.run(%arena, %parallel) : (memref<1024xi8>, memref<1xi8>) -> i32
    return %0, %1 : i32, i32
  }
}
