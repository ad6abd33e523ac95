//===- Passes.td - lowering passes -----------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CONVERSION_PASSES
#define TFLC_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertTFLToLinalgPass : Pass<"tfl-to-linalg", "::mlir::ModuleOp"> {
  let summary = "lower the tfl dialect to linalg on tensors";
  let description = [{
    Gives every `tfl` op its meaning in `linalg`, `tensor`, `arith`, `math` and `tflrt`. This is the one place
    where the semantics of the operators stand, integer arithmetic included; what comes later changes how a
    model runs, never what it computes.

    Element types become the signless types that values are stored in: `!quant.uniform<u8:f32, ...>` and
    `ui8` become `i8`, `i1` becomes `i8` holding 0 or 1, 4-bit integers become `i8`. Signatures of functions,
    their returns and calls follow; attributes of arguments and results stay.

    An operator without a lowering for its types is an error at the operator. All of them are reported.

    ```mlir
    func.func @main(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5>>) -> tensor<6x!quant.uniform<u8:f32, 0.5>> {
      %shape = tfl.const dense<6> : tensor<1xi32> -> tensor<1xi32>
      %0 = "tfl.reshape"(%x, %shape) {new_shape = array<i32: 6>} : ...
      return %0 : tensor<6x!quant.uniform<u8:f32, 0.5>>
    }
    // becomes
    func.func @main(%x: tensor<2x3xi8>) -> tensor<6xi8> {
      %0 = tensor.collapse_shape %x [[0, 1]] : tensor<2x3xi8> into tensor<6xi8>
      return %0 : tensor<6xi8>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::complex::ComplexDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect", "::tflc::tflrt::TFLRTDialect"
  ];
}

def ConvertTFToTFLPass : Pass<"tf-to-tfl", "::mlir::ModuleOp"> {
  let summary = "legalize operations of TensorFlow graphs to operators of TensorFlow Lite";
  let description = [{
    Every function of signatures and their regions becomes `tfl`: weights in the order that the operators want, biases
    inside of products, branches and loops as functions of their own, initial values of variables in a function that
    runs once. Operators that the tfl dialect lacks are `unsupported.NAME`, as the importer has them.

    What cannot be converted is an error at the operation. All of them are reported.

    ```mlir
    %0 = tf.MatMul %x, %w : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
    %1 = tf.BiasAdd %0, %b : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
    // becomes
    %1 = tfl.fully_connected %x, %w_transposed, %b {...}
      : (tensor<1x8xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<1x4xf32>
    ```
  }];
  let dependentDialects = ["::tflc::tf::TFDialect", "::tflc::tfl::TFLDialect"];
}

#endif
