//===- KernelFunction.h - a kernel in a function of its own -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_KERNELFUNCTION_H
#define TFLC_LIB_SCHEDULE_EMIT_KERNELFUNCTION_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tflc {

/// The argument of an entry function that holds the caller's `tflc_parallel`.
inline constexpr char parallelAttrName[] = "tflc.parallel";

struct KernelFunction {
  mlir::func::FuncOp function;
  tflrt::KernelOp kernel;                  ///< the copy, in front of the function's end
  mlir::SmallVector<mlir::Value> operands; ///< of a call where the kernel stood
};

/// Copies `kernel` into a new private function beside its own one, which is named after it and
/// `kind`. Its parameters are the buffers of the kernel's function, the numbers that the kernel
/// uses, and `more`. None, and nothing is changed, where the kernel uses something that cannot be
/// computed again from these.
std::optional<KernelFunction> copyIntoFunction(tflrt::KernelOp kernel, llvm::StringRef kind,
                                               mlir::TypeRange more = {});

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_KERNELFUNCTION_H
