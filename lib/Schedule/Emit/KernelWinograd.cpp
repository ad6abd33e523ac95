//===- KernelWinograd.cpp - 3x3 windows with fewer products ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "Schedule/Nest/Winograd.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

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
        channels(loops.channels), layout(strategy, winograd, loops.channels) {}

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

  Value twice(Value value) { return add(value, value); }
  Value fourTimes(Value value) {
    auto type = cast<VectorType>(value.getType());
    auto two = DenseElementsAttr::get(type, b.getIntegerAttr(type.getElementType(), 2));
    return arith::ShLIOp::create(b, value, arith::ConstantOp::create(b, two));
  }

  /// G g for three values, with the factors that Winograd.h gives its rows.
  Values transformWeights(const Values &g, int64_t results) {
    Value outer = add(g[0], g[2]);
    if (results == 2)
      return {twice(g[0]), add(outer, g[1]), subtract(outer, g[1]), twice(g[2])};
    Value last2 = twice(g[2]), last4 = twice(last2), middle2 = twice(g[1]);
    Value far = add(g[0], last4);
    return {twice(add(twice(g[0]), g[0])), add(outer, g[1]),
            subtract(outer, g[1]),         add(far, middle2),
            subtract(far, middle2),        add(last4, last2)};
  }
  /// B^T d for four values or six.
  Values transformInputs(const Values &d, int64_t results) {
    if (results == 2)
      return {subtract(d[0], d[2]), add(d[1], d[2]), subtract(d[2], d[1]), subtract(d[1], d[3])};
    Value even = subtract(d[4], fourTimes(d[2])), odd = subtract(d[3], fourTimes(d[1]));
    Value even2 = subtract(d[4], d[2]), odd2 = twice(subtract(d[3], d[1]));
    return {add(fourTimes(subtract(d[0], d[2])), even2),
            add(even, odd),
            subtract(even, odd),
            add(even2, odd2),
            subtract(even2, odd2),
            subtract(subtract(d[5], d[3]), twice(odd2))};
  }
  /// A^T m for four values or six, with the factors of divideByFactors.
  Values transformProducts(const Values &m, int64_t results) {
    if (results == 2)
      return {add(add(m[0], m[1]), m[2]), subtract(subtract(m[1], m[2]), m[3])};
    Value sum1 = add(m[1], m[2]), difference1 = subtract(m[1], m[2]);
    Value sum2 = add(m[3], m[4]), difference2 = subtract(m[3], m[4]);
    return {add(subtract(m[0], fourTimes(sum1)), sum2), subtract(difference2, twice(difference1)),
            subtract(sum2, sum1), add(subtract(twice(difference2), difference1), m[5])};
  }
  /// Columns, then lines of a matrix; elements [line][pixel]. `one` is told for how many results.
  SmallVector<Values, 4> transform(ArrayRef<Values> matrix,
                                   function_ref<Values(const Values &, int64_t)> one) {
    auto transpose = [](ArrayRef<Values> from) {
      SmallVector<Values, 4> to(from[0].size());
      for (const Values &line : from)
        for (auto [i, value] : llvm::enumerate(line))
          to[i].push_back(value);
      return to;
    };
    SmallVector<Values, 4> columns = transpose(matrix);
    for (Values &column : columns)
      column = one(column, winograd.lines);
    SmallVector<Values, 4> lines = transpose(columns);
    for (Values &line : lines)
      line = one(line, winograd.pixels);
    return lines;
  }

  void clearProducts();
  SmallVector<Value> multiplyChannels(ArrayRef<Value> initial, Value weights, Value inputs);
  void multiplyTiles(Value columnTile, Value firstChannel, Value count);
  SmallVector<Values, 4> resultsOf(Value row, Value lane);
  Value divideByFactors(Value sum, int64_t line, int64_t pixel);

  ImplicitLocOpBuilder &b;
  Value scratch;
  const Winograd &winograd;
  bool isFloat;
  int64_t lanes, vectors, channels;
  WinogradScratch layout;
};

} // namespace

/// Sets all products to zero.
void WinogradParts::clearProducts() {
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(sumType()));
  loop(winograd.positions() * layout.perProductPosition, 2 * lanes,
       [&](Value at) { store(zero, add(at, layout.products)); });
}

/// Products of all positions for the first `count` tiles of the block with the tile of columns with
/// this number. Those of a part of the channels are added to what is there.
void WinogradParts::multiplyTiles(Value columnTile, Value firstChannel, Value count) {
  bool isPart = winograd.channels < channels;
  Value weightStart = multiply(columnTile, layout.perColumnTile);
  Value inputStart = add(multiply(firstChannel, layout.perFactor), layout.inputs);
  // The weights of one position stay in the first cache for all tiles.
  loop(winograd.positions(), 1, [&](Value position) {
    Value weights = add(weightStart, multiply(position, layout.perWeightPosition));
    Value inputs = add(inputStart, multiply(position, layout.perInputPosition));
    Value products = add(multiply(position, layout.perProductPosition), layout.products);
    loop(count, winograd.rows, [&](Value row) {
      Value start = add(products, multiply(row, 2 * lanes * vectors));
      SmallVector<Value> sums(winograd.rows * vectors,
                              arith::ConstantOp::create(b, b.getZeroAttr(sumType())));
      if (isPart)
        for (auto [i, sum] : llvm::enumerate(sums))
          sum = loadLanes(add(start, i * 2 * lanes), sumType());
      sums = multiplyChannels(sums, weights, add(inputs, multiply(row, layout.perInputs)));
      for (auto [i, sum] : llvm::enumerate(sums))
        store(sum, add(start, i * 2 * lanes));
    });
  });
}

/// Adds the products of all channels of a part in one position to the sums of a register tile.
SmallVector<Value> WinogradParts::multiplyChannels(ArrayRef<Value> initial, Value weights,
                                                   Value inputs) {
  // Two groups at once for small tiles, so that the loop's own instructions count less. LLVM would
  // load floats of both at the beginning, into more registers than there are.
  int64_t largeTile = isFloat ? 8 : 12, size = layout.perFactor * winograd.channels;
  int64_t step = winograd.rows * vectors < largeTile && size % 4 == 0 ? 4 : 2;
  auto products =
      scf::ForOp::create(b, constant(0), constant(size), constant(step), ValueRange(initial));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(products.getBody());
  Value group = products.getInductionVar();
  SmallVector<Value> sums(products.getRegionIterArgs());
  Value weight = add(weights, multiply(group, vectors * lanes));
  Value input = add(inputs, group);
  for (int64_t next = 0; next < step; next += 2) {
    SmallVector<Value> columns;
    for (int64_t v = 0; v < vectors; ++v)
      columns.push_back(
          loadLanes(add(weight, next * vectors * lanes + v * 2 * lanes), factorType()));
    for (int64_t r = 0; r < winograd.rows; ++r) {
      Value words = load(add(input, r * layout.perInputs + next), 2);
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
  return SmallVector<Value>(products.getResults());
}

/// A result from its multiple.
Value WinogradParts::divideByFactors(Value sum, int64_t line, int64_t pixel) {
  auto splat = [&](Attribute value) {
    return arith::ConstantOp::create(b, DenseElementsAttr::get(sumType(), value));
  };
  // 2 for two results, 24, 12, 6 and 6 for four: powers of two, and 3 for each direction.
  constexpr uint32_t inverseOf3 = 0xAAAAAAAB; // modulo 2^32
  static_assert(uint32_t(3 * inverseOf3) == 1);
  constexpr int64_t shifts[] = {3, 2, 1, 1};
  int64_t shift = 0;
  uint32_t inverse = 1;
  for (auto [results, number] : {std::pair(winograd.lines, line), {winograd.pixels, pixel}}) {
    shift += results == 2 ? 1 : shifts[number];
    inverse *= results == 2 ? 1 : inverseOf3;
  }
  if (isFloat)
    return arith::MulFOp::create(b, sum, splat(b.getF32FloatAttr(std::ldexp(1.0f, -shift))));
  if (inverse != 1)
    sum = arith::MulIOp::create(b, sum, splat(b.getI32IntegerAttr(inverse)));
  return arith::ShRSIOp::create(b, sum, splat(b.getI32IntegerAttr(shift)));
}

/// The results of a tile in the vector of columns that begins with `lane`, without the initial
/// value.
SmallVector<Values, 4> WinogradParts::resultsOf(Value row, Value lane) {
  Value start = add(multiply(row, 2 * lanes * vectors), layout.products);
  start = add(start, multiply(lane, 2));
  SmallVector<Values, 4> products(winograd.lines + 2);
  int64_t position = 0;
  for (Values &line : products)
    for (int64_t j = 0; j < winograd.pixels + 2; ++j, ++position)
      line.push_back(loadLanes(add(start, position * layout.perProductPosition), sumType()));
  SmallVector<Values, 4> results = transform(
      products, [&](const Values &m, int64_t count) { return transformProducts(m, count); });
  for (auto [i, line] : llvm::enumerate(results))
    for (auto [j, result] : llvm::enumerate(line))
      result = divideByFactors(result, i, j);
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
  int64_t inLines = winograd.lines + 2, inPixels = winograd.pixels + 2;
  int64_t tileCount = loops.tiles(winograd);
  int64_t columnCount = nest.dims[strategy.vectorDim].size;
  int64_t perTile = strategy.tile[strategy.vectorDim], lanes = strategy.lanes;
  const LinearAccess &packed = packedWeights(perTile / lanes);
  bool isUnsigned = areRowsUnsigned();

  // Where the results of a tile begin. The last one overlaps the one before it where a size is
  // no multiple.
  auto moveToTile = [&](Position &position, Value tile) {
    Value perLine = parts.constant(loops.tilesInLine(winograd));
    auto start = [&](Value number, int64_t size, int64_t step) {
      Value first = parts.multiply(number, step);
      return size % step == 0 ? first : parts.least(first, parts.constant(size - step));
    };
    position.variables[loops.line] =
        start(arith::DivUIOp::create(b, tile, perLine), loops.lines, winograd.lines);
    position.variables[loops.pixel] =
        start(arith::RemUIOp::create(b, tile, perLine), loops.pixels, winograd.pixels);
    position.scope = ++scopes;
  };

  // Offsets of a window's element, or of one of the lines and pixels that a tile needs.
  auto tapOffset = [&](const LinearAccess &access, int64_t line, int64_t pixel) {
    int64_t next = loops.tap ? access.coefficients[*loops.tap]
                             : loops.channels * access.coefficients[strategy.groupDim];
    return line * access.coefficients[loops.tapLine] + pixel * next;
  };

  auto transformWeights = [&](Value firstColumn, Value firstChannel) {
    parts.loop(winograd.columns / perTile, 1, [&](Value tile) {
      Value column = parts.add(firstColumn, parts.multiply(tile, perTile));
      Value from = parts.add(parts.multiply(column, packed.coefficients[strategy.vectorDim]),
                             parts.multiply(firstChannel, packed.coefficients[strategy.groupDim]));
      Value to = parts.multiply(tile, parts.layout.perColumnTile);
      int64_t group = strategy.group;
      parts.loop(winograd.channels, group, [&](Value channel) {
        Value source =
            parts.add(from, parts.multiply(channel, packed.coefficients[strategy.groupDim]));
        Value target = parts.add(to, parts.multiply(channel, perTile * parts.layout.perFactor));
        parts.loop(perTile, lanes, [&](Value lane) {
          Value window = parts.add(source, parts.multiply(lane, group));
          SmallVector<Values, 4> taps(3);
          for (int64_t i = 0; i < 3; ++i)
            for (int64_t j = 0; j < 3; ++j)
              taps[i].push_back(parts.loadExtended(weights,
                                                   parts.add(window, tapOffset(packed, i, j)),
                                                   group * lanes, /*isUnsigned=*/false));
          auto values = parts.transform(taps, [&](const Values &g, int64_t results) {
            return parts.transformWeights(g, results);
          });
          Value first = parts.add(target, parts.multiply(lane, 2));
          int64_t position = 0;
          for (const Values &line : values)
            for (Value value : line) {
              parts.store(value, parts.add(first, position));
              position += parts.layout.perWeightPosition;
            }
        });
      });
    });
  };

  auto transformInputs = [&](const Position &position, Value firstTile, Value count) {
    parts.loop(count, 1, [&](Value number) {
      Position at = position;
      moveToTile(at, parts.add(firstTile, number));
      SmallVector<int64_t> none(nest.dims.size(), 0);
      Value from = index(baseIndex(*rows, at), constantIndex(*rows, at, none));
      Value to = parts.add(parts.multiply(number, parts.layout.perInputs), parts.layout.inputs);
      int64_t width = strategy.group * lanes;
      while (loops.channels % width != 0)
        width /= 2;
      parts.loop(loops.channels, width, [&](Value channel) {
        Value source = parts.add(from, channel);
        Value target = parts.add(to, parts.multiply(channel, parts.layout.perFactor));
        SmallVector<Values, 4> inputs(inLines);
        for (int64_t i = 0; i < inLines; ++i)
          for (int64_t j = 0; j < inPixels; ++j)
            inputs[i].push_back(parts.loadExtended(
                flat(*rows), parts.add(source, tapOffset(*rows, i, j)), width, isUnsigned));
        auto values = parts.transform(inputs, [&](const Values &d, int64_t results) {
          return parts.transformInputs(d, results);
        });
        int64_t position = 0;
        for (const Values &line : values)
          for (Value value : line) {
            parts.store(value, parts.add(target, position));
            position += parts.layout.perInputPosition;
          }
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

  SmallVector<int64_t> extents(nest.dims.size(), 1);
  extents[loops.line] = winograd.lines;
  extents[loops.pixel] = winograd.pixels;
  // Vector by vector, which is less code. A float tile that is computed once more needs all: its
  // weights are packed so.
  int64_t part = product->isFloat ? perTile : lanes;
  extents[strategy.vectorDim] = part;
  SmallVector<Point> points = tilePoints(extents);
  // Results from the products of all tiles of a block, for one tile of columns.
  auto finishBlock = [&](const Position &position, Value firstTile, Value count, Value column) {
    parts.loop(count, 1, [&](Value row) {
      Position tile = position;
      moveToTile(tile, parts.add(firstTile, row));
      parts.loop(perTile, part, [&](Value lane) {
        Position at = tile;
        at.scope = ++scopes;
        at.variables[strategy.vectorDim] = parts.add(column, lane);
        SmallVector<SmallVector<Values, 4>> results;
        for (int64_t offset = 0; offset < part; offset += lanes)
          results.push_back(parts.resultsOf(row, parts.add(lane, offset)));
        // Four pixels at once fill a vector of bytes, and leave registers for their constants.
        size_t step = 4 * (part / lanes);
        for (ArrayRef<Point> rest = points; !rest.empty(); rest = rest.drop_front(step)) {
          ArrayRef<Point> pixels = rest.take_front(step);
          SmallVector<Value> accumulators;
          for (const Point &point : pixels) {
            Value initial = nest.init ? evaluate(*nest.init, at, point, nullptr)
                                      : load(nest.reduction->output, at, point);
            Value result = results[point.piece.offset / lanes][point.delta[loops.line]]
                                  [point.delta[loops.pixel]];
            accumulators.push_back(parts.add(vectorize(initial, lanes), result));
          }
          if (product->isFloat)
            accumulators = directIfNotFinite(at, pixels, accumulators);
          finishTile(at, pixels, accumulators);
        }
      });
    });
  };
  auto multiplyBlock = [&](const Position &position, Value firstTile, Value count,
                           Value firstColumn) {
    parts.loop(winograd.columns / perTile, 1, [&](Value tile) {
      parts.multiplyTiles(tile, parts.constant(0), count);
      finishBlock(position, firstTile, count,
                  parts.add(firstColumn, parts.multiply(tile, perTile)));
    });
  };

  // All blocks for one setting of the other loops.
  auto emitBlocks = [&](const Position &at) {
    Value tiles = parts.constant(tileCount), zero = parts.constant(0);
    auto forBlocks = [&](function_ref<void(Value, Value)> body) {
      parts.loop(tiles, winograd.tiles, [&](Value first) {
        bool whole = tileCount <= winograd.tiles;
        body(first,
             whole ? tiles
                   : parts.least(parts.constant(winograd.tiles), parts.subtract(tiles, first)));
      });
    };
    if (winograd.channels < loops.channels) {
      transformInputs(at, zero, tiles);
      parts.loop(columnCount, perTile, [&](Value column) {
        parts.clearProducts();
        parts.loop(loops.channels, winograd.channels, [&](Value channel) {
          transformWeights(column, channel);
          parts.multiplyTiles(zero, channel, tiles);
        });
        finishBlock(at, zero, tiles, column);
      });
      return;
    }
    if (winograd.weightsFirst && tileCount > winograd.tiles) {
      parts.loop(columnCount, winograd.columns, [&](Value column) {
        transformWeights(column, zero);
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
        transformWeights(column, zero);
        multiplyBlock(at, first, count, column);
      });
    });
  };

  Position position;
  position.variables.resize(nest.dims.size());
  position.constants.assign(nest.dims.size(), 0);
  emitParallelLoops(loops.outer, position, SmallVector<int64_t>(nest.dims.size(), 1),
                    [&](const Position &at, ArrayRef<int64_t>) { emitBlocks(at); });
}
