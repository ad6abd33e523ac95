//===- KernelNames.h - how functions of kernels are marked ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_KERNELNAMES_H
#define TFLC_TARGET_KERNELNAMES_H

namespace tflc {

/// Attribute of a private function that holds a kernel and is called where that stood: nothing but
/// `tflc-merge-kernels` needs it to be a function.
inline constexpr char kKernelAttrName[] = "tflc.kernel";

/// Attribute of a function that stands for several kernels, or of one that LLVM is to compile by
/// itself: it is not inlined.
inline constexpr char kApartAttrName[] = "tflc.apart";

} // namespace tflc

#endif // TFLC_TARGET_KERNELNAMES_H
