//===- BufferizeCustomCalls.h - calls of linked functions -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_BUFFERIZECUSTOMCALLS_H
#define TFLC_LIB_SCHEDULE_MEMORY_BUFFERIZECUSTOMCALLS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace tflc {

/// Tells one-shot bufferization what `tflrt.call_custom` reads and writes.
void registerCustomCallBufferization(mlir::DialectRegistry &registry);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_BUFFERIZECUSTOMCALLS_H
