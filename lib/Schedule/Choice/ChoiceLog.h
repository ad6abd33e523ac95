//===- ChoiceLog.h - why a kernel runs as it does ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_CHOICE_CHOICELOG_H
#define TFLC_LIB_SCHEDULE_CHOICE_CHOICELOG_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <optional>
#include <string>

namespace tflc {

/// What a chooser returns that takes nothing: false, or no strategy.
struct Declined {
  operator bool() const { return false; }
  template <typename T> operator std::optional<T>() const { return std::nullopt; }
};

/// What the choosers found out about one kernel: each form that was not taken and why. Nothing is
/// written where nobody asked.
class ChoiceLog {
public:
  explicit ChoiceLog(bool isRead = false) : isRead(isRead) {}

  /// Notes why a form is not taken: `return log.decline("winograd", "...");`.
  Declined decline(llvm::StringRef form, const llvm::Twine &reason) {
    if (isRead)
      reasons.push_back((form + ": " + reason).str());
    return {};
  }
  /// Estimated cycles, as they are compared, in front of a reason.
  static std::string cycles(double count) { return std::to_string(int64_t(count)) + " cycles"; }

  llvm::ArrayRef<std::string> lines() const { return reasons; }
  void clear() { reasons.clear(); }

private:
  bool isRead;
  llvm::SmallVector<std::string> reasons;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_CHOICE_CHOICELOG_H
