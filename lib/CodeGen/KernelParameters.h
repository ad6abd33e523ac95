//===- KernelParameters.h - what kernels of the same code differ in -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_KERNELPARAMETERS_H
#define TFLC_LIB_CODEGEN_KERNELPARAMETERS_H

#include "KernelCode.h"

namespace tflc {

/// A parameter of the function that stands for a group of kernels.
struct KernelParameter {
  mlir::SmallVector<KernelLeaf> leaves; ///< what each kernel of the group hands over
  mlir::SmallVector<size_t> sites;      ///< where it is used

  mlir::Type getType() const { return leaves.front().type; }
  bool isBuffer() const { return leaves.front().isBuffer(); }
};

/// The parameters of a group of kernels that are alike. Leaves that differ in the same way are one.
mlir::SmallVector<KernelParameter> findParameters(mlir::ArrayRef<const KernelCode *> group);

/// Whether one function for the kernels of a group is worth a call, which many small ones are not.
bool isWorthCall(const KernelCode &code, mlir::ArrayRef<KernelParameter> parameters);

/// The bytes of a buffer; 0 where only the run knows them.
int64_t getBytes(mlir::MemRefType type);

/// Whether parameter `number` overlaps none of the others, whatever kernel the function stands for.
bool isApart(mlir::ArrayRef<KernelParameter> parameters, size_t number);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_KERNELPARAMETERS_H
