//===- VariableOps.td - variables, tables and lists --------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_VARIABLE_OPS
#define TFLC_TF_VARIABLE_OPS

include "TF/IR/TFOpBase.td"

include "mlir/IR/SymbolInterfaces.td"

def TF_GlobalOp : Op<TF_Dialect, "Global", [Symbol]> {
  let summary = "a variable of the model with its initial value";
  let description = [{
    A `tf.VarHandleOp` whose `shared_name` is the symbol gives its handle.

    ```mlir
    tf.Global @kernel = dense<1.0> : tensor<2x3xf32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ElementsAttr:$value);
  let assemblyFormat = "$sym_name `=` $value attr-dict";
}
def TF_VarHandleOp : TF_PlainOp<"VarHandleOp", [Pure]> {
  let arguments = (ins StrAttr:$shared_name);
  let results = (outs TF_Tensor:$resource);
}
def TF_ReadVariableOp : TF_PlainOp<"ReadVariableOp", [MemoryEffects<[MemRead]>]> {
  let arguments = (ins TF_Tensor:$resource);
  let results = (outs TF_Tensor:$value);
}
class TF_AssignOp<string mnemonic> : TF_PlainOp<mnemonic, [MemoryEffects<[MemWrite]>]> {
  let arguments = (ins TF_Tensor:$resource, TF_Tensor:$value);
}
def TF_AssignVariableOp : TF_AssignOp<"AssignVariableOp">;
def TF_AssignAddVariableOp : TF_AssignOp<"AssignAddVariableOp">;
def TF_AssignSubVariableOp : TF_AssignOp<"AssignSubVariableOp">;
def TF_ResourceGatherOp : TF_PlainOp<"ResourceGather", [MemoryEffects<[MemRead]>]> {
  let arguments = (ins TF_Tensor:$resource, TF_Tensor:$indices, TF_Int<"0">:$batch_dims);
  let results = (outs TF_Tensor:$output);
}
def TF_ResourceGatherNdOp : TF_PlainOp<"ResourceGatherNd", [MemoryEffects<[MemRead]>]> {
  let arguments = (ins TF_Tensor:$resource, TF_Tensor:$indices);
  let results = (outs TF_Tensor:$output);
}
def TF_VariableShapeOp : TF_PlainOp<"VariableShape", [MemoryEffects<[MemRead]>]> {
  let arguments = (ins TF_Tensor:$input);
  let results = (outs TF_Tensor:$output);
}

def TF_TableOp : Op<TF_Dialect, "Table", [Symbol]> {
  let summary = "a table of the model with constant content";
  let description = [{
    A `tf.HashTableV2` whose `shared_name` is the symbol gives its handle. One of both element types is `!tf.string`.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ElementsAttr:$keys, ElementsAttr:$values);
  let assemblyFormat = "$sym_name `:` $keys `to` $values attr-dict";
}
def TF_HashTableV2Op : TF_PlainOp<"HashTableV2", [Pure]> {
  let arguments = (ins StrAttr:$shared_name);
  let results = (outs TF_Tensor:$table_handle);
}
def TF_LookupTableFindV2Op : TF_Op<"LookupTableFindV2"> {
  let arguments = (ins TF_Tensor:$table_handle, TF_Tensor:$keys, TF_Tensor:$default_value);
  let results = (outs TF_Tensor:$values);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location>) {
      auto keys = ::mlir::cast<::mlir::TensorType>(op.getKeys().getType());
      return keys.clone(::tflc::tf::getElementType(op.getDefaultValue()));
    }
  }];
}
def TF_LookupTableImportV2Op : TF_PlainOp<"LookupTableImportV2", [MemoryEffects<[MemWrite]>]> {
  let arguments = (ins TF_Tensor:$table_handle, TF_Tensor:$keys, TF_Tensor:$values);
}
def TF_LookupTableSizeV2Op : TF_PlainOp<"LookupTableSizeV2", [Pure]> {
  let arguments = (ins TF_Tensor:$table_handle);
  let results = (outs TF_Tensor:$size);
}

class TF_ListOp<string mnemonic, dag operands, dag outputs> : TF_PlainOp<mnemonic, [Pure]> {
  let arguments = operands;
  let results = outputs;
}
def TF_EmptyTensorListOp
    : TF_ListOp<"EmptyTensorList", (ins TF_Tensor:$element_shape, TF_Tensor:$max_num_elements, TypeAttr:$element_dtype),
                (outs TF_Tensor:$handle)>;
def TF_TensorListReserveOp
    : TF_ListOp<"TensorListReserve", (ins TF_Tensor:$element_shape, TF_Tensor:$num_elements, TypeAttr:$element_dtype),
                (outs TF_Tensor:$handle)>;
def TF_TensorListFromTensorOp
    : TF_ListOp<"TensorListFromTensor", (ins TF_Tensor:$tensor, TF_Tensor:$element_shape),
                (outs TF_Tensor:$output_handle)>;
def TF_TensorListStackOp
    : TF_ListOp<"TensorListStack", (ins TF_Tensor:$input_handle, TF_Tensor:$element_shape, TypeAttr:$element_dtype,
                                        TF_Int<"-1">:$num_elements),
                (outs TF_Tensor:$tensor)>;
def TF_TensorListResizeOp
    : TF_ListOp<"TensorListResize", (ins TF_Tensor:$input_handle, TF_Tensor:$size),
                (outs TF_Tensor:$output_handle)>;
def TF_TensorListGetItemOp
    : TF_ListOp<"TensorListGetItem", (ins TF_Tensor:$input_handle, TF_Tensor:$index, TF_Tensor:$element_shape,
                                          TypeAttr:$element_dtype),
                (outs TF_Tensor:$item)>;
def TF_TensorListSetItemOp
    : TF_ListOp<"TensorListSetItem", (ins TF_Tensor:$input_handle, TF_Tensor:$index, TF_Tensor:$item,
                                          TF_Bool<"false">:$resize_if_index_out_of_bounds),
                (outs TF_Tensor:$output_handle)>;
def TF_TensorListLengthOp
    : TF_ListOp<"TensorListLength", (ins TF_Tensor:$input_handle), (outs TF_Tensor:$length)>;
def TF_TensorListPushBackOp
    : TF_ListOp<"TensorListPushBack", (ins TF_Tensor:$input_handle, TF_Tensor:$tensor, TypeAttr:$element_dtype),
                (outs TF_Tensor:$output_handle)>;
def TF_TensorListPopBackOp
    : TF_ListOp<"TensorListPopBack", (ins TF_Tensor:$input_handle, TF_Tensor:$element_shape, TypeAttr:$element_dtype),
                (outs TF_Tensor:$output_handle, TF_Tensor:$tensor)>;
def TF_TensorListConcatV2Op
    : TF_ListOp<"TensorListConcatV2", (ins TF_Tensor:$input_handle, TF_Tensor:$element_shape, TF_Tensor:$leading_dims,
                                           TypeAttr:$element_dtype),
                (outs TF_Tensor:$tensor, TF_Tensor:$lengths)>;

#endif
