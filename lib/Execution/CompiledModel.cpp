//===- CompiledModel.cpp - a compiled model in this process ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Execution/CompiledModel.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"

using namespace llvm;
using namespace tflc;

namespace {
using ResetFunction = int32_t (*)(void *arena);
}

struct CompiledModel::Impl {
  std::unique_ptr<orc::LLJIT> jit;
  StringMap<PackedFunction> functions; // by signature key
  ResetFunction reset = nullptr;
};

CompiledModel::CompiledModel() : impl(std::make_unique<Impl>()) {}
CompiledModel::~CompiledModel() = default;

Expected<std::unique_ptr<CompiledModel>> CompiledModel::create(const CompileResult &result) {
  auto object = result.files.find(EmitKind::Object);
  if (object == result.files.end())
    return createStringError("the compilation has no object to load");
  initializeTargets();
  auto jit = orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  // memcpy, memmove and memset are all that an object asks for.
  auto process = orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      (*jit)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  (*jit)->getMainJITDylib().addGenerator(std::move(*process));
  if (Error error =
          (*jit)->addObjectFile(MemoryBuffer::getMemBufferCopy(object->second, result.name)))
    return std::move(error);

  std::unique_ptr<CompiledModel> model(new CompiledModel);
  for (const EntryPoint &entry : result.entryPoints) {
    if (entry.signature.empty())
      continue;
    auto address = (*jit)->lookup(entry.packed);
    if (!address)
      return address.takeError();
    model->impl->functions[entry.signature] = address->toPtr<PackedFunction>();
  }
  if (!result.resetSymbol.empty()) {
    auto address = (*jit)->lookup(result.resetSymbol);
    if (!address)
      return address.takeError();
    model->impl->reset = address->toPtr<ResetFunction>();
  }
  model->impl->jit = std::move(*jit);
  return model;
}

CompiledModel::PackedFunction CompiledModel::getFunction(StringRef signature) const {
  return impl->functions.lookup(signature);
}

Expected<int32_t> CompiledModel::invoke(StringRef signature, ArrayRef<const void *> inputs,
                                        ArrayRef<void *> outputs, void *arena,
                                        ArrayRef<int64_t> dims) const {
  PackedFunction function = getFunction(signature);
  if (!function)
    return createStringError("no signature '" + signature + "'");
  return function(const_cast<void *const *>(inputs.data()), outputs.data(), arena, dims.data());
}

int32_t CompiledModel::reset(void *arena) const { return impl->reset ? impl->reset(arena) : 0; }
