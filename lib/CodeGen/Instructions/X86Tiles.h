//===- X86Tiles.h - tile registers of x86 (AMX) -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_X86TILES_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_X86TILES_H

#include "tflc/Target/ConstantPool.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// Emits the AMX instruction of an op on tile registers; false for other ops.
bool emitTileOpOnX86(mlir::ImplicitLocOpBuilder &b, mlir::Operation *op, ConstantPool &pool);

/// Asks Linux for the tile registers; gives an invocation's status.
mlir::Value requestTilesOfLinux(mlir::ImplicitLocOpBuilder &b);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_X86TILES_H
