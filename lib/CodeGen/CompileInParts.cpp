//===- CompileInParts.cpp - several threads for a large module ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Problem: LLVM works on one function after the other, and half of the time that a large model
// takes is LLVM's. Idea: kernels in functions of their own are shared out to modules, each in a
// context of its own, which threads optimize and compile; their objects are joined. Condition:
// bytes depend on the model alone, so the parts are the same however many threads there are.
//
// What several parts use stands in one of them: constants and functions that are not inlined, under
// names that only the parts know. Small functions, such as those of libm, are copied to each part
// that calls them.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <atomic>
#include <thread>

using namespace llvm;
using namespace tflc;

/// More parts would give more threads something to do, and each takes some time of its own.
static constexpr int64_t mostParts = 8;

bool tflc::canJoinObjects(const TargetInfo &target) {
  Triple triple(target.triple);
  return triple.isOSBinFormatELF() && (triple.isX86_64() || triple.isAArch64(64)) &&
         triple.isLittleEndian();
}

//===----------------------------------------------------------------------===//
// What belongs to which part
//===----------------------------------------------------------------------===//

namespace {
/// Definitions that are compiled together. The first part has what the object exports.
struct Part {
  SmallVector<GlobalValue *> roots;
  int64_t instructions = 0;
  SetVector<GlobalValue *> definitions;
};

/// Shares the definitions of a module out to parts.
class Division {
public:
  explicit Division(Module &module) : module(module) {}

  /// The parts; one where the module is too small for more.
  SmallVector<Part> divide();

private:
  static bool isApart(const GlobalValue *value) {
    auto *function = dyn_cast<Function>(value);
    return function && !function->isDeclaration() && function->hasLocalLinkage() &&
           function->hasFnAttribute(Attribute::NoInline);
  }
  void collect(ArrayRef<GlobalValue *> roots, SetVector<GlobalValue *> &reached);
  int64_t countInstructions(Function *root);
  void share(SmallVectorImpl<Part> &parts);

  Module &module;
};
} // namespace

/// The globals that a constant refers to.
static void collectGlobals(Value *value, SmallPtrSetImpl<Constant *> &seen,
                           SmallVectorImpl<GlobalValue *> &found) {
  auto *constant = dyn_cast<Constant>(value);
  if (!constant || isa<ConstantData>(constant) || !seen.insert(constant).second)
    return;
  if (auto *global = dyn_cast<GlobalValue>(constant)) {
    found.push_back(global);
    return;
  }
  for (Value *operand : constant->operands())
    collectGlobals(operand, seen, found);
}

static SmallVector<GlobalValue *> collectUses(GlobalValue *global) {
  SmallPtrSet<Constant *, 16> seen;
  SmallVector<GlobalValue *> found;
  if (auto *function = dyn_cast<Function>(global)) {
    for (BasicBlock &block : *function)
      for (Instruction &instruction : block)
        for (Value *operand : instruction.operands())
          collectGlobals(operand, seen, found);
  } else if (auto *variable = dyn_cast<GlobalVariable>(global); variable->hasInitializer()) {
    collectGlobals(variable->getInitializer(), seen, found);
  }
  return found;
}

/// Collects what `roots` need, but for functions that are apart.
void Division::collect(ArrayRef<GlobalValue *> roots, SetVector<GlobalValue *> &reached) {
  SmallVector<GlobalValue *> work(roots);
  reached.insert(roots.begin(), roots.end());
  while (!work.empty())
    for (GlobalValue *used : collectUses(work.pop_back_val()))
      if (!used->isDeclaration() && !isApart(used) && reached.insert(used))
        work.push_back(used);
}

int64_t Division::countInstructions(Function *root) {
  SetVector<GlobalValue *> reached;
  collect(root, reached);
  int64_t count = 0;
  for (GlobalValue *global : reached)
    if (auto *function = dyn_cast<Function>(global))
      count += function->getInstructionCount();
  return count;
}

SmallVector<Part> Division::divide() {
  Part exported;
  SmallVector<std::pair<int64_t, Function *>> functions;
  int64_t all = 0;
  for (GlobalValue &global : module.global_values()) {
    if (global.isDeclaration())
      continue;
    if (!global.hasLocalLinkage())
      exported.roots.push_back(&global);
    else if (isApart(&global))
      functions.push_back({countInstructions(cast<Function>(&global)), cast<Function>(&global)});
  }
  for (GlobalValue *root : exported.roots)
    if (auto *function = dyn_cast<Function>(root))
      exported.instructions += countInstructions(function);
  for (auto [instructions, function] : functions)
    all += instructions;
  int64_t count = std::min({mostParts, (all + exported.instructions) / instructionsOfPart,
                            static_cast<int64_t>(functions.size()) + 1});
  SmallVector<Part> parts(std::max<int64_t>(1, count));
  parts.front() = std::move(exported);
  if (parts.size() == 1)
    return parts;
  llvm::stable_sort(functions, [](auto &lhs, auto &rhs) { return lhs.first > rhs.first; });
  for (auto [instructions, function] : functions) {
    Part *least = llvm::min_element(parts, [](const Part &lhs, const Part &rhs) {
      return lhs.instructions < rhs.instructions;
    });
    least->roots.push_back(function);
    least->instructions += instructions;
  }
  share(parts);
  return parts;
}

/// Other parts find a definition by its name, which the joined object does not export.
static void makeShared(GlobalValue *global) {
  if (!global->hasLocalLinkage())
    return;
  if (!global->hasName())
    global->setName("tflc.shared");
  global->setLinkage(GlobalValue::ExternalLinkage);
  global->setVisibility(GlobalValue::HiddenVisibility);
  global->setDSOLocal(true);
}

/// Whether a definition that is not in `part` uses `value`.
static bool isUsedOutside(const GlobalValue *value, const Part &part) {
  return any_of(value->users(), [&](const User *user) {
    auto *instruction = dyn_cast<Instruction>(user);
    return instruction &&
           !part.definitions.contains(const_cast<Function *>(instruction->getFunction()));
  });
}

/// Completes the parts. A variable that several need stands in the first one.
void Division::share(SmallVectorImpl<Part> &parts) {
  DenseMap<GlobalValue *, unsigned> numUsers;
  for (Part &part : parts) {
    collect(part.roots, part.definitions);
    for (GlobalValue *global : part.definitions)
      ++numUsers[global];
  }
  for (GlobalVariable &variable : module.globals()) {
    if (variable.isDeclaration() || numUsers.lookup(&variable) < 2)
      continue;
    for (Part &part : drop_begin(parts))
      part.definitions.remove(&variable);
    parts.front().definitions.insert(&variable);
    makeShared(&variable);
  }
  for (Part &part : drop_begin(parts))
    for (GlobalValue *root : part.roots)
      makeShared(root);
  for (GlobalValue *root : parts.front().roots)
    if (isUsedOutside(root, parts.front()))
      makeShared(root);
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

static Error compile(Module &module, const TargetInfo &target, OptLevel level, MachineCode &code) {
  auto machine = createTargetMachine(target, level);
  if (!machine)
    return machine.takeError();
  optimize(module, **machine, target, level);
  Expected<MachineCode> object = emitMachineCode(module, **machine, MachineCodeKind::Object);
  if (!object)
    return object.takeError();
  code = std::move(*object);
  return Error::success();
}

/// A module of its own with some definitions of `module`, as bitcode.
static SmallVector<char, 0> writePart(const Module &module, const Part &part) {
  ValueToValueMapTy mapping;
  std::unique_ptr<Module> copy = CloneModule(module, mapping, [&](const GlobalValue *global) {
    return part.definitions.contains(const_cast<GlobalValue *>(global));
  });
  SmallVector<char, 0> bytes;
  raw_svector_ostream stream(bytes);
  WriteBitcodeToFile(*copy, stream);
  return bytes;
}

/// Leaves the definitions of `part` in the module.
static void keepPart(Module &module, const Part &part) {
  for (Function &function : module)
    if (!function.isDeclaration() && !part.definitions.contains(&function))
      function.deleteBody();
  for (GlobalVariable &variable : module.globals())
    if (variable.hasInitializer() && !part.definitions.contains(&variable)) {
      variable.setInitializer(nullptr);
      variable.setLinkage(GlobalValue::ExternalLinkage);
    }
}

static Error compileBitcode(ArrayRef<char> bitcode, const TargetInfo &target, OptLevel level,
                            MachineCode &code) {
  LLVMContext context;
  Expected<std::unique_ptr<Module>> module =
      parseBitcodeFile(MemoryBufferRef(StringRef(bitcode.data(), bitcode.size()), "part"), context);
  if (!module)
    return module.takeError();
  return compile(**module, target, level, code);
}

Expected<bool> tflc::compileInParts(Module &module, const TargetInfo &target, OptLevel level,
                                    MachineCode &code) {
  if (!canJoinObjects(target))
    return false;
  SmallVector<Part> parts = Division(module).divide();
  if (parts.size() < 2)
    return false;
  std::vector<SmallVector<char, 0>> bitcode(parts.size());
  for (unsigned i = 1; i < parts.size(); ++i)
    bitcode[i] = writePart(module, parts[i]);
  keepPart(module, parts.front());

  std::vector<MachineCode> codes(parts.size());
  std::vector<std::string> errors(parts.size());
  std::atomic<unsigned> next = 0;
  // All threads end in this call: a process may fork before and behind it.
  auto work = [&] {
    for (unsigned i = next++; i < parts.size(); i = next++)
      if (Error error = i == 0 ? compile(module, target, level, codes[i])
                               : compileBitcode(bitcode[i], target, level, codes[i]))
        errors[i] = toString(std::move(error));
  };
  std::vector<std::thread> threads;
  unsigned most = hardware_concurrency().compute_thread_count();
  for (unsigned i = 1; i < std::min<unsigned>(most, parts.size()); ++i)
    threads.emplace_back(work);
  work();
  for (std::thread &thread : threads)
    thread.join();

  std::vector<std::string> objects;
  int64_t ofOthers = 0;
  for (unsigned i = 0; i < parts.size(); ++i) {
    if (!errors[i].empty())
      return createStringError(errors[i]);
    objects.push_back(std::move(codes[i].bytes));
    if (i > 0)
      ofOthers = std::max(ofOthers, codes[i].stackBytes);
  }
  Expected<std::string> object = joinObjects(objects);
  if (!object)
    return object.takeError();
  code.bytes = std::move(*object);
  code.stackBytes = codes.front().stackBytes + ofOthers;
  return true;
}
