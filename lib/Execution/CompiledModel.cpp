//===- CompiledModel.cpp - a compiled model in this process ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Execution/CompiledModel.h"

#include "tflc/Target/TargetInfo.h"
#include "tflc/threads.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/BinaryFormat/Magic.h"
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

/// Adds an object, an archive or a shared library.
static Error linkFile(orc::LLJIT &jit, StringRef path) {
  file_magic magic;
  if (std::error_code code = identify_magic(path, magic))
    return createFileError(path, code);
  orc::JITDylib &dylib = jit.getMainJITDylib();
  if (magic == file_magic::elf_relocatable || magic == file_magic::macho_object) {
    auto buffer = MemoryBuffer::getFile(path);
    return buffer ? jit.addObjectFile(std::move(*buffer))
                  : createFileError(path, buffer.getError());
  }
  if (magic == file_magic::archive) {
    auto archive =
        orc::StaticLibraryDefinitionGenerator::Load(jit.getObjLinkingLayer(), path.str().c_str());
    if (!archive)
      return archive.takeError();
    dylib.addGenerator(std::move(*archive));
    return Error::success();
  }
  if (magic == file_magic::elf_shared_object ||
      magic == file_magic::macho_dynamically_linked_shared_lib) {
    auto library = orc::DynamicLibrarySearchGenerator::Load(path.str().c_str(),
                                                            jit.getDataLayout().getGlobalPrefix());
    if (!library)
      return library.takeError();
    dylib.addGenerator(std::move(*library));
    return Error::success();
  }
  return createStringError(
      formatv("'{0}' is no object, archive or shared library of this machine", path));
}

/// Adds the files that hold custom functions to a model, and checks that all functions are there.
static Error linkCustomFunctions(orc::LLJIT &jit, ArrayRef<std::string> functions,
                                 ArrayRef<std::string> files) {
  for (const std::string &path : files)
    if (Error error = linkFile(jit, path))
      return error;
  if (!files.empty()) {
    // What these files need of the C library and the like.
    auto process = orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
        jit.getDataLayout().getGlobalPrefix());
    if (!process)
      return process.takeError();
    jit.getMainJITDylib().addGenerator(std::move(*process));
  }
  // What a look-up finds missing is reported here, and by nobody else.
  jit.getExecutionSession().setErrorReporter(consumeError);
  for (const std::string &name : functions)
    if (Expected<orc::ExecutorAddr> address = jit.lookup(name); !address)
      return createStringError(
          formatv("the model calls the function '{0}': {1}", name, toString(address.takeError())));
  return Error::success();
}

Expected<std::unique_ptr<CompiledModel>> CompiledModel::create(const CompileResult &result,
                                                               ArrayRef<std::string> linkedFiles) {
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
  if (Error error = linkCustomFunctions(*impl.jit, result.customFunctions, linkedFiles))
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
