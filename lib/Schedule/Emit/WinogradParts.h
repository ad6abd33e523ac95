//===- WinogradParts.h - transforms and products of patches -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_WINOGRADPARTS_H
#define TFLC_LIB_SCHEDULE_EMIT_WINOGRADPARTS_H

#include "Schedule/Nest/Winograd.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// Emits the parts of one kernel into its scratch buffer (see WinogradScratch).
class WinogradParts {
public:
  using Value = mlir::Value;
  using Values = mlir::SmallVector<Value, 4>;
  /// Elements [line][pixel].
  using Matrix = mlir::SmallVector<Values, 4>;

  WinogradParts(mlir::ImplicitLocOpBuilder &b, Value scratch, const Strategy &strategy,
                const WinogradLoops &loops, bool isFloat)
      : layout(strategy, *strategy.as<Winograd>(), loops.channels), b(b), scratch(scratch),
        winograd(*strategy.as<Winograd>()), isFloat(isFloat), lanes(strategy.lanes),
        vectors(strategy.tile[strategy.vectorDim] / strategy.lanes), channels(loops.channels) {}

  // Arithmetic of indices and of vectors.
  Value constant(int64_t value);
  Value add(Value lhs, Value rhs);
  Value add(Value lhs, int64_t rhs) { return rhs == 0 ? lhs : add(lhs, constant(rhs)); }
  Value subtract(Value lhs, Value rhs);
  Value multiply(Value lhs, int64_t rhs);
  Value least(Value lhs, Value rhs);

  /// A loop without results, or its body alone for one iteration.
  void loop(Value end, int64_t step, llvm::function_ref<void(Value)> body);
  void loop(Value begin, Value end, int64_t step, llvm::function_ref<void(Value)> body);
  void loop(int64_t end, int64_t step, llvm::function_ref<void(Value)> body) {
    loop(constant(end), step, body);
  }

  /// `size` elements of `buffer` from `index` on as factors: bytes in 16 bits, floats in 32.
  Value loadExtended(Value buffer, Value index, int64_t size, bool isUnsigned);
  void store(Value value, Value index);
  /// Stores all elements from `index` on, `distance` apart.
  void storeAll(const Matrix &values, Value index, int64_t distance);

  Matrix transformWeights(const Matrix &taps);
  Matrix transformInputs(const Matrix &inputs);
  /// The results of a patch in the vector of columns that begins with `lane`, without the initial
  /// value.
  Matrix resultsOf(Value row, Value lane);

  /// Sets all products to zero.
  void clearProducts();
  /// Products of all positions for the first `count` patches of the block with the tile of columns
  /// with this number. Those of a part of the channels are added to what is there.
  void multiplyPatches(Value columnTile, Value firstChannel, Value count);

  WinogradScratch layout;

private:
  Value load(Value index, int64_t size);
  Value loadLanes(Value index, mlir::VectorType type);
  mlir::VectorType sumType();
  mlir::VectorType factorType();
  Value twice(Value value) { return add(value, value); }
  Value fourTimes(Value value);

  Values lineOfWeights(const Values &g, int64_t results);
  Values lineOfInputs(const Values &d, int64_t results);
  Values lineOfProducts(const Values &m, int64_t results);
  Matrix transform(llvm::ArrayRef<Values> matrix,
                   llvm::function_ref<Values(const Values &, int64_t)> one);
  Value divideByFactors(Value sum, int64_t line, int64_t pixel);

  void multiplyPosition(Value weights, Value inputs, Value products, Value count);
  mlir::SmallVector<Value> multiplyChannels(llvm::ArrayRef<Value> initial, Value weights,
                                            Value inputs);
  void addGroup(llvm::MutableArrayRef<Value> sums, Value weight, Value input, int64_t next);
  Value broadcastGroup(Value index);

  mlir::ImplicitLocOpBuilder &b;
  Value scratch;
  const Winograd &winograd;
  bool isFloat;
  int64_t lanes, vectors, channels;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_WINOGRADPARTS_H
