//===- ConvertToLLVMDialect.cpp - one conversion to the LLVM dialect ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ConstantAlignment.h"
#include "CustomCalls.h"

#include "tflc/CodeGen/CodeGen.h"
#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/KernelNames.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ComplexToLLVM/ComplexToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace tflc {
#define GEN_PASS_DEF_CONVERTTOLLVMDIALECT
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {
struct ConvertToLLVMDialectPass
    : public tflc::impl::ConvertToLLVMDialectBase<ConvertToLLVMDialectPass> {
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<LLVM::LLVMDialect>();
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetInfo> found = getTarget(module);
    if (failed(found))
      return signalPassFailure();
    const TargetInfo &target = *found;
    llvm::Expected<std::string> layout = getDataLayout(target);
    if (!layout) {
      module.emitError(llvm::toString(layout.takeError()));
      return signalPassFailure();
    }
    alignConstants(module, target);
    alignVectorAccesses(module);
    for (auto func : module.getOps<func::FuncOp>())
      keepAttributesOfLLVM(func);

    declareCustomFunctions(module);

    MLIRContext *context = &getContext();
    mlir::LowerToLLVMOptions options(context);
    options.useBarePtrCallConv = true;
    options.allocLowering = mlir::LowerToLLVMOptions::AllocLowering::None;
    options.dataLayout = llvm::DataLayout(*layout);
    options.overrideIndexBitwidth(target.pointerBits);
    LLVMTypeConverter converter(context, options);

    RewritePatternSet patterns(context);
    populateFuncToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateComplexToLLVMConversionPatterns(converter, patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    populateCustomCallPatterns(converter, patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns, /*reassociateFPReductions=*/true,
                                           /*force32BitVectorIndices=*/true);
    LLVMConversionTarget conversionTarget(*context);
    conversionTarget.addLegalOp<ModuleOp>();
    if (failed(applyFullConversion(module, conversionTarget, std::move(patterns))))
      return signalPassFailure();

    for (auto function : module.getOps<LLVM::LLVMFuncOp>())
      if (function->removeAttr(kApartAttrName))
        function.setNoInline(true);

    Builder builder(context);
    module->setAttr(LLVM::LLVMDialect::getDataLayoutAttrName(), builder.getStringAttr(*layout));
    module->setAttr(LLVM::LLVMDialect::getTargetTripleAttrName(),
                    builder.getStringAttr(target.triple));
  }

  /// Vectors are as aligned as their elements are. The conversion would otherwise claim an
  /// element's preferred alignment, which on AArch64 is four for a byte.
  static void alignVectorAccesses(ModuleOp module) {
    auto align = [](auto op, VectorType type) {
      int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      if (!op.getAlignment())
        op.setAlignment(bytes);
    };
    module.walk([&](Operation *op) {
      if (auto load = dyn_cast<vector::LoadOp>(op))
        align(load, load.getVectorType());
      else if (auto store = dyn_cast<vector::StoreOp>(op))
        align(store, store.getVectorType());
    });
  }

  /// Names of tensors mean nothing to LLVM; the descriptor has them.
  static void keepAttributesOfLLVM(func::FuncOp function) {
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      SmallVector<NamedAttribute> kept;
      for (NamedAttribute attribute : function_interface_impl::getArgAttrs(function, i))
        if (attribute.getName().getValue().starts_with("llvm."))
          kept.push_back(attribute);
      function_interface_impl::setArgAttrs(function, i, kept);
    }
  }

  static void alignConstants(ModuleOp module, const TargetInfo &target) {
    Builder builder(module.getContext());
    for (auto global : module.getOps<memref::GlobalOp>())
      if (!global.getAlignment() && global.getConstant())
        global.setAlignmentAttr(
            builder.getI64IntegerAttr(getConstantAlignment(global.getType(), target)));
  }
};
} // namespace
