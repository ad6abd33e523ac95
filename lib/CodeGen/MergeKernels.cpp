//===- MergeKernels.cpp - one function for kernels of the same code -------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Problem: a network repeats its blocks, and each kernel is code of its own that reads its own
// buffers and constants. Idea: functions that compute the same but for leaves become one, whose
// parameters are the leaves that differ. Condition: only buffers and numbers of plain arithmetic
// may differ, so that the code is as fast as before.
//
//===----------------------------------------------------------------------===//

#include "ConstantAlignment.h"
#include "KernelParameters.h"

#include "tflc/CodeGen/CodeGen.h"
#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/ConstantPool.h"
#include "tflc/Target/KernelNames.h"
#include "tflc/Target/TargetInfo.h"
#include "tflc/Target/TaskNames.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include <numeric>

namespace tflc {
#define GEN_PASS_DEF_MERGEKERNELS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

using Group = SmallVector<const KernelCode *>;

/// Whether there is so much code that LLVM compiles parts of it at once: then all kernels stay
/// apart.
static bool isCompiledInParts(ArrayRef<Group> groups, const TargetInfo &target) {
  int64_t numOps = 0;
  for (const Group &group : groups)
    numOps += group.front()->countOps();
  return canJoinObjects(target) && numOps >= 2 * instructionsOfPart;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
class MergeKernelsPass : public tflc::impl::MergeKernelsBase<MergeKernelsPass> {
public:
  void runOnOperation() override;

private:
  /// Where the function of a kernel is called; for tasks, where they are all run.
  struct Call {
    func::CallOp call;
    func::FuncOp run; ///< null but for tasks
  };

  void findCalls();
  bool runAsManyTasks(const KernelCode &lhs, const KernelCode &rhs);
  bool merge(ArrayRef<const KernelCode *> group);
  void giveParameters(func::FuncOp function, const KernelCode &code,
                      ArrayRef<KernelParameter> parameters);
  SmallVector<DictionaryAttr> makePromises(ArrayRef<const KernelCode *> group,
                                           ArrayRef<KernelParameter> parameters);
  int64_t getAlignment(const KernelLeaf &leaf, func::CallOp call);
  Value handOver(OpBuilder &b, const KernelLeaf &leaf, func::CallOp call);
  void moveBack(func::FuncOp function);

  TargetInfo target;
  std::optional<ConstantPool> pool;
  int64_t arenaAlignment = 1;
  llvm::MapVector<func::FuncOp, Call> calls;
  llvm::DenseSet<func::FuncOp> called; ///< all that have callers in the module
};
} // namespace

void MergeKernelsPass::findCalls() {
  SymbolTable symbols(getOperation());
  // A function whose call some pass has copied stays what it is.
  auto add = [&](func::FuncOp function, const Call &call) {
    auto [entry, isNew] = calls.insert({function, call});
    if (!isNew)
      entry->second.call = nullptr;
  };
  getOperation().walk([&](func::CallOp call) {
    auto callee = symbols.lookup<func::FuncOp>(call.getCallee());
    if (!callee)
      return;
    called.insert(callee);
    if (callee->hasAttr(kKernelAttrName))
      add(callee, {call, nullptr});
    else if (auto task = callee->getAttrOfType<FlatSymbolRefAttr>(kRunTasksAttrName))
      add(symbols.lookup<func::FuncOp>(task.getValue()), {call, callee});
  });
  calls.remove_if([](const auto &entry) { return !entry.second.call; });
}

/// Whether what runs the tasks of one kernel can run those of another. True for kernels without.
bool MergeKernelsPass::runAsManyTasks(const KernelCode &lhs, const KernelCode &rhs) {
  if (!lhs.isTask || !rhs.isTask)
    return lhs.isTask == rhs.isTask;
  return calls[lhs.function].run->getAttr(kTaskCountAttrName) ==
         calls[rhs.function].run->getAttr(kTaskCountAttrName);
}

/// The value in the caller that a leaf of the called function stands for.
Value MergeKernelsPass::handOver(OpBuilder &b, const KernelLeaf &leaf, func::CallOp call) {
  Location loc = call.getLoc();
  switch (leaf.kind) {
  case KernelLeaf::Argument:
    return call.getOperand(leaf.argument);
  case KernelLeaf::View:
    return memref::ViewOp::create(b, loc, cast<MemRefType>(leaf.type),
                                  call.getOperand(leaf.argument),
                                  arith::ConstantIndexOp::create(b, loc, leaf.shift), ValueRange());
  case KernelLeaf::Global:
    return memref::GetGlobalOp::create(b, loc, cast<MemRefType>(leaf.type),
                                       cast<FlatSymbolRefAttr>(leaf.value).getValue());
  case KernelLeaf::Number:
    return arith::ConstantOp::create(b, loc, cast<TypedAttr>(leaf.value));
  case KernelLeaf::Table: {
    auto values = cast<DenseElementsAttr>(leaf.value);
    return pool->get(b, loc, values.getElementType(), values.getRawData());
  }
  case KernelLeaf::Constant:
    break;
  }
  llvm_unreachable("constants that are no numbers stay where they are");
}

int64_t MergeKernelsPass::getAlignment(const KernelLeaf &leaf, func::CallOp call) {
  auto type = cast<MemRefType>(leaf.type);
  if (leaf.kind == KernelLeaf::Global || leaf.kind == KernelLeaf::Table)
    return getConstantAlignment(type, target);
  auto argument = dyn_cast<BlockArgument>(call.getOperand(leaf.argument));
  auto caller = call->getParentOfType<func::FuncOp>();
  bool isArena = argument && argument.getOwner() == &caller.front() &&
                 caller.getArgAttr(argument.getArgNumber(), "tflc.arena");
  if (!isArena)
    return 1;
  return leaf.shift == 0 ? arenaAlignment : std::gcd(arenaAlignment, leaf.shift);
}

/// Attributes that tell LLVM what it would know of the buffers if the code stood in the caller.
SmallVector<DictionaryAttr> MergeKernelsPass::makePromises(ArrayRef<const KernelCode *> group,
                                                           ArrayRef<KernelParameter> parameters) {
  Builder b(&getContext());
  bool areArgumentsApart = llvm::all_of(group, [&](const KernelCode *code) {
    auto caller = calls[code->function].call->getParentOfType<func::FuncOp>();
    return caller->hasAttr("tfl.signature") && !called.contains(caller);
  });
  SmallVector<DictionaryAttr> promises;
  for (unsigned number = 0; number < parameters.size(); ++number) {
    const KernelParameter &parameter = parameters[number];
    NamedAttrList attributes;
    if (parameter.isBuffer()) {
      int64_t alignment = 0, bytes = getBytes(cast<MemRefType>(parameter.getType()));
      for (auto [code, leaf] : llvm::zip_equal(group, parameter.leaves))
        alignment = std::gcd(alignment, getAlignment(leaf, calls[code->function].call));
      if (areArgumentsApart && isApart(parameters, number))
        attributes.set(LLVM::LLVMDialect::getNoAliasAttrName(), b.getUnitAttr());
      if (alignment > 1)
        attributes.set(LLVM::LLVMDialect::getAlignAttrName(), b.getI64IntegerAttr(alignment));
      // One byte stands for a buffer whose length only the run knows; it may be empty.
      if (bytes > 1)
        attributes.set(LLVM::LLVMDialect::getDereferenceableAttrName(), b.getI64IntegerAttr(bytes));
    }
    promises.push_back(attributes.getDictionary(&getContext()));
  }
  return promises;
}

/// The value of `type` that a leaf had, from what is handed over for it.
static Value unpack(OpBuilder &b, Location loc, Value argument, Type type) {
  if (type == argument.getType())
    return argument;
  if (!isa<MemRefType>(argument.getType()))
    return vector::BroadcastOp::create(b, loc, type, argument);
  Value start = arith::ConstantIndexOp::create(b, loc, 0);
  return vector::LoadOp::create(b, loc, cast<VectorType>(type), argument, start);
}

/// Replaces the parameters of a function, and what it uses of its leaves, by `parameters`.
void MergeKernelsPass::giveParameters(func::FuncOp function, const KernelCode &code,
                                      ArrayRef<KernelParameter> parameters) {
  Block &body = function.front();
  unsigned numOld = body.getNumArguments() - code.isTask;
  OpBuilder b = OpBuilder::atBlockBegin(&body);
  for (auto [number, parameter] : llvm::enumerate(parameters)) {
    Value argument = body.insertArgument(number, parameter.getType(), function.getLoc());
    DenseMap<Type, Value> vectors;
    for (size_t site : parameter.sites) {
      Type type = code.sites[site]->get().getType();
      Value &value = vectors[type];
      if (!value)
        value = unpack(b, function.getLoc(), argument, type);
      code.sites[site]->set(value);
    }
  }
  // What the function used before, and now is unused: views of old parameters and constants.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
  body.eraseArguments(parameters.size(), numOld);
  function.setType(FunctionType::get(&getContext(), body.getArgumentTypes(), {}));
}

/// Makes one function of a group. False, and nothing is done, where that would not be worth it.
bool MergeKernelsPass::merge(ArrayRef<const KernelCode *> group) {
  const KernelCode &first = *group.front();
  SmallVector<KernelParameter> parameters = findParameters(group);
  if (!isWorthCall(first, parameters))
    return false;
  func::FuncOp function = first.function, run = calls[function].run;
  SmallVector<DictionaryAttr> promises = makePromises(group, parameters);
  for (auto [index, code] : llvm::enumerate(group)) {
    auto [call, ownRun] = calls[code->function];
    OpBuilder b(call);
    SmallVector<Value> operands;
    for (const KernelParameter &parameter : parameters)
      operands.push_back(handOver(b, parameter.leaves[index], call));
    if (run)
      operands.push_back(call.getOperands().back()); // the caller's parallel-for
    call.getOperandsMutable().assign(operands);
    call.setCallee(run ? run.getName() : function.getName());
  }
  giveParameters(function, first, parameters);
  promises.resize(function.getNumArguments(), DictionaryAttr::get(&getContext()));
  function.setAllArgAttrs(promises);
  if (run) {
    SmallVector<Type> types(function.getArgumentTypes().drop_back());
    types.push_back(run.getArgumentTypes().back());
    run.setType(FunctionType::get(&getContext(), types, run.getResultTypes()));
  } else {
    function->removeAttr(kKernelAttrName);
    function->setAttr(kApartAttrName, UnitAttr::get(&getContext()));
  }
  for (const KernelCode *code : group.drop_front()) {
    if (func::FuncOp ownRun = calls[code->function].run)
      ownRun.erase();
    func::FuncOp(code->function).erase();
  }
  return true;
}

/// Puts a kernel that is like no other back where it is called.
void MergeKernelsPass::moveBack(func::FuncOp function) {
  func::CallOp call = calls[function].call;
  OpBuilder b(call);
  for (auto [argument, operand] : llvm::zip_equal(function.getArguments(), call.getOperands()))
    argument.replaceAllUsesWith(operand);
  Block &body = function.front();
  body.getTerminator()->erase();
  call->getBlock()->getOperations().splice(call->getIterator(), body.getOperations());
  call.erase();
  function.erase();
}

void MergeKernelsPass::runOnOperation() {
  FailureOr<TargetInfo> found = getTarget(getOperation());
  if (failed(found))
    return signalPassFailure();
  target = *found;
  pool.emplace(getOperation());
  if (auto attr = getOperation()->getAttrOfType<IntegerAttr>("tflc.arena_alignment"))
    arenaAlignment = attr.getInt();
  findCalls();
  std::vector<std::unique_ptr<KernelCode>> codes;
  SmallVector<Group> groups;
  llvm::DenseMap<size_t, SmallVector<unsigned>> groupsOfHash;
  for (auto [function, call] : calls) {
    codes.push_back(std::make_unique<KernelCode>(function, /*isTask=*/bool(call.run)));
    const KernelCode *code = codes.back().get();
    SmallVector<unsigned> &candidates = groupsOfHash[code->hash];
    auto *like = llvm::find_if(candidates, [&](unsigned group) {
      const KernelCode &first = *groups[group].front();
      return runAsManyTasks(first, *code) && first.isLike(*code);
    });
    if (like != candidates.end()) {
      groups[*like].push_back(code);
      continue;
    }
    candidates.push_back(groups.size());
    groups.push_back({code});
  }
  bool staysApart = isCompiledInParts(groups, target);
  for (const Group &group : groups) {
    // Tasks stay functions in any case.
    bool isTried = group.size() > 1 || staysApart || group.front()->isTask;
    if (isTried && merge(group))
      continue;
    for (const KernelCode *code : group)
      if (!code->isTask)
        moveBack(code->function);
  }
}
