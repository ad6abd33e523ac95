//===- EmitKinds.cpp - what --emit takes ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/Compile.h"

using namespace tflc;

static constexpr EmitInfo kEmitKinds[] = {
    {EmitKind::Object, "obj", "", ".o", false},
    {EmitKind::Header, "header", "", ".h", true},
    {EmitKind::Library, "lib", "lib", ".a", false},
    {EmitKind::Shared, "shared", "lib", ".so", false},
    {EmitKind::Assembly, "asm", "", ".s", true},
    {EmitKind::LLVMIR, "llvm", "", ".ll", true},
    {EmitKind::Bitcode, "bc", "", ".bc", false},
    {EmitKind::MLIR, "mlir", "", ".mlir", true},
};

llvm::ArrayRef<EmitInfo> tflc::getEmitKinds() { return kEmitKinds; }

std::optional<EmitKind> tflc::parseEmitKind(llvm::StringRef name) {
  for (const EmitInfo &info : kEmitKinds)
    if (info.name == name)
      return info.kind;
  return std::nullopt;
}
