//===- ExportedNames.h - the C names of a compiled model --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// One place decides what the symbols of an object and the names in its header are called, so that
// object, header and descriptor agree. docs/RuntimeABI.md tells users the rules.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CODEGEN_EXPORTEDNAMES_H
#define TFLC_CODEGEN_EXPORTEDNAMES_H

#include "tflc/Support/ModelInfo.h"

namespace tflc {

/// The C names that belong to one signature.
struct SignatureNames {
  std::string typed;  // int32_t mnist_invoke(const int8_t *image, int8_t *scores, void *arena)
  std::string packed; // the same with arrays of pointers, as tflc_invoke_fn says
  std::string plan;   // arena size for given dimensions; empty where all dimensions are known
  /// Begins every constant of the signature's tensors: "mnist", or "mnist_encode" where the model
  /// has several signatures.
  std::string prefix;
  /// Identifiers of the inputs and outputs, unique among both.
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
};

struct ExportedNames {
  std::string model; // the descriptor
  std::string reset; // empty without variables
  std::vector<SignatureNames> signatures;
};

ExportedNames getExportedNames(const ModelInfo &info);

} // namespace tflc

#endif // TFLC_CODEGEN_EXPORTEDNAMES_H
