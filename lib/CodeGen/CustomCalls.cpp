//===- CustomCalls.cpp - calls of functions that users link ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CustomCalls.h"

#include "TFLRT/IR/CallOps.h"
#include "tflc/CodeGen/CustomFunctions.h"
#include "tflc/tflc.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace tflc;

void tflc::declareCustomFunctions(ModuleOp module) {
  auto builder = OpBuilder::atBlockEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto type = LLVM::LLVMFunctionType::get(builder.getI32Type(), pointer);
  module.walk([&](tflrt::CallCustomOp call) {
    std::string name = (customFunctionPrefix + call.getFunction()).str();
    if (!module.lookupSymbol(name))
      LLVM::LLVMFuncOp::create(builder, module.getLoc(), name, type);
  });
}

/// The number of an integer type in the interface.
static uint8_t getIntegerNumber(unsigned width, bool isSigned) {
  switch (width) {
  case 1:
    return TFLC_BOOL;
  case 4:
    return TFLC_INT4;
  case 8:
    return isSigned ? TFLC_INT8 : TFLC_UINT8;
  case 16:
    return isSigned ? TFLC_INT16 : TFLC_UINT16;
  case 32:
    return isSigned ? TFLC_INT32 : TFLC_UINT32;
  default:
    return isSigned ? TFLC_INT64 : TFLC_UINT64;
  }
}

static bool isString(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.getWidth() > 64;
}

/// The number of a model's element type in the interface.
static uint8_t getTypeNumber(Type type) {
  if (isString(type))
    return TFLC_UINT8;
  if (auto quantized = dyn_cast<quant::QuantizedType>(type))
    return getIntegerNumber(quantized.getStorageTypeIntegralWidth(), quantized.isSigned());
  if (auto integer = dyn_cast<IntegerType>(type))
    return getIntegerNumber(integer.getWidth(), !integer.isUnsigned());
  if (auto complex = dyn_cast<ComplexType>(type))
    return complex.getElementType().isF64() ? TFLC_COMPLEX128 : TFLC_COMPLEX64;
  if (type.isF64())
    return TFLC_FLOAT64;
  if (type.isBF16())
    return TFLC_BFLOAT16;
  return type.isF16() ? TFLC_FLOAT16 : TFLC_FLOAT32;
}

namespace {

class CallCustomLowering : public ConvertOpToLLVMPattern<tflrt::CallCustomOp> {
public:
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(tflrt::CallCustomOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override;

private:
  /// Builds the parts of one call.
  struct Builder {
    ConversionPatternRewriter &rewriter;
    tflrt::CallCustomOp op;
    Type pointer;

    Location getLoc() const { return op->getLoc(); }
    Value getInteger(Type type, int64_t value) {
      return LLVM::ConstantOp::create(rewriter, getLoc(), type,
                                      rewriter.getIntegerAttr(type, value));
    }
    Value getNull() { return LLVM::ZeroOp::create(rewriter, getLoc(), pointer); }
    Value getStruct(ArrayRef<Value> fields);
    /// Memory on the stack, taken once for each invocation of the function.
    Value allocate(Type type, int64_t count);
    LLVM::GlobalOp createGlobal(Type type, Attribute value);
    /// The address of constant data, null where there are none.
    Value getBytes(StringRef bytes);
    template <typename T> Value getArray(Type type, ArrayRef<T> values);
    Value describe(Type modelType, Value data);
    Value describeAll(ArrayAttr types, ValueRange buffers);
  };
};

} // namespace

Value CallCustomLowering::Builder::getStruct(ArrayRef<Value> fields) {
  auto type = LLVM::LLVMStructType::getLiteral(
      rewriter.getContext(), llvm::map_to_vector(fields, [](Value v) { return v.getType(); }));
  Value result = LLVM::UndefOp::create(rewriter, getLoc(), type);
  for (auto [i, field] : llvm::enumerate(fields))
    result = LLVM::InsertValueOp::create(rewriter, getLoc(), result, field, i);
  return result;
}

Value CallCustomLowering::Builder::allocate(Type type, int64_t count) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(&op->getParentRegion()->front());
  return LLVM::AllocaOp::create(rewriter, getLoc(), pointer, type,
                                getInteger(rewriter.getI32Type(), count));
}

LLVM::GlobalOp CallCustomLowering::Builder::createGlobal(Type type, Attribute value) {
  auto module = op->getParentOfType<ModuleOp>();
  std::string name;
  unsigned number = 0;
  do
    name = "tflc.custom_data." + std::to_string(number++);
  while (module.lookupSymbol(name));
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(module.getBody());
  return LLVM::GlobalOp::create(rewriter, getLoc(), type, /*isConstant=*/true,
                                LLVM::Linkage::Internal, name, value);
}

Value CallCustomLowering::Builder::getBytes(StringRef bytes) {
  if (bytes.empty())
    return getNull();
  auto type = LLVM::LLVMArrayType::get(rewriter.getI8Type(), bytes.size());
  return LLVM::AddressOfOp::create(rewriter, getLoc(),
                                   createGlobal(type, rewriter.getStringAttr(bytes)));
}

template <typename T> Value CallCustomLowering::Builder::getArray(Type type, ArrayRef<T> values) {
  if (values.empty())
    return getNull();
  auto elements = DenseElementsAttr::get(
      RankedTensorType::get(static_cast<int64_t>(values.size()), type), values);
  auto global = createGlobal(LLVM::LLVMArrayType::get(type, values.size()), elements);
  return LLVM::AddressOfOp::create(rewriter, getLoc(), global);
}

/// A `tflc_custom_tensor`.
Value CallCustomLowering::Builder::describe(Type modelType, Value data) {
  SmallVector<int32_t> shape, zeroPoints;
  SmallVector<float> scales;
  int64_t axis = -1, number = TFLC_FLOAT32;
  if (auto tensor = dyn_cast<RankedTensorType>(modelType)) {
    shape.assign(tensor.getShape().begin(), tensor.getShape().end());
    Type element = tensor.getElementType();
    number = getTypeNumber(element);
    // The room of a string is one more dimension of bytes.
    if (isString(element))
      shape.push_back(static_cast<int32_t>(element.getIntOrFloatBitWidth() / 8));
    if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
      scales.push_back(float(uniform.getScale()));
      zeroPoints.push_back(int32_t(uniform.getZeroPoint()));
    } else if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
      scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
      zeroPoints.assign(perAxis.getZeroPoints().begin(), perAxis.getZeroPoints().end());
      axis = perAxis.getQuantizedDimension();
    }
  }
  Type i8 = rewriter.getI8Type(), i16 = rewriter.getI16Type(), i32 = rewriter.getI32Type();
  return getStruct({data, getArray<int32_t>(i32, shape),
                    getArray<float>(rewriter.getF32Type(), scales),
                    getArray<int32_t>(i32, zeroPoints),
                    getInteger(i32, static_cast<int64_t>(scales.size())), getInteger(i8, number),
                    getInteger(i8, static_cast<int64_t>(shape.size())), getInteger(i16, axis)});
}

/// Descriptions of tensors one behind the other; `buffers` are those of the present ones.
Value CallCustomLowering::Builder::describeAll(ArrayAttr types, ValueRange buffers) {
  if (types.empty())
    return getNull();
  SmallVector<Value> descriptions;
  for (Attribute type : types) {
    Type modelType = cast<TypeAttr>(type).getValue();
    Value data = getNull();
    if (!isa<NoneType>(modelType)) {
      data = MemRefDescriptor(buffers.front()).alignedPtr(rewriter, getLoc());
      buffers = buffers.drop_front();
    }
    descriptions.push_back(describe(modelType, data));
  }
  Type type = descriptions.front().getType();
  Value array = allocate(type, static_cast<int64_t>(descriptions.size()));
  for (auto [i, description] : llvm::enumerate(descriptions)) {
    Value place = LLVM::GEPOp::create(rewriter, getLoc(), pointer, type, array,
                                      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
    LLVM::StoreOp::create(rewriter, getLoc(), description, place);
  }
  return array;
}

LogicalResult CallCustomLowering::matchAndRewrite(tflrt::CallCustomOp op, OpAdaptor adaptor,
                                                  ConversionPatternRewriter &rewriter) const {
  Builder builder = {rewriter, op, LLVM::LLVMPointerType::get(rewriter.getContext())};
  Type i32 = rewriter.getI32Type();
  auto getCount = [&](ArrayAttr types) {
    return builder.getInteger(i32, static_cast<int64_t>(types.size()));
  };
  int64_t optionBytes = static_cast<int64_t>(op.getOptions().size());
  Value call = builder.getStruct({builder.describeAll(op.getInputTypes(), adaptor.getInputs()),
                                  builder.describeAll(op.getOutputTypes(), adaptor.getInits()),
                                  builder.getBytes(op.getOptions()),
                                  builder.getInteger(getIndexType(), optionBytes),
                                  getCount(op.getInputTypes()), getCount(op.getOutputTypes())});
  Value place = builder.allocate(call.getType(), 1);
  LLVM::StoreOp::create(rewriter, op.getLoc(), call, place);
  std::string callee = (customFunctionPrefix + op.getFunction()).str();
  rewriter.replaceOpWithNewOp<LLVM::CallOp>(op, TypeRange(i32), callee, ValueRange(place));
  return success();
}

void tflc::populateCustomCallPatterns(const LLVMTypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<CallCustomLowering>(converter);
}

llvm::Expected<std::vector<std::string>> tflc::nameCustomFunctions(llvm::Module &module) {
  std::vector<std::string> names;
  for (llvm::Function &function : module) {
    llvm::StringRef name = function.getName();
    if (!name.consume_front(customFunctionPrefix))
      continue;
    names.push_back(name.str());
    if (llvm::GlobalValue *other = module.getNamedValue(name)) {
      if (!other->hasLocalLinkage())
        return llvm::createStringError("the model's object exports the symbol '" + names.back() +
                                       "', which a custom operator calls");
      other->setName(names.back() + ".local");
    }
    function.setName(names.back());
  }
  return names;
}
