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
                const WinogradLoops &loops, bool isFloat)
      : b(b), scratch(scratch), winograd(*strategy.winograd), isFloat(isFloat),
        lanes(strategy.lanes), vectors(strategy.tile[strategy.vectorDim] / strategy.lanes),
        layout(strategy, winograd, loops.channels) {}

  Value constant(int64_t value) { return arith::ConstantIndexOp::create(b, value); }
  Value add(Value lhs, Value rhs) {
    if (getElementTypeOrSelf(lhs.getType()).isF32())
      return arith::AddFOp::create(b, lhs, rhs);
    return arith::AddIOp::create(b, lhs, rhs);
  }
  Value add(Value lhs, int64_t rhs) { return rhs == 0 ? lhs : add(lhs, constant(rhs)); }
  Value subtract(Value lhs, Value rhs) {
    if (getElementTypeOrSelf(lhs.getType()).isF32())
      return arith::SubFOp::create(b, lhs, rhs);
    return arith::SubIOp::create(b, lhs, rhs);
  }
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

  /// `size` elements of `buffer` from `index` on as factors: bytes in 16 bits, floats in 32.
  Value loadExtended(Value buffer, Value index, int64_t size, bool isUnsigned) {
    Type element = cast<MemRefType>(buffer.getType()).getElementType();
    auto type = VectorType::get(size, element);
    Value loaded = vector::LoadOp::create(b, type, buffer, index);
    if (element.isF32())
      return loaded;
    if (element.isF16())
      return arith::ExtFOp::create(b, type.clone(b.getF32Type()), loaded);
    auto wide = type.clone(b.getI16Type());
    return isUnsigned ? arith::ExtUIOp::create(b, wide, loaded).getResult()
                      : arith::ExtSIOp::create(b, wide, loaded);
  }
  /// `size` elements of the scratch buffer.
  Value load(Value index, int64_t size) {
    return vector::LoadOp::create(b, VectorType::get(size, b.getI16Type()), scratch, index);
  }
  /// Sums or factors of all lanes.
  Value loadLanes(Value index, VectorType type) {
    return vector::BitCastOp::create(b, type, load(index, 2 * lanes));
  }
  void store(Value value, Value index) {
    auto type = cast<VectorType>(value.getType());
    int64_t size = type.getNumElements() * type.getElementTypeBitWidth() / 16;
    value = vector::BitCastOp::create(b, VectorType::get(size, b.getI16Type()), value);
    vector::StoreOp::create(b, value, scratch, index);
  }
  VectorType sumType() {
    return VectorType::get(lanes, isFloat ? Type(b.getF32Type()) : Type(b.getI32Type()));
  }
  VectorType factorType() {
    return isFloat ? sumType() : VectorType::get(2 * lanes, b.getI16Type());
  }

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

  void multiplyTile(Value columnTile, Value row);
  SmallVector<Values, 4> resultsOf(Value row, int64_t vector);

  ImplicitLocOpBuilder &b;
  Value scratch;
  const Winograd &winograd;
  bool isFloat;
  int64_t lanes, vectors;
  WinogradScratch layout;
};

} // namespace

/// Products of all positions for `rows` tiles from `row` of the block on with the tile of columns
/// with this number.
void WinogradParts::multiplyTile(Value columnTile, Value row) {
  Value weightStart = multiply(columnTile, layout.perTile);
  Value inputStart = add(multiply(row, layout.perPosition), layout.inputs);
  loop(WinogradScratch::positions, 1, [&](Value position) {
    Value weights = add(weightStart, multiply(position, layout.perWeightPosition));
    Value inputs = add(inputStart, multiply(position, layout.perInputPosition));
    SmallVector<Value> sums(winograd.rows * vectors,
                            arith::ConstantOp::create(b, b.getZeroAttr(sumType())));
    // Two groups at once for small tiles, so that the loop's own instructions count less. LLVM
    // would load floats of both at the beginning, into more registers than there are.
    int64_t largeTile = isFloat ? 8 : 12;
    int64_t step = winograd.rows * vectors < largeTile && layout.perPosition % 4 == 0 ? 4 : 2;
    auto products =
        scf::ForOp::create(b, constant(0), constant(layout.perPosition), constant(step), sums);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(products.getBody());
      Value group = products.getInductionVar();
      sums.assign(products.getRegionIterArgs().begin(), products.getRegionIterArgs().end());
      Value weight = add(weights, multiply(group, vectors * lanes));
      Value input = add(inputs, group);
      for (int64_t next = 0; next < step; next += 2) {
        SmallVector<Value> columns;
        for (int64_t v = 0; v < vectors; ++v)
          columns.push_back(
              loadLanes(add(weight, next * vectors * lanes + v * 2 * lanes), factorType()));
        for (int64_t r = 0; r < winograd.rows; ++r) {
          Value words = load(add(input, r * layout.perPosition + next), 2);
          auto scalarType = VectorType::get(1, sumType().getElementType());
          Value scalar = vector::ExtractOp::create(
              b, vector::BitCastOp::create(b, scalarType, words).getResult(), 0);
          Value all = vector::BroadcastOp::create(b, sumType(), scalar);
          for (int64_t v = 0; v < vectors; ++v) {
            Value &sum = sums[r * vectors + v];
            if (isFloat)
              sum = vector::FMAOp::create(b, all, columns[v], sum);
            else
              sum = tflrt::DotOp::create(
                  b, sum, vector::BitCastOp::create(b, factorType(), all).getResult(), columns[v]);
          }
        }
      }
      scf::YieldOp::create(b, sums);
    }
    Value start = add(multiply(position, layout.perProductPosition), layout.products);
    for (auto [i, sum] : llvm::enumerate(products.getResults()))
      store(sum, add(start, i * 2 * lanes));
  });
}

/// The 2x2 results of one vector of columns, without the initial value.
SmallVector<Values, 4> WinogradParts::resultsOf(Value row, int64_t vector) {
  Value start = add(multiply(row, 2 * lanes * vectors), layout.products + vector * 2 * lanes);
  SmallVector<Values, 4> products(4);
  for (int64_t i = 0; i < 4; ++i)
    for (int64_t j = 0; j < 4; ++j)
      products[i].push_back(
          loadLanes(add(start, (4 * i + j) * layout.perProductPosition), sumType()));
  SmallVector<Values, 4> results =
      transform(products, [&](const Values &m) { return transformProducts(m); });
  auto splat = [&](Attribute value) {
    return arith::ConstantOp::create(b, DenseElementsAttr::get(sumType(), value));
  };
  for (Values &line : results)
    for (Value &result : line) {
      if (isFloat)
        result = arith::MulFOp::create(b, result, splat(b.getF32FloatAttr(0.25f)));
      else
        result = arith::ShRSIOp::create(b, result, splat(b.getI32IntegerAttr(2)));
    }
  return results;
}

/// Whether a lane of any vector is an infinity or a NaN.
static Value hasNonFinite(ImplicitLocOpBuilder &b, ArrayRef<Value> vectors) {
  // Zero times them is a NaN, and stays one.
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectors[0].getType()));
  Value sum = zero;
  for (Value vector : vectors)
    sum = vector::FMAOp::create(b, vector, zero, sum);
  Value isNaN = arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, sum, sum);
  return vector::ReductionOp::create(b, vector::CombiningKind::OR, isNaN);
}

void KernelEmitter::emitWinograd() {
  const WinogradLoops loops = *matchWinograd(nest, strategy);
  const Winograd &winograd = *strategy.winograd;
  WinogradParts parts(b, scratch, strategy, loops, product->isFloat);
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
    parts.loop(winograd.columns / perTile, 1, [&](Value tile) {
      Value column = parts.add(firstColumn, parts.multiply(tile, perTile));
      Value from = parts.multiply(column, packed.coefficients[strategy.vectorDim]);
      Value to = parts.multiply(tile, parts.layout.perTile);
      int64_t group = strategy.group;
      parts.loop(loops.channels, group, [&](Value channel) {
        Value source =
            parts.add(from, parts.multiply(channel, packed.coefficients[strategy.groupDim]));
        Value target = parts.add(to, parts.multiply(channel, perTile * parts.layout.perFactor));
        for (int64_t v = 0; v < perTile / lanes; ++v) {
          SmallVector<Values, 4> window(3);
          for (int64_t i = 0; i < 3; ++i)
            for (int64_t j = 0; j < 3; ++j)
              window[i].push_back(parts.loadExtended(
                  weights, parts.add(source, tapOffset(packed, i, j) + v * group * lanes),
                  group * lanes, /*isUnsigned=*/false));
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
      Value to = parts.add(parts.multiply(number, parts.layout.perPosition), parts.layout.inputs);
      int64_t width = strategy.group * lanes;
      while (loops.channels % width != 0)
        width /= 2;
      parts.loop(loops.channels, width, [&](Value channel) {
        Value source = parts.add(from, channel);
        Value target = parts.add(to, parts.multiply(channel, parts.layout.perFactor));
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

  // Sums of a tile, without Winograd where one of them is not finite.
  auto directIfNotFinite = [&](const Position &at, ArrayRef<Point> points, ArrayRef<Value> sums) {
    auto choice = scf::IfOp::create(b, ValueRange(sums).getTypes(), hasNonFinite(b, sums),
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choice.thenBlock());
    Position inside = at;
    inside.scope = ++scopes;
    scf::YieldOp::create(b, emitReduction(inside, points));
    b.setInsertionPointToStart(choice.elseBlock());
    scf::YieldOp::create(b, sums);
    return SmallVector<Value>(choice.getResults());
  };

  auto multiplyBlock = [&](const Position &position, Value firstTile, Value count,
                           Value firstColumn) {
    SmallVector<int64_t> extents(nest.dims.size(), 1);
    extents[loops.line] = extents[loops.pixel] = 2;
    extents[strategy.vectorDim] = perTile;
    SmallVector<Point> points = tilePoints(extents);
    parts.loop(winograd.columns / perTile, 1, [&](Value tile) {
      parts.loop(count, winograd.rows, [&](Value group) {
        parts.multiplyTile(tile, group);
        Value left = parts.least(parts.constant(winograd.rows), parts.subtract(count, group));
        parts.loop(left, 1, [&](Value row) {
          Position at = position;
          moveToTile(at, parts.add(parts.add(firstTile, group), row));
          at.variables[strategy.vectorDim] = parts.add(firstColumn, parts.multiply(tile, perTile));
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
          if (product->isFloat)
            accumulators = directIfNotFinite(at, points, accumulators);
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
