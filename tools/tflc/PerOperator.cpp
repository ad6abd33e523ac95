//===- PerOperator.cpp - the time of each fused operator ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PerOperator.h"

#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelInfo.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <chrono>

using namespace llvm;
using namespace tflc;
using Clock = std::chrono::steady_clock;

std::vector<StepTiming> tflc::measureSteps(std::vector<StepInfo> steps, const int64_t *times,
                                           function_ref<void()> invoke, double minSeconds) {
  constexpr size_t minInvocations = 5, maxInvocations = 100000;
  size_t count = steps.size();
  std::vector<std::vector<int64_t>> ticks(count + 1); // the last: what a reading costs
  invoke();                                           // warm
  int64_t firstTick = times[0];
  Clock::time_point start = Clock::now();
  double seconds = 0;
  do {
    invoke();
    for (size_t i = 0; i <= count; ++i)
      ticks[i].push_back(times[i + 1] - times[i]);
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
  } while (ticks[0].size() < minInvocations ||
           (seconds < minSeconds && ticks[0].size() < maxInvocations));
  // The clock's rate, from the same two moments on both clocks.
  double microsecondsPerTick = seconds * 1e6 / std::max<int64_t>(1, times[0] - firstTick);

  auto median = [](std::vector<int64_t> &values) {
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
  };
  int64_t overhead = median(ticks.back());
  std::vector<StepTiming> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back({std::move(steps[i]),
                      std::max<int64_t>(0, median(ticks[i]) - overhead) * microsecondsPerTick});
  return result;
}

namespace {
/// What the columns show of a step, or of the sum of all.
struct Row {
  double microseconds = 0, leastMicroseconds = 0;
  int64_t macs = 0, bytes = 0;

  double getLoss() const { return microseconds - leastMicroseconds; }
  double getGigaMacs() const { return microseconds > 0 ? macs / microseconds / 1e3 : 0; }
  double getPercent() const {
    return microseconds > 0 ? 100 * leastMicroseconds / microseconds : 0;
  }
};
} // namespace

static Row makeRow(const StepTiming &timing, const MachinePeak &peak) {
  const StepInfo &step = timing.step;
  Row row;
  row.microseconds = timing.microseconds;
  row.macs = step.macs;
  row.bytes = step.bytesRead + step.bytesWritten;
  row.leastMicroseconds = peak.getLeastSeconds(step.macs, step.factors, row.bytes) * 1e6;
  return row;
}

/// "12 CONV_2D "stem/conv"", "12+13 CONV_2D+ADD "stem/add"": all operators, and the last one's
/// tensor.
static std::string describeOperators(const StepInfo &step) {
  if (step.operators.empty())
    return "(none)";
  std::string numbers, names;
  for (const StepOperator &op : step.operators) {
    numbers += (numbers.empty() ? "" : "+") + std::to_string(op.index);
    names += (names.empty() ? "" : "+") + op.name;
  }
  // The end of a long name tells more than its beginning.
  StringRef tensor = step.operators.back().tensor;
  return numbers + " " + names + " \"" + makePrintable(tensor.take_back(32)) + "\"";
}

static void printRow(raw_ostream &os, const Row &row) {
  os << format("%10.2f %9.2f %9.3f %10.1f %8.1f %6.1f", row.getLoss(), row.microseconds,
               row.macs / 1e6, row.bytes / 1024.0, row.getGigaMacs(), row.getPercent());
}

void tflc::printProfile(raw_ostream &os, const Profile &profile) {
  const MachinePeak &peak = profile.peak;
  os << format(
      "\npeak of one thread, measured: %.1f G int8 MAC/s, %.1f G int16 MAC/s, %.1f G float32 "
      "MAC/s; reading",
      peak.byteMacs / 1e9, peak.wordMacs / 1e9, peak.floatMacs / 1e9);
  ListSeparator comma;
  for (auto [size, bandwidth] : peak.readBandwidth)
    os << comma << format(" %.0f GB/s from %lld KB", bandwidth / 1e9, (long long)(size >> 10));
  os << "\n\n   loss us   time us      MMAC  KB moved   GMAC/s   peak%  operator\n";

  std::vector<std::pair<Row, const StepInfo *>> rows;
  Row total;
  for (const StepTiming &timing : profile.steps) {
    Row row = makeRow(timing, peak);
    total.microseconds += row.microseconds;
    total.leastMicroseconds += row.leastMicroseconds;
    total.macs += row.macs;
    total.bytes += row.bytes;
    rows.emplace_back(row, &timing.step);
  }
  llvm::stable_sort(rows, [](auto &a, auto &b) { return a.first.getLoss() > b.first.getLoss(); });
  for (auto &[row, step] : rows) {
    printRow(os, row);
    os << "  " << describeOperators(*step) << ": " << step->strategy;
    if (step->cycles > 0)
      os << ", estimated " << step->cycles << " cycles";
    os << "\n";
    for (const std::string &line : step->rejected)
      os.indent(60) << "not " << line << "\n";
  }
  printRow(os, total);
  os << "  all " << rows.size() << " steps\n";
}

static StringRef getFactorType(FactorKind factors) {
  switch (factors) {
  case FactorKind::Byte:
    return "int8";
  case FactorKind::Word:
    return "int16";
  case FactorKind::Float:
    return "float32";
  }
  llvm_unreachable("unknown kind of factors");
}

json::Object tflc::toJSON(const Profile &profile) {
  json::Array steps, bandwidths;
  for (const StepTiming &timing : profile.steps) {
    const StepInfo &step = timing.step;
    Row row = makeRow(timing, profile.peak);
    json::Array operators;
    for (const StepOperator &op : step.operators)
      operators.push_back(json::Object{{"op", op.name},
                                       {"tensor", json::fixUTF8(op.tensor)},
                                       {"index", op.index},
                                       {"subgraph", op.subgraph}});
    steps.push_back(json::Object{{"operators", std::move(operators)},
                                 {"us", row.microseconds},
                                 {"least_us", row.leastMicroseconds},
                                 {"macs", step.macs},
                                 {"factors", getFactorType(step.factors)},
                                 {"bytes_read", step.bytesRead},
                                 {"bytes_written", step.bytesWritten},
                                 {"gmacs_per_s", row.getGigaMacs()},
                                 {"percent_of_peak", row.getPercent()},
                                 {"strategy", step.strategy},
                                 {"estimated_cycles", step.cycles},
                                 {"rejected", json::Array(step.rejected)}});
  }
  for (auto [size, bandwidth] : profile.peak.readBandwidth)
    bandwidths.push_back(json::Object{{"bytes", size}, {"gb_per_s", bandwidth / 1e9}});
  return json::Object{{"int8_gmacs_per_s", profile.peak.byteMacs / 1e9},
                      {"int16_gmacs_per_s", profile.peak.wordMacs / 1e9},
                      {"float_gmacs_per_s", profile.peak.floatMacs / 1e9},
                      {"read_bandwidth", std::move(bandwidths)},
                      {"steps", std::move(steps)}};
}
