//===- KernelEmitter.h - what the loops of all kernels share ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// KernelAccess loads and stores, KernelValues evaluates bodies, KernelEmitter makes the loops over
// tiles and what comes behind the sums of a tile. A form derives from it, in a file of its own, and
// says how the sums of a tile come about.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_KERNELEMITTER_H
#define TFLC_LIB_SCHEDULE_EMIT_KERNELEMITTER_H

#include "KernelValues.h"
#include "Schedule/Nest/TileOrder.h"

namespace tflc {

class KernelEmitter : public KernelValues {
public:
  /// Emits the whole kernel.
  void emit();

protected:
  /// Offsets of one step of a reduction, one for each loop.
  using Step = mlir::SmallVector<int64_t>;
  using Values = mlir::SmallVector<Value>;

  /// Results of neighbouring vectors in one.
  struct Run {
    Point point;
    Value value;
  };
  /// How a loop is cut into tiles.
  struct LoopParts : TileRuns {
    Value count; ///< iterations where only the run knows them: whole tiles, at least one
  };

  explicit KernelEmitter(const KernelTask &task);

  //===--------------------------------------------------------------------===//
  // What a form says
  //===--------------------------------------------------------------------===//

  /// Changes constants before anything reads them.
  virtual void prepareConstants() {}
  /// Packs weights, once whole buffers can be viewed.
  virtual void prepare() {}
  virtual void emitLoops();
  virtual void emitTiles(llvm::ArrayRef<unsigned> loops, const Position &position,
                         llvm::ArrayRef<int64_t> extents);
  virtual void emitTile(Position position, llvm::ArrayRef<int64_t> extents);

  /// The vectors that a vector of results with so many elements takes.
  virtual mlir::SmallVector<Piece> piecesOfVector(int64_t offset, int64_t elements) const;
  virtual LoopParts partsOf(unsigned dim) const;
  /// Called in front of the loops over the tiles that `loops` visit, each with `extents` of the
  /// other loops. True where it did something that `leaveLoops` ends.
  virtual bool enterLoops(llvm::ArrayRef<unsigned> loops, llvm::ArrayRef<int64_t> extents) {
    return false;
  }
  virtual void leaveLoops() {}

  /// What a sum begins with.
  virtual Value initialValue(const Position &position, const Point &point);
  /// The sums that loops carry, from one initial value for each point.
  virtual Values startSums(llvm::ArrayRef<Value> initial, llvm::ArrayRef<Point> points);
  /// One sum for each point from those that loops carried.
  virtual Values finishSums(llvm::ArrayRef<Point> points, llvm::ArrayRef<Value> initial,
                            Values sums);
  /// Elements along a loop of the reduction that one step takes.
  virtual int64_t stepAlong(unsigned dim) const { return 1; }
  /// Of a rest of a loop of the reduction, what its steps cover.
  virtual int64_t coveredRest(unsigned dim, int64_t rest) const { return rest; }
  /// Adds what the steps of one body contribute to the sums.
  virtual void addSteps(const Position &position, llvm::ArrayRef<int64_t> extents,
                        llvm::ArrayRef<Step> steps, llvm::ArrayRef<Point> points, Values &sums);
  virtual Values emitReductionLoops(llvm::ArrayRef<unsigned> order, Position position,
                                    mlir::SmallVector<int64_t> extents,
                                    llvm::ArrayRef<Point> points, Values sums);
  /// Joins sums of neighbouring points, where the epilogue works on longer vectors.
  virtual void joinForEpilogue(llvm::SmallVectorImpl<Point> &points,
                               llvm::SmallVectorImpl<Value> &sums) {}
  /// Results in the order of memory, where sums have another one; `lanes` of each vector.
  virtual Value inMemoryOrder(Value results, unsigned lanes) { return results; }

  //===--------------------------------------------------------------------===//
  // What forms use
  //===--------------------------------------------------------------------===//

  /// A part of some units of work, of `step` iterations each, that belongs to the task.
  struct UnitRange {
    Value lower, upper; ///< iterations of whole units
    Value hasRest;      ///< whether the shorter unit behind them, if there is one, does, too
  };
  /// The task's part of `full` units and a rest.
  UnitRange shareUnits(int64_t full, bool hasRest, int64_t step);
  bool isShared(unsigned dim) const { return share && share->dim == dim; }
  /// Whether a loop over tiles of `dim` goes over the task's share alone.
  virtual bool sharesTiles(unsigned dim) const { return isShared(dim); }
  /// Emits `body` in a branch that only the task with the rest takes, or at once without tasks.
  void emitRest(Value hasRest, llvm::function_ref<void()> body);

  void emitParallelLoops(llvm::ArrayRef<unsigned> loops, Position position,
                         mlir::SmallVector<int64_t> extents,
                         llvm::function_ref<void(const Position &, llvm::ArrayRef<int64_t>)> body);
  /// The vectors of a tile, in the order of TileOrder.
  mlir::SmallVector<Point> tilePoints(llvm::ArrayRef<int64_t> extents) const;
  Values emitReduction(const Position &position, llvm::ArrayRef<Point> points);
  mlir::SmallVector<unsigned> reductionLoops() const;
  /// The steps of a body, in the order of the loops.
  mlir::SmallVector<Step> stepsOf(llvm::ArrayRef<int64_t> extents) const;
  /// What comes behind the sums of a tile's points.
  void finishTile(const Position &position, llvm::ArrayRef<Point> points,
                  llvm::ArrayRef<Value> sums);
  /// The same where a tile has whole windows of a pooling.
  void finishWindows(const Position &position, llvm::ArrayRef<Point> points,
                     llvm::ArrayRef<Value> sums);
  Value load(const LinearAccess &access, const Position &position, const Point &point) override;

  TileOrder tileOrder;
  std::optional<TaskShare> share;
  /// Whether constants of a column are loaded in front of the loops over rows. Asked for where LLVM
  /// would not move them: it moves no load across assembly, and does not know that it may read a
  /// table before a loop.
  bool keepsColumnConstants = false;

private:
  struct Place;
  class EpilogueParts;

  void viewBuffers();
  bool isColumnConstant(const LinearAccess &access, const Position &position) const;
  /// The epilogue of one vector for each of `points`. Where several together fill a vector of the
  /// output's narrower elements, what comes behind the rescaling is done for all of them at once.
  mlir::SmallVector<Run> evaluateEpilogue(const Position &position, llvm::ArrayRef<Point> points,
                                          llvm::ArrayRef<Value> sums);
  size_t countTogether(llvm::ArrayRef<Point> points) const;
  void cutIntoRuns(Value all, llvm::ArrayRef<Point> points, mlir::SmallVectorImpl<Run> &runs);
  bool follows(const Point &point, const Point &next) const;
  void joinWindows(const Position &position, llvm::MutableArrayRef<Run> pooled,
                   llvm::ArrayRef<Run> runs, bool isFirst);

  mlir::Block *columnBlock = nullptr; ///< in front of the loops over rows
  unsigned columnScope = 0;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_KERNELEMITTER_H
