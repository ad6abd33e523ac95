//===- Passes.td - passes of the tflrt dialect -----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_PASSES
#define TFLC_TFLRT_PASSES

include "mlir/Pass/PassBase.td"

def ExpandRescale : Pass<"tflrt-expand-rescale"> {
  let summary = "expand tflrt.rescale to integer arithmetic";
  let description = [{
    Replaces each `tflrt.rescale`, on scalars and on vectors, by `arith` ops that compute exactly what the op's
    description says; nothing overflows. What is known of multiplier and shift (constants, also broadcast ones,
    and the op's `max_shift`) makes the code shorter: no shift to the left where the exponent is not positive,
    constant shifts, and a second rounding of three operations where something is always shifted out.

    ```mlir
    %m = arith.constant 1518500250 : i32
    %s = arith.constant -3 : i8
    %y = tflrt.rescale %x, %m, %s <single> : i32, i8 -> i32
    ```
    becomes
    ```mlir
    %wide = arith.extsi %x : i32 to i64
    %product = arith.muli %wide, %c1518500250 : i64
    %sum = arith.addi %product, %c8589934592 : i64
    %shifted = arith.shrsi %sum, %c34 : i64
    %y = arith.trunci %shifted : i64 to i32
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect", "::mlir::vector::VectorDialect"];
}

def ExpandGuards : Pass<"tflrt-expand-guards", "::mlir::ModuleOp"> {
  let summary = "turn tflrt.guard into a conditional return";
  let description = [{
    A function with guards returns a status: each guard ends its block, and the function, where its status is not zero.
    Functions without guards stay as they are. Runs on buffers, where an op's place in the block is its order.

    ```mlir
    func.func @main(%arena: memref<64xi8>) {
      tflrt.guard %status
      ...
      return
    }
    // becomes
    func.func @main(%arena: memref<64xi8>) -> i32 {
      %rejected = arith.cmpi ne, %status, %c0 : i32
      cf.cond_br %rejected, ^exit(%status : i32), ^next
    ^next:
      ...
      cf.br ^exit(%c0 : i32)
    ^exit(%result: i32):
      return %result : i32
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect", "::mlir::func::FuncDialect"];
}

def NearestIntegers : Pass<"tflrt-nearest-integers"> {
  let summary = "round to the nearest integer as the processor converts";
  let description = [{
    On x86 the conversion of floats to integers rounds by itself, to nearest even unless the program has changed that.
    LLVM does not see that in a rounding and a conversion. On RISC-V vectors of floats and doubles are converted so, too, for most of them hold integers already.
    Others are truncated by arithmetic before: QEMU 7.2 fails at the instruction that converts vectors and truncates.

    ```mlir
    %even = math.roundeven %x : vector<8xf32>
    %y = arith.fptosi %even : vector<8xf32> to vector<8xi32>
    // becomes
    %y = llvm.call_intrinsic "llvm.lrint"(%x) : (vector<8xf32>) -> vector<8xi32>
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def NarrowSaturating : Pass<"tflrt-narrow-saturating"> {
  let summary = "make bytes from clamped 32 bit integers in two saturating steps";
  let description = [{
    Where the target narrows with saturation (NEON), vectors of 32 bit integers that are clamped to the range of a byte go through
    16 bits, and a zero point is added there: four times as many lanes pass an instruction in the end. Runs before
    `tflrt-expand-rescale`, which takes away what says that a rescaled value leaves room for the zero point.

    ```mlir
    %sum = arith.addi %rescaled, %zero_point : vector<16xi32>
    %low = arith.maxsi %sum, %c-128 : vector<16xi32>
    %clamped = arith.minsi %low, %c127 : vector<16xi32>
    %y = arith.trunci %clamped : vector<16xi32> to vector<16xi8>
    ```
    becomes, with `sat` for a clamp to the narrower type's range and a truncation,
    ```mlir
    %half = sat %rescaled : vector<16xi32> to vector<16xi16>
    %sum = llvm.intr.sadd.sat %half, %zero_point : vector<16xi16>
    %y = sat %sum : vector<16xi16> to vector<16xi8>
    ```
    AVX2 packs two registers with saturation, but the halves of 128 bits each by itself. Four registers are packed into one, whose groups of
    four bytes are then put in order once.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::vector::VectorDialect"];
}

#endif
