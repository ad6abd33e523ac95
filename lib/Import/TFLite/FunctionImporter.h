//===- FunctionImporter.h - a subgraph as a function ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_FUNCTIONIMPORTER_H
#define TFLC_LIB_IMPORT_TFLITE_FUNCTIONIMPORTER_H

#include "ModelFile.h"
#include "Options.h"

#include "tflc/Import/CustomFunctions.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"

namespace tflc {

/// Builds functions of a checked model.
class FunctionImporter {
public:
  FunctionImporter(const ModelFile &file, const ImportOptions &options,
                   llvm::ArrayRef<CustomFunction> customFunctions, SubgraphSymbols symbols,
                   mlir::OpBuilder &builder)
      : file(file), options(options), customFunctions(customFunctions), symbols(symbols),
        builder(builder) {}

  /// Appends a function with the content of a subgraph. `signature` may be null; `key` is the
  /// signature's name, or that of a subgraph that callers reach without one. Returns the number of
  /// operators that have no tfl op, each of which has been reported unless the options allow them.
  unsigned run(uint32_t subgraph, mlir::StringAttr symbol, const schema::SignatureDef *signature,
               const std::optional<std::string> &key);

private:
  /// Finds the tensors that are variables in the IR, in the order in which this shows: those that
  /// are read before anything writes them, that are written again, whose value an operator replaces
  /// in place and another one reads, or that have an initial value and an operator replaces it. All
  /// others are plain values.
  llvm::SmallVector<int32_t> findVariables() const;
  /// Whether the operator runs in the first invocation alone: the reference's DEQUANTIZE of a
  /// constant.
  bool isComputedOnce(const schema::Operator &op) const;
  /// The numbers of the operands that an operator replaces in place.
  llvm::ArrayRef<unsigned> getStateNumbers(const schema::Operator &op) const;
  /// The names of an input or output; `occurrence` counts its earlier places in the list.
  mlir::DictionaryAttr getTensorAttributes(
      int32_t tensor, unsigned occurrence,
      const flatbuffers::Vector<flatbuffers::Offset<schema::TensorMap>> *signatureNames);
  void addOperator(uint32_t index);
  void readAttributes(const schema::Operator &op, int32_t code, mlir::NamedAttrList &attributes);
  /// The function that computes a custom operator; null where the user names none.
  const CustomFunction *findCustomFunction(llvm::StringRef customCode) const;
  mlir::OperationName getOperationName(uint32_t index, int32_t code);
  void createVariable(int32_t tensor);
  /// `once`: the value is the tensor's in the first invocation alone.
  void setValue(int32_t tensor, mlir::Value value, mlir::Location location, bool once);
  /// The value of a tensor, for a user at `user`; creates it if it is a constant that was not used
  /// before.
  mlir::Value getValue(int32_t tensor, mlir::Location user);
  mlir::RankedTensorType typeOf(int32_t tensor) const;

  const ModelFile &file;
  const ImportOptions &options;
  llvm::ArrayRef<CustomFunction> customFunctions;
  SubgraphSymbols symbols;
  mlir::OpBuilder &builder;

  uint32_t subgraph = 0;
  unsigned unsupported = 0;
  std::vector<mlir::Value> values;
  llvm::DenseMap<int32_t, mlir::Value> variables;
};

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_FUNCTIONIMPORTER_H
