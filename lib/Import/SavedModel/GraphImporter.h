//===- GraphImporter.h - nodes as ops of the tf dialect ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_GRAPHIMPORTER_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_GRAPHIMPORTER_H

#include "NodeTable.h"

#include "tflc/Import/Import.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

#include <deque>

namespace tflc::proto {
class FunctionDef;
class MetaGraphDef;
class OpDef;
class SignatureDef;
} // namespace tflc::proto

namespace tflc::savedmodel {

/// Adds functions to a module. The file's own definitions of operations say what results a node
/// has; whether an op is one that can be converted shows later. Faults are emitted at the node.
class GraphImporter {
public:
  GraphImporter(const proto::MetaGraphDef &graph, llvm::StringRef fileName, mlir::ModuleOp module);

  /// Reads the tables of nodes and operations. Must succeed before anything else.
  llvm::LogicalResult prepare();

  /// Adds a public function for a signature: the part of the graph between its inputs and outputs.
  /// Inputs that `shapes` names have those.
  llvm::LogicalResult addSignature(llvm::StringRef key, const proto::SignatureDef &signature,
                                   llvm::ArrayRef<ShapeOverride> shapes);

  /// Adds the functions that were referred to, and those to which these refer.
  llvm::LogicalResult addFunctions();

  const NodeTable &getNodes() const { return nodes; }
  const proto::FunctionDef *findFunction(llvm::StringRef name) const;
  /// The file whose name a node of the graph holds, if it is one of the model's assets.
  std::optional<std::string> findAsset(llvm::StringRef node) const;
  mlir::Location getLocation() const;

private:
  /// The results of a node by the output arguments of its operation.
  struct Results {
    std::vector<mlir::Value> values;
    struct Argument {
      std::string name;
      unsigned first;
    };
    std::vector<Argument> arguments;
  };
  /// One body in work.
  struct Body {
    const NodeTable &nodes;
    unsigned number;
    bool isFunction;
    llvm::StringMap<Results> results;
    llvm::StringSet<> given;
  };

  llvm::LogicalResult addNodes(Body &body, llvm::ArrayRef<unsigned> order,
                               mlir::OpBuilder &builder);
  llvm::LogicalResult addNode(Body &body, unsigned number, mlir::OpBuilder &builder);
  llvm::LogicalResult addOldVariable(Body &body, const proto::NodeDef &node,
                                     mlir::Location location, mlir::OpBuilder &builder) const;
  llvm::FailureOr<mlir::Value> lookup(const Body &body, llvm::StringRef name,
                                      mlir::Location location) const;
  llvm::LogicalResult addOperands(const Body &body, const proto::NodeDef &node,
                                  mlir::OperationState &state) const;
  /// `definition` is null where the file has none.
  llvm::LogicalResult addAttributes(const Body &body, const proto::NodeDef &node,
                                    const proto::OpDef *definition, mlir::OperationState &state);
  llvm::LogicalResult addResults(const proto::NodeDef &node, const proto::OpDef &definition,
                                 mlir::OperationState &state, Results &results) const;
  void noteFunctions(mlir::Attribute attribute);
  llvm::LogicalResult addFunction(const proto::FunctionDef &function);
  llvm::LogicalResult finish(mlir::func::FuncOp function, llvm::ArrayRef<mlir::Value> results,
                             mlir::OpBuilder &builder);

  const proto::MetaGraphDef &graph;
  std::string fileName;
  mlir::ModuleOp module;
  mlir::MLIRContext *context;
  NodeTable nodes;
  llvm::StringMap<const proto::OpDef *> definitions;
  llvm::StringMap<const proto::FunctionDef *> functions;
  std::deque<std::string> pending;
  llvm::StringSet<> noted;
  unsigned bodies = 0;
};

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_GRAPHIMPORTER_H
