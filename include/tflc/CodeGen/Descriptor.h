//===- Descriptor.h - the model's side of the runtime ABI -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CODEGEN_DESCRIPTOR_H
#define TFLC_CODEGEN_DESCRIPTOR_H

#include "tflc/Support/ModelInfo.h"
#include "llvm/Support/Error.h"

namespace llvm {
class Module;
} // namespace llvm

namespace tflc {

/// The memory that a caller brings along.
struct ArenaInfo {
  int64_t size = 0;
  int64_t alignment = 1;
  /// The first bytes of the arena, which hold the variables.
  int64_t stateSize = 0;
};

/// Gives `module` the interface that runtime/include/tflc/tflc.h and docs/RuntimeABI.md describe.
///
/// Takes a module as the translation from MLIR leaves it, with target triple and data layout,
/// before optimization. Each signature's function (`SignatureInfo::function`) has the parameters
/// (inputs..., outputs..., arena[, one integer for each unknown dimension of the inputs][, a
/// pointer to the measured part of `dims` where the signature has limits]) and returns nothing or
/// an i32 status. It becomes the typed function; a packed one, the descriptor and, where there is
/// state, the reset function (from `tflc.reset(arena)`) are added. Unknown dimensions need a
/// function
/// `<function>.plan` that maps those of the inputs to the arena's size, the derived dimensions of
/// the outputs and the limits of the measured ones. All other definitions become local to the
/// module.
llvm::Error addDescriptor(llvm::Module &module, const ModelInfo &info, const ArenaInfo &arena);

} // namespace tflc

#endif // TFLC_CODEGEN_DESCRIPTOR_H
