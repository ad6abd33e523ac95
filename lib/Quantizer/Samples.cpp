//===- Samples.cpp - data to calibrate and to evaluate with ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Samples.h"

#include "AdaptInput.h"
#include "FolderSource.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <cstring>

using namespace llvm;
using namespace tflc;

namespace {

/// The arrays of an .npz, sample by sample.
class NpzSource : public SampleSource {
public:
  static Expected<std::unique_ptr<SampleSource>> open(StringRef path, const ModelInfo &model,
                                                      const SignatureInfo &standard,
                                                      const SampleOptions &options);

  Expected<bool> next(Sample &sample) override;
  std::optional<int64_t> getSize() const override { return numSamples * groups.size(); }

private:
  /// For each input of a signature, the number of its array.
  struct Group {
    const SignatureInfo *signature;
    std::vector<std::optional<size_t>> arrays;
  };
  Group &getGroup(const SignatureInfo &signature);
  Error add(size_t number, const SignatureInfo &signature, StringRef name);
  Error addLabels(size_t number);
  Error addAll(const SignatureInfo &standard);
  Error checkComplete();

  std::string path;
  /// A copy, as the source may outlive what the caller gave.
  ModelInfo model;
  SampleOptions options;
  std::unique_ptr<ArrayReader> reader;
  std::vector<Group> groups;
  /// The number of the array with the right classes.
  std::optional<size_t> labels;
  int64_t numSamples = 0;
  int64_t position = 0;
};

class JoinedSource : public SampleSource {
public:
  explicit JoinedSource(std::vector<std::unique_ptr<SampleSource>> sources)
      : sources(std::move(sources)) {}

  Expected<bool> next(Sample &sample) override {
    for (; current < sources.size(); ++current) {
      Expected<bool> found = sources[current]->next(sample);
      if (!found || *found)
        return found;
    }
    return false;
  }

  std::optional<int64_t> getSize() const override {
    int64_t total = 0;
    for (const auto &source : sources) {
      std::optional<int64_t> size = source->getSize();
      if (!size)
        return std::nullopt;
      total += *size;
    }
    return total;
  }

private:
  std::vector<std::unique_ptr<SampleSource>> sources;
  size_t current = 0;
};

} // namespace

static std::string listInputs(const SignatureInfo &signature) {
  std::string text;
  for (const TensorInfo &input : signature.inputs)
    text += (text.empty() ? "'" : ", '") + input.name + "' " + formatTensorType(input);
  return text.empty() ? "nothing" : text;
}

NpzSource::Group &NpzSource::getGroup(const SignatureInfo &signature) {
  for (Group &group : groups)
    if (group.signature == &signature)
      return group;
  groups.push_back({&signature, std::vector<std::optional<size_t>>(signature.inputs.size())});
  return groups.back();
}

Error NpzSource::add(size_t number, const SignatureInfo &signature, StringRef name) {
  const Array &array = reader->getArrays()[number];
  std::optional<size_t> index = findInput(signature, name);
  if (!index)
    return createStringError(formatv("{0}: the model has no input '{1}'; signature '{2}' takes {3}",
                                     path, array.name, signature.key, listInputs(signature)));
  if (array.shape.empty())
    return createStringError(
        formatv("{0}: array '{1}' has no axis for the samples", path, array.name));
  Group &group = getGroup(signature);
  if (group.arrays[*index])
    return createStringError(
        formatv("{0}: the input '{1}' is given twice", path, signature.inputs[*index].name));
  group.arrays[*index] = number;
  return Error::success();
}

Error NpzSource::addLabels(size_t number) {
  const Array &array = reader->getArrays()[number];
  bool isInteger = array.type == ElementType::UInt8 || array.type == ElementType::Int32 ||
                   array.type == ElementType::Int64;
  if (!isInteger || array.shape.size() != 1)
    return createStringError(formatv("{0}: the labels '{1}' are {2}, not a vector of uint8, int32 "
                                     "or int64",
                                     path, array.name, formatArrayType(array)));
  labels = number;
  return Error::success();
}

Error NpzSource::addAll(const SignatureInfo &standard) {
  ArrayRef<Array> arrays = reader->getArrays();
  auto isLabels = [&](const Array &array) {
    return array.name == options.labels && !findInput(standard, array.name);
  };
  size_t numInputs = arrays.size() - llvm::count_if(arrays, isLabels);
  auto addOne = [&](size_t number, const Array &array) {
    auto [key, rest] = StringRef(array.name).split('/');
    const SignatureInfo *named = rest.empty() ? nullptr : model.findSignature(key);
    if (isLabels(array))
      return addLabels(number);
    if (named && !findInput(standard, array.name)) // a name may hold a slash itself
      return add(number, *named, rest);
    if (numInputs == 1 && standard.inputs.size() == 1) // there is no doubt what it is
      return add(number, standard, standard.inputs.front().name);
    return add(number, standard, array.name);
  };
  for (auto [number, array] : llvm::enumerate(arrays))
    if (Error error = addOne(number, array))
      return error;
  return Error::success();
}

Error NpzSource::checkComplete() {
  for (const Group &group : groups)
    for (auto [array, input] : llvm::zip_equal(group.arrays, group.signature->inputs))
      if (!array)
        return createStringError(formatv("{0}: there is no array for the input '{1}' of signature "
                                         "'{2}'",
                                         path, input.name, group.signature->key));
  SmallVector<size_t> used;
  for (const Group &group : groups)
    for (std::optional<size_t> array : group.arrays)
      used.push_back(*array);
  if (labels)
    used.push_back(*labels);
  for (size_t number : used) {
    const Array &array = reader->getArrays()[number];
    const Array &first = reader->getArrays()[used.front()];
    if (array.shape.front() != first.shape.front())
      return createStringError(formatv("{0}: array '{1}' has {2} samples, '{3}' has {4}", path,
                                       array.name, array.shape.front(), first.name,
                                       first.shape.front()));
    numSamples = array.shape.front();
  }
  if (groups.empty() || numSamples == 0)
    return createStringError(formatv("{0}: there are no samples", path));
  return Error::success();
}

Expected<std::unique_ptr<SampleSource>> NpzSource::open(StringRef path, const ModelInfo &model,
                                                        const SignatureInfo &standard,
                                                        const SampleOptions &options) {
  Expected<std::unique_ptr<ArrayReader>> reader = ArrayReader::open(path);
  if (!reader)
    return reader.takeError();
  auto source = std::make_unique<NpzSource>();
  source->path = path.str();
  source->options = options;
  source->reader = std::move(*reader);
  source->model = model;
  if (Error error = source->addAll(*source->model.findSignature(standard.key)))
    return std::move(error);
  if (Error error = source->checkComplete())
    return std::move(error);
  return source;
}

static int64_t readLabel(const Array &array) {
  int64_t wide = 0;
  // Little-endian, and labels are not negative.
  std::memcpy(&wide, array.data.data(), std::min(array.data.size(), sizeof(wide)));
  return wide;
}

Expected<bool> NpzSource::next(Sample &sample) {
  if (position == *getSize())
    return false;
  const Group &group = groups[position % groups.size()];
  int64_t number = position / int64_t(groups.size());
  ++position;
  sample.signature = group.signature->key;
  sample.place = formatv("{0}: sample {1}", path, number);
  sample.inputs.clear();
  for (auto [array, input] : llvm::zip_equal(group.arrays, group.signature->inputs)) {
    Expected<Array> element = reader->readNext(*array);
    if (!element)
      return element.takeError();
    sample.inputs.push_back(adaptInput(std::move(*element), input, options));
  }
  sample.label.reset();
  if (labels) {
    Expected<Array> label = reader->readNext(*labels);
    if (!label)
      return label.takeError();
    sample.label = readLabel(*label);
  }
  return true;
}

Expected<std::unique_ptr<SampleSource>> tflc::openSamples(StringRef path, const ModelInfo &model,
                                                          const SampleOptions &options) {
  if (model.signatures.empty())
    return createStringError("the model has no function to give samples to");
  std::string signature = options.signature;
  auto [key, file] = path.split('=');
  if (!file.empty() && model.findSignature(key)) {
    signature = key.str();
    path = file;
  }
  const SignatureInfo *standard =
      signature.empty() ? &model.signatures.front() : model.findSignature(signature);
  if (!standard)
    return createStringError(formatv("the model has no signature '{0}'", signature));
  if (sys::fs::is_directory(path))
    return openFolder(path, *standard, options);
  return NpzSource::open(path, model, *standard, options);
}

std::unique_ptr<SampleSource>
tflc::joinSamples(std::vector<std::unique_ptr<SampleSource>> sources) {
  return std::make_unique<JoinedSource>(std::move(sources));
}

static bool isFinite(const Array &array) {
  for (size_t at = 0; at + sizeof(float) <= array.data.size(); at += sizeof(float)) {
    float value;
    std::memcpy(&value, array.data.data() + at, sizeof(value));
    if (!std::isfinite(value))
      return false;
  }
  return true;
}

Error tflc::checkSample(const Sample &sample, const SignatureInfo &signature) {
  for (auto [array, input] : llvm::zip_equal(sample.inputs, signature.inputs)) {
    bool hasShape = array.shape.size() == input.shape.size() &&
                    llvm::all_of_zip(array.shape, input.shape, [](int64_t size, int64_t wanted) {
                      return size == wanted || wanted == dynamicDim;
                    });
    if (!hasShape || array.type != input.type) {
      bool isBytes =
          hasShape && array.type == ElementType::UInt8 && input.type == ElementType::Float32;
      return createStringError(
          formatv("{0}: the input '{1}' is {2}, the array has {3}{4}", sample.place, input.name,
                  formatTensorType(input), formatArrayType(array),
                  isBytes ? "; a scale, such as 1/255, makes bytes float32" : ""));
    }
    if (array.type == ElementType::Float32 && !isFinite(array))
      return createStringError(
          formatv("{0}: the input '{1}' holds NaN or infinity", sample.place, input.name));
  }
  return Error::success();
}
