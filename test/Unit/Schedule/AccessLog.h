//===- AccessLog.h - what an emitted kernel loads and stores ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TEST_UNIT_SCHEDULE_ACCESSLOG_H
#define TFLC_TEST_UNIT_SCHEDULE_ACCESSLOG_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace tflc {

/// A load or store of neighbouring bytes of one of a function's arguments.
struct Access {
  unsigned argument = 0;
  int64_t offset = 0, bytes = 0; ///< from the argument's first byte
  bool isStore = false;
};

/// Walks a function of emitted kernels as it would run, with all its loops, but evaluates indices
/// alone. Of two branches that depend on data both are taken: the first one reads what the other
/// one does not; of others that which is taken.
struct AccessLog {
  std::vector<Access> accesses;
  std::string error; ///< the op that could not be followed; empty for none
};
/// `task` is the value of all arguments that are no buffers.
AccessLog collectAccesses(mlir::func::FuncOp function, int64_t task = 0);

} // namespace tflc

#endif // TFLC_TEST_UNIT_SCHEDULE_ACCESSLOG_H
