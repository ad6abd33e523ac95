//===- Binding.cpp - arrays of a file and tensors of a model --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/Binding.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace tflc;

ArrayRef<int64_t> InputSet::getShape(size_t input) const {
  ArrayRef<int64_t> shape = arrays[input].shape;
  return samples ? shape.drop_front() : shape;
}

const char *InputSet::getData(size_t input, int64_t invocation) const {
  const std::string &data = arrays[input].data;
  return data.data() + data.size() / getNumInvocations() * invocation;
}

const SignatureInfo *tflc::chooseSignature(const ModelInfo &model, std::optional<StringRef> key,
                                           Diagnostics &diagnostics) {
  if (model.signatures.empty()) {
    diagnostics.error("the model has no function");
    return nullptr;
  }
  if (!key)
    return &model.signatures.front();
  if (const SignatureInfo *signature = model.findSignature(*key))
    return signature;
  diagnostics.error("the model has no signature '" + *key + "'");
  std::string known;
  for (const SignatureInfo &signature : model.signatures)
    known += (known.empty() ? "'" : ", '") + signature.key + "'";
  diagnostics.help("it has " + known);
  return nullptr;
}

/// "'image' (0) float32[1x28x28], ...".
static std::string listInputs(const SignatureInfo &signature) {
  std::string text;
  for (auto [i, input] : llvm::enumerate(signature.inputs))
    text +=
        (i ? ", '" : "'") + input.name + "' (" + std::to_string(i) + ") " + formatTensorType(input);
  return text.empty() ? "nothing" : text;
}

/// int4 values come unpacked, as NumPy has no type for them.
static bool acceptsType(ElementType wanted, ElementType given) {
  return wanted == given || (wanted == ElementType::Int4 && given == ElementType::Int8);
}

/// Any other byte than zero is true for NumPy; compiled code takes 0 and 1 only.
static void normalizeBooleans(Array &array) {
  for (char &value : array.data)
    value = value != 0;
}

/// Gives each string of an array the room that the model has for it; false where one is longer.
static bool fitStrings(Array &array, int64_t room) {
  int64_t given = array.shape.back();
  size_t count = given ? array.data.size() / given : 0;
  std::string fitted(count * room, '\0');
  for (size_t i = 0; i < count; ++i) {
    StringRef text = StringRef(array.data).substr(i * given, given).rtrim('\0');
    if (static_cast<int64_t>(text.size()) >= room)
      return false;
    llvm::copy(text, fitted.begin() + static_cast<ptrdiff_t>(i * room));
  }
  array.data = std::move(fitted);
  array.shape.back() = room;
  return true;
}

std::optional<InputSet> tflc::bindInputs(const SignatureInfo &signature, std::vector<Array> arrays,
                                         bool samples, Diagnostics &diagnostics) {
  InputSet set;
  set.arrays.resize(signature.inputs.size());
  std::vector<bool> found(signature.inputs.size());
  bool good = true;
  auto fail = [&](const Twine &message) {
    diagnostics.error(message);
    good = false;
  };
  for (Array &array : arrays) {
    std::optional<size_t> index = findInput(signature, array.name);
    if (!index) {
      fail("there is no input '" + array.name + "'");
      continue;
    }
    const TensorInfo &input = signature.inputs[*index];
    if (found[*index])
      fail("the input '" + input.name + "' is given twice");
    found[*index] = true;
    size_t rank = input.shape.size() + samples;
    if (!acceptsType(input.type, array.type)) {
      fail("the input '" + input.name + "' is " + formatTensorType(input) + ", the array is " +
           formatArrayType(array));
    } else if (array.shape.size() != rank) {
      fail("the input '" + input.name + "' is " + formatTensorType(input) +
           (samples ? ", with one more axis for the samples" : "") + ", the array is " +
           formatArrayType(array));
    } else if (samples) {
      if (set.samples.value_or(array.shape.front()) != array.shape.front())
        fail("the array of the input '" + input.name + "' has " + Twine(array.shape.front()) +
             " samples, another has " + Twine(*set.samples));
      set.samples = array.shape.front();
    }
    if (array.type == ElementType::Bool)
      normalizeBooleans(array);
    if (array.type == ElementType::String && input.type == ElementType::String &&
        !fitStrings(array, input.shape.back()))
      fail("the array of the input '" + input.name + "' has a string of more than " +
           Twine(input.shape.back() - 1) + " bytes");
    set.arrays[*index] = std::move(array);
  }
  for (auto [i, input] : llvm::enumerate(signature.inputs))
    if (!found[i])
      fail("the input '" + input.name + "' is not given");
  if (good)
    return set;
  diagnostics.help("the model takes " + listInputs(signature));
  return std::nullopt;
}

std::vector<ShapeOverride> tflc::getOtherShapes(const SignatureInfo &signature,
                                                const InputSet &inputs) {
  std::vector<ShapeOverride> shapes;
  for (auto [i, input] : llvm::enumerate(signature.inputs))
    if (inputs.getShape(i) != ArrayRef(input.shape)) {
      // What a string has room for is no dimension of the model.
      ArrayRef<int64_t> shape = inputs.getShape(i).drop_back(input.type == ElementType::String);
      shapes.push_back({input.name, SmallVector<int64_t>(shape)});
    }
  return shapes;
}

bool tflc::checkShapes(const SignatureInfo &signature, const InputSet &inputs,
                       Diagnostics &diagnostics) {
  bool good = true;
  for (auto [i, input] : llvm::enumerate(signature.inputs)) {
    ArrayRef<int64_t> shape = inputs.getShape(i);
    if (llvm::all_of_zip(shape, input.shape, [](int64_t size, int64_t wanted) {
          return size == wanted || wanted == dynamicDim;
        }))
      continue;
    diagnostics.error("the input '" + input.name + "' is " + formatTensorType(input) +
                      ", the array has the shape " + formatShape(shape));
    good = false;
  }
  return good;
}

std::vector<Array> tflc::makeOutputs(const SignatureInfo &signature, const InputSet &inputs,
                                     bool byIndex) {
  std::vector<Array> arrays;
  StringSet<> names;
  for (auto [i, output] : llvm::enumerate(signature.outputs)) {
    Array array;
    array.name = byIndex ? std::to_string(i) : output.name;
    // One tensor may be two outputs of a model.
    while (!names.insert(array.name).second)
      array.name += ":" + std::to_string(i);
    array.type = output.type;
    // What there is when nothing is invoked.
    for (int64_t size : output.shape)
      array.shape.push_back(std::max<int64_t>(size, 0));
    if (inputs.samples)
      array.shape.insert(array.shape.begin(), *inputs.samples);
    arrays.push_back(std::move(array));
  }
  return arrays;
}

bool tflc::appendOutput(Array &output, std::vector<int64_t> shape, StringRef data,
                        const InputSet &inputs, int64_t invocation, Diagnostics &diagnostics) {
  if (inputs.samples)
    shape.insert(shape.begin(), *inputs.samples);
  if (invocation != 0 && output.shape != shape) {
    diagnostics.error("the output '" + output.name + "' of invocation " + Twine(invocation) +
                      " has another shape than that of the first one");
    diagnostics.help("without --samples each may have a shape of its own");
    return false;
  }
  output.shape = std::move(shape);
  output.data += data;
  return true;
}
