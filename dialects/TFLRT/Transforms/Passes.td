//===- Passes.td - passes of the tflrt dialect -----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_PASSES
#define TFLC_TFLRT_PASSES

include "mlir/Pass/PassBase.td"

def ExpandGuards : Pass<"tflrt-expand-guards", "::mlir::ModuleOp"> {
  let summary = "turn tflrt.guard into a conditional return";
  let description = [{
    A function with guards returns a status: each guard ends its block, and the function, where its status is not zero.
    Functions without guards stay as they are. Loops and branches of `scf` around guards become blocks of the function. Runs
    on buffers, where an op's place in the block is its order.

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

#endif
