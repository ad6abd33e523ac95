//===- KernelAccess.h - addresses, loads and stores of a kernel -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_KERNELACCESS_H
#define TFLC_LIB_SCHEDULE_EMIT_KERNELACCESS_H

#include "Schedule/Nest/LoopNest.h"
#include "Schedule/Nest/Strategy.h"

#include "tflc/Target/ConstantPool.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// The part of a kernel that one task computes: a run of the tiles of loop `dim`.
struct TaskShare {
  unsigned dim;
  int64_t count;    ///< of the tasks
  mlir::Value task; ///< which of them, from 0 on
};

/// What an emitter works on. All of it outlives the emitter; `nest` is its own to change.
struct KernelTask {
  tflrt::KernelOp kernel; ///< code goes in front of it, and it stays as it is
  LoopNest &nest;         ///< as `strategy` prepared it
  const Strategy &strategy;
  ConstantPool &pool;
  const TargetInfo &target;
  std::optional<TaskShare> share = std::nullopt; ///< none: all of it

  mlir::Location location() const { return tflrt::KernelOp(kernel).getLoc(); }
  /// The kernel's buffer; null where it has none.
  mlir::Value scratch() const { return tflrt::KernelOp(kernel).getScratch(); }
};

/// Part of a tile's vectors: `lanes` elements from `offset` on along the vector loop.
struct Piece {
  int64_t offset;
  unsigned lanes;
  unsigned valid; ///< lanes that exist; the rest is padding and never stored
};

/// One vector of a tile: its place relative to the tile's origin.
struct Point {
  mlir::SmallVector<int64_t> delta; ///< one for each loop
  Piece piece;

  /// The point that lies `step` further.
  Point movedBy(mlir::ArrayRef<int64_t> step) const;
};

/// Loop variables: an SSA value (or null) plus a constant.
struct Position {
  mlir::SmallVector<mlir::Value> variables;
  mlir::SmallVector<int64_t> constants;
  unsigned scope = 0; ///< names the insertion scope for the cache of base indices

  explicit Position(unsigned loops) : variables(loops), constants(loops, 0) {}
};

/// Addresses, loads and stores of a kernel's operands. What has been loaded in a scope is not
/// loaded there again.
class KernelAccess {
public:
  virtual ~KernelAccess() = default;

protected:
  using Value = mlir::Value;

  explicit KernelAccess(const KernelTask &task);

  /// The buffer as one row of elements that begins at its aligned pointer.
  Value flat(const LinearAccess &access);
  /// The part of an element's index that depends on loop variables; null where there is none.
  Value baseIndex(const LinearAccess &access, const Position &position);
  /// The rest of it, `delta` behind the position.
  int64_t constantIndex(const LinearAccess &access, const Position &position,
                        llvm::ArrayRef<int64_t> delta) const;
  Value index(Value base, int64_t constant);

  /// A vector of an operand's elements, or one element where it does not move along the vectors.
  virtual Value load(const LinearAccess &access, const Position &position, const Point &point);
  /// `valid` neighbours and zeros behind them, without a read behind the last one.
  Value loadPieces(const LinearAccess &access, Value base, int64_t constant, unsigned lanes,
                   unsigned valid);
  void store(Value value, const LinearAccess &access, const Position &position, const Point &point);

  /// Whether `access` reads a constant that has one element for each iteration of the vector loop.
  bool isVectorConstant(const LinearAccess &access) const;

  Value zero(mlir::Type type);
  /// A scalar in all lanes; vectors stay.
  Value vectorize(Value value, unsigned lanes);
  /// The scalar type itself for one lane.
  static mlir::Type vectorType(mlir::Type scalar, unsigned lanes) {
    return lanes == 1 ? scalar : mlir::VectorType::get(lanes, scalar);
  }
  /// Vectors of the same length, a power of two of them, one behind the other.
  Value join(llvm::ArrayRef<Value> vectors);
  Value slice(Value vector, unsigned offset, unsigned lanes);
  Value validLanes(const Piece &piece);
  mlir::SmallVector<int64_t> zeros() const { return mlir::SmallVector<int64_t>(nest.dims.size()); }

  mlir::ImplicitLocOpBuilder b;
  LoopNest &nest;
  const Strategy &strategy;
  ConstantPool &pool;
  const TargetInfo &target;
  unsigned scopes = 0;

  llvm::DenseMap<Value, Value> flatBuffers;
  llvm::DenseMap<std::tuple<const LinearAccess *, unsigned, int64_t, unsigned>, Value> loads;

private:
  Value loadLanes(const LinearAccess &access, Value base, int64_t constant, const Piece &piece);

  llvm::DenseMap<Value, Value> starts; ///< of buffers that start where only the run knows
  llvm::DenseMap<std::pair<const LinearAccess *, unsigned>, Value> baseIndices;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_KERNELACCESS_H
