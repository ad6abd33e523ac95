//===- TFBase.td - the tf dialect ------------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_BASE
#define TFLC_TF_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"

def TF_Dialect : Dialect {
  let name = "tf";
  let cppNamespace = "::tflc::tf";
  let summary = "operations of TensorFlow graphs";
  let description = [{
    The level at which front ends build what they read. An op has the name of its TensorFlow operation, its operands
    and results in the order of that operation's definition, and those attributes that change its result, under their own
    names: `int` as `i64`, `list(int)` as a dense array, `float` as `f32`, `string` as a string, `type` as a type,
    `shape` as a dense array with -1 for an open dimension (absent where even the rank is open), `func` as a symbol.
    Attributes that a graph leaves out have the operation's defaults.

    Tensors may have no rank; shape inference finds ranks from the inputs. Element types that MLIR lacks are `!tf.string`,
    `!tf.resource` and `!tf.variant`. Integers are signless, unsigned ones `ui8` and so on.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
  let hasConstantMaterializer = 1;
  let useDefaultTypePrinterParser = 1;
}

class TF_ElementType<string name, string typeMnemonic> : TypeDef<TF_Dialect, name> {
  let mnemonic = typeMnemonic;
}
def TF_StringType : TF_ElementType<"String", "string"> {
  let summary = "element type of a tensor of byte strings";
}
def TF_ResourceType : TF_ElementType<"Resource", "resource"> {
  let summary = "element type of a handle: a variable or a table";
}
def TF_VariantType : TF_ElementType<"Variant", "variant"> {
  let summary = "element type of a list of tensors";
}

#endif
