//===- FunctionImporter.cpp - a subgraph as a function --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FunctionImporter.h"

#include "BlockScales.h"
#include "Constants.h"
#include "ResultTypes.h"
#include "ShuffledWeights.h"
#include "Sparsity.h"
#include "Types.h"

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/CustomOps.h"
#include "TFL/IR/FusedActivation.h"
#include "TFL/IR/MatMulOps.h"
#include "TFL/IR/RecurrentOperands.h"
#include "TFL/IR/VariableOps.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace tflc {

RankedTensorType FunctionImporter::typeOf(int32_t tensor) const {
  return getType(file.tensor(subgraph, tensor), options.dynamic, file.context, file.stringBytes);
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
  variables.clear();

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
  for (int32_t variable : findVariables())
    createVariable(variable);
  for (auto [input, argument] : llvm::zip_equal(toArrayRef(content.inputs()), body->getArguments()))
    setValue(input, argument, argument.getLoc(), /*once=*/false);
  for (uint32_t op = 0, end = sizeOf(content.operators()); op != end; ++op)
    addOperator(op);
  SmallVector<Value> outputs;
  for (int32_t output : toArrayRef(content.outputs()))
    outputs.push_back(getValue(output, file.tensorLocation(index, output)));
  func::ReturnOp::create(builder, file.fileLocation(), outputs);
  // Kernels may have given them other types than the file.
  function.setFunctionType(builder.getFunctionType(inputTypes, TypeRange(ValueRange(outputs))));
  return unsupported;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

SmallVector<int32_t> FunctionImporter::findVariables() const {
  const schema::SubGraph &content = file.subgraph(subgraph);
  enum class Value : uint8_t { Unknown, Initial, Known, Replaced };
  std::vector<Value> present(sizeOf(content.tensors()), Value::Unknown);
  llvm::SetVector<int32_t> found;
  auto isConstant = [&](int32_t tensor) {
    return !file.tensorBytes(file.tensor(subgraph, tensor)).empty();
  };
  auto read = [&](int32_t tensor) {
    bool isUnknown =
        present[tensor] == Value::Unknown && file.tensor(subgraph, tensor).is_variable();
    if ((isUnknown && !isConstant(tensor)) || present[tensor] == Value::Replaced)
      found.insert(tensor);
  };

  for (int32_t input : toArrayRef(content.inputs()))
    present[input] = Value::Known;
  for (uint32_t index = 0, end = sizeOf(content.operators()); index != end; ++index) {
    const schema::Operator &op = file.op(subgraph, index);
    ArrayRef<int32_t> inputs = toArrayRef(op.inputs());
    for (int32_t input : inputs)
      if (input != -1)
        read(input);
    for (unsigned number : getStateNumbers(op)) {
      if (number >= inputs.size() || inputs[number] == -1 || isConstant(inputs[number]))
        continue;
      if (present[inputs[number]] == Value::Initial)
        found.insert(inputs[number]);
      present[inputs[number]] = Value::Replaced;
    }
    for (int32_t output : toArrayRef(op.outputs())) {
      if (present[output] != Value::Unknown)
        found.insert(output);
      present[output] = isComputedOnce(op) ? Value::Initial : Value::Known;
    }
  }
  for (int32_t output : toArrayRef(content.outputs()))
    read(output);
  return SmallVector<int32_t>(found.getArrayRef());
}

bool FunctionImporter::isComputedOnce(const schema::Operator &op) const {
  ArrayRef<int32_t> inputs = toArrayRef(op.inputs());
  return static_cast<schema::BuiltinOperator>(file.operatorCode(op)) ==
             schema::BuiltinOperator::DEQUANTIZE &&
         inputs.size() == 1 && inputs[0] != -1 &&
         !file.tensorBytes(file.tensor(subgraph, inputs[0])).empty();
}

ArrayRef<unsigned> FunctionImporter::getStateNumbers(const schema::Operator &op) const {
  std::string name = "tfl." + getOperatorName(file.operatorCode(op)).lower();
  std::optional<RegisteredOperationName> known =
      RegisteredOperationName::lookup(name, file.context);
  if (!known)
    return {};
  return tfl::getStateNumbers(*known, sizeOf(op.inputs()));
}

void FunctionImporter::createVariable(int32_t tensor) {
  std::string name = (symbols[subgraph].getValue() + "." + Twine(variables.size())).str();
  RankedTensorType type =
      getType(file.tensor(subgraph, tensor), /*dynamic=*/false, file.context, file.stringBytes);
  variables[tensor] = tfl::VariableTensorOp::create(builder, file.tensorLocation(subgraph, tensor),
                                                    type, builder.getStringAttr(name));
}

void FunctionImporter::setValue(int32_t tensor, Value value, Location location, bool once) {
  if (Value variable = variables.lookup(tensor))
    tfl::StoreVariableTensorOp::create(builder, location, variable, value, once);
  else
    values[tensor] = value;
}

Value FunctionImporter::getValue(int32_t tensor, Location user) {
  if (Value variable = variables.lookup(tensor))
    return tfl::LoadVariableTensorOp::create(builder, user, variable.getType(), variable);
  Value &value = values[tensor];
  if (value)
    return value;
  Location location = file.tensorLocation(subgraph, tensor);
  const schema::Tensor &source = file.tensor(subgraph, tensor);
  RankedTensorType type = hasBlockScales(source) && isQuantizable(source.type())
                              ? getBlockwiseType(file, subgraph, source)
                              : getType(source, /*dynamic=*/false, file.context, file.stringBytes);
  ArrayRef<uint8_t> bytes = file.tensorBytes(source);
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

const CustomFunction *FunctionImporter::findCustomFunction(StringRef customCode) const {
  const auto *found = llvm::find_if(
      customFunctions, [&](const CustomFunction &entry) { return entry.customCode == customCode; });
  return found == customFunctions.end() ? nullptr : found;
}

OperationName FunctionImporter::getOperationName(uint32_t index, int32_t code) {
  std::string builtin = getOperatorName(code).str();
  std::string name = "tfl." + StringRef(builtin).lower();
  const schema::OperatorCode &entry =
      *file.model.operator_codes()->Get(file.op(subgraph, index).opcode_index());
  bool isCustom = static_cast<schema::BuiltinOperator>(code) == schema::BuiltinOperator::CUSTOM;
  std::optional<RegisteredOperationName> known =
      RegisteredOperationName::lookup(name, file.context);
  StringRef customCode = toStringRef(entry.custom_code());
  if (known &&
      (!isCustom || tfl::isKnownCustomOperator(customCode) || findCustomFunction(customCode)))
    return *known;
  ++unsupported;
  if (!options.allowUnsupported) {
    InFlightDiagnostic diagnostic = emitError(file.opLocation(subgraph, index));
    if (isCustom)
      diagnostic << "custom operator \"" << customCode
                 << "\" is not supported; --custom names a function that computes it";
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
    if (const CustomFunction *custom = findCustomFunction(toStringRef(entry.custom_code())))
      attributes.append("function", builder.getStringAttr(custom->function));
  }
  // Only their types say something: the quantization inside of a fused operator.
  SmallVector<Attribute> intermediates;
  for (int32_t tensor : toArrayRef(op.intermediates()))
    intermediates.push_back(TypeAttr::get(typeOf(tensor)));
  if (!intermediates.empty())
    attributes.append("intermediates", builder.getArrayAttr(intermediates));
}

/// The kernels of most operators know no TANH and no SIGN_BIT, and compute as if there were no
/// activation.
static void dropIgnoredActivation(OperationState &state) {
  constexpr StringLiteral name = "fused_activation_function";
  auto activation = dyn_cast_or_null<StringAttr>(state.attributes.get(name));
  if (activation && (activation == "TANH" || activation == "SIGN_BIT") &&
      state.name.hasTrait<tfl::FusesActivation>() &&
      state.name.getStringRef() != tfl::FullyConnectedOp::getOperationName())
    state.attributes.set(name, StringAttr::get(state.location.getContext(), "NONE"));
}

void FunctionImporter::addOperator(uint32_t index) {
  const schema::Operator &op = file.op(subgraph, index);
  int32_t code = file.operatorCode(op);
  OperationState state(file.opLocation(subgraph, index), getOperationName(index, code));

  ArrayRef<int32_t> inputs = toArrayRef(op.inputs());
  // An absent operand at the end is left out; one before others has a value that says so.
  while (!inputs.empty() && inputs.back() == -1)
    inputs = inputs.drop_back();
  ArrayRef<unsigned> states = getStateNumbers(op);
  for (auto [number, input] : llvm::enumerate(inputs)) {
    Value variable = variables.lookup(input);
    if (input == -1)
      state.operands.push_back(tfl::NoValueOp::create(
          builder, state.location, builder.getNoneType(), builder.getUnitAttr()));
    else if (variable && llvm::is_contained(states, number))
      state.operands.push_back(variable);
    else
      state.operands.push_back(getValue(input, state.location));
  }
  for (int32_t output : toArrayRef(op.outputs())) {
    state.types.push_back(typeOf(output));
    // An initial state that is computed in every invocation. Only kernels that keep their state in
    // place ask for the mark.
    if (file.tensor(subgraph, output).is_variable() && !variables.contains(output))
      state.addAttribute("variable_output", builder.getUnitAttr());
  }
  setKernelResultTypes(state);
  readAttributes(op, code, state.attributes);
  dropIgnoredActivation(state);
  if (hasShuffledWeights(state) &&
      failed(orderShuffledWeights(file, subgraph, index, builder, state))) {
    ++unsupported;
    state.name = OperationName("unsupported.fully_connected", file.context);
  }

  // Weights in another order take the second output with them.
  Operation *created = builder.create(state);
  ArrayRef<int32_t> outputs = toArrayRef(op.outputs()).take_front(created->getNumResults());
  for (auto [output, result] : llvm::zip_equal(outputs, created->getResults()))
    setValue(output, result, state.location, isComputedOnce(op));
}

} // namespace tflc
