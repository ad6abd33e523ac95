//===- FunctionImporter.cpp - a subgraph as a function --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FunctionImporter.h"

#include "Constants.h"
#include "Sparsity.h"
#include "Types.h"

#include "TFL/IR/ConstantOps.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace tflc {

RankedTensorType FunctionImporter::typeOf(int32_t tensor) const {
  return getType(file.tensor(subgraph, tensor), options.dynamic, file.context);
}

DictionaryAttr FunctionImporter::getTensorAttributes(
    int32_t tensor, unsigned occurrence,
    const flatbuffers::Vector<flatbuffers::Offset<schema::TensorMap>> *signatureNames) {
  StringRef name = file.tensorName(subgraph, tensor);
  StringRef signatureName = name;
  for (size_t i = 0; i < sizeOf(signatureNames); ++i)
    if (signatureNames->Get(i)->tensor_index() == static_cast<uint32_t>(tensor)) {
      signatureName = toStringRef(signatureNames->Get(i)->name());
      if (occurrence-- == 0)
        break;
    }
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("tfl.name", builder.getStringAttr(name)),
       builder.getNamedAttr("tfl.signature_name", builder.getStringAttr(signatureName))});
}

unsigned FunctionImporter::run(uint32_t index, StringAttr symbol,
                               const schema::SignatureDef *signature,
                               const std::optional<std::string> &key) {
  subgraph = index;
  unsupported = 0;
  const schema::SubGraph &content = file.subgraph(index);
  values.assign(sizeOf(content.tensors()), Value());

  SmallVector<Type> inputTypes, outputTypes;
  SmallVector<Attribute> inputAttributes, outputAttributes;
  SmallVector<Location> inputLocations;
  for (int32_t input : toArrayRef(content.inputs())) {
    inputTypes.push_back(typeOf(input));
    inputLocations.push_back(file.tensorLocation(index, input));
    inputAttributes.push_back(
        getTensorAttributes(input, 0, signature ? signature->inputs() : nullptr));
  }
  // A tensor can be several outputs, each under a name of its own.
  llvm::SmallDenseMap<int32_t, unsigned> occurrences;
  for (int32_t output : toArrayRef(content.outputs())) {
    outputTypes.push_back(typeOf(output));
    outputAttributes.push_back(getTensorAttributes(output, occurrences[output]++,
                                                   signature ? signature->outputs() : nullptr));
  }
  auto function = func::FuncOp::create(builder, file.fileLocation(), symbol.getValue(),
                                       builder.getFunctionType(inputTypes, outputTypes));
  function.setVisibility(key ? SymbolTable::Visibility::Public : SymbolTable::Visibility::Private);
  if (key)
    function->setAttr("tfl.signature", builder.getStringAttr(*key));
  function.setAllArgAttrs(inputAttributes);
  function.setAllResultAttrs(outputAttributes);

  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&function.getBody(), {}, inputTypes, inputLocations);
  for (auto [input, argument] : llvm::zip_equal(toArrayRef(content.inputs()), body->getArguments()))
    values[input] = argument;
  for (uint32_t op = 0, end = sizeOf(content.operators()); op != end; ++op)
    addOperator(op);
  SmallVector<Value> outputs;
  for (int32_t output : toArrayRef(content.outputs()))
    outputs.push_back(getValue(output));
  func::ReturnOp::create(builder, file.fileLocation(), outputs);
  return unsupported;
}

Value FunctionImporter::getValue(int32_t tensor) {
  Value &value = values[tensor];
  if (value)
    return value;
  Location location = file.tensorLocation(subgraph, tensor);
  const schema::Tensor &source = file.tensor(subgraph, tensor);
  RankedTensorType type = getType(source, /*dynamic=*/false, file.context);
  ArrayRef<uint8_t> bytes = file.tensorBytes(source);
  if (source.is_variable()) {
    ++unsupported;
    if (!options.allowUnsupported)
      emitError(location) << "variable tensors are not supported";
    OperationState state(location, "unsupported.variable_tensor", ValueRange(), type);
    value = builder.create(state)->getResult(0);
    return value;
  }
  auto constant = tfl::ConstOp::create(builder, location, type,
                                       getConstantValue(source, bytes, getStorageType(type)));
  if (source.sparsity())
    constant->setAttr("sparsity", getSparsityAttr(*source.sparsity(), file.context));
  // `quant` has no 64-bit storage; the scales of a wide bias are noted for the exporter alone.
  const schema::QuantizationParameters *quantization = source.quantization();
  if (source.type() == schema::TensorType::INT64 && quantization &&
      sizeOf(quantization->scale()) != 0) {
    constant->setAttr("scale", builder.getDenseF32ArrayAttr(toArrayRef(quantization->scale())));
    constant->setAttr("quantized_dimension",
                      builder.getI32IntegerAttr(quantization->quantized_dimension()));
  }
  value = constant;
  return value;
}

OperationName FunctionImporter::getOperationName(uint32_t index, int32_t code) {
  std::string builtin = getOperatorName(code).str();
  std::string name = "tfl." + StringRef(builtin).lower();
  if (std::optional<RegisteredOperationName> known =
          RegisteredOperationName::lookup(name, file.context))
    return *known;
  ++unsupported;
  if (!options.allowUnsupported) {
    InFlightDiagnostic diagnostic = emitError(file.opLocation(subgraph, index));
    const schema::OperatorCode &entry =
        *file.model.operator_codes()->Get(file.op(subgraph, index).opcode_index());
    if (static_cast<schema::BuiltinOperator>(code) == schema::BuiltinOperator::CUSTOM)
      diagnostic << "custom operator \"" << toStringRef(entry.custom_code())
                 << "\" is not supported";
    else
      diagnostic << "operator " << builtin << " is not supported";
  }
  return OperationName("unsupported." + StringRef(builtin).lower(), file.context);
}

void FunctionImporter::readAttributes(const schema::Operator &op, int32_t code,
                                      NamedAttrList &attributes) {
  const OptionsTable &table = getOptionsTable(code);
  const void *options = nullptr;
  if (table.object && !table.second && static_cast<uint8_t>(op.builtin_options_type()) == table.tag)
    options = op.builtin_options();
  if (table.object && table.second &&
      static_cast<uint8_t>(op.builtin_options_2_type()) == table.tag)
    options = op.builtin_options_2();
  if (options)
    readOptions(*table.object, *static_cast<const flatbuffers::Table *>(options), symbols,
                file.context, attributes);

  if (static_cast<schema::BuiltinOperator>(code) == schema::BuiltinOperator::CUSTOM) {
    const schema::OperatorCode &entry = *file.model.operator_codes()->Get(op.opcode_index());
    ArrayRef<uint8_t> bytes = toArrayRef(op.custom_options());
    if (op.large_custom_options_offset() > 1)
      bytes = file.bytes.slice(op.large_custom_options_offset(), op.large_custom_options_size());
    attributes.append("custom_code", builder.getStringAttr(toStringRef(entry.custom_code())));
    attributes.append("custom_options",
                      builder.getStringAttr(
                          StringRef(reinterpret_cast<const char *>(bytes.data()), bytes.size())));
  }
  // Only their types say something: the quantization inside of a fused operator.
  SmallVector<Attribute> intermediates;
  for (int32_t tensor : toArrayRef(op.intermediates()))
    intermediates.push_back(TypeAttr::get(typeOf(tensor)));
  if (!intermediates.empty())
    attributes.append("intermediates", builder.getArrayAttr(intermediates));
}

void FunctionImporter::addOperator(uint32_t index) {
  const schema::Operator &op = file.op(subgraph, index);
  int32_t code = file.operatorCode(op);
  OperationState state(file.opLocation(subgraph, index), getOperationName(index, code));

  ArrayRef<int32_t> inputs = toArrayRef(op.inputs());
  // An absent operand at the end is left out; one before others has a value that says so.
  while (!inputs.empty() && inputs.back() == -1)
    inputs = inputs.drop_back();
  for (int32_t input : inputs) {
    if (input != -1)
      state.operands.push_back(getValue(input));
    else
      state.operands.push_back(tfl::NoValueOp::create(
          builder, state.location, builder.getNoneType(), builder.getUnitAttr()));
  }
  for (int32_t output : toArrayRef(op.outputs())) {
    state.types.push_back(typeOf(output));
    // An initial state that is computed in every invocation. Only kernels that keep their state in
    // place ask for the mark.
    if (file.tensor(subgraph, output).is_variable())
      state.addAttribute("variable_output", builder.getUnitAttr());
  }
  readAttributes(op, code, state.attributes);

  Operation *created = builder.create(state);
  for (auto [output, result] : llvm::zip_equal(toArrayRef(op.outputs()), created->getResults()))
    values[output] = result;
}

} // namespace tflc
