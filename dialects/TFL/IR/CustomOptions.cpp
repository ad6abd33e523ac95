//===- CustomOptions.cpp - options of known custom operators --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The bytes come from a file that nobody trusts: maps are verified before they are read, structures
// have to be as long as they are.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/CustomOps.h"

// Numbers that stand as text are not used; without this the library of FlatBuffers would be needed.
#define FLATBUFFERS_LOCALE_INDEPENDENT 0
#include "flatbuffers/flexbuffers.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"

#include <cstring>
#include <vector>

using namespace tflc::tfl;
using llvm::StringRef;

namespace {
enum class KnownCustom { None, Detection, Spectrogram, Mfcc, TransposeBias, PoolArgmax, Unpool };
} // namespace

static KnownCustom getKnownCustom(StringRef name) {
  return llvm::StringSwitch<KnownCustom>(name)
      .Case("TFLite_Detection_PostProcess", KnownCustom::Detection)
      .Case("AudioSpectrogram", KnownCustom::Spectrogram)
      .Case("Mfcc", KnownCustom::Mfcc)
      .Case("Convolution2DTransposeBias", KnownCustom::TransposeBias)
      .Case("MaxPoolingWithArgmax2D", KnownCustom::PoolArgmax)
      .Case("MaxUnpooling2D", KnownCustom::Unpool)
      .Default(KnownCustom::None);
}

bool tflc::tfl::isKnownCustomOperator(StringRef name) {
  return getKnownCustom(name) != KnownCustom::None;
}

static DetectionOptions readDetection(const flexbuffers::Map &map) {
  constexpr int64_t defaultDetectionsPerClass = 100;
  DetectionOptions options;
  options.maxDetections = map["max_detections"].AsInt32();
  options.maxClassesPerDetection = map["max_classes_per_detection"].AsInt32();
  options.detectionsPerClass = map["detections_per_class"].IsNull()
                                   ? defaultDetectionsPerClass
                                   : map["detections_per_class"].AsInt32();
  options.numClasses = map["num_classes"].AsInt32();
  options.usesRegularSuppression = map["use_regular_nms"].AsBool();
  options.scoreThreshold = map["nms_score_threshold"].AsFloat();
  options.overlapThreshold = map["nms_iou_threshold"].AsFloat();
  options.yScale = map["y_scale"].AsFloat();
  options.xScale = map["x_scale"].AsFloat();
  options.heightScale = map["h_scale"].AsFloat();
  options.widthScale = map["w_scale"].AsFloat();
  return options;
}

/// Fields of four bytes each: padding (1: SAME, 2: VALID), then strides and filter, each as width
/// and height, and an activation.
static CustomOptions readWindow(StringRef bytes, bool hasFilter) {
  if (bytes.size() < (hasFilter ? 5 : 3) * sizeof(int32_t))
    return {};
  auto read = [&](unsigned field) {
    return int32_t(llvm::support::endian::read32le(bytes.data() + 4 * field));
  };
  constexpr StringRef activations[] = {"NONE", "RELU", "RELU_N1_TO_1", "RELU6"};
  constexpr size_t activationField = 5;
  uint32_t activation = 0;
  if (hasFilter && bytes.size() >= (activationField + 1) * sizeof(int32_t))
    activation = read(activationField);
  if (activation >= std::size(activations))
    return {};
  WindowOptions options = {
      read(0) == 1,           read(2), read(1), hasFilter ? read(4) : 1, hasFilter ? read(3) : 1,
      activations[activation]};
  bool isSound = (read(0) == 1 || read(0) == 2) && options.strideY > 0 && options.strideX > 0 &&
                 options.filterY > 0 && options.filterX > 0;
  return isSound ? CustomOptions(options) : CustomOptions();
}

CustomOptions tflc::tfl::parseCustomOptions(StringRef name, StringRef bytes) {
  KnownCustom known = getKnownCustom(name);
  if (known == KnownCustom::TransposeBias)
    return readWindow(bytes, /*hasFilter=*/false);
  if (known == KnownCustom::PoolArgmax || known == KnownCustom::Unpool)
    return readWindow(bytes, /*hasFilter=*/true);
  // Maps are read in place, as numbers of up to eight bytes.
  std::vector<uint64_t> aligned(bytes.size() / sizeof(uint64_t) + 1);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  auto *data = reinterpret_cast<const uint8_t *>(aligned.data());
  if (bytes.size() < 3 || !flexbuffers::VerifyBuffer(data, bytes.size()) ||
      !flexbuffers::GetRoot(data, bytes.size()).IsMap())
    return {};
  flexbuffers::Map map = flexbuffers::GetRoot(data, bytes.size()).AsMap();
  switch (known) {
  case KnownCustom::Detection:
    return readDetection(map);
  case KnownCustom::Spectrogram:
    return SpectrogramOptions{map["window_size"].AsInt64(), map["stride"].AsInt64(),
                              map["magnitude_squared"].AsBool()};
  case KnownCustom::Mfcc:
    return MfccOptions{
        map["upper_frequency_limit"].AsDouble(), map["lower_frequency_limit"].AsDouble(),
        map["filterbank_channel_count"].AsInt64(), map["dct_coefficient_count"].AsInt64()};
  default:
    return {};
  }
}
