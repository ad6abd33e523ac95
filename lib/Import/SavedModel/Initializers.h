//===- Initializers.h - what fills variables and tables ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_INITIALIZERS_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_INITIALIZERS_H

#include "NodeTable.h"

#include <map>
#include <string>

namespace tflc::proto {
class FunctionDef;
class Tensor;
} // namespace tflc::proto

namespace tflc::savedmodel {

class GraphImporter;

/// What is known about a tensor of the graph's initializing part.
struct InitialValue {
  enum Kind {
    Unknown,
    Handle,   ///< of the variable or table that node `text` makes
    Restored, ///< tensor `text` of the checkpoint, the part that `slice` names if it is not empty
    Constant,
    Asset, ///< the name of file `text` of the model
  };
  Kind kind = Unknown;
  std::string text, slice;
  const proto::Tensor *tensor = nullptr;
};

/// Follows the nodes that a loader of the model runs first: restoring a checkpoint, and the
/// initialization. They only move tensors around, so that a walk tells which tensor of the file
/// fills which variable.
class Initializers {
public:
  explicit Initializers(const GraphImporter &graph) : graph(graph) {}

  /// Follows a node and what it waits for.
  llvm::Error run(llvm::StringRef node);

  struct Table {
    InitialValue keys, values;
    /// Instead of these an asset, whose lines are the keys of their numbers, or the other way
    /// round.
    std::string asset;
    bool isByNumber = false;
  };
  /// By the name of the node that makes the handle.
  std::map<std::string, InitialValue> variables;
  std::map<std::string, Table> tables;

private:
  struct Scope {
    const NodeTable &nodes;
    std::map<std::string, InitialValue> arguments;
    unsigned depth;
    llvm::StringSet<> visited;
  };

  llvm::Error visit(Scope &scope, llvm::StringRef node);
  llvm::Error call(Scope &scope, const proto::NodeDef &node);
  InitialValue evaluateRead(Scope &scope, const proto::NodeDef &node, unsigned depth);
  void fillFromAsset(Scope &scope, const proto::NodeDef &node, const std::string &table);
  InitialValue evaluate(Scope &scope, llvm::StringRef input, unsigned depth = 0);
  InitialValue evaluateInput(Scope &scope, const proto::NodeDef &node, int number,
                             unsigned depth = 0);

  const GraphImporter &graph;
  size_t steps = 0;
};

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_INITIALIZERS_H
