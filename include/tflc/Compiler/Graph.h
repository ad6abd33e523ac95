//===- Graph.h - a model's tensors and operators as plain data --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_GRAPH_H
#define TFLC_COMPILER_GRAPH_H

#include "tflc/Support/ModelInfo.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <utility>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace tflc {

struct GraphTensor {
  TensorInfo info;
  bool isConstant = false;
};

struct GraphOperator {
  std::string name;
  unsigned index = 0;
  /// Numbers in the subgraph's tensors; -1 for an operand that is absent.
  std::vector<int> inputs;
  std::vector<int> outputs;
  std::vector<std::pair<std::string, std::string>> options;
  int64_t macs = 0;
};

struct Subgraph {
  std::string name;
  std::vector<GraphTensor> tensors;
  std::vector<GraphOperator> operators;
};

/// The functions of a tfl module as imported, with tensors numbered in the order of their
/// appearance.
std::vector<Subgraph> getSubgraphs(mlir::ModuleOp module);

/// "int8[1x28x28] scale 0.0039 zero point -128".
std::string formatTensor(const TensorInfo &tensor);

void printTensors(llvm::raw_ostream &os, const Subgraph &subgraph);
void printOperators(llvm::raw_ostream &os, const Subgraph &subgraph);

llvm::json::Object toJSON(const Subgraph &subgraph);

} // namespace tflc

#endif // TFLC_COMPILER_GRAPH_H
