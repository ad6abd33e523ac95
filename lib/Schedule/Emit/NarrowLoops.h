//===- NarrowLoops.h - bytes in 16 bits -------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_NARROWLOOPS_H
#define TFLC_LIB_SCHEDULE_EMIT_NARROWLOOPS_H

#include "Forms.h"
#include "Schedule/Nest/Contraction.h"

namespace tflc {

/// Reductions of bytes in which every lane has a sum of its own, in 32 bits. Two products of signed
/// bytes, or up to 256 bytes, are added in 16 bits before they join it.
class NarrowLoopsEmitter : public KernelEmitter {
public:
  explicit NarrowLoopsEmitter(const KernelTask &task);

protected:
  void addSteps(const Position &position, llvm::ArrayRef<int64_t> extents,
                llvm::ArrayRef<Step> steps, llvm::ArrayRef<Point> points, Values &sums) override;

  /// Extends a vector of 16 bits, and adds it to a sum of 32.
  virtual Value addWord(Value sum, Value word);
  /// Extends a sum of bytes or their products.
  Value extend(mlir::Type type, Value value);
  /// The elements of an input of the reduction, extended to words.
  Value loadWords(const LinearAccess &input, const Position &position, const Point &point);
  /// Whether an input of the reduction is extended with zeros.
  bool isUnsigned(const LinearAccess &input) const;

private:
  Value addInWords(const Position &position, llvm::ArrayRef<Step> steps, const Point &point);

  std::optional<AddedByte> addedByte; ///< for sums without products
};

/// The same, where a machine multiplies words and adds neighbouring products.
std::unique_ptr<KernelEmitter> makeTapPairs(const KernelTask &task);
/// The same, where a machine extends every second lane of a vector.
std::unique_ptr<KernelEmitter> makeAlternateLanes(const KernelTask &task);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_NARROWLOOPS_H
