//===- HashTables.h - tables that are filled once ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_HASHTABLES_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_HASHTABLES_H

#include "TypeConverter.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/DenseMap.h"

namespace tflc {

/// The content of a table in storage types: different keys in ascending order, as signed integers,
/// and what belongs to each.
struct HashTable {
  mlir::DenseElementsAttr keys, values;
};

/// Tables by the number that the model gives them.
using HashTables = llvm::DenseMap<int64_t, HashTable>;

/// Reads what the model fills its tables with. Emits an error where that is not constant.
llvm::LogicalResult readHashTables(mlir::ModuleOp module, HashTables &tables);

void populateHashTablePatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns,
                               const HashTables &tables);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_HASHTABLES_H
