//===- Binding.h - arrays of a file and tensors of a model ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_BINDING_H
#define TFLC_COMPILER_BINDING_H

#include "tflc/Import/Import.h"
#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/Npz.h"

namespace tflc {

/// The inputs of one or more invocations of a signature.
struct InputSet {
  /// One array for each input, in the model's order.
  std::vector<Array> arrays;
  /// None: the arrays are the inputs. Else each has one more axis of this size in front.
  std::optional<int64_t> samples;

  int64_t getNumInvocations() const { return samples.value_or(1); }
  /// The shape that one invocation sees.
  llvm::ArrayRef<int64_t> getShape(size_t input) const;
  /// The bytes that one invocation sees.
  const char *getData(size_t input, int64_t invocation) const;
};

/// The signature that the user asks for, or the first one. Null if there is none of that name,
/// which is reported.
const SignatureInfo *chooseSignature(const ModelInfo &model, std::optional<llvm::StringRef> key,
                                     Diagnostics &diagnostics);

/// Finds the array of each input, by name in the signature, tensor name or number. Checks names,
/// element types and ranks, and reports everything that does not fit.
std::optional<InputSet> bindInputs(const SignatureInfo &signature, std::vector<Array> arrays,
                                   bool samples, Diagnostics &diagnostics);

/// Inputs whose shapes are not the model's own.
std::vector<ShapeOverride> getOtherShapes(const SignatureInfo &signature, const InputSet &inputs);

/// Whether each array has the shape of its input, where "?" takes any size; reports those that do
/// not.
bool checkShapes(const SignatureInfo &signature, const InputSet &inputs, Diagnostics &diagnostics);

/// The outputs before the first invocation; `byIndex` names them by number.
std::vector<Array> makeOutputs(const SignatureInfo &signature, const InputSet &inputs,
                               bool byIndex);

/// Adds what an invocation gives to an output. Data may decide its shape, but the outputs of
/// several samples make one array; false, with a message, where they do not fit.
bool appendOutput(Array &output, std::vector<int64_t> shape, llvm::StringRef data,
                  const InputSet &inputs, int64_t invocation, Diagnostics &diagnostics);

} // namespace tflc

#endif // TFLC_COMPILER_BINDING_H
