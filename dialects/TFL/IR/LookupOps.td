//===- LookupOps.td - rows found by key --------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_LOOKUP_OPS
#define TFLC_TFL_LOOKUP_OPS

include "TFL/IR/TFLOpBase.td"

def TFL_EmbeddingLookupSparseOp : TFL_Op<"embedding_lookup_sparse", [Pure, TFL_InferShapes]> {
  let summary = "weighted sums of rows of a table";
  let description = [{
    `indices`, without its last column, says for each of the n elements of `ids` to which element of a tensor of shape
    `dense_shape` (without its last size) it belongs; each of these becomes a slice of the result:

    ```
    out[i...] = sum over the ids that belong to i of value[id] * weight, then divided by
    SUM     nothing
    MEAN    the sum of the weights
    SQRTN   the square root of the sum of the squares of the weights
    ```

    Ids that belong together are expected in a row. Where they are not, each run of them is divided on its own, with
    what stands in the result before. An id outside of the table and an index outside of the shape are rejected.
  }];
  let arguments = (ins TFL_Tensor:$ids, TFL_Tensor:$indices, TFL_Tensor:$dense_shape, TFL_Tensor:$weights,
                       TFL_Tensor:$value, DefaultValuedAttr<StrAttr, "\"SUM\"">:$combiner);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_HashtableLookupOp : TFL_Op<"hashtable_lookup", [Pure, TFL_InferShapes]> {
  let summary = "rows of a table picked by key";
  let description = [{
    `keys` ascend. Row i of the result is the row of `value` at whose place `keys` holds `lookup[i]`, found by halving, and
    `hits[i]` is 1; where there is no such key, both are zero.
  }];
  let arguments = (ins TFL_Tensor:$lookup, TFL_Tensor:$keys, TFL_Tensor:$value);
  let results = (outs TFL_Tensor:$output, TFL_Tensor:$hits);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_HashtableOp : TFL_Op<"hashtable", [Pure, TFL_InferShapes]> {
  let summary = "names a table of keys and values";
  let description = [{
    Handles with the same `table_id` name the same table, in whatever function they stand. One of both types is INT64, the other one
    STRING. A table is filled once, by constants. A string is an unsigned integer whose bytes are the text, the first one lowest, with zeros
    behind.
  }];
  let arguments = (ins I32Attr:$table_id, StrAttr:$key_dtype, StrAttr:$value_dtype);
  let results = (outs TFL_Tensor:$resource_handle);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_HashtableImportOp : TFL_Op<"hashtable_import", [MemoryEffects<[MemWrite]>, TFL_InferShapes]> {
  let summary = "fills a table";
  let description = [{
    `keys[i]` belongs to `values[i]`; the first of equal keys counts. What is imported into a table that is filled already
    changes nothing.
  }];
  let arguments = (ins TFL_Tensor:$table, TFL_Tensor:$keys, TFL_Tensor:$values);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_HashtableFindOp : TFL_Op<"hashtable_find", [MemoryEffects<[MemRead]>, TFL_InferShapes]> {
  let summary = "values found by key in a table";
  let description = [{
    `output[i]` is the value of the key `keys[i]`, or the first element of `default_value` where the table has no such key.
  }];
  let arguments = (ins TFL_Tensor:$table, TFL_Tensor:$keys, TFL_Tensor:$default_value);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_HashtableSizeOp : TFL_Op<"hashtable_size", [MemoryEffects<[MemRead]>, TFL_InferShapes]> {
  let summary = "the number of keys in a table";
  let arguments = (ins TFL_Tensor:$table);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_LshProjectionOp : TFL_Op<"lsh_projection", [Pure, TFL_InferShapes]> {
  let summary = "bits of hashed items";
  let description = [{
    An item is what stands under one index of the first dimension of `input`. With the 64 bit fingerprint of FarmHash
    (farmhashna, Pike and Alakuijala) of the four bytes of a seed and the bytes of an item, taken as a signed integer:

    ```
    bit[i, j] = sum over items k of weight[k] * fingerprint(hash[i, j], item k) > 0
    DENSE     out[i * bits + j] = bit[i, j]
    SPARSE    out[i] = the bits j of row i, the first one highest, plus i * 2^bits
    ```

    where `bits` is the size of a row of `hash`, at most 32, and a weight that is absent counts as 1. Sums are float64.
  }];
  let arguments = (ins TFL_Tensor:$hash, TFL_Tensor:$input, Optional<TFL_Tensor>:$weight, StrAttr:$type);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif
