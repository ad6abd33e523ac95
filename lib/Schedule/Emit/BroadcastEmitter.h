//===- BroadcastEmitter.h - groups of rows in all lanes ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_BROADCASTEMITTER_H
#define TFLC_LIB_SCHEDULE_EMIT_BROADCASTEMITTER_H

#include "ExtendedRows.h"

namespace tflc {

/// Rows times vectors of columns. A group of a row is broadcast to all lanes; forms that bring rows
/// or multiply in another way derive from this one.
class BroadcastEmitter : public ExtendedRowsEmitter {
public:
  explicit BroadcastEmitter(const KernelTask &task);

protected:
  mlir::Type packedType(std::vector<char> &packed) const override;
  Values startSums(llvm::ArrayRef<Value> initial, llvm::ArrayRef<Point> points) override;
  Values finishSums(llvm::ArrayRef<Point> points, llvm::ArrayRef<Value> initial,
                    Values sums) override;
  void addSteps(const Position &position, llvm::ArrayRef<int64_t> extents,
                llvm::ArrayRef<Step> steps, llvm::ArrayRef<Point> points, Values &sums) override;

  /// One group of a row, in every lane. A single lane takes the group as it is. `step` is where the
  /// body of `extent` elements along the run is.
  virtual Value rowFactor(const Position &position, llvm::ArrayRef<int64_t> delta, int64_t step,
                          int64_t extent);
  /// One vector of columns, number `vector` of a tile.
  virtual Value columnFactor(const LinearAccess &access, const Position &position, int64_t constant,
                             unsigned vector, unsigned vectors);
  /// What becomes of a group in every lane before it is multiplied.
  virtual Value adjustRow(Value row) { return row; }
  virtual Value addProducts(Value sum, Value row, Value column, const Position &position,
                            const Point &point);

  unsigned split = 1; ///< independent parts of one sum

private:
  bool isHalfNoSlower(size_t bytes) const;

  llvm::DenseMap<Value, Value> broadcasts; ///< of groups of a row to all lanes
};

/// The same for vectors whose products one register sums.
std::unique_ptr<KernelEmitter> makeScalarSums(const KernelTask &task);

/// The same for columns of which two share the register of their sums.
std::unique_ptr<KernelEmitter> makeColumnPairs(const KernelTask &task);

/// The same for weights of which most are zero.
std::unique_ptr<KernelEmitter> makeSparseBroadcast(const KernelTask &task);

/// The same for columns that are data.
std::unique_ptr<KernelEmitter> makePackedData(const KernelTask &task);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_BROADCASTEMITTER_H
