//===- Specialize.cpp - a model for the shapes of its inputs --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/Specialize.h"

#include "tflc/Pipelines/DescribeModel.h"

using namespace tflc;

/// Whether another signature has an input of that name as well.
static bool isShared(const ModelInfo &model, const SignatureInfo &signature, llvm::StringRef name) {
  return llvm::any_of(model.signatures, [&](const SignatureInfo &other) {
    return other.key != signature.key &&
           llvm::any_of(other.inputs, [&](const auto &input) { return input.name == name; });
  });
}

mlir::OwningOpRef<mlir::ModuleOp> tflc::importForInputs(ModelSession &session,
                                                        std::optional<llvm::StringRef> wanted,
                                                        std::vector<Array> arrays, bool samples,
                                                        InputSet &inputs, std::string &key) {
  Diagnostics &diagnostics = session.getDiagnostics();
  // Open dimensions take any size; what the file notes for them decides nothing.
  mlir::OwningOpRef<mlir::ModuleOp> module = session.import(/*dynamic=*/true);
  if (!module)
    return {};
  ModelInfo model = getModelInfo(*module);
  const SignatureInfo *signature = chooseSignature(model, wanted, diagnostics);
  if (!signature)
    return {};
  key = signature->key;
  std::optional<InputSet> bound = bindInputs(*signature, std::move(arrays), samples, diagnostics);
  if (!bound)
    return {};
  inputs = std::move(*bound);
  if (!checkShapes(*signature, inputs, diagnostics))
    return {};
  std::vector<ShapeOverride> shapes = getOtherShapes(*signature, inputs);
  if (shapes.empty())
    return module;
  for (ShapeOverride &shape : shapes)
    if (isShared(model, *signature, shape.input))
      shape.input = signature->key + "/" + shape.input;
  return session.import(/*dynamic=*/false, shapes);
}
