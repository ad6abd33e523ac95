//===- Passes.td - passes that say what the target is ----------*- tablegen -*-===//
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

#endif
