//===- ControlFlow.h - lowering of branches and loops -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_CONTROLFLOW_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_CONTROLFLOW_H

#include "TypeConverter.h"

namespace tflc {

/// `tfl.branch`, `tfl.loop` and `tfl.repeat` to ops of `scf`, for what is in them, too.
void populateControlFlowPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_CONTROLFLOW_H
