//===- Calibration.cpp - what samples have shown of a model ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Calibration.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace tflc;

void Observer::add(ArrayRef<float> values, const RangeOptions &options) {
  if (values.empty())
    return;
  if (options.needsHistogram()) {
    histogram.add(values);
    seen |= histogram.getCount() != 0;
    return;
  }
  FloatRange found = getRange(values);
  if (!seen) {
    range = found;
  } else if (options.method == RangeMethod::MovingAverage) {
    range.min += movingAverageShare * (found.min - range.min);
    range.max += movingAverageShare * (found.max - range.max);
  } else {
    range.include(found);
  }
  seen = true;
}

void Observer::merge(const Observer &other) {
  if (!other.seen)
    return;
  if (other.histogram.getCount() != 0)
    histogram.merge(other.histogram);
  else if (seen)
    range.include(other.range);
  else
    range = other.range;
  seen = true;
}

std::optional<FloatRange> Observer::choose(const RangeOptions &options, unsigned bits) const {
  if (!seen)
    return std::nullopt;
  return options.needsHistogram() ? chooseRange(histogram, options, bits) : range;
}

bool Observer::isConstant(const RangeOptions &options) const {
  FloatRange extremes = options.needsHistogram() ? histogram.getRange() : range;
  return extremes.min == extremes.max;
}

/// {} where nothing was seen; else the extremes and, with a histogram, its limit and the bins that
/// are not empty, each as number and count.
json::Object Observer::toJSON() const {
  if (!seen)
    return {};
  if (histogram.getCount() == 0)
    return json::Object{{"min", range.min}, {"max", range.max}};
  json::Array bins;
  for (int i = 0; i < Histogram::numBins; ++i)
    if (uint64_t count = histogram.getBin(i))
      bins.push_back(json::Array{i, int64_t(count)});
  FloatRange extremes = histogram.getRange();
  return json::Object{{"min", extremes.min},
                      {"max", extremes.max},
                      {"limit", histogram.getLimit()},
                      {"bins", std::move(bins)}};
}

std::optional<Observer> Observer::fromJSON(const json::Value &value) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return std::nullopt;
  Observer observer;
  if (object->empty())
    return observer;
  std::optional<double> min = object->getNumber("min"), max = object->getNumber("max");
  if (!min || !max || !(*min <= *max))
    return std::nullopt;
  observer.seen = true;
  observer.range = {float(*min), float(*max)};
  const json::Array *bins = object->getArray("bins");
  if (!bins)
    return observer;
  std::vector<std::pair<int64_t, uint64_t>> counts;
  for (const json::Value &bin : *bins) {
    const json::Array *entry = bin.getAsArray();
    std::optional<int64_t> number, count;
    if (entry && entry->size() == 2) {
      number = (*entry)[0].getAsInteger();
      count = (*entry)[1].getAsInteger();
    }
    if (!number || !count || *count < 0)
      return std::nullopt;
    counts.emplace_back(*number, *count);
  }
  std::optional<Histogram> histogram =
      Histogram::restore(observer.range, float(object->getNumber("limit").value_or(0)), counts);
  if (!histogram)
    return std::nullopt;
  observer.range = {};
  observer.histogram = std::move(*histogram);
  return observer;
}

static bool mergeAll(std::vector<Observer> &observers, ArrayRef<Observer> others) {
  if (observers.size() != others.size())
    return false;
  for (auto [observer, other] : llvm::zip_equal(observers, others))
    observer.merge(other);
  return true;
}

Error Calibration::merge(const Calibration &other) {
  if (formatRangeOptions(range) != formatRangeOptions(other.range))
    return createStringError(formatv("ranges are chosen by {0} in one calibration, by {1} in the "
                                     "other",
                                     formatRangeOptions(range), formatRangeOptions(other.range)));
  if (range.method == RangeMethod::MovingAverage)
    return createStringError("a moving average depends on the order of the samples; other methods "
                             "take them in parts");
  for (const auto &[key, more] : other.signatures) {
    auto [known, isNew] = signatures.try_emplace(key, more);
    if (!isNew && (!mergeAll(known->second.tensors, more.tensors) ||
                   !mergeAll(known->second.inner, more.inner)))
      return createStringError("the calibrations are of different models");
  }
  numSamples += other.numSamples;
  return Error::success();
}

static json::Array toJSON(ArrayRef<Observer> observers) {
  json::Array array;
  for (const Observer &observer : observers)
    array.push_back(observer.toJSON());
  return array;
}

json::Object tflc::toJSON(const Calibration &calibration) {
  json::Object signatures;
  for (const auto &[key, observers] : calibration.signatures)
    signatures[json::fixUTF8(key)] = json::Object{{"tensors", ::toJSON(observers.tensors)},
                                                  {"inner", ::toJSON(observers.inner)}};
  return json::Object{{"range", formatRangeOptions(calibration.range)},
                      {"samples", calibration.numSamples},
                      {"signatures", std::move(signatures)}};
}

static bool readObservers(const json::Object &object, StringRef key,
                          std::vector<Observer> &observers) {
  const json::Array *array = object.getArray(key);
  if (!array)
    return false;
  for (const json::Value &value : *array) {
    std::optional<Observer> observer = Observer::fromJSON(value);
    if (!observer)
      return false;
    observers.push_back(std::move(*observer));
  }
  return true;
}

Expected<Calibration> tflc::parseCalibration(StringRef text) {
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  auto fail = [] { return createStringError("this is no calibration"); };
  const json::Object *object = value->getAsObject();
  std::optional<StringRef> range = object ? object->getString("range") : std::nullopt;
  std::optional<RangeOptions> options = range ? parseRangeOptions(*range) : std::nullopt;
  std::optional<int64_t> samples = object ? object->getInteger("samples") : std::nullopt;
  const json::Object *signatures = object ? object->getObject("signatures") : nullptr;
  if (!options || !samples || *samples < 0 || !signatures)
    return fail();
  Calibration calibration;
  calibration.range = *options;
  calibration.numSamples = *samples;
  for (const auto &entry : *signatures) {
    const json::Object *observers = entry.second.getAsObject();
    SignatureObservers &read = calibration.signatures[entry.first.str()];
    if (!observers || !readObservers(*observers, "tensors", read.tensors) ||
        !readObservers(*observers, "inner", read.inner))
      return fail();
  }
  return calibration;
}
