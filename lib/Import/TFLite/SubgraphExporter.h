//===- SubgraphExporter.h - a function as a subgraph ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_SUBGRAPHEXPORTER_H
#define TFLC_LIB_IMPORT_TFLITE_SUBGRAPHEXPORTER_H

#include "ExportTables.h"

#include "TFL/IR/VariableOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/DenseMap.h"

namespace tflc {

/// Writes one function. Every value becomes a tensor, every constant one with a buffer.
class SubgraphExporter {
public:
  SubgraphExporter(flatbuffers::FlatBufferBuilder &builder, BufferTable &buffers,
                   TensorParts &parts, OperatorTable &operators,
                   const llvm::DenseMap<mlir::StringAttr, int32_t> &functions)
      : builder(builder), buffers(buffers), parts(parts), operators(operators),
        functions(functions) {}

  llvm::LogicalResult run(mlir::func::FuncOp function);

  flatbuffers::Offset<schema::SubGraph> getResult() const { return result; }
  /// Numbers of the tensors, valid after run.
  llvm::ArrayRef<int32_t> getInputs() const { return inputs; }
  llvm::ArrayRef<int32_t> getOutputs() const { return outputs; }

private:
  void nameValues(mlir::func::FuncOp function);
  llvm::LogicalResult addTensor(mlir::Value value, mlir::Location location);
  /// Adds a tensor without a value in the IR, and returns its number.
  llvm::FailureOr<int32_t> addTensorOfType(mlir::Type type, llvm::StringRef name, uint32_t buffer,
                                           mlir::Operation *constant, mlir::Location location);
  /// Adds the scales of a constant's blocks as a tensor, and returns its number.
  llvm::FailureOr<int32_t> addBlockScales(mlir::quant::UniformQuantizedSubChannelType type,
                                          llvm::StringRef name, mlir::Location location);
  llvm::LogicalResult addConstant(mlir::Operation &op);
  llvm::LogicalResult checkStore(tfl::StoreVariableTensorOp op);
  llvm::LogicalResult addOperator(mlir::Operation &op);
  llvm::FailureOr<std::vector<int32_t>> addIntermediates(mlir::Operation &op);
  std::vector<int32_t> getOperands(mlir::Operation &op) const;

  flatbuffers::FlatBufferBuilder &builder;
  BufferTable &buffers;
  TensorParts &parts;
  OperatorTable &operators;
  const llvm::DenseMap<mlir::StringAttr, int32_t> &functions;

  std::vector<flatbuffers::Offset<schema::Tensor>> tensors;
  std::vector<flatbuffers::Offset<schema::Operator>> ops;
  llvm::DenseMap<mlir::Value, int32_t> numbers;
  llvm::DenseMap<mlir::Value, mlir::StringAttr> names;
  std::vector<int32_t> inputs, outputs;
  flatbuffers::Offset<schema::SubGraph> result;
};

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_SUBGRAPHEXPORTER_H
