//===- KernelEmitter.h - loops and vectors for one kernel -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_KERNELEMITTER_H
#define TFLC_LIB_SCHEDULE_EMIT_KERNELEMITTER_H

#include "Schedule/Nest/Contraction.h"
#include "Schedule/Nest/LoopNest.h"
#include "Schedule/Nest/Strategy.h"
#include "Schedule/Nest/TileOrder.h"
#include "Schedule/Nest/Tiles.h"

#include "tflc/Target/ConstantPool.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <map>

namespace tflc {

/// Emits the loop nest of one kernel as its strategy says. The nest must be merged.
class KernelEmitter {
public:
  /// Code goes in front of `kernel`, which stays as it is.
  KernelEmitter(tflrt::KernelOp kernel, LoopNest &nest, const Strategy &strategy,
                ConstantPool &pool, const TargetInfo &target);
  void emit();

private:
  using Value = mlir::Value;

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
  };
  /// Results of neighbouring vectors in one.
  struct Run {
    Point point;
    Value value;
  };
  /// Loop variables: an SSA value (or null) plus a constant.
  struct Position {
    mlir::SmallVector<Value> variables;
    mlir::SmallVector<int64_t> constants;
    unsigned scope = 0; ///< names the insertion scope for the cache of base indices
  };

  /// How a loop of rows or columns is cut into tiles.
  struct LoopParts : TileRuns {
    Value count; ///< iterations where only the run knows them: whole tiles, at least one
  };
  LoopParts partsOf(unsigned dim) const;
  void emitParallelLoops(llvm::ArrayRef<unsigned> order, Position position,
                         mlir::SmallVector<int64_t> extents,
                         llvm::function_ref<void(const Position &, llvm::ArrayRef<int64_t>)> body);
  void emitTiles(llvm::ArrayRef<unsigned> order, const Position &position,
                 llvm::ArrayRef<int64_t> extents);
  void emitBlocks();
  void emitBlock(llvm::ArrayRef<unsigned> order, const Position &position,
                 llvm::ArrayRef<int64_t> extents);
  void readRowsFromScratch(llvm::ArrayRef<unsigned> loopsAround);
  void widenRows(const Position &position);
  void emitWinograd();
  void emitTile(Position position, llvm::ArrayRef<int64_t> extents);
  /// What comes behind the sums of a tile's points.
  void finishTile(const Position &position, llvm::ArrayRef<Point> points,
                  llvm::ArrayRef<Value> accumulators);
  void finishWindows(const Position &position, llvm::ArrayRef<Point> points,
                     llvm::ArrayRef<Value> accumulators);
  mlir::SmallVector<Piece> piecesOfVector(int64_t offset, int64_t elements) const;
  mlir::SmallVector<Piece> piecesOf(int64_t size) const;
  mlir::SmallVector<Point> tilePoints(llvm::ArrayRef<int64_t> extents) const;
  mlir::SmallVector<Value> emitReduction(const Position &position, llvm::ArrayRef<Point> points);
  mlir::SmallVector<Value> emitReductionLoops(llvm::ArrayRef<unsigned> order, Position position,
                                              mlir::SmallVector<int64_t> extents,
                                              llvm::ArrayRef<Point> points,
                                              mlir::SmallVector<Value> accumulators);
  mlir::SmallVector<Value> emitSteps(const Position &position, llvm::ArrayRef<int64_t> extents,
                                     llvm::ArrayRef<Point> points,
                                     mlir::SmallVector<Value> accumulators);
  void prepareBytePairs();
  LinearAccess *findConstantBias() const;
  /// Adds all products of a row, bytes in pairs.
  mlir::SmallVector<Value> emitBytePairs(const Position &position, llvm::ArrayRef<Point> points,
                                         mlir::SmallVector<Value> sums);
  void emitContractStep(const Position &position, llvm::ArrayRef<int64_t> step,
                        llvm::ArrayRef<int64_t> extents, llvm::ArrayRef<Point> points,
                        llvm::MutableArrayRef<Value> accumulators);
  bool takesRunsTogether(llvm::ArrayRef<unsigned> order) const;
  /// Runs along the grouped loop by words, for every point: one, or those of the loop around it.
  mlir::SmallVector<Value> emitWordRuns(llvm::ArrayRef<unsigned> order, Position position,
                                        llvm::ArrayRef<Point> points,
                                        mlir::SmallVector<Value> accumulators);
  /// Adds the products of the taps of a window, each step of `steps` one tap.
  void emitTaps(const Position &position, llvm::ArrayRef<mlir::SmallVector<int64_t>> steps,
                llvm::ArrayRef<Point> points, llvm::MutableArrayRef<Value> accumulators);
  /// Adds the products of the taps of depthwise windows of bytes.
  void addNarrowProducts(const Position &position, llvm::ArrayRef<mlir::SmallVector<int64_t>> steps,
                         llvm::ArrayRef<Point> points, llvm::MutableArrayRef<Value> accumulators);
  void addTapPairs(const Position &position, llvm::ArrayRef<mlir::SmallVector<int64_t>> taps,
                   llvm::ArrayRef<Point> points, llvm::MutableArrayRef<Value> accumulators);
  bool joinsWordPairs(llvm::ArrayRef<Piece> pieces) const;
  bool joinsWordPairs(llvm::ArrayRef<Point> points) const;
  void prepareWordPairs();
  void packTapPairs(llvm::ArrayRef<Piece> pieces);
  class TapPairFactors;
  /// Where each lane of the order by halves is in the natural one, or the other way round.
  static mlir::SmallVector<int64_t> lanesByHalves(int64_t lanes, bool back);
  bool isVectorConstant(const LinearAccess &access) const;
  Value reorderHalves(Value vector, int64_t lanes, bool back);
  void reorderForWordPairs(llvm::MutableArrayRef<Value> sums, llvm::ArrayRef<Point> points,
                           bool back);
  mlir::SmallVector<Value> sumAcrossLanes(const Position &position, llvm::ArrayRef<Point> points,
                                          llvm::ArrayRef<Value> initial,
                                          llvm::ArrayRef<Value> accumulators);

  Value flat(const LinearAccess &access);
  Value baseIndex(const LinearAccess &access, const Position &position);
  int64_t constantIndex(const LinearAccess &access, const Position &position,
                        llvm::ArrayRef<int64_t> delta) const;
  Value index(Value base, int64_t constant);
  Value addressOf(Value buffer, Value base, int64_t constant);
  /// Whether `access` reads constants that change from column to column only.
  bool isColumnConstant(const LinearAccess &access, const Position &position) const;
  Value load(const LinearAccess &access, const Position &position, const Point &point);
  Value loadPieces(const LinearAccess &access, Value base, int64_t constant, unsigned lanes,
                   unsigned valid);
  void store(Value value, const LinearAccess &access, const Position &position, const Point &point);
  Value evaluate(const Stage &stage, const Position &position, const Point &point,
                 Value accumulator);
  Value evaluateBody(mlir::Block *body, llvm::ArrayRef<Value> arguments, unsigned lanes,
                     const Position &position, const Point &point);
  /// The epilogue of one vector for each of `points`. Where several together fill a vector of the
  /// output's narrower elements, what comes behind the rescaling is done for all of them at once.
  mlir::SmallVector<Run> evaluateEpilogue(const Position &position, llvm::ArrayRef<Point> points,
                                          llvm::ArrayRef<Value> accumulators);
  bool follows(const Point &point, const Point &next) const;
  Value evaluateTogether(const Position &position, llvm::ArrayRef<Point> points,
                         llvm::ArrayRef<Value> accumulators);
  Value join(llvm::ArrayRef<Value> vectors);
  Value slice(Value vector, unsigned offset, unsigned lanes);
  mlir::Operation *cloneForLanes(mlir::Operation &op, mlir::IRMapping &mapping, unsigned lanes);
  Value lookUp(mlir::memref::LoadOp op, mlir::IRMapping &mapping, unsigned lanes);
  Value loopVariable(unsigned dim, unsigned lanes, const Position &position, const Point &point);
  Value vectorize(Value value, unsigned lanes);
  Value validLanes(const Piece &piece);
  Value zero(mlir::Type type);
  /// The scalar type itself for one lane.
  static mlir::Type vectorType(mlir::Type scalar, unsigned lanes) {
    return lanes == 1 ? scalar : mlir::VectorType::get(lanes, scalar);
  }
  Value loadRun(const LinearAccess &access, const Position &position, int64_t constant,
                unsigned size, bool isUnsigned);
  Value rowLane(const LinearAccess &row, const Position &position, llvm::ArrayRef<int64_t> delta,
                int64_t step, int64_t extent, bool isUnsigned);
  Value widenedColumn(const LinearAccess &access, const Position &position, int64_t constant,
                      unsigned vector, unsigned vectors);
  void emitAcrossStep(const Position &position, llvm::ArrayRef<int64_t> step,
                      llvm::ArrayRef<Point> points, llvm::MutableArrayRef<Value> accumulators);
  size_t countVectors(llvm::ArrayRef<Point> points) const;
  mlir::SmallVector<Value> exchangeRowPairs(llvm::ArrayRef<Value> sums,
                                            llvm::ArrayRef<Point> points);
  Value rowPair(const Position &position, llvm::ArrayRef<int64_t> step, int64_t extent,
                const Point &first, const Point &second);
  void emitMatrixStep(const Position &position, llvm::ArrayRef<int64_t> step,
                      llvm::ArrayRef<int64_t> extents, llvm::ArrayRef<Point> points,
                      llvm::MutableArrayRef<Value> accumulators);
  /// Rows of a register tile that one register holds.
  struct RowTile {
    int64_t first, count;
  };
  mlir::SmallVector<RowTile> rowTiles(llvm::ArrayRef<int64_t> extents) const;
  unsigned sumRegister(unsigned rowTile, unsigned vector) const;
  unsigned rowRegister(unsigned rowTile) const;
  unsigned weightRegister(unsigned vector) const;
  bool configureTiles(llvm::ArrayRef<unsigned> order, llvm::ArrayRef<int64_t> extents);
  void releaseTiles();
  void packTileWeights();
  const LinearAccess &packedTileWeights(unsigned vectors);
  void emitTileProducts(const Position &position, llvm::ArrayRef<int64_t> extents);
  void emitTileLoops(llvm::ArrayRef<unsigned> order, Position position,
                     llvm::ArrayRef<RowTile> tiles, unsigned vectors, int64_t shift);
  void emitTileStep(const Position &position, llvm::ArrayRef<RowTile> tiles, unsigned vectors,
                    int64_t shift);
  void finishTileRows(const Position &position, llvm::ArrayRef<int64_t> extents);
  mlir::SmallVector<Value> joinColumns(llvm::ArrayRef<Value> initial,
                                       llvm::ArrayRef<Value> accumulators);
  void joinForEpilogue(llvm::SmallVectorImpl<Point> &points, llvm::SmallVectorImpl<Value> &values);
  unsigned validInGroup(const Position &position, llvm::ArrayRef<int64_t> delta) const;
  bool isWrittenOut(unsigned dim) const;
  std::optional<unsigned> leadingZeros(unsigned valid, int64_t rowOffset) const;
  Value loadGroup(const LinearAccess &row, const Position &position, llvm::ArrayRef<int64_t> delta);
  Value rowFactor(const LinearAccess &row, const Position &position, llvm::ArrayRef<int64_t> delta);
  const LinearAccess &packedWeights(unsigned vectors);
  void packWeights();
  bool isHalfNoSlower(size_t bytes) const;
  bool areRowsUnsigned() const { return product->isUnsigned(1 - strategy.weightsInput); }

  mlir::ImplicitLocOpBuilder b;
  LoopNest &nest;
  const Strategy &strategy;
  TileOrder tileOrder;
  ConstantPool &pool;
  const TargetInfo &target;
  std::optional<Contraction> product; ///< what the reduction does, if it is one
  llvm::DenseMap<Value, Value> flatBuffers;
  llvm::DenseMap<Value, Value> starts; ///< of buffers that start where only the run knows
  llvm::DenseMap<std::pair<const LinearAccess *, unsigned>, Value> baseIndices;
  llvm::DenseMap<std::tuple<const LinearAccess *, unsigned, int64_t, unsigned>, Value> loads;
  llvm::DenseMap<Value, Value> broadcasts; ///< of groups of a row to all lanes
  unsigned scopes = 0;

  // Depthwise products of bytes.
  bool keepsHalves = false; ///< results are in the order of their sums until they are stored
  LinearAccess tapWeights;  ///< packed by pairs of taps; no buffer where they are not

  // Contract.
  mlir::Block *columnBlock = nullptr; ///< in front of the loops over rows
  unsigned columnScope = 0;
  const LinearAccess *rows = nullptr;              ///< the factor that varies from row to row
  const LinearAccess *columns = nullptr;           ///< the constant factor
  Value weights;                                   ///< packed
  std::map<unsigned, LinearAccess> weightAccesses; ///< by vectors in a tile
  /// A run of one loop's iterations. Its variable counts from the first of them; where that is, is
  /// the variable of a further loop, `start`.
  struct RowBlock {
    unsigned dim, start;
    mlir::OpFoldResult count;
  };
  std::optional<RowBlock> block;
  Value scratch;            ///< holds the rows of a block in 16 bits; may be null
  LinearAccess widened;     ///< the rows in there
  bool pairsFit = false;    ///< no pair of the step's products leaves 16 bits
  Value largePairs;         ///< where other groups are, tile by tile; null where there are none
  Value largePairStarts;    ///< the first of each tile in there
  LinearAccess shiftOfRows; ///< to be taken from a column's sum; no buffer where it is nothing

  // Products in tile registers.
  TileLoops tileLoops;
  bool visitsTiles = false;        ///< all loops of rows and columns are known
  bool areTilesConfigured = false; ///< for the tiles that are being emitted
  Value tileSums;                  ///< the sums of a register tile, each two elements
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_KERNELEMITTER_H
