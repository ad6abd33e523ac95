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

    Tables from integers to numbers are constants as well: a look-up compares with all keys.
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

def DropDebuggingPass : Pass<"tf-drop-debugging", "::mlir::func::FuncOp"> {
  let summary = "remove what checks, prints or orders, and identities of several values";
  let description = [{
    `Assert`, `PrintV2` and their like have no place in a model for inference.
  }];
}

def DecomposePass : Pass<"tf-decompose", "::mlir::func::FuncOp"> {
  let summary = "write operations that have no operator as several that have one";
  let description = [{
    ```mlir
    %0 = tf.Softsign %x
    // becomes
    %a = tf.Abs %x
    %s = tf.AddV2 %a, %one
    %0 = tf.RealDiv %x, %s
    ```
  }];
}

def FoldProductsPass : Pass<"tf-fold-products", "::mlir::func::FuncOp"> {
  let summary = "move batch norms, factors and offsets into the weights before them";
  let description = [{
    A batch norm at inference is a factor and an offset for each channel. A factor behind a convolution or product with
    constant weights scales the weights; an offset stays as the one addition that becomes the bias.

    ```mlir
    %0 = tf.Conv2D %x, %w
    %1 = tf.Mul %0, %factor
    // becomes
    %1 = tf.Conv2D %x, %w_times_factor
    ```
  }];
}

def DecomposeEinsumPass : Pass<"tf-decompose-einsum", "::mlir::func::FuncOp"> {
  let summary = "write sums of products as products of matrices";
  let description = [{
    Labels of one operand alone are summed; then the operands are arranged to batches of matrices, with as few
    transpositions as the order of their dimensions allows.

    ```mlir
    %0 = tf.Einsum %x, %y {equation = "bij,bkj->bik"}
    // becomes
    %0 = tf.BatchMatMulV2 %x, %y {adj_y = true}
    ```
  }];
}

def FuseActivationsPass : Pass<"tf-fuse-activations", "::mlir::func::FuncOp"> {
  let summary = "find GELU, HARD_SWISH and RELU6 in the arithmetic that they are written as";
  let description = [{
    ```mlir
    %s = tf.AddV2 %x, %three
    %r = tf.Relu6 %s
    %p = tf.Mul %x, %r
    %0 = tf.Mul %p, %sixth
    // becomes
    %0 = tf.HardSwish %x
    ```
  }];
}

def FuseDilationPass : Pass<"tf-fuse-dilation", "::mlir::func::FuncOp"> {
  let summary = "find dilated convolutions written as convolutions of blocks";
  let description = [{
    ```mlir
    %b = tf.SpaceToBatchND %x, %two, %paddings
    %c = tf.Conv2D %b, %w {padding = "VALID"}
    %0 = tf.BatchToSpaceND %c, %two, %crops
    // becomes
    %0 = tf.Conv2D %x, %w {padding = "SAME", dilations = array<i64: 1, 2, 2, 1>}
    ```
  }];
}

def FoldInputsPass : Pass<"tf-fold-inputs", "::mlir::func::FuncOp"> {
  let summary = "move factors and offsets ahead of products into their weights";
  let description = [{
    What multiplies or shifts the channels of an input, such as the last step of a layer norm, is part of the weights
    and the bias of the products behind it, if nothing else takes it.

    ```mlir
    %0 = tf.Mul %x, %factors
    %1 = tf.MatMul %0, %w
    // becomes
    %1 = tf.MatMul %x, %factors_times_w
    ```
  }];
}

def FuseArithmeticPass : Pass<"tf-fuse-arithmetic", "::mlir::func::FuncOp"> {
  let summary = "join two operations that one operator computes";
  let description = [{
    ```mlir
    %d = tf.Sub %x, %y
    %0 = tf.Square %d
    // becomes
    %0 = tf.SquaredDifference %x, %y
    ```
  }];
}

def FusePaddingPass : Pass<"tf-fuse-padding", "::mlir::func::FuncOp"> {
  let summary = "say SAME where a padding ahead of a convolution is what SAME adds";
  let description = [{
    ```mlir
    %p = tf.Pad %x, dense<[[0, 0], [0, 1], [0, 1], [0, 0]]>
    %0 = tf.Conv2D %p, %w {padding = "VALID", strides = array<i64: 1, 2, 2, 1>}
    // becomes, for 8x8 elements and 3x3 windows
    %0 = tf.Conv2D %x, %w {padding = "SAME", strides = array<i64: 1, 2, 2, 1>}
    ```
  }];
}

def FuseRecurrencesPass : Pass<"tf-fuse-recurrences", "::mlir::func::FuncOp"> {
  let summary = "find layers over sequences in the loops that they are written as";
  let description = [{
    A loop over the steps of a sequence with the states of LSTMs or simple recurrences becomes one operation for each
    cell, if the states begin at zero, the batch is known, and nothing uses the last cell state.

    ```mlir
    %0:3 = tf.WhileRegion %zero, %h, %c { %i < %steps } do { ... an LSTM's cell for step %i of %x ... }
    // becomes
    %all = tf.SequenceLstm %x, %kernel, %recurrent, %bias
    %0 = tf.StridedSlice %all of the last step
    ```
  }];
}

def FuseRowsPass : Pass<"tf-fuse-rows", "::mlir::func::FuncOp"> {
  let summary = "multiply a batch with weights before its dimensions are flattened";
  let description = [{
    ```mlir
    %r = tf.Reshape %x : tensor<2x3x4xf32> to tensor<6x4xf32>
    %p = tf.MatMul %r, %w
    %0 = tf.Reshape %p : tensor<6x5xf32> to tensor<2x3x5xf32>
    // becomes
    %0 = tf.BatchMatMulV2 %x, %w
    ```
  }];
}

def LowerTensorListsPass : Pass<"tf-lower-tensor-lists", "::mlir::func::FuncOp"> {
  let summary = "make tensors with one more dimension of lists of tensors";
  let description = [{
    Loops collect what they compute, and read what they go through, by lists. Where the shape of the elements is
    known, from any op that touches the list, the list is a tensor: reading is a gather, setting an update.

    ```mlir
    %list = tf.TensorListFromTensor %x, %shape
    %item = tf.TensorListGetItem %list, %i, %shape
    // becomes
    %item = tf.GatherV2 %x, %i, %zero
    ```
  }];
}

def NormalizeLayoutPass : Pass<"tf-normalize-layout", "::mlir::func::FuncOp"> {
  let summary = "put the channels last";
  let description = [{
    TensorFlow Lite has no other layout. Transpositions around an operation keep the values what they are.

    ```mlir
    %0 = tf.Conv2D %x, %w {data_format = "NCHW"}
    // becomes
    %l = tf.Transpose %x, dense<[0, 2, 3, 1]>
    %c = tf.Conv2D %l, %w
    %0 = tf.Transpose %c, dense<[0, 3, 1, 2]>
    ```
  }];
}

def SinkTransposesPass : Pass<"tf-sink-transposes", "::mlir::func::FuncOp"> {
  let summary = "move transpositions behind what can be computed before them, until they meet";
  let description = [{
    ```mlir
    %t = tf.Transpose %x, dense<[0, 3, 1, 2]>
    %r = tf.Relu %t
    %0 = tf.Transpose %r, dense<[0, 2, 3, 1]>
    // becomes
    %0 = tf.Relu %x
    ```
  }];
}

def RaiseBranchesPass : Pass<"tf-raise-branches", "::mlir::func::FuncOp"> {
  let summary = "make branches of the switches and merges of TensorFlow 1";
  let description = [{
    ```mlir
    %f, %t = "tf.Switch"(%x, %c)
    %a = tf.Neg %f
    %b = tf.Abs %t
    %0, %i = "tf.Merge"(%a, %b)
    // becomes
    %0 = tf.IfRegion %c { tf.Abs %x } else { tf.Neg %x }
    ```
  }];
  let dependentDialects = ["::tflc::tf::TFDialect"];
}

def LowerBranchesPass : Pass<"tf-lower-branches", "::mlir::func::FuncOp"> {
  let summary = "write choices by an index, and conditions that are numbers, as branches by one bool";
  let description = [{
    ```mlir
    %0 = tf.CaseRegion %i { a } { b } { c }
    // becomes
    %0 = tf.IfRegion (%i == 0) { a } else { tf.IfRegion (%i == 1) { b } else { c } }
    ```
  }];
}

def UseSinglePrecisionPass : Pass<"tf-use-single-precision", "::mlir::func::FuncOp"> {
  let summary = "compute in float32 what a model computes in other floats";
  let description = [{
    Kernels of TensorFlow Lite compute with no float16, bfloat16 or float64. Inputs and outputs keep their types. Of
    float64, results lose precision, so that there is a warning; where a constant would become zero or infinite, the
    function stays as it is.

    ```mlir
    %0 = tf.Cast %x : tensor<2xf32> to tensor<2xf16>
    %1 = tf.Relu %0 : tensor<2xf16>
    // becomes
    %1 = tf.Relu %x : tensor<2xf32>
    ```
  }];
}

#endif
