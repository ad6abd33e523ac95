//===- Summary.h - what came out of a compilation ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_SUMMARY_H
#define TFLC_COMPILER_SUMMARY_H

#include "tflc/Pipelines/Compile.h"
#include "tflc/Pipelines/OperatorCost.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace tflc {

/// Nine lines for the user.
void printSummary(llvm::raw_ostream &os, const CompileOptions &options, const CompileResult &result,
                  llvm::ArrayRef<OperatorCost> operators);

/// The same and more for machines. Equal compilations give equal objects: no times, no dates.
llvm::json::Object makeSummary(const CompileOptions &options, const CompileResult &result,
                               llvm::ArrayRef<OperatorCost> operators);

/// "3 in float32, 12 in int8": how many operators compute with each type.
std::string listTypes(llvm::ArrayRef<OperatorCost> operators);

llvm::json::Object toJSON(const TensorInfo &tensor);
llvm::json::Array toJSON(llvm::ArrayRef<SignatureInfo> signatures);

} // namespace tflc

#endif // TFLC_COMPILER_SUMMARY_H
