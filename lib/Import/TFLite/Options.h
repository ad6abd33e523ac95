//===- Options.h - options tables as attributes -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_OPTIONS_H
#define TFLC_LIB_IMPORT_TFLITE_OPTIONS_H

#include "Schema.h"

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OperationSupport.h"

namespace tflc {

/// The symbols of a model's subgraphs, by number.
using SubgraphSymbols = llvm::ArrayRef<mlir::StringAttr>;

/// The name of the attribute that holds a field: the field's own, or for one that refers to a
/// subgraph by number, the name without `_index`.
std::string getAttributeName(const reflection::Field &field);

/// Checks the values that a verifier of flatbuffers does not look at: enumerators and numbers of
/// subgraphs. Calls `report` with what is wrong.
void checkOptions(const reflection::Object &object, const flatbuffers::Table &table,
                  size_t subgraphs, llvm::function_ref<void(const std::string &)> report);

/// Appends one attribute for each field of a checked table. Absent vectors become empty ones.
void readOptions(const reflection::Object &object, const flatbuffers::Table &table,
                 SubgraphSymbols symbols, mlir::MLIRContext *context,
                 mlir::NamedAttrList &attributes);

/// Builds the options table from an op's attributes; the fields without an attribute have their
/// default. Returns 0 if the op has none of the table's attributes though the table has fields.
/// Calls `report` with what is wrong.
flatbuffers::uoffset_t
writeOptions(const reflection::Object &object, mlir::DictionaryAttr attributes,
             llvm::function_ref<std::optional<int32_t>(mlir::StringAttr)> subgraphOf,
             flatbuffers::FlatBufferBuilder &builder,
             llvm::function_ref<void(const std::string &)> report);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_OPTIONS_H
