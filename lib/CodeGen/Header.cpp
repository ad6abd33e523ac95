//===- Header.cpp - the C header of a compiled model ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Header.h"

#include "tflc/CodeGen/ExportedNames.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <numeric>

using namespace tflc;
using llvm::raw_string_ostream;
using llvm::StringRef;

/// The type of an element in C. Half-precision values are their bits, complex ones two in a row.
static StringRef getCType(ElementType type) {
  switch (type) {
  case ElementType::Float32:
  case ElementType::Complex64:
    return "float";
  case ElementType::Float64:
  case ElementType::Complex128:
    return "double";
  case ElementType::Float16:
  case ElementType::BFloat16:
  case ElementType::UInt16:
    return "uint16_t";
  case ElementType::Int4:
  case ElementType::Int8:
    return "int8_t";
  case ElementType::UInt8:
  case ElementType::Bool:
    return "uint8_t";
  case ElementType::String:
    return "char";
  case ElementType::Int16:
    return "int16_t";
  case ElementType::Int32:
    return "int32_t";
  case ElementType::UInt32:
    return "uint32_t";
  case ElementType::Int64:
    return "int64_t";
  case ElementType::UInt64:
    return "uint64_t";
  case ElementType::Resource:
  case ElementType::Variant:
    return "void";
  }
  llvm_unreachable("unknown element type");
}

/// `text` as the inside of a C string literal; question marks would begin trigraphs.
static std::string escape(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  for (unsigned char c : text) {
    if (c == '"' || c == '\\' || c == '?')
      os << '\\' << c;
    else if (llvm::isPrint(c))
      os << c;
    else
      os << '\\' << char('0' + (c >> 6)) << char('0' + ((c >> 3) & 7)) << char('0' + (c & 7));
  }
  return result;
}

/// `text` as part of a comment, which it must neither end nor seem to begin anew.
static std::string escapeInComment(StringRef text) {
  std::string result = escape(text);
  for (size_t i = 0; i + 1 < result.size(); ++i)
    if ((result[i] == '*' && result[i + 1] == '/') || (result[i] == '/' && result[i + 1] == '*'))
      result.insert(i + 1, " ");
  return result;
}

/// A literal that every compiler reads as exactly this float.
static std::string formatFloat(float value) {
  std::string text;
  raw_string_ostream os(text);
  os << llvm::format("%.9g", static_cast<double>(value));
  if (StringRef(text).find_first_of(".e") == StringRef::npos)
    os << ".0";
  os << 'f';
  return text;
}

/// Lowest and highest value of the types that quantized inputs and outputs have.
static std::optional<std::pair<int64_t, int64_t>> getRange(ElementType type) {
  switch (type) {
  case ElementType::Int8:
    return std::make_pair<int64_t, int64_t>(INT8_MIN, INT8_MAX);
  case ElementType::UInt8:
    return std::make_pair<int64_t, int64_t>(0, UINT8_MAX);
  case ElementType::Int16:
    return std::make_pair<int64_t, int64_t>(INT16_MIN, INT16_MAX);
  case ElementType::UInt16:
    return std::make_pair<int64_t, int64_t>(0, UINT16_MAX);
  default:
    return std::nullopt;
  }
}

namespace {
class HeaderWriter {
public:
  HeaderWriter(const ModelInfo &info, const ArenaInfo &arena)
      : info(info), arena(arena), names(getExportedNames(info)), os(text) {}

  std::string write();

private:
  void writeArena();
  void writeSignature(const SignatureInfo &signature, const SignatureNames &signatureNames);
  void writeDims(const DimsLayout &layout, const SignatureNames &signatureNames);
  void writeTensor(const TensorInfo &tensor, StringRef role, StringRef prefix, StringRef name);
  void writeHelpers(const TensorInfo &tensor, StringRef prefix, StringRef name);

  const ModelInfo &info;
  const ArenaInfo &arena;
  ExportedNames names;
  std::string text;
  raw_string_ostream os;
};
} // namespace

/// Whether the arena's size is a function of the inputs' dimensions.
static bool hasUnknownInputs(const SignatureInfo &signature) {
  return getDimsLayout(signature).inputs != 0;
}

void HeaderWriter::writeArena() {
  std::string macro = StringRef(info.name).upper() + "_ARENA_";
  if (llvm::none_of(info.signatures, hasUnknownInputs)) {
    os << "/* Working memory of one invocation, and the variables between two. */\n";
    // C has no array of no bytes.
    os << "#define " << macro << "SIZE " << std::max<int64_t>(arena.size, 1) << "\n";
  }
  os << "#define " << macro << "ALIGNMENT " << arena.alignment << "\n";
  os << "/* In front of the definition of an arena, after `static` if there is one. */\n"
     << "#if defined(_MSC_VER)\n"
     << "#define " << macro << "ALIGNED __declspec(align(" << arena.alignment << "))\n"
     << "#else\n"
     << "#define " << macro << "ALIGNED __attribute__((aligned(" << arena.alignment << ")))\n"
     << "#endif\n";
}

/// Two functions between real numbers and the tensor's integers. They round as the QUANTIZE
/// operator of TensorFlow Lite does (half away from zero) and need no library.
void HeaderWriter::writeHelpers(const TensorInfo &tensor, StringRef prefix, StringRef name) {
  auto range = getRange(tensor.type);
  if (!range || tensor.scales.size() != 1 || tensor.zeroPoints.size() > 1)
    return;
  float scale = tensor.scales[0];
  int64_t zeroPoint = tensor.zeroPoints.empty() ? 0 : tensor.zeroPoints[0];
  if (!std::isfinite(scale) || scale <= 0 || zeroPoint < range->first || zeroPoint > range->second)
    return;
  StringRef type = getCType(tensor.type);
  // Beyond these bounds the result is the end of the range anyway, and within them a conversion to
  // an integer is defined.
  int64_t low = range->first - zeroPoint, high = range->second - zeroPoint;
  os << "static inline " << type << " " << prefix << "_quantize_" << name << "(float value) {\n"
     << "  const float steps = value / " << formatFloat(scale) << ";\n"
     << "  int32_t rounded;\n"
     << "  float rest;\n"
     << "  if (!(steps > " << low << ".0f))\n"
     << "    return " << range->first << ";\n"
     << "  if (steps >= " << high << ".0f)\n"
     << "    return " << range->second << ";\n"
     << "  rounded = (int32_t)steps;\n"
     << "  rest = steps - (float)rounded;\n"
     << "  rounded += rest >= 0.5f ? 1 : rest <= -0.5f ? -1 : 0;\n"
     << "  return (" << type << ")(rounded + (" << zeroPoint << "));\n"
     << "}\n"
     << "static inline float " << prefix << "_dequantize_" << name << "(" << type << " value) {\n"
     << "  return " << formatFloat(scale) << " * (float)((int32_t)value - (" << zeroPoint << "));\n"
     << "}\n";
}

void HeaderWriter::writeTensor(const TensorInfo &tensor, StringRef role, StringRef prefix,
                               StringRef name) {
  std::string macro = (prefix + "_" + name + "_").str();
  macro = StringRef(macro).upper();
  os << "\n/* " << role << " \"" << escapeInComment(tensor.name)
     << "\": " << formatTensorType(tensor) << " */\n";
  os << "#define " << macro << "NAME \"" << escape(tensor.name) << "\"\n";
  os << "#define " << macro << "RANK " << tensor.shape.size() << "\n";
  if (!tensor.shape.empty()) {
    os << "#define " << macro << "SHAPE {";
    llvm::interleaveComma(tensor.shape, os,
                          [&](int64_t size) { os << std::max(size, dynamicDim); });
    os << "}\n";
  }
  if (tensor.hasStaticShape())
    os << "#define " << macro << "SIZE " << tensor.getNumElements() << "\n";
  if (tensor.isMeasured() && !llvm::is_contained(tensor.limits, -1))
    os << "/* The most elements that it can have. */\n#define " << macro << "MAX_SIZE "
       << std::accumulate(tensor.limits.begin(), tensor.limits.end(), int64_t(1),
                          std::multiplies<int64_t>())
       << "\n";
  if (tensor.scales.size() == 1) {
    os << "#define " << macro << "SCALE " << formatFloat(tensor.scales[0]) << "\n";
    os << "#define " << macro << "ZERO_POINT ("
       << (tensor.zeroPoints.empty() ? 0 : tensor.zeroPoints[0]) << ")\n";
  } else if (tensor.isPerAxis()) {
    os << "#define " << macro << "SCALES {";
    llvm::interleaveComma(tensor.scales, os, [&](float scale) { os << formatFloat(scale); });
    os << "}\n#define " << macro << "ZERO_POINTS {";
    llvm::interleaveComma(tensor.zeroPoints, os);
    os << "}\n#define " << macro << "AXIS " << tensor.quantizedDimension << "\n";
  }
  writeHelpers(tensor, prefix, name);
}

/// What the array `dims` holds, its size, and the function that fills it.
void HeaderWriter::writeDims(const DimsLayout &layout, const SignatureNames &signatureNames) {
  os << "/* dims:";
  const char *separator = " ";
  auto list = [&](unsigned count, StringRef what) {
    if (count)
      os << separator << count << " " << what;
    separator = ",\n * then ";
  };
  list(layout.inputs, "unknown sizes of the inputs in order");
  list(layout.derived, "of the outputs that follow from them (written by the plan)");
  list(layout.measured,
       "of the outputs that data decide: the plan writes the most that each can be "
       "(-1: unknown),\n * an invocation what it is");
  list(layout.capacities, "times the bytes that the buffer of such an output holds");
  list(layout.limits, "time the bytes that the arena holds; too few of them become what is needed");
  os << ".\n * The plan returns the bytes that the arena needs"
     << (layout.limits ? " as far as they do not depend on data" : "") << ". */\n"
     << "#define " << StringRef(signatureNames.prefix).upper() << "_NUM_DIMS " << layout.getCount()
     << "\n"
     << "int64_t " << signatureNames.plan << "(int64_t *dims);\n";
}

void HeaderWriter::writeSignature(const SignatureInfo &signature,
                                  const SignatureNames &signatureNames) {
  os << "\n/* Signature \"" << escapeInComment(signature.key) << "\". Gives 0, or a status that "
     << "<tflc/tflc.h> lists. */\n";
  if (!signatureNames.plan.empty())
    writeDims(getDimsLayout(signature), signatureNames);
  os << "int32_t " << signatureNames.typed << "(";
  for (size_t i = 0; i < signature.inputs.size(); ++i)
    os << "const " << getCType(signature.inputs[i].type) << " *" << signatureNames.inputs[i]
       << ", ";
  for (size_t i = 0; i < signature.outputs.size(); ++i)
    os << getCType(signature.outputs[i].type) << " *" << signatureNames.outputs[i] << ", ";
  DimsLayout layout = getDimsLayout(signature);
  os << "void *arena" << (info.hasTasks ? ", const struct tflc_parallel *parallel" : "")
     << (layout.limits   ? ", int64_t *dims"
         : layout.inputs ? ", const int64_t *dims"
                         : "")
     << ");\n";
  for (size_t i = 0; i < signature.inputs.size(); ++i)
    writeTensor(signature.inputs[i], "Input", signatureNames.prefix, signatureNames.inputs[i]);
  for (size_t i = 0; i < signature.outputs.size(); ++i)
    writeTensor(signature.outputs[i], "Output", signatureNames.prefix, signatureNames.outputs[i]);
}

std::string HeaderWriter::write() {
  std::string guard = "TFLC_MODEL_" + info.name + "_H";
  os << "/* " << info.name
     << ".h - written by tflc along with the object file; not to be edited. */\n"
     << "#ifndef " << guard << "\n#define " << guard << "\n\n#include <stdint.h>\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  if (info.hasTasks)
    os << "/* Runs the parts of long operators, see <tflc/tflc.h>; null: one after the other. */\n"
       << "struct tflc_parallel;\n\n";
  writeArena();
  if (!names.reset.empty())
    os << "\n/* Gives all variables their initial value; once before the first invocation. */\n"
       << "int32_t " << names.reset << "(void *arena);\n";
  for (auto [signature, signatureNames] : llvm::zip_equal(info.signatures, names.signatures))
    writeSignature(signature, signatureNames);
  os << "\n/* For the generic functions of <tflc/tflc.h> and <tflc/tflc.hpp>. */\n"
     << "struct tflc_model;\nextern const struct tflc_model " << names.model << ";\n\n"
     << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
  return text;
}

std::string tflc::writeHeader(const ModelInfo &info, const ArenaInfo &arena) {
  return HeaderWriter(info, arena).write();
}
