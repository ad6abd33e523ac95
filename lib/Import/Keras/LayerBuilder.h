//===- LayerBuilder.h - what expands a layer to operations ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_LAYERBUILDER_H
#define TFLC_LIB_IMPORT_KERAS_LAYERBUILDER_H

#include "LayerWeights.h"

#include "TF/IR/TFDialect.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/Support/JSON.h"

namespace tflc::keras {

using Values = llvm::SmallVector<mlir::Value>;
using Integers = llvm::SmallVector<int64_t>;

/// Masks that go along with tensors: true where a step counts, [b, t].
using MaskTable = llvm::DenseMap<mlir::Value, mlir::Value>;

/// What a call passes to a layer beside its inputs.
struct CallKeywords {
  /// Tensors under names such as "attention_mask".
  llvm::StringMap<mlir::Value> tensors;
  /// The keywords as they stand in the file; null if there are none.
  const llvm::json::Object *values = nullptr;

  /// Whether a flag is given, and true.
  bool has(llvm::StringRef flag) const {
    return values && values->getBoolean(flag).value_or(false);
  }
};

/// Reads the configuration of one layer, takes its weights and builds what the layer computes at
/// inference. A fault is emitted at the layer and remembered, so that code can go on and the caller
/// asks once, at the end. Values that come after one are of no use, but never null.
class LayerBuilder {
public:
  LayerBuilder(mlir::OpBuilder &builder, mlir::Location location, const llvm::json::Object &config,
               LayerWeights weights)
      : b(location, builder), config(config), weights(std::move(weights)) {}

  mlir::ImplicitLocOpBuilder b;
  const llvm::json::Object &config;
  LayerWeights weights;
  /// Whether the file comes from Keras 2, which computes some functions differently.
  bool isKeras2 = false;
  CallKeywords keywords;
  /// The masks of the model; null where there can be none.
  MaskTable *masks = nullptr;

  //===--- Faults ---------------------------------------------------------===//

  bool hasFailed() const { return failed; }
  /// Emits an error at the layer. The result stands for what could not be built.
  mlir::Value fault(const llvm::Twine &message);

  //===--- Configuration --------------------------------------------------===//

  int64_t getInteger(llvm::StringRef key, std::optional<int64_t> otherwise = std::nullopt);
  double getNumber(llvm::StringRef key, std::optional<double> otherwise = std::nullopt);
  bool getFlag(llvm::StringRef key, bool otherwise);
  llvm::StringRef getText(llvm::StringRef key, llvm::StringRef otherwise);
  /// A list of integers; a single one counts `count` times. Without `count`, any number.
  Integers getIntegers(llvm::StringRef key, std::optional<size_t> count,
                       llvm::ArrayRef<int64_t> otherwise = {});
  bool isChannelsFirst() { return getText("data_format", "channels_last") == "channels_first"; }

  //===--- Values ---------------------------------------------------------===//

  /// The next weight, as a constant. `child` as LayerWeights::take has it.
  mlir::Value takeWeight(llvm::StringRef child = "");
  /// The numbers of the next weight; empty after a fault.
  Dataset takeNumbers(llvm::StringRef child = "");
  /// The numbers of a weight that Keras 3 stores under a name.
  Dataset takeNumbersOf(llvm::StringRef name);

  mlir::Value makeFloats(llvm::ArrayRef<float> values, llvm::ArrayRef<int64_t> shape);
  /// A scalar of the element type of `like`.
  mlir::Value makeScalar(double value, mlir::Value like);
  mlir::Value makeFloat(double value);
  /// int32: a vector, or a scalar.
  mlir::Value makeVector(llvm::ArrayRef<int64_t> values);
  mlir::Value makeIndex(int64_t value);

  mlir::Type getElementType(mlir::Value value);
  bool isFloat(mlir::Value value);
  /// The sizes of a tensor; a fault where even the rank is unknown.
  Integers getShape(mlir::Value value);
  int64_t getRank(mlir::Value value) { return getShape(value).size(); }
  /// The axes that a key names, counted from the front, in their order.
  Integers getAxes(llvm::StringRef key, mlir::Value x, llvm::ArrayRef<int64_t> otherwise);
  /// A dimension that must be known.
  int64_t getKnownSize(mlir::Value value, int64_t dim);

  /// Builds an op of one result whose element type is that of its first operand, and infers its
  /// shape.
  template <typename Op, typename... Args> mlir::Value make(mlir::Value first, Args &&...args) {
    return infer(Op::create(b, mlir::UnrankedTensorType::get(getElementType(first)), first,
                            std::forward<Args>(args)...));
  }
  /// The same with another element type.
  template <typename Op, typename... Args>
  mlir::Value makeAs(mlir::Type elementType, Args &&...args) {
    return infer(
        Op::create(b, mlir::UnrankedTensorType::get(elementType), std::forward<Args>(args)...));
  }

  //===--- Arguments of operations ----------------------------------------===//

  /// A tensor that a call gives under a name, or at that name's place. Null if there is none. What
  /// nobody takes is a fault.
  mlir::Value takeArgument(llvm::StringRef name);

  //===--- Masks ----------------------------------------------------------===//

  /// The mask of a tensor; null if it has none.
  mlir::Value getMask(mlir::Value value) const { return masks ? masks->lookup(value) : nullptr; }
  void setMask(mlir::Value value, mlir::Value mask) {
    if (masks && mask)
      (*masks)[value] = mask;
  }

  //===--- Parts of layers ------------------------------------------------===//

  mlir::Value cast(mlir::Value x, mlir::Type elementType);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> order);
  /// `shape` may have one unknown size, written as -1.
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<int64_t> shape);
  mlir::Value expandDims(mlir::Value x, int64_t dim);
  mlir::Value squeeze(mlir::Value x, int64_t dim);
  /// From `begin` on, `size` elements of one dimension.
  mlir::Value slice(mlir::Value x, int64_t dim, int64_t begin, int64_t size);
  mlir::Value concat(llvm::ArrayRef<mlir::Value> values, int64_t dim);
  /// `before` and `after` zeros in each dimension.
  mlir::Value pad(mlir::Value x, llvm::ArrayRef<std::pair<int64_t, int64_t>> amounts);
  /// Between [n, c, ...] and [n, ..., c].
  mlir::Value toChannelsLast(mlir::Value x);
  mlir::Value toChannelsFirst(mlir::Value x);
  /// Pictures [n, h, w, c] in another size, by a method that Keras names, and without aliasing if
  /// the configuration says so.
  mlir::Value resize(mlir::Value x, int64_t height, int64_t width, llvm::StringRef method);
  /// Sum of products over the last dimension of `x` and the first of the matrix `kernel`.
  mlir::Value multiply(mlir::Value x, mlir::Value kernel);

private:
  template <typename Op> mlir::Value infer(Op op) {
    llvm::SmallVector<mlir::Type> types;
    if (mlir::failed(Op::inferReturnTypes(op->getContext(), op->getLoc(), op->getOperands(),
                                          op->getDiscardableAttrDictionary(),
                                          op->getPropertiesStorage(), op->getRegions(), types)))
      failed = true;
    else
      op->getResult(0).setType(types.front());
    return op->getResult(0);
  }
  const llvm::json::Value *find(llvm::StringRef key, bool isNeeded);

  bool failed = false;
};

/// What expands layers of one class. The inputs are the tensors of the call; the results those that
/// the layer returns.
using LayerFunction = Values (*)(LayerBuilder &, llvm::ArrayRef<mlir::Value> inputs);
using LayerTable = llvm::StringMap<LayerFunction>;

/// The families of layers, each in a file of its name.
void addCategoryLayers(LayerTable &table);
void addConvLstmLayers(LayerTable &table);
void addConvolutionLayers(LayerTable &table);
void addCoreLayers(LayerTable &table);
void addHistogramLayers(LayerTable &table);
void addMergeLayers(LayerTable &table);
void addNormalizationLayers(LayerTable &table);
void addPoolingLayers(LayerTable &table);
void addPreprocessingLayers(LayerTable &table);
void addRecurrentLayers(LayerTable &table);
void addShapeLayers(LayerTable &table);
void addSpectrogramLayers(LayerTable &table);
void addActivationLayers(LayerTable &table);
void addAttentionLayers(LayerTable &table);

/// A recurrent layer and its mirror image in time.
Values buildBidirectional(LayerBuilder &layer, llvm::ArrayRef<mlir::Value> inputs);

/// What an operation of keras.ops of class `kind` computes. Numbers among its arguments are
/// constant inputs already; `arguments` is the list as it stands in the file.
Values buildOperation(LayerBuilder &layer, llvm::StringRef kind, llvm::ArrayRef<mlir::Value> inputs,
                      const llvm::json::Array &arguments);

/// The part of an array that an index picks: the second of the arguments, as it stands in the file.
Values buildGetItem(LayerBuilder &layer, mlir::Value x, const llvm::json::Array &arguments);

/// Whether there is an operation of keras.ops of this class.
bool hasOperation(llvm::StringRef kind);

/// The families of operations that stand in files of their own.
void addArrayOperations(LayerTable &table);
void addConvolutionOperations(LayerTable &table);
void addFunctionOperations(LayerTable &table);
void addGraphOperations(LayerTable &table);
void addImageOperations(LayerTable &table);
void addLambdaOperations(LayerTable &table);
void addLossOperations(LayerTable &table);
void addMathOperations(LayerTable &table);
void addNeuralOperations(LayerTable &table);
void addNumberOperations(LayerTable &table);
void addPartOperations(LayerTable &table);
void addPatchOperations(LayerTable &table);
void addNormalizationOperations(LayerTable &table);
void addProductOperations(LayerTable &table);
void addReductionOperations(LayerTable &table);
void addScatterOperations(LayerTable &table);
void addSignalOperations(LayerTable &table);
void addSignalLayers(LayerTable &table);

/// Pictures [n, h, w, c] in another size, by a method of which there is no operator. `antialias`
/// widens what each result is a sum of where the picture becomes smaller.
mlir::Value resample(LayerBuilder &layer, mlir::Value x, int64_t height, int64_t width,
                     llvm::StringRef method, bool antialias);

/// The `count` largest values along the last axis in descending order, and their indices.
Values findLargest(LayerBuilder &layer, mlir::Value x, int64_t count);

/// Whether there is an activation function of this name.
bool hasActivation(llvm::StringRef name);

/// The name of an activation, as a configuration says it; empty if there is none.
llvm::StringRef getActivationName(const llvm::json::Value *activation);

/// Applies an activation: a name, or a function with its configuration as Keras serializes it.
mlir::Value activate(LayerBuilder &layer, mlir::Value x, const llvm::json::Value *activation);
/// That which the key `activation` names.
mlir::Value activate(LayerBuilder &layer, mlir::Value x);

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_LAYERBUILDER_H
