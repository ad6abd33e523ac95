//===- ExportedNames.cpp - the C names of a compiled model ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/ExportedNames.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace tflc;
using llvm::StringRef;

/// Keywords of C99, C11 and C++17, and what the header itself calls its parameters and types.
static bool isReserved(StringRef name) {
  static const llvm::StringSet<> words = {"alignas",    "alignof",       "and",
                                          "and_eq",     "arena",         "asm",
                                          "auto",       "bitand",        "bitor",
                                          "bool",       "break",         "case",
                                          "catch",      "char",          "char16_t",
                                          "char32_t",   "class",         "compl",
                                          "const",      "constexpr",     "continue",
                                          "const_cast", "decltype",      "default",
                                          "delete",     "dims",          "do",
                                          "double",     "dynamic_cast",  "else",
                                          "enum",       "explicit",      "export",
                                          "extern",     "false",         "float",
                                          "for",        "friend",        "goto",
                                          "if",         "inline",        "int",
                                          "int16_t",    "int32_t",       "int64_t",
                                          "int8_t",     "long",          "model",
                                          "mutable",    "namespace",     "new",
                                          "noexcept",   "not",           "not_eq",
                                          "nullptr",    "operator",      "or",
                                          "or_eq",      "private",       "protected",
                                          "public",     "register",      "reinterpret_cast",
                                          "reset",      "restrict",      "return",
                                          "short",      "signed",        "sizeof",
                                          "static",     "static_assert", "static_cast",
                                          "struct",     "switch",        "template",
                                          "this",       "thread_local",  "throw",
                                          "true",       "try",           "typedef",
                                          "typeid",     "typename",      "typeof",
                                          "uint16_t",   "uint32_t",      "uint64_t",
                                          "uint8_t",    "union",         "unsigned",
                                          "using",      "virtual",       "void",
                                          "volatile",   "wchar_t",       "while",
                                          "xor",        "xor_eq"};
  return words.contains(name);
}

static std::string makeUsableIdentifier(StringRef text) {
  std::string name = makeIdentifier(text);
  return isReserved(name) ? name + "_" : name;
}

/// The first of `base`, `base_1`, `base_2`, ... that `isFree` accepts.
static std::string makeUnique(StringRef base,
                              llvm::function_ref<bool(const std::string &)> isFree) {
  std::string name = base.str();
  for (unsigned i = 1; !isFree(name); ++i)
    name = base.str() + "_" + std::to_string(i);
  return name;
}

ExportedNames tflc::getExportedNames(const ModelInfo &info) {
  ExportedNames names;
  names.model = info.name + "_model";
  if (info.hasState())
    names.reset = info.name + "_reset";
  llvm::StringSet<> symbols = {info.name + "_model", info.name + "_reset"};
  // Constants are in upper case, and MODEL_ARENA_... are the model's own.
  llvm::StringSet<> constants = {StringRef(info.name + "_arena").upper()};

  for (const SignatureInfo &signature : info.signatures) {
    SignatureNames &result = names.signatures.emplace_back();
    bool single = info.signatures.size() == 1;
    std::string base =
        info.name + "_" + (single ? std::string("invoke") : makeUsableIdentifier(signature.key));
    result.typed = makeUnique(base, [&](const std::string &name) {
      if (symbols.contains(name) || symbols.contains(name + "_packed") ||
          symbols.contains(name + "_plan"))
        return false;
      symbols.insert(name);
      symbols.insert(name + "_packed");
      symbols.insert(name + "_plan");
      return true;
    });
    result.packed = result.typed + "_packed";
    auto isDynamic = [](const TensorInfo &tensor) { return !tensor.hasStaticShape(); };
    if (llvm::any_of(signature.inputs, isDynamic) || llvm::any_of(signature.outputs, isDynamic) ||
        signature.hasLimits)
      result.plan = result.typed + "_plan";
    result.prefix = single ? info.name : result.typed;

    auto nameTensors = [&](llvm::ArrayRef<TensorInfo> tensors, std::vector<std::string> &into) {
      for (const TensorInfo &tensor : tensors)
        into.push_back(makeUnique(makeUsableIdentifier(tensor.name), [&](const std::string &name) {
          return constants.insert(StringRef(result.prefix + "_" + name).upper()).second;
        }));
    };
    nameTensors(signature.inputs, result.inputs);
    nameTensors(signature.outputs, result.outputs);
  }
  return names;
}
