//===- Descriptor.cpp - the model's side of the runtime ABI ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Descriptor.h"

#include "tflc/CodeGen/ExportedNames.h"
#include "tflc/tflc.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"

using namespace tflc;
using llvm::ArrayRef;
using llvm::Constant;
using llvm::Error;
using llvm::Function;
using llvm::StringRef;

/// The number of `type` in the interface, or none where no input or output can have it.
static std::optional<uint8_t> getTypeNumber(ElementType type) {
  switch (type) {
  case ElementType::Float32:
    return TFLC_FLOAT32;
  case ElementType::Float16:
    return TFLC_FLOAT16;
  case ElementType::BFloat16:
    return TFLC_BFLOAT16;
  case ElementType::Float64:
    return TFLC_FLOAT64;
  case ElementType::Int4:
    return TFLC_INT4;
  case ElementType::Int8:
    return TFLC_INT8;
  case ElementType::UInt8:
    return TFLC_UINT8;
  case ElementType::Int16:
    return TFLC_INT16;
  case ElementType::UInt16:
    return TFLC_UINT16;
  case ElementType::Int32:
    return TFLC_INT32;
  case ElementType::UInt32:
    return TFLC_UINT32;
  case ElementType::Int64:
    return TFLC_INT64;
  case ElementType::UInt64:
    return TFLC_UINT64;
  case ElementType::Bool:
    return TFLC_BOOL;
  case ElementType::Complex64:
    return TFLC_COMPLEX64;
  case ElementType::Complex128:
    return TFLC_COMPLEX128;
  case ElementType::String:
    return TFLC_UINT8;
  case ElementType::Resource:
  case ElementType::Variant:
    return std::nullopt;
  }
  llvm_unreachable("unknown element type");
}

namespace {
class DescriptorWriter {
public:
  DescriptorWriter(llvm::Module &module, const ModelInfo &info, const ArenaInfo &arena)
      : module(module), info(info), arena(arena), names(getExportedNames(info)),
        context(module.getContext()), int8(llvm::Type::getInt8Ty(context)),
        int16(llvm::Type::getInt16Ty(context)), int32(llvm::Type::getInt32Ty(context)),
        int64(llvm::Type::getInt64Ty(context)),
        sizeType(module.getDataLayout().getIntPtrType(context)),
        pointer(llvm::PointerType::getUnqual(context)) {}

  Error write();

private:
  // Functions.
  Function *createExported(StringRef name, llvm::FunctionType *type);
  void makeLocal();
  llvm::Expected<Function *> takeEntry(StringRef name, unsigned numParameters);
  Function *wrapEntry(Function *entry, StringRef name, unsigned numPointers,
                      const DimsLayout &layout);
  llvm::Expected<Function *> writeTyped(const SignatureInfo &signature,
                                        const SignatureNames &signatureNames);
  Function *writePacked(const SignatureInfo &signature, StringRef name, Function *typed);
  llvm::Expected<Constant *> writePlan(const SignatureInfo &signature, StringRef name);
  void addPromises(Function *typed, const SignatureInfo &signature);

  // Data.
  Constant *writeData(Constant *value, const llvm::Twine &name);
  Constant *writeString(StringRef text);
  Constant *writeInt32s(ArrayRef<int64_t> values);
  Error checkTypes(ArrayRef<TensorInfo> tensors);
  Constant *writeTensors(ArrayRef<TensorInfo> tensors, int64_t &nextDim, int64_t &nextMeasured);
  Constant *getInt(llvm::Type *type, int64_t value) {
    return llvm::ConstantInt::getSigned(type, value);
  }
  Constant *getNull() { return llvm::ConstantPointerNull::get(pointer); }

  llvm::Module &module;
  const ModelInfo &info;
  const ArenaInfo &arena;
  ExportedNames names;
  llvm::LLVMContext &context;
  llvm::IntegerType *int8, *int16, *int32, *int64, *sizeType;
  llvm::PointerType *pointer;
  llvm::StringMap<Constant *> strings;
};
} // namespace

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

Constant *DescriptorWriter::writeData(Constant *value, const llvm::Twine &name) {
  auto *global = new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::PrivateLinkage, value, name);
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  return global;
}

Constant *DescriptorWriter::writeString(StringRef text) {
  Constant *&string = strings[text];
  if (!string) {
    string = writeData(llvm::ConstantDataArray::getString(context, text), "tflc.string");
    llvm::cast<llvm::GlobalVariable>(string)->setAlignment(llvm::Align(1));
  }
  return string;
}

Constant *DescriptorWriter::writeInt32s(ArrayRef<int64_t> values) {
  if (values.empty())
    return getNull();
  llvm::SmallVector<uint32_t> words(values.begin(), values.end());
  return writeData(llvm::ConstantDataArray::get(context, words), "tflc.ints");
}

Error DescriptorWriter::checkTypes(ArrayRef<TensorInfo> tensors) {
  for (const TensorInfo &tensor : tensors)
    if (!getTypeNumber(tensor.type))
      return llvm::createStringError("tensor \"%s\" of type %s cannot be an input or output",
                                     tensor.name.c_str(),
                                     getElementTypeName(tensor.type).str().c_str());
  return Error::success();
}

/// Structures in the layout of `tflc_tensor`. Unknown dimensions are numbered from `nextDim` on,
/// measured ones from `nextMeasured`.
Constant *DescriptorWriter::writeTensors(ArrayRef<TensorInfo> tensors, int64_t &nextDim,
                                         int64_t &nextMeasured) {
  if (tensors.empty())
    return getNull();
  llvm::SmallVector<Constant *> entries;
  for (const TensorInfo &tensor : tensors) {
    llvm::SmallVector<int64_t> shape;
    for (int64_t size : tensor.shape)
      shape.push_back(size == measuredDim  ? -1 - nextMeasured++
                      : size == dynamicDim ? -1 - nextDim++
                                           : size);
    Constant *scales = getNull(), *zeroPoints = getNull();
    if (tensor.isQuantized()) {
      llvm::SmallVector<int64_t> points(tensor.zeroPoints.begin(), tensor.zeroPoints.end());
      points.resize(tensor.scales.size(), points.empty() ? 0 : points.back());
      scales = writeData(llvm::ConstantDataArray::get(context, ArrayRef<float>(tensor.scales)),
                         "tflc.scales");
      zeroPoints = writeInt32s(points);
    }
    entries.push_back(llvm::ConstantStruct::getAnon(
        {writeString(tensor.name), writeString(tensor.tensorName), writeInt32s(shape), scales,
         zeroPoints, getInt(int32, tensor.scales.size()), getInt(int8, *getTypeNumber(tensor.type)),
         getInt(int8, tensor.shape.size()),
         getInt(int16, tensor.isPerAxis() ? tensor.quantizedDimension : -1)}));
  }
  auto *type = llvm::ArrayType::get(entries.front()->getType(), entries.size());
  return writeData(llvm::ConstantArray::get(type, entries), "tflc.tensors");
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

Error DescriptorWriter::write() {
  makeLocal();

  Constant *reset = getNull();
  if (!names.reset.empty()) {
    auto entry = takeEntry("tflc.reset", 1);
    if (!entry)
      return entry.takeError();
    Function *function = wrapEntry(*entry, names.reset, 1, DimsLayout());
    function->getArg(0)->setName("arena");
    reset = function;
  }

  llvm::SmallVector<Constant *> signatures;
  for (auto [signature, signatureNames] : llvm::zip_equal(info.signatures, names.signatures)) {
    if (Error error = checkTypes(signature.inputs))
      return error;
    if (Error error = checkTypes(signature.outputs))
      return error;
    auto typed = writeTyped(signature, signatureNames);
    if (!typed)
      return typed.takeError();
    auto plan = writePlan(signature, signatureNames.plan);
    if (!plan)
      return plan.takeError();
    Function *packed = writePacked(signature, signatureNames.packed, *typed);
    DimsLayout layout = getDimsLayout(signature);
    int64_t nextDim = 0, nextMeasured = layout.getFirstMeasured();
    Constant *inputs = writeTensors(signature.inputs, nextDim, nextMeasured);
    Constant *outputs = writeTensors(signature.outputs, nextDim, nextMeasured);
    signatures.push_back(llvm::ConstantStruct::getAnon(
        {writeString(signature.key), inputs, outputs, packed, *plan,
         getInt(int16, signature.inputs.size()), getInt(int16, signature.outputs.size()),
         getInt(int16, layout.inputs), getInt(int16, layout.derived),
         getInt(int16, layout.measured), getInt(int16, layout.capacities),
         getInt(int16, layout.limits), getInt(int16, 0)}));
  }
  if (signatures.empty())
    return llvm::createStringError("the model has no signature");
  auto *type = llvm::ArrayType::get(signatures.front()->getType(), signatures.size());
  Constant *model = llvm::ConstantStruct::getAnon(
      {getInt(int32, info.hasTasks ? TFLC_ABI_VERSION : TFLC_ABI_VERSION_PLAIN),
       getInt(int32, signatures.size()), writeString(info.name),
       writeData(llvm::ConstantArray::get(type, signatures), "tflc.signatures"), reset,
       getInt(sizeType, arena.size), getInt(sizeType, arena.stateSize),
       getInt(int32, arena.alignment), getInt(int32, info.hasTasks ? TFLC_MODEL_PARALLEL : 0)});
  auto *global = new llvm::GlobalVariable(module, model->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::ExternalLinkage, model, names.model);
  global->setDSOLocal(true);
  return Error::success();
}

Error tflc::addDescriptor(llvm::Module &module, const ModelInfo &info, const ArenaInfo &arena) {
  return DescriptorWriter(module, info, arena).write();
}
