//===- Passes.td - passes on the way to LLVM -------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_PASSES
#define TFLC_TARGET_PASSES

include "mlir/Pass/PassBase.td"

def SetTarget : Pass<"tflc-set-target", "::mlir::ModuleOp"> {
  let summary = "attach a target's facts to the module";
  let description = [{
    Writes the row of the target table as the module attribute `tflc.target`. A module that has the
    attribute already keeps it unless `target` is given.
  }];
  let options = [
    Option<"target", "target", "std::string", [{""}], "name of the target; native if empty">,
  ];
}

def ExpandCopies : Pass<"tflc-expand-copies"> {
  let summary = "turn copies between strided memrefs into loops";
  let description = [{
    The lowering of `memref.copy` to LLVM calls a library function where one side is not contiguous. Compiled
    models link with nothing, so such a copy becomes a `linalg.generic` here. Contiguous
    copies stay: they become memcpy.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
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
    operations, so that an object needs no libm and vectors stay vectors. `math.powf` is computed with f64 where the
    target has it. What needs loops or branches, `arith.remf` and sines of large arguments, becomes a private function
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

def ConvertToLLVMDialect : Pass<"tflc-convert-to-llvm", "::mlir::ModuleOp"> {
  let summary = "convert func, cf, arith, math, memref and vector to the LLVM dialect";
  let description = [{
    One conversion with the target's pointer width as the width of `index`, and memrefs passed as bare pointers. Constants
    (`memref.global`) become internal read-only data, aligned for vectors.
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
