//===- ModelBuilder.h - layers in the order of a model ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_MODELBUILDER_H
#define TFLC_LIB_IMPORT_KERAS_MODELBUILDER_H

#include "ConfigPositions.h"
#include "LayerBuilder.h"
#include "ModelConfig.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tflc::keras {

/// An input of a model.
struct ModelInput {
  std::string name;
  mlir::RankedTensorType type;
};

/// Expands models of both kinds, Sequential and functional, and those nested in them. A layer that
/// is called several times is built as often, with the same weights.
class ModelBuilder {
public:
  /// `positions` are those of the configuration that holds the models.
  ModelBuilder(mlir::OpBuilder &builder, llvm::StringRef fileName, const ConfigPositions &positions,
               bool isKeras2);

  /// Reports all layers of classes that cannot be built, those of nested models too.
  llvm::LogicalResult checkClasses(const llvm::json::Object &model);

  /// The inputs of the model that `model` configures ({"class_name", "config"}), in order.
  llvm::FailureOr<llvm::SmallVector<ModelInput>> readInputs(const llvm::json::Object &model);

  /// Builds the model on these inputs. `names` gets a name for each result, as TensorFlow's export
  /// calls it.
  llvm::FailureOr<Values> build(const llvm::json::Object &model, llvm::ArrayRef<mlir::Value> inputs,
                                LayerWeights weights, llvm::SmallVectorImpl<std::string> *names);

private:
  /// Weights by the layer's name.
  using WeightsByLayer = llvm::StringMap<LayerWeights>;

  llvm::FailureOr<Values> buildSequential(const llvm::json::Object &model,
                                          llvm::ArrayRef<mlir::Value> inputs,
                                          const LayerWeights &weights);
  llvm::FailureOr<Values> buildFunctional(const llvm::json::Object &model,
                                          llvm::ArrayRef<mlir::Value> inputs,
                                          const LayerWeights &weights,
                                          llvm::SmallVectorImpl<std::string> *names);
  llvm::FailureOr<Values> buildLayer(const llvm::json::Object &layer,
                                     llvm::ArrayRef<mlir::Value> inputs, LayerWeights weights,
                                     CallKeywords keywords = {});
  void passMasks(llvm::StringRef kind, llvm::ArrayRef<mlir::Value> inputs,
                 llvm::ArrayRef<mlir::Value> results);
  llvm::FailureOr<Values> buildOperationCall(const llvm::json::Object &layer, int64_t node,
                                             llvm::ArrayRef<mlir::Value> inputs,
                                             CallKeywords keywords);
  llvm::FailureOr<Values> buildWrapped(llvm::StringRef kind, const llvm::json::Object &config,
                                       llvm::ArrayRef<mlir::Value> inputs, LayerWeights weights,
                                       CallKeywords keywords, mlir::Location location);
  llvm::FailureOr<Values> buildDistributed(const llvm::json::Object &inner, mlir::Value input,
                                           const LayerWeights &weights,
                                           const llvm::json::Object &config,
                                           mlir::Location location);
  WeightsByLayer findWeights(const llvm::json::Array &layers, const LayerWeights &weights) const;
  /// The place of a layer or model: what it is, and where the configuration has it.
  mlir::Location locate(const llvm::json::Object &layer);
  llvm::LogicalResult refuseClass(mlir::Location location, llvm::StringRef kind);
  llvm::LogicalResult refuseQuantized(mlir::Location location);
  llvm::LogicalResult fault(mlir::Location location, const llvm::Twine &message);

  mlir::OpBuilder &builder;
  std::string fileName;
  const ConfigPositions &positions;
  bool isKeras2;
  LayerTable table;
  MaskTable masks;
  unsigned depth = 0;     ///< of nested models
  unsigned numLayers = 0; ///< built so far
};

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_MODELBUILDER_H
