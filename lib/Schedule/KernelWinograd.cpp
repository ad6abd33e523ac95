//===- KernelWinograd.cpp - 3x3 windows with fewer products ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "Winograd.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

#include <array>

using namespace mlir;
using namespace tflc;

namespace {

using Values = SmallVector<Value, 4>;

/// Emits the parts of one kernel into its scratch buffer.
class WinogradParts {
public:
  WinogradParts(ImplicitLocOpBuilder &b, Value scratch, const Strategy &strategy,
                const WinogradLoops &loops)
      : b(b), scratch(scratch), winograd(*strategy.winograd), channels(loops.channels),
        lanes(strategy.lanes), vectors(strategy.tile[strategy.vectorDim] / strategy.lanes),
        layout(strategy, winograd, loops.channels) {}

  Value constant(int64_t value) { return arith::ConstantIndexOp::create(b, value); }
  Value add(Value lhs, Value rhs) { return arith::AddIOp::create(b, lhs, rhs); }
  Value add(Value lhs, int64_t rhs) { return rhs == 0 ? lhs : add(lhs, constant(rhs)); }
  Value subtract(Value lhs, Value rhs) { return arith::SubIOp::create(b, lhs, rhs); }
  Value multiply(Value lhs, int64_t rhs) {
    return rhs == 1 ? lhs : arith::MulIOp::create(b, lhs, constant(rhs)).getResult();
  }
  Value least(Value lhs, Value rhs) { return arith::MinSIOp::create(b, lhs, rhs); }

  /// A loop without results, or its body alone for one iteration.
  void loop(Value end, int64_t step, function_ref<void(Value)> body) {
    if (std::optional<int64_t> size = getConstantIntValue(end); size && *size <= step)
      return body(constant(0));
    auto loop = scf::ForOp::create(b, constant(0), end, constant(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }
  void loop(int64_t end, int64_t step, function_ref<void(Value)> body) {
    loop(constant(end), step, body);
  }

  /// `size` bytes of `buffer` from `index` on, in 16 bits.
  Value loadExtended(Value buffer, Value index, int64_t size, bool isUnsigned) {
    auto type = VectorType::get(size, b.getI8Type()), wide = type.clone(b.getI16Type());
    Value bytes = vector::LoadOp::create(b, type, buffer, index);
    return isUnsigned ? arith::ExtUIOp::create(b, wide, bytes).getResult()
                      : arith::ExtSIOp::create(b, wide, bytes);
  }
  Value load(Value index, int64_t size) {
    return vector::LoadOp::create(b, VectorType::get(size, b.getI16Type()), scratch, index);
  }
  void store(Value value, Value index) { vector::StoreOp::create(b, value, scratch, index); }

  /// 2G g for three values.
  Values transformWeights(const Values &g) {
    Value outer = add(g[0], g[2]);
    return {add(g[0], g[0]), add(outer, g[1]), subtract(outer, g[1]), add(g[2], g[2])};
  }
  /// B^T d for four.
  Values transformInputs(const Values &d) {
    return {subtract(d[0], d[2]), add(d[1], d[2]), subtract(d[2], d[1]), subtract(d[1], d[3])};
  }
  /// A^T m for four.
  Values transformProducts(const Values &m) {
    return {add(add(m[0], m[1]), m[2]), subtract(subtract(m[1], m[2]), m[3])};
  }
  /// Rows, then columns of a matrix; elements [row][column].
  SmallVector<Values, 4> transform(ArrayRef<Values> matrix,
                                   function_ref<Values(const Values &)> one) {
    auto transpose = [](ArrayRef<Values> from) {
      SmallVector<Values, 4> to(from[0].size());
      for (const Values &line : from)
        for (auto [i, value] : llvm::enumerate(line))
          to[i].push_back(value);
      return to;
    };
    SmallVector<Values, 4> columns = transpose(matrix);
    for (Values &column : columns)
      column = one(column);
    SmallVector<Values, 4> rows = transpose(columns);
    for (Values &row : rows)
      row = one(row);
    return rows;
  }

  void multiplyTile(Value column, Value row);
  SmallVector<Values, 4> resultsOf(Value row, int64_t vector);

  ImplicitLocOpBuilder &b;
  Value scratch;
  const Winograd &winograd;
  int64_t channels, lanes, vectors;
  WinogradScratch layout;
};

} // namespace

/// Products of all positions for `rows` tiles from `row` of the block on with the columns from
/// `column` on.
void WinogradParts::multiplyTile(Value column, Value row) {
  auto sumType = VectorType::get(lanes, b.getI32Type());
  auto factorType = VectorType::get(2 * lanes, b.getI16Type());
  Value weightStart = multiply(column, layout.perColumn);
  Value inputStart = add(multiply(row, channels), layout.inputs);
  loop(WinogradScratch::positions, 1, [&](Value position) {
    Value weights = add(weightStart, multiply(position, layout.perWeightPosition));
    Value inputs = add(inputStart, multiply(position, layout.perInputPosition));
    SmallVector<Value> sums(winograd.rows * vectors,
                            arith::ConstantOp::create(b, b.getZeroAttr(sumType)));
    // Twice for small tiles, so that the loop's own instructions count less.
    constexpr int64_t largeTile = 12;
    int64_t step = winograd.rows * vectors < largeTile ? 4 : 2;
    auto products = scf::ForOp::create(b, constant(0), constant(channels), constant(step), sums);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(products.getBody());
      Value channel = products.getInductionVar();
      sums.assign(products.getRegionIterArgs().begin(), products.getRegionIterArgs().end());
      Value weight = add(weights, multiply(channel, vectors * lanes));
      Value input = add(inputs, channel);
      for (int64_t pair = 0; pair < step; pair += 2) {
        SmallVector<Value> columns;
        for (int64_t v = 0; v < vectors; ++v)
          columns.push_back(load(add(weight, pair * vectors * lanes + v * 2 * lanes), 2 * lanes));
        for (int64_t r = 0; r < winograd.rows; ++r) {
          Value both = load(add(input, r * channels + pair), 2);
          Value word = vector::ExtractOp::create(
              b, vector::BitCastOp::create(b, VectorType::get(1, b.getI32Type()), both).getResult(),
              0);
          Value all = vector::BitCastOp::create(
              b, factorType, vector::BroadcastOp::create(b, sumType, word).getResult());
          for (int64_t v = 0; v < vectors; ++v) {
            Value &sum = sums[r * vectors + v];
            sum = tflrt::DotOp::create(b, sum, all, columns[v]);
          }
        }
      }
      scf::YieldOp::create(b, sums);
    }
    Value start = add(multiply(position, layout.perProductPosition), layout.products);
    for (auto [i, sum] : llvm::enumerate(products.getResults()))
      store(vector::BitCastOp::create(b, factorType, sum), add(start, i * 2 * lanes));
  });
}

/// The 2x2 results of one vector of columns, without the initial value.
SmallVector<Values, 4> WinogradParts::resultsOf(Value row, int64_t vector) {
  auto sumType = VectorType::get(lanes, b.getI32Type());
  Value start = add(multiply(row, 2 * lanes * vectors), layout.products + vector * 2 * lanes);
  SmallVector<Values, 4> products(4);
  for (int64_t i = 0; i < 4; ++i)
    for (int64_t j = 0; j < 4; ++j) {
      Value words = load(add(start, (4 * i + j) * layout.perProductPosition), 2 * lanes);
      products[i].push_back(vector::BitCastOp::create(b, sumType, words));
    }
  SmallVector<Values, 4> results =
      transform(products, [&](const Values &m) { return transformProducts(m); });
  Value two = arith::ConstantOp::create(b, DenseElementsAttr::get(sumType, b.getI32IntegerAttr(2)));
  for (Values &line : results)
    for (Value &result : line)
      result = arith::ShRSIOp::create(b, result, two);
  return results;
}

void KernelEmitter::emitWinograd() {
  const WinogradLoops loops = *matchWinograd(nest, strategy);
  const Winograd &winograd = *strategy.winograd;
  WinogradParts parts(b, scratch, strategy, loops);
  int64_t columnCount = nest.dims[strategy.vectorDim].size;
  int64_t perTile = strategy.tile[strategy.vectorDim], lanes = strategy.lanes;
  const LinearAccess &packed = packedWeights(perTile / lanes);
  bool isUnsigned = strategy.weightsInput == 0 ? product->rhsUnsigned : product->lhsUnsigned;

  // Where the results of a tile begin. The last one of an odd size overlaps the one before it.
  auto moveToTile = [&](Position &position, Value tile) {
    Value perLine = parts.constant(loops.tilesInLine);
    auto start = [&](Value number, int64_t size) {
      Value first = parts.multiply(number, 2);
      return size % 2 == 0 ? first : parts.least(first, parts.constant(size - 2));
    };
    position.variables[loops.line] =
        start(arith::DivUIOp::create(b, tile, perLine).getResult(), nest.dims[loops.line].size);
    position.variables[loops.pixel] =
        start(arith::RemUIOp::create(b, tile, perLine).getResult(), nest.dims[loops.pixel].size);
    position.scope = ++scopes;
  };

  // Offsets of a window's element, or of one of the four lines and pixels that a tile needs.
  auto tapOffset = [&](const LinearAccess &access, int64_t line, int64_t pixel) {
    int64_t next = loops.tap ? access.coefficients[*loops.tap]
                             : loops.channels * access.coefficients[strategy.groupDim];
    return line * access.coefficients[loops.tapLine] + pixel * next;
  };

  auto transformWeights = [&](Value firstColumn) {
    parts.loop(winograd.columns, perTile, [&](Value column) {
      Value from =
          parts.multiply(parts.add(firstColumn, column), packed.coefficients[strategy.vectorDim]);
      Value to = parts.multiply(column, parts.layout.perColumn);
      parts.loop(loops.channels, 2, [&](Value channel) {
        Value source =
            parts.add(from, parts.multiply(channel, packed.coefficients[strategy.groupDim]));
        Value target = parts.add(to, parts.multiply(channel, perTile));
        for (int64_t v = 0; v < perTile / lanes; ++v) {
          SmallVector<Values, 4> window(3);
          for (int64_t i = 0; i < 3; ++i)
            for (int64_t j = 0; j < 3; ++j)
              window[i].push_back(parts.loadExtended(
                  weights, parts.add(source, tapOffset(packed, i, j) + v * 2 * lanes), 2 * lanes,
                  /*isUnsigned=*/false));
          auto values =
              parts.transform(window, [&](const Values &g) { return parts.transformWeights(g); });
          for (int64_t i = 0; i < 4; ++i)
            for (int64_t j = 0; j < 4; ++j)
              parts.store(
                  values[i][j],
                  parts.add(target, (4 * i + j) * parts.layout.perWeightPosition + v * 2 * lanes));
        }
      });
    });
  };

  auto transformInputs = [&](const Position &position, Value firstTile, Value count) {
    parts.loop(count, 1, [&](Value number) {
      Position at = position;
      moveToTile(at, parts.add(firstTile, number));
      SmallVector<int64_t> none(nest.dims.size(), 0);
      Value from = index(baseIndex(*rows, at), constantIndex(*rows, at, none));
      Value to = parts.add(parts.multiply(number, loops.channels), parts.layout.inputs);
      int64_t width = 2 * lanes;
      while (loops.channels % width != 0)
        width /= 2;
      parts.loop(loops.channels, width, [&](Value channel) {
        Value source = parts.add(from, channel), target = parts.add(to, channel);
        SmallVector<Values, 4> inputs(4);
        for (int64_t i = 0; i < 4; ++i)
          for (int64_t j = 0; j < 4; ++j)
            inputs[i].push_back(parts.loadExtended(
                flat(*rows), parts.add(source, tapOffset(*rows, i, j)), width, isUnsigned));
        auto values =
            parts.transform(inputs, [&](const Values &d) { return parts.transformInputs(d); });
        for (int64_t i = 0; i < 4; ++i)
          for (int64_t j = 0; j < 4; ++j)
            parts.store(values[i][j],
                        parts.add(target, (4 * i + j) * parts.layout.perInputPosition));
      });
    });
  };

  auto multiplyBlock = [&](const Position &position, Value firstTile, Value count,
                           Value firstColumn) {
    SmallVector<int64_t> extents(nest.dims.size(), 1);
    extents[loops.line] = extents[loops.pixel] = 2;
    extents[strategy.vectorDim] = perTile;
    SmallVector<Point> points = tilePoints(extents);
    parts.loop(winograd.columns, perTile, [&](Value column) {
      parts.loop(count, winograd.rows, [&](Value group) {
        parts.multiplyTile(column, group);
        Value left = parts.least(parts.constant(winograd.rows), parts.subtract(count, group));
        parts.loop(left, 1, [&](Value row) {
          Position at = position;
          moveToTile(at, parts.add(parts.add(firstTile, group), row));
          at.variables[strategy.vectorDim] = parts.add(firstColumn, column);
          SmallVector<SmallVector<Values, 4>> results;
          for (int64_t v = 0; v < perTile / lanes; ++v)
            results.push_back(parts.resultsOf(row, v));
          SmallVector<Value> accumulators;
          for (const Point &point : points) {
            Value initial = nest.init ? evaluate(*nest.init, at, point, nullptr)
                                      : load(nest.reduction->output, at, point);
            Value result = results[point.piece.offset / lanes][point.delta[loops.line]]
                                  [point.delta[loops.pixel]];
            accumulators.push_back(parts.add(vectorize(initial, lanes), result));
          }
          finishTile(at, points, accumulators);
        });
      });
    });
  };

  Position position;
  position.variables.resize(nest.dims.size());
  position.constants.assign(nest.dims.size(), 0);
  emitParallelLoops(loops.outer, position, SmallVector<int64_t>(nest.dims.size(), 1),
                    [&](const Position &at, ArrayRef<int64_t>) {
                      Value tiles = parts.constant(loops.tiles);
                      auto forBlocks = [&](function_ref<void(Value, Value)> body) {
                        parts.loop(tiles, winograd.tiles, [&](Value first) {
                          bool whole = loops.tiles <= winograd.tiles;
                          body(first, whole ? tiles
                                            : parts.least(parts.constant(winograd.tiles),
                                                          parts.subtract(tiles, first)));
                        });
                      };
                      if (winograd.weightsFirst && loops.tiles > winograd.tiles) {
                        parts.loop(columnCount, winograd.columns, [&](Value column) {
                          transformWeights(column);
                          forBlocks([&](Value first, Value count) {
                            transformInputs(at, first, count);
                            multiplyBlock(at, first, count, column);
                          });
                        });
                        return;
                      }
                      forBlocks([&](Value first, Value count) {
                        transformInputs(at, first, count);
                        parts.loop(columnCount, winograd.columns, [&](Value column) {
                          transformWeights(column);
                          multiplyBlock(at, first, count, column);
                        });
                      });
                    });
}
