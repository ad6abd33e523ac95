// RUN: tflc-opt %s -split-input-file --tflrt-narrow-saturating | FileCheck %s

module attributes {tflc.target = {name = "cortex-a72", triple = "aarch64-unknown-linux-gnu"}} {
  // The zero point joins in 16 bits, and a limit of the activation in 8.
  // CHECK-LABEL: @clamped
  func.func @clamped(%x: vector<16xi32>, %m: vector<16xi32>, %s: vector<16xi8>) -> vector<16xi8> {
    %zero = arith.constant dense<-5> : vector<16xi32>
    %low = arith.constant dense<-5> : vector<16xi32>
    %high = arith.constant dense<127> : vector<16xi32>
    // CHECK: %[[R:.*]] = tflrt.rescale
    // CHECK: arith.maxsi %[[R]], %{{.*}} : vector<16xi32>
    // CHECK: arith.minsi
    // CHECK: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi16>
    // CHECK: llvm.intr.sadd.sat
    // CHECK: arith.trunci %{{.*}} : vector<16xi16> to vector<16xi8>
    // CHECK-NEXT: %{{.*}} = arith.constant dense<-5> : vector<16xi8>
    // CHECK-NEXT: %[[Y:.*]] = arith.maxsi
    // CHECK-NEXT: return %[[Y]]
    %0 = tflrt.rescale %x, %m, %s <double> {max_shift = -1 : i32} : vector<16xi32>, vector<16xi8> -> vector<16xi32>
    %1 = arith.addi %0, %zero : vector<16xi32>
    %2 = arith.maxsi %1, %low : vector<16xi32>
    %3 = arith.minsi %2, %high : vector<16xi32>
    %4 = arith.trunci %3 : vector<16xi32> to vector<16xi8>
    return %4 : vector<16xi8>
  }

  // A sum that might wrap stays in 32 bits.
  // CHECK-LABEL: @may_wrap
  func.func @may_wrap(%x: vector<8xi32>) -> vector<8xi8> {
    %zero = arith.constant dense<5> : vector<8xi32>
    %low = arith.constant dense<-128> : vector<8xi32>
    %high = arith.constant dense<127> : vector<8xi32>
    // CHECK: arith.addi %{{.*}} : vector<8xi32>
    // CHECK: arith.trunci %{{.*}} : vector<8xi32> to vector<8xi16>
    // CHECK-NOT: sadd.sat
    %1 = arith.addi %x, %zero : vector<8xi32>
    %2 = arith.minsi %1, %high : vector<8xi32>
    %3 = arith.maxsi %2, %low : vector<8xi32>
    %4 = arith.trunci %3 : vector<8xi32> to vector<8xi8>
    return %4 : vector<8xi8>
  }

  // What is not clamped to a byte wraps.
  // CHECK-LABEL: @wide_limits
  // CHECK-NOT: vector<8xi16>
  func.func @wide_limits(%x: vector<8xi32>) -> vector<8xi8> {
    %low = arith.constant dense<0> : vector<8xi32>
    %high = arith.constant dense<255> : vector<8xi32>
    %2 = arith.minsi %x, %high : vector<8xi32>
    %3 = arith.maxsi %2, %low : vector<8xi32>
    %4 = arith.trunci %3 : vector<8xi32> to vector<8xi8>
    return %4 : vector<8xi8>
  }
}

// -----

module attributes {tflc.target = {name = "x86-64-v3", triple = "x86_64-unknown-linux-gnu"}} {
  // CHECK-LABEL: @elsewhere
  // CHECK-NOT: vector<8xi16>
  func.func @elsewhere(%x: vector<8xi32>) -> vector<8xi8> {
    %low = arith.constant dense<-128> : vector<8xi32>
    %high = arith.constant dense<127> : vector<8xi32>
    %2 = arith.minsi %x, %high : vector<8xi32>
    %3 = arith.maxsi %2, %low : vector<8xi32>
    %4 = arith.trunci %3 : vector<8xi32> to vector<8xi8>
    return %4 : vector<8xi8>
  }
}

// -----

module attributes {tflc.target = {name = "x86-64-v3", triple = "x86_64-unknown-linux-gnu", vector_bits = 256 : i64}} {
  // Four registers are packed into one, and only that is put in order.
  // CHECK-LABEL: @packed
  func.func @packed(%acc: vector<16xi32>, %scale: vector<16xf32>, %offset: vector<16xf32>) -> vector<32xi8> {
    %half = tflrt.float_rescale %acc, %scale, %offset <nearest> {largest = 1000000 : i32} : vector<16xi32>, vector<16xf32>, vector<16xf32>
    %x = vector.shuffle %half, %half [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31] : vector<16xi32>, vector<16xi32>
    %zero = arith.constant dense<7> : vector<32xi32>
    %low = arith.constant dense<-128> : vector<32xi32>
    %high = arith.constant dense<100> : vector<32xi32>
    // CHECK: llvm.call_intrinsic "llvm.x86.avx2.packssdw"
    // CHECK: llvm.intr.sadd.sat
    // CHECK: llvm.call_intrinsic "llvm.x86.avx2.packssdw"
    // CHECK: llvm.intr.sadd.sat
    // CHECK: llvm.call_intrinsic "llvm.x86.avx2.packsswb"
    // CHECK: vector.shuffle {{.*}} [0, 4, 1, 5, 2, 6, 3, 7] : vector<8xi32>, vector<8xi32>
    // CHECK: arith.minsi {{.*}} : vector<32xi8>
    // CHECK-NOT: arith.maxsi
    %0 = arith.addi %x, %zero : vector<32xi32>
    %1 = arith.maxsi %0, %low : vector<32xi32>
    %2 = arith.minsi %1, %high : vector<32xi32>
    %3 = arith.trunci %2 : vector<32xi32> to vector<32xi8>
    return %3 : vector<32xi8>
  }

  // A sum that might wrap around is taken in 32 bits; bytes without sign have an instruction of their own.
  // CHECK-LABEL: @unsigned
  func.func @unsigned(%x: vector<32xi32>) -> vector<32xi8> {
    %zero = arith.constant dense<7> : vector<32xi32>
    %low = arith.constant dense<0> : vector<32xi32>
    %high = arith.constant dense<255> : vector<32xi32>
    // CHECK: arith.addi {{.*}} : vector<32xi32>
    // CHECK-NOT: sadd.sat
    // CHECK: llvm.call_intrinsic "llvm.x86.avx2.packuswb"
    %0 = arith.addi %x, %zero : vector<32xi32>
    %1 = arith.maxsi %0, %low : vector<32xi32>
    %2 = arith.minsi %1, %high : vector<32xi32>
    %3 = arith.trunci %2 : vector<32xi32> to vector<32xi8>
    return %3 : vector<32xi8>
  }

  // Twice as many lanes are packed in two parts; limits within the bytes are limits of bytes.
  // CHECK-LABEL: @two_parts
  func.func @two_parts(%x: vector<64xi32>) -> vector<64xi8> {
    %low = arith.constant dense<3> : vector<64xi32>
    %high = arith.constant dense<200> : vector<64xi32>
    // CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.avx2.packssdw"
    // CHECK: llvm.call_intrinsic "llvm.x86.avx2.packuswb"
    // CHECK: arith.maxui {{.*}} : vector<32xi8>
    // CHECK: arith.minui {{.*}} : vector<32xi8>
    // CHECK: vector.insert_strided_slice {{.*}} {offsets = [0], strides = [1]} : vector<32xi8> into vector<64xi8>
    // CHECK: llvm.call_intrinsic "llvm.x86.avx2.packuswb"
    // CHECK: vector.insert_strided_slice {{.*}} {offsets = [32], strides = [1]} : vector<32xi8> into vector<64xi8>
    %0 = arith.maxsi %x, %low : vector<64xi32>
    %1 = arith.minsi %0, %high : vector<64xi32>
    %2 = arith.trunci %1 : vector<64xi32> to vector<64xi8>
    return %2 : vector<64xi8>
  }
}

// -----

module attributes {tflc.target = {name = "x86-64-v4", triple = "x86_64-unknown-linux-gnu", vector_bits = 512 : i64}} {
  // AVX-512 has four blocks of 128 bits instead of two.
  // CHECK-LABEL: @packed_in_512
  func.func @packed_in_512(%x: vector<64xi32>) -> vector<64xi8> {
    %low = arith.constant dense<-128> : vector<64xi32>
    %high = arith.constant dense<127> : vector<64xi32>
    // CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.avx512.packssdw.512"
    // CHECK: llvm.call_intrinsic "llvm.x86.avx512.packsswb.512"
    // CHECK: vector.shuffle {{.*}} [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15] : vector<16xi32>, vector<16xi32>
    %0 = arith.maxsi %x, %low : vector<64xi32>
    %1 = arith.minsi %0, %high : vector<64xi32>
    %2 = arith.trunci %1 : vector<64xi32> to vector<64xi8>
    return %2 : vector<64xi8>
  }

  // Two registers are narrowed one by one.
  // CHECK-LABEL: @half_of_512
  // CHECK-NOT: packssdw
  // CHECK: arith.trunci
  func.func @half_of_512(%x: vector<32xi32>) -> vector<32xi8> {
    %low = arith.constant dense<-128> : vector<32xi32>
    %high = arith.constant dense<127> : vector<32xi32>
    %0 = arith.maxsi %x, %low : vector<32xi32>
    %1 = arith.minsi %0, %high : vector<32xi32>
    %2 = arith.trunci %1 : vector<32xi32> to vector<32xi8>
    return %2 : vector<32xi8>
  }
}

// -----

// Bytes whose sign bits are flipped are packed without signs, by a zero point 128 higher.
module attributes {tflc.target = {name = "x86-64-v4"}} {
  // CHECK-LABEL: @flipped
  func.func @flipped(%x: vector<64xi32>, %m: vector<64xi32>, %s: vector<64xi8>) -> vector<64xi8> {
    %zero = arith.constant dense<-5> : vector<64xi32>
    %low = arith.constant dense<-5> : vector<64xi32>
    %high = arith.constant dense<127> : vector<64xi32>
    %sign = arith.constant dense<-128> : vector<64xi8>
    // CHECK: arith.constant dense<123> : vector<32xi16>
    // CHECK: packuswb
    // CHECK: arith.constant dense<123> : vector<64xi8>
    // CHECK: %[[Y:.*]] = arith.maxui
    // CHECK-NOT: arith.xori
    // CHECK: return %[[Y]]
    %0 = tflrt.rescale %x, %m, %s <double> {max_shift = -1 : i32} : vector<64xi32>, vector<64xi8> -> vector<64xi32>
    %1 = arith.addi %0, %zero : vector<64xi32>
    %2 = arith.maxsi %1, %low : vector<64xi32>
    %3 = arith.minsi %2, %high : vector<64xi32>
    %4 = arith.trunci %3 : vector<64xi32> to vector<64xi8>
    %5 = arith.xori %4, %sign : vector<64xi8>
    return %5 : vector<64xi8>
  }
}
