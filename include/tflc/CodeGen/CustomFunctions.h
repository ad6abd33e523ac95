//===- CustomFunctions.h - functions that an object needs -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CODEGEN_CUSTOMFUNCTIONS_H
#define TFLC_CODEGEN_CUSTOMFUNCTIONS_H

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace llvm {
class Module;
} // namespace llvm

namespace tflc {

/// Gives the functions that custom operators call their names in C, and returns these. To be called
/// when the module has what it exports.
llvm::Expected<std::vector<std::string>> nameCustomFunctions(llvm::Module &module);

} // namespace tflc

#endif // TFLC_CODEGEN_CUSTOMFUNCTIONS_H
