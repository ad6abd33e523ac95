//===- PlainNodes.h - nodes of operations without a definition --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_PLAINNODES_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_PLAINNODES_H

#include "mlir/IR/Builders.h"

namespace tflc::proto {
class NodeDef;
} // namespace tflc::proto

namespace tflc::savedmodel {

/// Creates the op of a node whose operation no file defines, from `state`, which has a registered
/// name, operands and attributes: our record of the operation says how many results there are, and
/// the node's attributes or our shape functions of which types. Faults are emitted.
llvm::FailureOr<mlir::Operation *>
createPlainNode(const proto::NodeDef &node, mlir::OperationState &state, mlir::OpBuilder &builder);

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_PLAINNODES_H
