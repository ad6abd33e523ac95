//===- Strings.cpp - strings as the format's level holds them -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Steps.h"

#include "TF/IR/ConstantOps.h"
#include "TF/IR/VariableOps.h"
#include "TFL/IR/StringType.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace tflc;

static DenseStringElementsAttr getStrings(Attribute value) {
  auto strings = dyn_cast_or_null<DenseStringElementsAttr>(value);
  return strings && isa<tf::StringType>(strings.getElementType()) ? strings
                                                                  : DenseStringElementsAttr();
}

/// Replaces the constants of strings that an op holds.
static void
replaceConstants(Operation *op,
                 llvm::function_ref<ElementsAttr(DenseStringElementsAttr strings)> replace) {
  if (auto constant = dyn_cast<tf::ConstOp>(op)) {
    if (DenseStringElementsAttr strings = getStrings(constant.getValue()))
      constant.setValueAttr(replace(strings));
  } else if (auto table = dyn_cast<tf::TableOp>(op)) {
    if (DenseStringElementsAttr strings = getStrings(table.getKeys()))
      table.setKeysAttr(replace(strings));
    if (DenseStringElementsAttr strings = getStrings(table.getValues()))
      table.setValuesAttr(replace(strings));
  }
}

/// The length of the longest constant; nothing, after a report, where one cannot be written.
static std::optional<size_t> measureStrings(ModuleOp module) {
  size_t longest = 0;
  bool valid = true;
  module.walk([&](Operation *op) {
    replaceConstants(op, [&](DenseStringElementsAttr strings) {
      for (StringRef text : strings.getRawStringData()) {
        longest = std::max(longest, text.size());
        if (text.size() < tfl::maxStringBytes && !text.ends_with(StringRef("\0", 1)))
          continue;
        op->emitError() << "a string of " << text.size() << " bytes cannot be converted: at most "
                        << tfl::maxStringBytes - 1
                        << " are supported, and none may end with a zero byte";
        valid = false;
        break;
      }
      return strings;
    });
  });
  return valid ? std::optional(longest) : std::nullopt;
}

static DenseElementsAttr convertStrings(DenseStringElementsAttr strings, IntegerType type) {
  unsigned room = type.getWidth() / 8;
  std::vector<char> bytes;
  for (StringRef text : strings.getRawStringData()) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.resize((bytes.size() + room - 1) / room * room + (text.empty() ? room : 0));
  }
  return DenseElementsAttr::getFromRawBuffer(strings.getType().clone(type), bytes);
}

bool tflc::convertStrings(ModuleOp module) {
  std::optional<size_t> longest = measureStrings(module);
  if (!longest)
    return false;
  IntegerType element = tfl::getStringType(module.getContext(), tfl::getStringRoom(*longest));
  auto convertType = [&](Type type) -> Type {
    auto tensor = dyn_cast<TensorType>(type);
    return tensor && isa<tf::StringType>(tensor.getElementType()) ? Type(tensor.clone(element))
                                                                  : type;
  };
  auto convertValues = [&](auto values) {
    for (Value value : values)
      value.setType(convertType(value.getType()));
  };
  module.walk([&](Operation *op) {
    replaceConstants(
        op, [&](DenseStringElementsAttr strings) { return ::convertStrings(strings, element); });
    convertValues(op->getResults());
    for (Region &region : op->getRegions())
      for (Block &block : region)
        convertValues(block.getArguments());
    if (auto function = dyn_cast<func::FuncOp>(op)) {
      FunctionType type = function.getFunctionType();
      function.setFunctionType(
          FunctionType::get(type.getContext(), llvm::map_to_vector(type.getInputs(), convertType),
                            llvm::map_to_vector(type.getResults(), convertType)));
    }
  });
  return true;
}
