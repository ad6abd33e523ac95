//===- OperatorCost.h - how much work each operator is ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PIPELINES_OPERATORCOST_H
#define TFLC_PIPELINES_OPERATORCOST_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mlir {
class ModuleOp;
class Operation;
} // namespace mlir

namespace tflc {

/// One operator of the model, of all its subgraphs.
struct OperatorCost {
  std::string name;   // of the builtin: "CONV_2D"
  std::string tensor; // its first output
  unsigned index = 0; // in its subgraph
  unsigned subgraph = 0;
  /// Multiply-accumulates of one invocation; unknown dimensions count as one, and so do the
  /// iterations of loops.
  int64_t macs = 0;
  /// The type of the numbers that it computes: "int8", "float32". Empty for what runs subgraphs
  /// (IF, WHILE), whose operators count themselves, for what leads from one type to another, and
  /// for what only looks at a shape.
  std::string type;
};

/// Multiply-accumulates of one op of the tfl dialect; zero for those that do not contract anything.
int64_t countMacs(mlir::Operation *op);

/// The operators of a tfl module in its order, without constants.
std::vector<OperatorCost> getOperatorCosts(mlir::ModuleOp module);

/// How many operators compute with each type; those without one are left out.
std::map<std::string, int64_t> countTypes(llvm::ArrayRef<OperatorCost> operators);

} // namespace tflc

#endif // TFLC_PIPELINES_OPERATORCOST_H
