//===- Passes.td - passes on the way to LLVM -------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CODEGEN_PASSES
#define TFLC_CODEGEN_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Instructions (lib/CodeGen/Instructions)
//===----------------------------------------------------------------------===//

def ExpandDot : Pass<"tflc-expand-dot", "::mlir::ModuleOp"> {
  let summary = "replace tflrt.dot, dot_matrix and word_products by the target's instructions";
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::vector::VectorDialect"];
}

def ExpandTiles : Pass<"tflc-expand-tiles", "::mlir::ModuleOp"> {
  let summary = "replace ops on tile registers by the target's instructions";
  let description = [{
    A function that the program calls, and that uses the registers or calls one that does, asks the system for them when it begins, and ends with a
    status where it is refused.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
                           "::tflc::tflrt::TFLRTDialect"];
}

def ExpandLookup : Pass<"tflc-expand-lookup", "::mlir::ModuleOp"> {
  let summary = "replace tflrt.lookup by the target's instructions";
  let description = [{
    With PSHUFB, which looks up the lower half of an index in 16 bytes, each row of 16 entries that is not constant is one look-up, and
    the bits of the upper half select among the rows. Equal rows, as saturating functions have them, are one row.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::vector::VectorDialect"];
}

def ExpandWords : Pass<"tflc-expand-words", "::mlir::ModuleOp"> {
  let summary = "replace tflrt.multiply_high and tflrt.multiply_sign by instructions or arithmetic";
  let description = [{
    Vectors as wide as a register of x86 become VPMULHRSW and VPSIGNW, those of NEON, MVE and RISC-V SQRDMULH, VQRDMULH and VSMUL; single words SMLABB
    where ARM's DSP extension has no vectors; all others products of 32 bits, and selections.

    Vectors of bytes that are extended to words become SXTB16 or UXTB16 where the DSP extension of ARM has no vectors; on other machines they stay.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::vector::VectorDialect"];
}

def NarrowConstants : Pass<"tflc-narrow-constants", "::mlir::ModuleOp"> {
  let summary = "keep constants in as few bytes as hold their values";
  let description = [{
    A constant of f32 all of whose values are f16 exactly, as weights of float16 models are, takes half the bytes and is widened as it is
    loaded, without an instruction for that by arithmetic. That is done where the steps that read the constant then execute less than a
    twentieth more instructions (estimated), and with `for-size` always. Small constants stay as they are: the code that widens would be larger.

    A constant of i8 or i16 all of whose values are from -8 to 7, as int4 weights are, takes half a byte for each, in blocks as long as the vectors
    that read it: byte j of a block holds element j, plus 8, in its low half, and the one half a block behind it in the high half. At levels other
    than `for-size` also where the constant does not stay in the second-level cache and is read once, so that its bytes are what takes the time.

    ```mlir
    memref.global constant @w : memref<1000xf32> = dense<...>
    %x = vector.load %w[%i] : memref<1000xf32>, vector<4xf32>
    ```
    becomes
    ```mlir
    memref.global constant @w : memref<1000xf16> = dense<...>
    %h = vector.load %w[%i] : memref<1000xf16>, vector<4xf16>
    %x = arith.extf %h : vector<4xf16> to vector<4xf32>
    ```
  }];
  let options = [Option<"forSize", "for-size", "bool", /*default=*/"false", "whatever it costs">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect", "::mlir::vector::VectorDialect"];
}

def MergeKernels : Pass<"tflc-merge-kernels", "::mlir::ModuleOp"> {
  let summary = "make one function of kernels with the same code";
  let description = [{
    Functions that `tflc-emit-kernels` has made of kernels are compared. Those that differ only in their buffers, in the constants that they read, and in
    numbers that they add, multiply or compare with, become one, which gets these as arguments; likewise functions of tasks. Of buffers it is
    told whether they overlap, how they are aligned, and how long they are. A kernel that is like no other goes back to where it is called.

    ```mlir
    func.func private @main.kernel0(%x: memref<64xi8>, %arena: memref<256xi8>) attributes {tflc.kernel} {
      %w = memref.get_global @w0 : memref<64xi8>
      %y = memref.view %arena[%c0][] : memref<256xi8> to memref<64xi8>
      ...
    }
    func.func private @main.kernel1(%x: memref<64xi8>, %arena: memref<256xi8>) attributes {tflc.kernel} {
      %w = memref.get_global @w1 : memref<64xi8>
      %y = memref.view %arena[%c64][] : memref<256xi8> to memref<64xi8>
      ...
    }
    // become
    func.func private @main.kernel0(%x: memref<64xi8>, %w: memref<64xi8>, %y: memref<64xi8>) attributes {tflc.apart} {...}
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::vector::VectorDialect"];
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

def ExpandRescale : Pass<"tflrt-expand-rescale"> {
  let summary = "expand rescales to the arithmetic that they stand for";
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
  `tflrt.float_rescale` and `tflrt.float_sum` become the float arithmetic of their descriptions; neighbouring ones are emitted together.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
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

//===----------------------------------------------------------------------===//
// LLVM
//===----------------------------------------------------------------------===//

def ExpandCopies : Pass<"tflc-expand-copies"> {
  let summary = "turn copies between strided memrefs into loops";
  let description = [{
    The lowering of `memref.copy` to LLVM calls a library function where one side is not contiguous. Compiled
    models link with nothing, so such a copy becomes a `linalg.generic` here. Contiguous
    copies stay: they become memcpy.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def ExpandShapes : Pass<"tflc-expand-shapes"> {
  let summary = "turn splits of a dimension into several unknown ones into views";
  let description = [{
    A fed shape can split one dimension into several whose sizes show only when the model runs. MLIR's expansion of
    views knows how to divide by one unknown part at most, so these are written as views with computed strides here.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def LowerVectors : Pass<"tflc-lower-vectors"> {
  let summary = "lower vector ops of several dimensions to one-dimensional ones";
  let description = [{
    Contractions that no schedule has replaced become multiplications and additions over the last dimension,
    transfers become loads and stores of rows, and transposes shuffles.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::affine::AffineDialect", "::mlir::vector::VectorDialect"];
}

def ExpandMath : Pass<"tflc-expand-math", "::mlir::ModuleOp"> {
  let summary = "replace functions of libm by arithmetic";
  let description = [{
    `math.exp`, `log`, `tanh`, `erf`, `sin`, `cos` and their like, on f32 scalars and vectors, become polynomials and bit
    operations, so that an object needs no libm and vectors stay vectors. `math.powf` is computed with f64. What needs loops or branches, `arith.remf` and sines of large arguments, becomes a private function
    that is called for each lane.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def ExpandFloats : Pass<"tflc-expand-floats", "::mlir::ModuleOp"> {
  let summary = "expand float ops that the target has no instruction for";
  let description = [{
    LLVM would call libm or the compiler's run-time library for them. By the facts of the module's target: conversions
    between f16 and f32 become integer arithmetic, `math.fma` a product and a sum, and rounding to
    an integral value conversions with a select for large values.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def ExpandDoubles : Pass<"tflc-expand-doubles", "::mlir::ModuleOp"> {
  let summary = "compute with doubles by integers";
  let description = [{
    On targets that have f32 but no f64 in instructions, sums, products, quotients, comparisons and conversions of f64 become
    calls of private functions on the bits, which round as IEEE 754 says; subnormal doubles count as zeros. Memory, selects
    and signs of f64 need no instruction. On targets of 32 bits the same holds for conversions between f32 and i64.

    ```mlir
    %z = arith.addf %x, %y : f64

    %0 = arith.bitcast %x : f64 to i64
    %1 = arith.bitcast %y : f64 to i64
    %2 = call @tflc.double_sum(%0, %1) : (i64, i64) -> i64
    %z = arith.bitcast %2 : i64 to f64
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def ConvertToLLVMDialect : Pass<"tflc-convert-to-llvm", "::mlir::ModuleOp"> {
  let summary = "convert func, cf, arith, math, memref and vector to the LLVM dialect";
  let description = [{
    One conversion with the target's pointer width as the width of `index`, and memrefs passed as bare pointers. Constants
    (`memref.global`) become internal read-only data, aligned for vectors.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ExpandTasks : Pass<"tflc-expand-tasks", "::mlir::ModuleOp"> {
  let summary = "write the functions that run tasks";
  let description = [{
    A declaration with `tflc.run_tasks` gets its body: it stores its pointers in an array and hands that, and a function which
    takes them from there and calls that of the task, to the caller's `tflc_parallel`; without one it runs the tasks in turn.

    ```mlir
    llvm.func @main.task0.run(!llvm.ptr, ..., !llvm.ptr) -> i32 attributes {tflc.run_tasks = @main.task0, tflc.task_count = 8 : i64}
    ```

    Calls with `tflc.list_step` become one call of a function `main.list0`, whose tasks take those of all steps (docs/Threads.md).
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def CheckLLVM : Pass<"tflc-check-llvm", "::mlir::ModuleOp"> {
  let summary = "check that only the LLVM dialect is left";
  let description = [{
    The contract of the phase `llvm`: every op belongs to the LLVM dialect, and no function is only declared
    besides intrinsics and memcpy, memmove, memset.
  }];
}

#endif
