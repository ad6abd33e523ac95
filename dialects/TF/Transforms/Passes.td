//===- Passes.td - passes of the tf dialect ----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_PASSES
#define TFLC_TF_PASSES

include "mlir/Pass/PassBase.td"

def InlineFunctionsPass : Pass<"tf-inline-functions", "::mlir::ModuleOp"> {
  let summary = "replace calls by the functions' bodies, and branches and loops by regions";
  let description = [{
    Afterwards the public functions stand alone: what they called, to any depth, is part of them, and private
    functions are gone. A function that calls itself is an error, and so are functions that grow beyond all measure.

    ```mlir
    %0 = "tf.If"(%c, %x) {then_branch = @a, else_branch = @b} ...
    // becomes
    %0 = tf.IfRegion %c { ... of @a with %x ... } else { ... of @b with %x ... }
    ```
  }];
}

def HoistLoopInvariantsPass : Pass<"tf-hoist-loop-invariants", "::mlir::func::FuncOp"> {
  let summary = "use values that a loop passes through unchanged from around it";
  let description = [{
    A value that the body yields as it came, in its own place, is no state of the loop: its uses in the regions and
    behind the loop become the operand. Handles of variables, weights and the number of iterations lose their disguise so.
  }];
}

def FreezeVariablesPass : Pass<"tf-freeze-variables", "::mlir::ModuleOp"> {
  let summary = "make constants of variables that no function assigns";
  let description = [{
    Reading a variable that only has its initial value is a constant. Of the others, additions and subtractions in place
    become a read, the arithmetic and an assignment; reads get the type of the initial value.
  }];
}

def InferShapesPass : Pass<"tf-infer-shapes", "::mlir::func::FuncOp"> {
  let summary = "compute all types from those of the inputs";
  let description = [{
    Visits the ops in program order and asks their shape functions. Integer arithmetic whose result follows from sizes
    that are known becomes constant on the way. What a loop carries has the type that its initial value and all
    next ones share.

    ```mlir
    %s = tf.Shape %x : (tensor<2x3xf32>) -> tensor<*xi32>
    // becomes
    %s = tf.Const dense<[2, 3]> -> tensor<2xi32>
    ```
  }];
}

#endif
