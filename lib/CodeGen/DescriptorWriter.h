//===- DescriptorWriter.h - the parts of a descriptor -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_DESCRIPTORWRITER_H
#define TFLC_LIB_CODEGEN_DESCRIPTORWRITER_H

#include "tflc/CodeGen/Descriptor.h"
#include "tflc/CodeGen/ExportedNames.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"

namespace tflc {

/// Adds to a module what the runtime ABI asks for: functions that call the compiled ones, and data
/// that describes the model.
class DescriptorWriter {
public:
  DescriptorWriter(llvm::Module &module, const ModelInfo &info, const ArenaInfo &arena)
      : module(module), info(info), arena(arena), names(getExportedNames(info)),
        context(module.getContext()), int8(llvm::Type::getInt8Ty(context)),
        int16(llvm::Type::getInt16Ty(context)), int32(llvm::Type::getInt32Ty(context)),
        int64(llvm::Type::getInt64Ty(context)),
        sizeType(module.getDataLayout().getIntPtrType(context)),
        pointer(llvm::PointerType::getUnqual(context)) {}

  llvm::Error write();

private:
  // Functions (DescriptorFunctions.cpp).
  llvm::Function *createExported(llvm::StringRef name, llvm::FunctionType *type);
  void makeLocal();
  llvm::Expected<llvm::Function *> takeEntry(llvm::StringRef name, unsigned numParameters);
  llvm::Function *wrapEntry(llvm::Function *entry, llvm::StringRef name, unsigned numPointers,
                            const DimsLayout &layout);
  llvm::Expected<llvm::Function *> writeTyped(const SignatureInfo &signature,
                                              const SignatureNames &signatureNames);
  llvm::Function *writePacked(const SignatureInfo &signature, llvm::StringRef name,
                              llvm::Function *typed);
  llvm::Expected<llvm::Constant *> writePlan(const SignatureInfo &signature, llvm::StringRef name);
  void addPromises(llvm::Function *typed, const SignatureInfo &signature);

  // Data (DescriptorData.cpp).
  llvm::Constant *writeData(llvm::Constant *value, const llvm::Twine &name);
  llvm::Constant *writeString(llvm::StringRef text);
  llvm::Constant *writeInt32s(llvm::ArrayRef<int64_t> values);
  llvm::Error checkTypes(llvm::ArrayRef<TensorInfo> tensors);
  llvm::Constant *writeTensors(llvm::ArrayRef<TensorInfo> tensors, int64_t &nextDim,
                               int64_t &nextMeasured);
  llvm::Constant *getInt(llvm::Type *type, int64_t value) {
    return llvm::ConstantInt::getSigned(type, value);
  }
  llvm::Constant *getNull() { return llvm::ConstantPointerNull::get(pointer); }

  llvm::Module &module;
  const ModelInfo &info;
  const ArenaInfo &arena;
  ExportedNames names;
  llvm::LLVMContext &context;
  llvm::IntegerType *int8, *int16, *int32, *int64, *sizeType;
  llvm::PointerType *pointer;
  llvm::StringMap<llvm::Constant *> strings;
};

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_DESCRIPTORWRITER_H
