//===- RoomOps.td - the memory that is left ---------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_ROOM_OPS
#define TFLC_TFLRT_ROOM_OPS

include "TFLRT/IR/TFLRTBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def TFLRT_RoomOp : TFLRT_Op<"room", [MemoryEffects<[MemWrite]>]> {
  let summary = "how many elements the rest of the arena has room for";
  let description = [{
    The number of elements of type `element` that a tensor may have of which nothing says how large it becomes: a quarter
    of the arena behind what is placed before the op. A guard ends the invocation with `TFLC_LARGER_ARENA_NEEDED` where
    that is too little.

    ```mlir
    %elements = tflrt.room f32
    ```
  }];
  let arguments = (ins TypeAttr:$element);
  let results = (outs Index:$elements);
  let assemblyFormat = "$element attr-dict";
}

#endif
