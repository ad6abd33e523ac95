//===- SubgraphExporter.cpp - a function as a subgraph --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SubgraphExporter.h"

#include "BlockScales.h"
#include "Options.h"
#include "Types.h"

#include "TFL/IR/BlockQuantization.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/FileOperands.h"
#include "tflc/Support/ModelLocation.h"

using namespace mlir;

namespace tflc {

/// The dialect of operators that the importer let pass without a tfl op.
static constexpr llvm::StringLiteral unsupportedPrefix = "unsupported.";

/// Whether the results are tensors that keep their value: a variable itself, or an operator that
/// writes one.
static bool givesVariable(Operation *op) {
  return op && (isa<tfl::VariableTensorOp>(op) || op->hasAttr("variable_output"));
}

void SubgraphExporter::nameValues(func::FuncOp function) {
  auto note = [&](Value value, StringAttr name) {
    if (name)
      names.try_emplace(value, name);
  };
  for (BlockArgument argument : function.getArguments())
    note(argument, function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "tfl.name"));
  for (OpOperand &output : function.getBody().front().getTerminator()->getOpOperands())
    note(output.get(),
         function.getResultAttrOfType<StringAttr>(output.getOperandNumber(), "tfl.name"));
}

FailureOr<int32_t> SubgraphExporter::addTensorOfType(Type type, StringRef name, uint32_t buffer,
                                                     Operation *constant, Location location) {
  auto tensorType = dyn_cast<TensorType>(type);
  std::optional<schema::TensorType> elementType =
      tensorType ? getTensorType(tensorType.getElementType()) : std::nullopt;
  if (!elementType)
    return emitError(location) << "the file format has no tensors of type " << type;
  std::vector<int32_t> shape, signature;
  auto ranked = dyn_cast<RankedTensorType>(type);
  for (int64_t size : ranked ? ranked.getShape() : ArrayRef<int64_t>()) {
    if (!ShapedType::isDynamic(size) && size > INT32_MAX)
      return emitError(location) << "the file format has no dimensions of size " << size;
    shape.push_back(ShapedType::isDynamic(size) ? 1 : static_cast<int32_t>(size));
    signature.push_back(ShapedType::isDynamic(size) ? -1 : static_cast<int32_t>(size));
  }

  auto shapeVector = parts.getShape(shape);
  flatbuffers::Offset<flatbuffers::Vector<int32_t>> signatureVector;
  if (ranked && !ranked.hasStaticShape())
    signatureVector = parts.getShape(signature);
  auto nameText = builder.CreateSharedString(name.data(), name.size());
  int32_t blockScales = -1;
  if (auto blocks = dyn_cast<quant::UniformQuantizedSubChannelType>(tensorType.getElementType())) {
    FailureOr<int32_t> scales = addBlockScales(blocks, name, location);
    if (failed(scales))
      return failure();
    blockScales = *scales;
  }
  auto quantization = parts.getQuantization(tensorType.getElementType(), constant, blockScales);
  flatbuffers::Offset<schema::SparsityParameters> sparsity;
  if (auto parameters = constant ? constant->getAttrOfType<DictionaryAttr>("sparsity") : nullptr)
    sparsity = writeSparsity(parameters, builder);
  schema::TensorBuilder tensor(builder);
  tensor.add_shape(shapeVector);
  tensor.add_type(*elementType);
  tensor.add_buffer(buffer);
  tensor.add_name(nameText);
  if (!quantization.IsNull())
    tensor.add_quantization(quantization);
  tensor.add_is_variable(givesVariable(constant));
  if (!sparsity.IsNull())
    tensor.add_sparsity(sparsity);
  if (!signatureVector.IsNull())
    tensor.add_shape_signature(signatureVector);
  tensor.add_has_rank(ranked != nullptr);
  tensors.push_back(tensor.Finish());
  return static_cast<int32_t>(tensors.size() - 1);
}

FailureOr<int32_t> SubgraphExporter::addBlockScales(quant::UniformQuantizedSubChannelType type,
                                                    StringRef name, Location location) {
  DenseElementsAttr scales = tfl::getBlockQuantization(type) ? getHalfScales(type) : nullptr;
  if (!scales)
    return emitError(location) << "the file format has float16 scales for blocks of neighbours "
                                  "along the last dimension, and no zero points for them";
  std::optional<uint32_t> buffer =
      buffers.addConstant(scales, schema::TensorType::FLOAT16, /*sparsity=*/nullptr);
  return addTensorOfType(scales.getType(), (name + "_scales").str(), *buffer, nullptr, location);
}

/// The name of a value without one of its own: its location's, with the result's number.
static std::string getDefaultName(Value value, Location location) {
  std::optional<OpLocation> place = getOpLocation(location);
  std::string name = place ? place->tensorName.str() : std::string();
  if (auto result = dyn_cast<OpResult>(value))
    if (result.getResultNumber() != 0)
      name += ":" + std::to_string(result.getResultNumber());
  return name;
}

/// The variable tensor that a value is stored in as soon as it is there; null if there is none.
static Value getStoringVariable(Value value) {
  if (!value.hasOneUse())
    return {};
  auto store = dyn_cast<tfl::StoreVariableTensorOp>(*value.getUsers().begin());
  return store && store.getValue() == value ? store.getVariable() : Value();
}

LogicalResult SubgraphExporter::addTensor(Value value, Location location) {
  if (Value variable = getStoringVariable(value)) {
    numbers[value] = numbers.lookup(variable);
    return success();
  }
  StringAttr given = names.lookup(value);
  std::string name = given ? given.str() : getDefaultName(value, location);
  FailureOr<int32_t> number =
      addTensorOfType(value.getType(), name, /*buffer=*/0, value.getDefiningOp(), location);
  if (failed(number))
    return failure();
  numbers[value] = *number;
  return success();
}

LogicalResult SubgraphExporter::addConstant(Operation &op) {
  auto constant = cast<tfl::ConstOp>(op);
  auto value = dyn_cast<DenseElementsAttr>(constant.getValue());
  Value result = constant.getOutput();
  auto type = dyn_cast<RankedTensorType>(result.getType());
  std::optional<schema::TensorType> elementType =
      type ? getTensorType(type.getElementType()) : std::nullopt;
  if (!value || !elementType)
    return op.emitError() << "a constant of this kind cannot be written";
  std::optional<uint32_t> buffer =
      buffers.addConstant(value, *elementType, op.getAttrOfType<DictionaryAttr>("sparsity"));
  if (!buffer)
    return op.emitError() << "the sparsity parameters do not fit the values";
  StringAttr given = names.lookup(result);
  std::string name = given ? given.str() : getDefaultName(result, op.getLoc());
  FailureOr<int32_t> number = addTensorOfType(type, name, *buffer, &op, op.getLoc());
  if (failed(number))
    return failure();
  numbers[result] = *number;
  return success();
}

std::vector<int32_t> SubgraphExporter::getOperands(Operation &op) const {
  std::vector<int32_t> operands;
  for (Value operand : op.getOperands())
    operands.push_back(isa<NoneType>(operand.getType()) ? -1 : numbers.lookup(operand));
  if (auto listed = dyn_cast<tfl::FileOperandsOpInterface>(op))
    operands.resize(std::max<size_t>(operands.size(), listed.getNumFileOperands()), -1);
  return operands;
}

FailureOr<std::vector<int32_t>> SubgraphExporter::addIntermediates(Operation &op) {
  std::vector<int32_t> result;
  auto types = op.getAttrOfType<ArrayAttr>("intermediates");
  if (!types)
    return result;
  for (auto [i, attribute] : llvm::enumerate(types)) {
    auto type = dyn_cast<TypeAttr>(attribute);
    if (!type)
      return op.emitError() << "attribute 'intermediates' is no list of types";
    FailureOr<int32_t> tensor = addTensorOfType(
        type.getValue(), "intermediate_" + std::to_string(i), 0, nullptr, op.getLoc());
    if (failed(tensor))
      return failure();
    result.push_back(*tensor);
  }
  return result;
}

LogicalResult SubgraphExporter::addOperator(Operation &op) {
  StringRef name = op.getName().getStringRef();
  std::optional<int32_t> code;
  if (name.consume_front("tfl.") || name.consume_front(unsupportedPrefix))
    code = getOperatorCode(name);
  if (!code)
    return op.emitError() << "'" << op.getName() << "' is no operator of the file format";
  for (Value result : op.getResults())
    if (failed(addTensor(result, op.getLoc())))
      return failure();

  bool valid = true;
  auto subgraphOf = [&](StringAttr symbol) -> std::optional<int32_t> {
    auto found = functions.find(symbol);
    return found == functions.end() ? std::nullopt : std::optional(found->second);
  };
  auto report = [&](const std::string &fault) {
    valid = false;
    op.emitError() << fault;
  };
  const OptionsTable &table = getOptionsTable(*code);
  flatbuffers::uoffset_t options = 0;
  if (table.object)
    options = writeOptions(*table.object, op.getAttrDictionary(), subgraphOf, builder, report);
  FailureOr<std::vector<int32_t>> intermediates = addIntermediates(op);
  if (!valid || failed(intermediates))
    return failure();

  std::vector<int32_t> results;
  for (Value result : op.getResults())
    results.push_back(numbers.lookup(result));
  auto operandVector = builder.CreateVector(getOperands(op));
  auto resultVector = builder.CreateVector(results);
  flatbuffers::Offset<flatbuffers::Vector<int32_t>> intermediateVector;
  if (!intermediates->empty())
    intermediateVector = builder.CreateVector(*intermediates);
  flatbuffers::Offset<flatbuffers::Vector<uint8_t>> customOptions;
  if (auto bytes = op.getAttrOfType<StringAttr>("custom_options"))
    customOptions =
        builder.CreateVector(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
  auto customCode = op.getAttrOfType<StringAttr>("custom_code");

  schema::OperatorBuilder entry(builder);
  entry.add_opcode_index(
      operators.getIndex(*code, customCode ? customCode.getValue() : StringRef()));
  entry.add_inputs(operandVector);
  entry.add_outputs(resultVector);
  if (options && table.second) {
    entry.add_builtin_options_2_type(static_cast<schema::BuiltinOptions2>(table.tag));
    entry.add_builtin_options_2(flatbuffers::Offset<void>(options));
  } else if (options) {
    entry.add_builtin_options_type(static_cast<schema::BuiltinOptions>(table.tag));
    entry.add_builtin_options(flatbuffers::Offset<void>(options));
  }
  if (!customOptions.IsNull())
    entry.add_custom_options(customOptions);
  if (!intermediateVector.IsNull())
    entry.add_intermediates(intermediateVector);
  ops.push_back(entry.Finish());
  return success();
}

LogicalResult SubgraphExporter::checkStore(tfl::StoreVariableTensorOp op) {
  auto entry = numbers.find(op.getValue());
  if (entry != numbers.end() && entry->second == numbers.lookup(op.getVariable()))
    return success();
  return op.emitError() << "only what an operator computes, and nothing else reads, can be written "
                           "as the new value of a variable tensor";
}

LogicalResult SubgraphExporter::run(func::FuncOp function) {
  if (function.isExternal() || !llvm::hasSingleElement(function.getBody()))
    return function.emitError() << "only functions of one block can be written";
  nameValues(function);
  for (auto variable : function.getBody().front().getOps<tfl::VariableTensorOp>())
    if (failed(addTensor(variable.getOutput(), variable.getLoc())))
      return failure();
  for (BlockArgument argument : function.getArguments()) {
    if (failed(addTensor(argument, argument.getLoc())))
      return failure();
    inputs.push_back(numbers.lookup(argument));
  }
  bool valid = true;
  for (Operation &op : function.getBody().front().without_terminator()) {
    if (isa<tfl::NoValueOp, tfl::VariableTensorOp>(op))
      continue;
    if (auto store = dyn_cast<tfl::StoreVariableTensorOp>(op)) {
      // The tensor of the operator that computes the value is the variable already.
      valid &= succeeded(checkStore(store));
      continue;
    }
    if (auto load = dyn_cast<tfl::LoadVariableTensorOp>(op)) {
      numbers[load.getValue()] = numbers.lookup(load.getVariable());
      continue;
    }
    if (isa<tfl::ConstOp>(op))
      valid &= succeeded(addConstant(op));
    else
      valid &= succeeded(addOperator(op));
  }
  if (!valid)
    return failure();
  for (Value output : function.getBody().front().getTerminator()->getOperands())
    outputs.push_back(numbers.lookup(output));

  auto tensorVector = builder.CreateVector(tensors);
  auto inputVector = builder.CreateVector(inputs);
  auto outputVector = builder.CreateVector(outputs);
  auto operatorVector = builder.CreateVector(ops);
  StringRef symbol = function.getSymName();
  auto name = builder.CreateString(symbol.data(), symbol.size());
  result = schema::CreateSubGraph(builder, tensorVector, inputVector, outputVector, operatorVector,
                                  name);
  return success();
}

} // namespace tflc
