//===- Descriptor.cpp - the model's side of the runtime ABI ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DescriptorWriter.h"

#include "tflc/tflc.h"

using namespace tflc;
using llvm::Constant;
using llvm::Error;
using llvm::Function;

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
