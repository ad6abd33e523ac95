//===- OrderedSums.h - sums in another order than memory's ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_ORDEREDSUMS_H
#define TFLC_LIB_SCHEDULE_EMIT_ORDEREDSUMS_H

#include "NarrowLoops.h"

namespace tflc {

/// Narrow loops whose words become sums of 32 bits in the order in which the machine's instructions
/// leave their lanes. Where only constants join the sums behind the window, the results stay so
/// until they are stored, and the constants come in the same order.
class OrderedSumsEmitter : public NarrowLoopsEmitter {
public:
  explicit OrderedSumsEmitter(const KernelTask &task) : NarrowLoopsEmitter(task) {}

protected:
  /// Where each lane of a sum of so many lanes is in memory; for whole blocks of words only.
  virtual mlir::SmallVector<int64_t> orderOfSums(int64_t lanes) const = 0;

  void prepareConstants() override;
  Values startSums(llvm::ArrayRef<Value> initial, llvm::ArrayRef<Point> points) override;
  Values finishSums(llvm::ArrayRef<Point> points, llvm::ArrayRef<Value> initial,
                    Values sums) override;
  Value inMemoryOrder(Value results, unsigned lanes) override;

  /// Whether all vectors are whole blocks of 128 bits of words. Others keep the order of memory.
  static bool areBlocksFull(llvm::ArrayRef<Piece> pieces);
  static bool areBlocksFull(llvm::ArrayRef<Point> points);
  /// The vectors of all tiles.
  mlir::SmallVector<Piece> allPieces() const;
  /// A vector of several times `lanes` lanes in the order of sums, or back in that of memory.
  Value reorder(Value vector, int64_t lanes, bool back);

  bool keepsOrder = false; ///< results are in the order of their sums until they are stored

private:
  std::optional<mlir::SmallVector<LinearAccess *>> joiningConstants();
  void orderConstants(LinearAccess &access, llvm::ArrayRef<Piece> pieces);
  void reorder(llvm::MutableArrayRef<Value> sums, llvm::ArrayRef<Point> points, bool back);
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_ORDEREDSUMS_H
