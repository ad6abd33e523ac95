//===- RewriteChain.h - a chain of kernels as a loop ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_ROWS_REWRITECHAIN_H
#define TFLC_LIB_SCHEDULE_ROWS_REWRITECHAIN_H

#include "RowChain.h"

#include "tflc/Target/ConstantPool.h"

namespace tflc {

/// Replaces the kernels of a chain by a loop; `pool` receives tables of where rows begin.
void rewriteChain(const RowChain &chain, ConstantPool &pool);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_ROWS_REWRITECHAIN_H
