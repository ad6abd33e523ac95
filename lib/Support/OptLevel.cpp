//===- OptLevel.cpp - the user's -O ---------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/OptLevel.h"

#include "llvm/ADT/StringSwitch.h"

using namespace tflc;

std::optional<OptLevel> tflc::parseOptLevel(llvm::StringRef text) {
  return llvm::StringSwitch<std::optional<OptLevel>>(text)
      .Case("0", OptLevel::O0)
      .Case("1", OptLevel::O1)
      .Case("2", OptLevel::O2)
      .Case("3", OptLevel::O3)
      .Case("s", OptLevel::Os)
      .Default(std::nullopt);
}

llvm::StringRef tflc::toString(OptLevel level) {
  switch (level) {
  case OptLevel::O0:
    return "0";
  case OptLevel::O1:
    return "1";
  case OptLevel::O2:
    return "2";
  case OptLevel::O3:
    return "3";
  case OptLevel::Os:
    return "s";
  }
  llvm_unreachable("all levels are listed");
}
