//===- TFLRTBase.td - the tflrt dialect ------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_BASE
#define TFLC_TFLRT_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def TFLRT_Dialect : Dialect {
  let name = "tflrt";
  let cppNamespace = "::tflc::tflrt";
  let summary = "what lowered TensorFlow Lite operators need and no upstream dialect says";
  let description = [{
    Lowering turns every `tfl` op into `linalg`, `tensor`, `arith` and `math`. This dialect adds the few
    things that those cannot express: rescaling of an accumulator with TensorFlow Lite's exact
    rounding, variables that live from one invocation to the next, and data that ends an invocation.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"]; // constants that a rescale folds to
  let hasConstantMaterializer = 1;
  let useDefaultAttributePrinterParser = 1;
}

class TFLRT_Op<string mnemonic, list<Trait> traits = []> : Op<TFLRT_Dialect, mnemonic, traits>;

#endif
