//===- FolderSource.h - a file for each sample ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_QUANTIZER_FOLDERSOURCE_H
#define TFLC_LIB_QUANTIZER_FOLDERSOURCE_H

#include "tflc/Quantizer/Samples.h"

namespace tflc {

/// The .npy, .png, .jpg and .jpeg files of a folder, in the order of their names, each as the only
/// input of `signature`. The signature must outlive the source.
llvm::Expected<std::unique_ptr<SampleSource>>
openFolder(llvm::StringRef path, const SignatureInfo &signature, const SampleOptions &options);

} // namespace tflc

#endif // TFLC_LIB_QUANTIZER_FOLDERSOURCE_H
