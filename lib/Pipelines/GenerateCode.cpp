//===- GenerateCode.cpp - files from a module in the LLVM dialect ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"
#include "tflc/CodeGen/CustomFunctions.h"
#include "tflc/CodeGen/Descriptor.h"
#include "tflc/CodeGen/ExportedNames.h"
#include "tflc/CodeGen/Header.h"
#include "tflc/Pipelines/Compile.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace tflc;

static ArenaInfo getArena(ModuleOp module, CompileStatistics &statistics) {
  auto get = [&](StringRef name, int64_t fallback) {
    auto attr = module->getAttrOfType<IntegerAttr>(name);
    return attr ? attr.getInt() : fallback;
  };
  statistics.arenaBytes = get("tflc.arena_size", 0);
  statistics.arenaAlignment = get("tflc.arena_alignment", 1);
  statistics.arenaLowerBound = get("tflc.arena_lower_bound", 0);
  statistics.stateBytes = get("tflc.variables_size", 0);
  return {statistics.arenaBytes, statistics.arenaAlignment, statistics.stateBytes};
}

static void listEntryPoints(CompileResult &result) {
  ExportedNames names = getExportedNames(result.model);
  result.resetSymbol = names.reset;
  result.entryPoints.clear();
  for (auto [signature, exported] : llvm::zip_equal(result.model.signatures, names.signatures))
    result.entryPoints.push_back({signature.key, exported.typed, exported.packed, exported.plan});
}

namespace {
class Generator {
public:
  Generator(ModuleOp module, const CompileOptions &options, CompileResult &result)
      : module(module), options(options), result(result) {}

  LogicalResult run();

private:
  bool wants(EmitKind kind) const { return options.emit.count(kind) != 0; }
  LogicalResult fail(llvm::Error error) {
    return module.emitError(llvm::toString(std::move(error)));
  }
  llvm::Error emitListings(const llvm::Module &llvmModule);
  llvm::Expected<MachineCode> emitObject(llvm::Module &llvmModule);
  LogicalResult checkSizes(const ArenaInfo &arena);
  LogicalResult emitFiles(std::unique_ptr<llvm::Module> llvmModule);

  ModuleOp module;
  const CompileOptions &options;
  CompileResult &result;
  std::unique_ptr<llvm::TargetMachine> machine;
};
} // namespace

/// What shows the whole module as LLVM leaves it.
llvm::Error Generator::emitListings(const llvm::Module &llvmModule) {
  if (!wants(EmitKind::LLVMIR) && !wants(EmitKind::Bitcode) && !wants(EmitKind::Assembly))
    return llvm::Error::success();
  std::unique_ptr<llvm::Module> copy = llvm::CloneModule(llvmModule);
  optimize(*copy, *machine, options.target, options.optLevel);
  if (wants(EmitKind::LLVMIR)) {
    llvm::raw_string_ostream stream(result.files[EmitKind::LLVMIR]);
    copy->print(stream, nullptr);
  }
  if (wants(EmitKind::Bitcode)) {
    llvm::raw_string_ostream stream(result.files[EmitKind::Bitcode]);
    llvm::WriteBitcodeToFile(*copy, stream);
  }
  if (!wants(EmitKind::Assembly))
    return llvm::Error::success();
  llvm::Expected<MachineCode> assembly =
      emitMachineCode(*copy, *machine, MachineCodeKind::Assembly);
  if (!assembly)
    return assembly.takeError();
  result.files[EmitKind::Assembly] = std::move(assembly->bytes);
  return llvm::Error::success();
}

llvm::Expected<MachineCode> Generator::emitObject(llvm::Module &llvmModule) {
  MachineCode code;
  llvm::Expected<bool> isDone = compileInParts(llvmModule, options.target, options.optLevel, code);
  if (!isDone)
    return isDone.takeError();
  if (*isDone)
    return code;
  optimize(llvmModule, *machine, options.target, options.optLevel);
  return emitMachineCode(llvmModule, *machine, MachineCodeKind::Object);
}

LogicalResult Generator::emitFiles(std::unique_ptr<llvm::Module> llvmModule) {
  if (llvm::Error error = emitListings(*llvmModule))
    return fail(std::move(error));
  // The object is made in any case: only it shows what the model costs and whether it links.
  llvm::Expected<MachineCode> object = emitObject(*llvmModule);
  if (!object)
    return fail(object.takeError());
  llvmModule.reset();
  llvm::Expected<ObjectSummary> summary = summarizeObject(object->bytes);
  if (!summary)
    return fail(summary.takeError());
  llvm::erase_if(summary->undefinedSymbols, [&](const std::string &name) {
    return llvm::is_contained(result.customFunctions, name);
  });
  if (!summary->undefinedSymbols.empty() && reportMissingFloats(module, options.target))
    return failure();
  if (llvm::Error error = checkObject(*summary))
    return fail(std::move(error));
  result.statistics.codeBytes = summary->codeBytes;
  result.statistics.constantBytes = summary->constantBytes;
  result.statistics.stackBytes = object->stackBytes;

  if (wants(EmitKind::Library)) {
    auto archive = makeArchive(result.name + ".o", object->bytes, options.target);
    if (!archive)
      return fail(archive.takeError());
    result.files[EmitKind::Library] = std::move(*archive);
  }
  if (wants(EmitKind::Shared)) {
    auto library = linkShared(result.name, object->bytes, options.target);
    if (!library)
      return fail(library.takeError());
    result.files[EmitKind::Shared] = std::move(*library);
  }
  if (wants(EmitKind::Object))
    result.files[EmitKind::Object] = std::move(object->bytes);
  return success();
}

/// Sizes and offsets of a machine with 32-bit pointers have to fit in a signed index.
LogicalResult Generator::checkSizes(const ArenaInfo &arena) {
  const TargetInfo &target = options.target;
  int64_t limit = target.pointerBits < 64 ? INT32_MAX : INT64_MAX / 2;
  auto check = [&](const llvm::Twine &what, int64_t bytes) -> LogicalResult {
    if (bytes <= limit)
      return success();
    return module.emitError() << what << " of " << bytes << " bytes is too large for target '"
                              << target.name << "'";
  };
  LogicalResult isFit = check("the arena", arena.size);
  for (const SignatureInfo &signature : result.model.signatures)
    for (const std::vector<TensorInfo> *tensors : {&signature.inputs, &signature.outputs})
      for (const TensorInfo &tensor : *tensors)
        if (tensor.hasStaticShape() &&
            failed(check("tensor \"" + tensor.name + "\"", tensor.getNumBytes())))
          isFit = failure();
  return isFit;
}

LogicalResult Generator::run() {
  ArenaInfo arena = getArena(module, result.statistics);
  if (failed(checkSizes(arena)))
    return failure();
  listEntryPoints(result);
  if (wants(EmitKind::Header))
    result.files[EmitKind::Header] = writeHeader(result.model, arena);

  auto created = createTargetMachine(options.target, options.optLevel);
  if (!created)
    return fail(created.takeError());
  machine = std::move(*created);
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule =
      translateToLLVMIR(module, context, *machine, options.target, options.optLevel);
  if (!llvmModule)
    return failure();
  llvmModule->setModuleIdentifier(result.name);
  llvmModule->setSourceFileName(result.name);
  if (llvm::Error error = addDescriptor(*llvmModule, result.model, arena))
    return fail(std::move(error));
  llvm::Expected<std::vector<std::string>> called = nameCustomFunctions(*llvmModule);
  if (!called)
    return fail(called.takeError());
  result.customFunctions = std::move(*called);
  return emitFiles(std::move(llvmModule));
}

LogicalResult tflc::generateCode(ModuleOp module, const CompileOptions &options,
                                 CompileResult &result) {
  return Generator(module, options, result).run();
}
