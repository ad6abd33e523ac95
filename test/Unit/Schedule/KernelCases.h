//===- KernelCases.h - a kernel in each form --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TEST_UNIT_SCHEDULE_KERNELCASES_H
#define TFLC_TEST_UNIT_SCHEDULE_KERNELCASES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>

namespace tflc {

/// A kernel of the function @main(%x, %residual, %out, ...): argument 0 is read by the sums,
/// argument 1 by the epilogue, which has the layout of argument 2, the output.
struct KernelCase {
  const char *name;
  std::string (*kernel)(); ///< makes the module without its target, with gaps
  const char *target;      ///< entries of tflc.target
  const char *strategy;
  int64_t scratch = 0; ///< elements of the kernel's buffer
};

/// One case for each form.
llvm::ArrayRef<KernelCase> getKernelCases();

void loadKernelDialects(mlir::MLIRContext &context);
mlir::OwningOpRef<mlir::ModuleOp> parseKernel(const KernelCase &test, mlir::MLIRContext &context);

} // namespace tflc

#endif // TFLC_TEST_UNIT_SCHEDULE_KERNELCASES_H
