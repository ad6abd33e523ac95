//===- CompiledModel.cpp - a compiled model in this process ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Execution/CompiledModel.h"

#include "tflc/Target/TargetInfo.h"
#include "tflc/threads.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstring>

using namespace llvm;
using namespace tflc;

namespace {
using ResetFunction = int32_t (*)(void *arena);

struct Signature {
  tflc_invoke_fn invoke = nullptr;
  CompiledModel::PlanFunction plan = nullptr;
  size_t numInputs = 0;
  size_t numOutputs = 0;
};
} // namespace

struct CompiledModel::Impl {
  std::unique_ptr<orc::LLJIT> jit;
  StringMap<Signature> signatures;
  ResetFunction reset = nullptr;
  bool hasTasks = false;
  std::unique_ptr<tflc_pool, decltype(&tflc_pool_destroy)> pool{nullptr, tflc_pool_destroy};
  tflc_parallel parallel{};

  PackedFunction getFunction(const Signature &signature) const {
    return {signature.invoke, pool ? &parallel : nullptr, hasTasks};
  }

  template <typename FunctionT> Error find(StringRef symbol, FunctionT &function) {
    if (symbol.empty())
      return Error::success();
    Expected<orc::ExecutorAddr> address = jit->lookup(symbol);
    if (!address)
      return address.takeError();
    function = address->toPtr<FunctionT>();
    return Error::success();
  }
};

CompiledModel::CompiledModel() : impl(std::make_unique<Impl>()) {}
CompiledModel::~CompiledModel() = default;

/// The three functions that every object may call, from this program and from nowhere else.
static Error defineMemoryFunctions(orc::LLJIT &jit) {
  orc::SymbolMap symbols;
  auto define = [&](StringRef name, auto *function) {
    symbols[jit.mangleAndIntern(name)] = {orc::ExecutorAddr::fromPtr(function),
                                          JITSymbolFlags::Exported | JITSymbolFlags::Callable};
  };
  define("memcpy", &std::memcpy);
  define("memmove", &std::memmove);
  define("memset", &std::memset);
  return jit.getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols)));
}

Expected<std::unique_ptr<CompiledModel>> CompiledModel::create(const CompileResult &result) {
  auto object = result.files.find(EmitKind::Object);
  if (object == result.files.end())
    return createStringError("there is no object to execute");
  initializeTargets();
  // The object is complete; the code generator that LLJIT asks for is never used.
  auto machine = orc::JITTargetMachineBuilder::detectHost();
  if (!machine)
    return machine.takeError();
  auto jit = orc::LLJITBuilder().setJITTargetMachineBuilder(std::move(*machine)).create();
  if (!jit)
    return jit.takeError();

  std::unique_ptr<CompiledModel> model(new CompiledModel());
  Impl &impl = *model->impl;
  impl.hasTasks = result.model.hasTasks;
  impl.jit = std::move(*jit);
  if (Error error = defineMemoryFunctions(*impl.jit))
    return std::move(error);
  if (Error error = impl.jit->addObjectFile(
          MemoryBuffer::getMemBufferCopy(object->second, result.name + ".o")))
    return std::move(error);
  for (auto [entry, info] : llvm::zip_equal(result.entryPoints, result.model.signatures)) {
    Signature &signature = impl.signatures[entry.signature];
    signature.numInputs = info.inputs.size();
    signature.numOutputs = info.outputs.size();
    if (Error error = impl.find(entry.packed, signature.invoke))
      return std::move(error);
    if (Error error = impl.find(entry.plan, signature.plan))
      return std::move(error);
  }
  if (Error error = impl.find(result.resetSymbol, impl.reset))
    return std::move(error);
  return model;
}

CompiledModel::PackedFunction CompiledModel::getFunction(StringRef signature) const {
  auto found = impl->signatures.find(signature);
  return found == impl->signatures.end() ? PackedFunction() : impl->getFunction(found->second);
}

Error CompiledModel::setThreads(unsigned threads) {
  impl->pool.reset(tflc_pool_create(threads));
  if (!impl->pool)
    return createStringError("the system gives no memory for threads");
  impl->parallel = tflc_pool_parallel(impl->pool.get());
  return Error::success();
}

CompiledModel::PlanFunction CompiledModel::getPlan(StringRef signature) const {
  auto found = impl->signatures.find(signature);
  return found == impl->signatures.end() ? nullptr : found->second.plan;
}

Expected<int32_t> CompiledModel::invoke(StringRef signature, ArrayRef<const void *> inputs,
                                        ArrayRef<void *> outputs, void *arena,
                                        MutableArrayRef<int64_t> dims) const {
  auto found = impl->signatures.find(signature);
  if (found == impl->signatures.end())
    return createStringError(formatv("the model has no signature '{0}'", signature));
  const Signature &entry = found->second;
  if (inputs.size() != entry.numInputs || outputs.size() != entry.numOutputs)
    return createStringError(formatv("signature '{0}' has {1} inputs and {2} outputs, found {3} "
                                     "and {4}",
                                     signature, entry.numInputs, entry.numOutputs, inputs.size(),
                                     outputs.size()));
  // The binary interface only reads inputs, whatever its arrays say.
  SmallVector<void *> mutableInputs;
  for (const void *input : inputs)
    mutableInputs.push_back(const_cast<void *>(input));
  return impl->getFunction(entry)(mutableInputs.data(), outputs.data(), arena, dims.data());
}

void CompiledModel::reset(void *arena) const {
  if (impl->reset)
    impl->reset(arena);
}
