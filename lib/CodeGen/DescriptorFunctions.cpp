//===- DescriptorFunctions.cpp - functions that a program calls -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DescriptorWriter.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/TargetParser/Triple.h"

using namespace tflc;
using llvm::Constant;
using llvm::Function;
using llvm::StringRef;

/// An exported function; fails by a changed name only if the module breaks our own naming rules.
Function *DescriptorWriter::createExported(StringRef name, llvm::FunctionType *type) {
  Function *function = Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, module);
  function->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  function->setDSOLocal(true);
  function->setDoesNotThrow();
  // These machines expect 32-bit results extended in their 64-bit registers.
  const llvm::Triple &triple = module.getTargetTriple();
  if (type->getReturnType() == int32 &&
      (triple.isRISCV64() || triple.isMIPS64() || triple.isLoongArch64()))
    function->addRetAttr(llvm::Attribute::SExt);
  return function;
}

/// Gives every definition local linkage: what the object exports is added after this.
void DescriptorWriter::makeLocal() {
  for (llvm::GlobalObject &object : module.global_objects()) {
    if (object.isDeclaration())
      continue;
    object.setComdat(nullptr);
    object.setVisibility(llvm::GlobalValue::DefaultVisibility);
    object.setLinkage(llvm::GlobalValue::InternalLinkage);
    object.setDSOLocal(true);
  }
  // A symbol of the program and a local one of the same name cannot share a module.
  auto rename = [&](StringRef name) {
    if (llvm::GlobalValue *value = module.getNamedValue(name))
      value->setName(name + ".local");
  };
  rename(names.model);
  rename(names.reset);
  for (auto [signature, signatureNames] : llvm::zip_equal(info.signatures, names.signatures))
    for (StringRef name : {signatureNames.typed, signatureNames.packed, signatureNames.plan})
      if (name != signature.function)
        rename(name);
}

/// The function that compilation left for an entry, with its parameters counted.
llvm::Expected<Function *> DescriptorWriter::takeEntry(StringRef name, unsigned numParameters) {
  Function *entry = module.getFunction(name);
  if (!entry || entry->isDeclaration())
    return llvm::createStringError("no function '%s' in the compiled module", name.str().c_str());
  if (entry->arg_size() != numParameters)
    return llvm::createStringError("function '%s' has %zu parameters, expected %u",
                                   name.str().c_str(), entry->arg_size(), numParameters);
  return entry;
}

/// An exported function `name` of `numPointers` pointers, and one to the sizes of dimensions where
/// `entry` takes any, which does what `entry` does and returns a status.
Function *DescriptorWriter::wrapEntry(Function *entry, StringRef name, unsigned numPointers,
                                      const DimsLayout &layout) {
  bool hasDims = layout.inputs || layout.limits;
  entry->setName(entry->getName() + ".body");
  llvm::SmallVector<llvm::Type *> parameters(numPointers + hasDims, pointer);
  Function *typed =
      createExported(name, llvm::FunctionType::get(int32, parameters, /*isVarArg=*/false));
  // The same target features, or the body could not be inlined.
  typed->addFnAttrs(llvm::AttrBuilder(context, entry->getAttributes().getFnAttrs()));
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", typed));
  llvm::SmallVector<llvm::Value *> arguments;
  for (unsigned i = 0; i < numPointers; ++i)
    arguments.push_back(typed->getArg(i));
  auto getSlot = [&](unsigned i) {
    return builder.CreateConstGEP1_32(int64, typed->getArg(numPointers), i);
  };
  for (unsigned i = 0; i < layout.inputs; ++i)
    arguments.push_back(
        builder.CreateSExtOrTrunc(builder.CreateAlignedLoad(int64, getSlot(i), llvm::Align(8)),
                                  entry->getArg(numPointers + i)->getType()));
  if (layout.limits)
    arguments.push_back(getSlot(layout.getFirstMeasured()));
  llvm::CallInst *call = builder.CreateCall(entry, arguments);
  if (entry->getReturnType()->isVoidTy())
    builder.CreateRet(getInt(int32, 0));
  else
    builder.CreateRet(call);
  // One copy of the body, in the typed function, unless the model itself calls it, too.
  if (entry->hasOneUse()) {
    entry->removeFnAttr(llvm::Attribute::NoInline);
    entry->removeFnAttr(llvm::Attribute::OptimizeNone);
    entry->addFnAttr(llvm::Attribute::AlwaysInline);
  }
  return typed;
}

/// Tells LLVM what docs/RuntimeABI.md asks of callers.
void DescriptorWriter::addPromises(Function *typed, const SignatureInfo &signature) {
  auto promise = [&](unsigned number, uint64_t alignment, uint64_t bytes) {
    llvm::AttrBuilder attributes(context);
    attributes.addAttribute(llvm::Attribute::NoAlias);
    attributes.addAttribute(llvm::Attribute::NonNull);
    attributes.addAlignmentAttr(llvm::Align(alignment));
    if (bytes)
      attributes.addDereferenceableAttr(bytes);
    typed->addParamAttrs(number, attributes);
  };
  unsigned number = 0;
  auto promiseTensor = [&](const TensorInfo &tensor) {
    unsigned size = getElementTypeSize(tensor.type);
    bool isComplex =
        tensor.type == ElementType::Complex64 || tensor.type == ElementType::Complex128;
    constexpr unsigned stringAlignment = 16;
    unsigned alignment = isComplex ? size / 2 : size;
    promise(number++, tensor.type == ElementType::String ? stringAlignment : alignment,
            tensor.hasStaticShape() ? tensor.getNumBytes() : 0);
  };
  for (const TensorInfo &tensor : signature.inputs) {
    typed->addParamAttr(number, llvm::Attribute::ReadOnly);
    promiseTensor(tensor);
  }
  for (const TensorInfo &tensor : signature.outputs)
    promiseTensor(tensor);
  promise(number, arena.alignment, 0);
}

llvm::Expected<Function *> DescriptorWriter::writeTyped(const SignatureInfo &signature,
                                                        const SignatureNames &signatureNames) {
  unsigned numPointers = signature.inputs.size() + signature.outputs.size() + 1 + info.hasTasks;
  DimsLayout layout = getDimsLayout(signature);
  auto entry = takeEntry(signature.function, numPointers + layout.inputs + layout.limits);
  if (!entry)
    return entry.takeError();
  llvm::Type *returned = (*entry)->getReturnType();
  if (!returned->isVoidTy() && returned != int32)
    return llvm::createStringError("function '%s' returns neither nothing nor a status",
                                   signature.function.c_str());
  Function *typed = wrapEntry(*entry, signatureNames.typed, numPointers, layout);
  addPromises(typed, signature);
  unsigned number = 0;
  for (const std::string &name : signatureNames.inputs)
    typed->getArg(number++)->setName(name);
  for (const std::string &name : signatureNames.outputs)
    typed->getArg(number++)->setName(name);
  typed->getArg(number++)->setName("arena");
  if (info.hasTasks)
    typed->getArg(number++)->setName("parallel");
  if (number < typed->arg_size())
    typed->getArg(number)->setName("dims");
  return typed;
}

Function *DescriptorWriter::writePacked(const SignatureInfo &signature, StringRef name,
                                        Function *typed) {
  llvm::SmallVector<llvm::Type *> parameters(4 + info.hasTasks, pointer);
  Function *packed = createExported(name, llvm::FunctionType::get(int32, parameters, false));
  packed->addFnAttrs(llvm::AttrBuilder(context, typed->getAttributes().getFnAttrs()));
  // Inlining would put the whole model here a second time.
  if (!packed->hasFnAttribute(llvm::Attribute::NoInline))
    packed->addFnAttr(llvm::Attribute::MinSize),
        packed->addFnAttr(llvm::Attribute::OptimizeForSize);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", packed));
  llvm::SmallVector<llvm::Value *> arguments;
  auto loadPointers = [&](llvm::Value *array, size_t count) {
    for (size_t i = 0; i < count; ++i)
      arguments.push_back(
          builder.CreateLoad(pointer, builder.CreateConstGEP1_32(pointer, array, i)));
  };
  loadPointers(packed->getArg(0), signature.inputs.size());
  loadPointers(packed->getArg(1), signature.outputs.size());
  arguments.push_back(packed->getArg(2));
  if (info.hasTasks)
    arguments.push_back(packed->getArg(4));
  if (typed->arg_size() > arguments.size())
    arguments.push_back(packed->getArg(3));
  llvm::CallInst *call = builder.CreateCall(typed, arguments);
  call->setIsNoInline();
  call->setTailCall();
  if (typed->hasRetAttribute(llvm::Attribute::SExt))
    call->addRetAttr(llvm::Attribute::SExt);
  builder.CreateRet(call);
  return packed;
}

/// The plan function of a signature with unknown dimensions, else null.
llvm::Expected<Constant *> DescriptorWriter::writePlan(const SignatureInfo &signature,
                                                       StringRef name) {
  if (name.empty())
    return getNull();
  DimsLayout layout = getDimsLayout(signature);
  unsigned numComputed = layout.derived + layout.measured;
  auto entry = takeEntry(signature.function + ".plan", layout.inputs);
  if (!entry)
    return entry.takeError();
  auto *returned = (*entry)->getReturnType();
  auto *structType = llvm::dyn_cast<llvm::StructType>(returned);
  unsigned numResults = structType ? structType->getNumElements() : 1;
  if (numResults != 1 + numComputed)
    return llvm::createStringError("function '%s.plan' has %u results, expected %u",
                                   signature.function.c_str(), numResults, 1 + numComputed);
  Function *plan = createExported(name, llvm::FunctionType::get(int64, {pointer}, false));
  plan->addFnAttrs(llvm::AttrBuilder(context, (*entry)->getAttributes().getFnAttrs()));
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", plan));
  auto slot = [&](unsigned i) { return builder.CreateConstGEP1_32(int64, plan->getArg(0), i); };
  llvm::SmallVector<llvm::Value *> arguments;
  for (unsigned i = 0; i < layout.inputs; ++i)
    arguments.push_back(builder.CreateSExtOrTrunc(builder.CreateLoad(int64, slot(i)),
                                                  (*entry)->getArg(i)->getType()));
  llvm::Value *result = builder.CreateCall(*entry, arguments);
  auto getResult = [&](unsigned i) {
    return builder.CreateSExtOrTrunc(structType ? builder.CreateExtractValue(result, i) : result,
                                     int64);
  };
  for (unsigned i = 0; i < numComputed; ++i)
    builder.CreateStore(getResult(1 + i), slot(layout.inputs + i));
  builder.CreateRet(getResult(0));
  return plan;
}
