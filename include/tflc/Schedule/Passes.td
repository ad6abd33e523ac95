//===- Passes.td - from tensors to loops over planned memory ---*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SCHEDULE_PASSES
#define TFLC_SCHEDULE_PASSES

include "mlir/Pass/PassBase.td"

def TFLCBufferizePass : Pass<"tflc-bufferize", "::mlir::ModuleOp"> {
  let summary = "turn tensors into buffers; entry functions get memref inputs, outputs and the arena";
  let description = [{
    Entry functions (those with `tfl.signature`) become `(inputs..., outputs..., arena) -> ()`: a result is written into the
    caller's memory by the op that computes it wherever possible. `tensor.pad` becomes a filled buffer into whose interior
    the producer writes. Variables become views of the arena's beginning. What is left is linalg on
    memrefs with static identity or strided layouts, one `memref.alloc` for each intermediate value,
    and one `memref.global` for each constant.

    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> attributes {tfl.signature = "serving_default"}
    // becomes
    func.func @main(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<?xi8>)
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect"];
}

def TFLCPlanArenaPass : Pass<"tflc-plan-arena", "::mlir::ModuleOp"> {
  let summary = "give every intermediate buffer its place in the arena";
  let description = [{
    Replaces each `memref.alloc` at the top level of an entry function by a view of the arena at an offset that is fixed here.
    Lifetimes come from the order of the function's top-level ops. Two buffers overlap only when they are never alive
    in the same step, or when an op that works element by element reads the one for the last time
    where it writes the other.

    Module attributes say what came out: `tflc.arena_size`, `tflc.arena_alignment`, `tflc.arena_lower_bound` and `tflc.arena_map`.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

#endif
