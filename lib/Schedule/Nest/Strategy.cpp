//===- Strategy.cpp - how a kernel runs -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Strategy.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc;

const PackedColumns *Strategy::columns() const {
  return std::visit(
      [](const auto &form) -> const PackedColumns * {
        if constexpr (std::is_base_of_v<PackedColumns, std::decay_t<decltype(form)>>)
          return &form;
        else
          return nullptr;
      },
      form);
}

ArrayRef<int64_t> Strategy::block() const {
  if (const auto *broadcast = as<Broadcast>())
    return broadcast->block;
  if (const auto *registers = as<TileRegisters>())
    return registers->block;
  if (const auto *quads = as<QuadRuns>())
    return quads->block;
  return {};
}

bool Strategy::packsColumns() const {
  const auto *broadcast = as<Broadcast>();
  return broadcast && broadcast->packs;
}

int64_t Strategy::scratch() const {
  if (const auto *broadcast = as<Broadcast>())
    return broadcast->scratch;
  if (const auto *registers = as<TileRegisters>())
    return registers->scratch;
  if (const auto *quads = as<QuadRuns>())
    return quads->scratch;
  if (const auto *winograd = as<Winograd>())
    return winograd->scratch;
  return 0;
}

bool Strategy::prepare(LoopNest &nest) const {
  nest.mergeDims();
  int64_t joined = 1;
  if (const auto *narrow = as<NarrowLoops>())
    joined = narrow->joined;
  if (const auto *quads = as<TapQuads>())
    joined = quads->joined;
  if (joined > 1 && !nest.joinNeighbours(joined))
    return false;
  return tile.size() == nest.dims.size();
}

//===----------------------------------------------------------------------===//
// To the attribute
//===----------------------------------------------------------------------===//

namespace {
/// Makes the attribute of each form.
struct ToAttr {
  MLIRContext *context;
  int64_t dim, lanes;
  DenseI64ArrayAttr tile;

  template <typename Attr, typename... Numbers> tflrt::StrategyAttr make(Numbers... numbers) const {
    return cast<tflrt::StrategyAttr>(Attr::get(context, dim, lanes, tile, numbers...));
  }
  template <typename Attr, typename... Numbers>
  tflrt::StrategyAttr makePacked(const PackedColumns &columns, Numbers... numbers) const {
    return make<Attr>(int64_t(columns.weightsInput), int64_t(columns.groupDim),
                      int64_t(columns.group), numbers...);
  }
  /// Null where there are no blocks.
  DenseI64ArrayAttr block(const RowBlocks &form) const {
    return form.block.empty() ? DenseI64ArrayAttr() : DenseI64ArrayAttr::get(context, form.block);
  }

  tflrt::StrategyAttr operator()(const VectorLoops &) const {
    return make<tflrt::VectorLoopsAttr>();
  }
  tflrt::StrategyAttr operator()(const NarrowLoops &form) const {
    return make<tflrt::NarrowLoopsAttr>(form.joined);
  }
  tflrt::StrategyAttr operator()(const TapQuads &form) const {
    return make<tflrt::TapQuadsAttr>(int64_t(form.along), form.joined);
  }
  tflrt::StrategyAttr operator()(const Taps &form) const {
    return make<tflrt::TapsAttr>(form.pairs);
  }
  tflrt::StrategyAttr operator()(const Reduction &form) const {
    return make<tflrt::ReductionAttr>(int64_t(form.split));
  }
  tflrt::StrategyAttr operator()(const Broadcast &form) const {
    return makePacked<tflrt::BroadcastAttr>(form, int64_t(form.split), form.widen, block(form),
                                            form.packs, form.scratch);
  }
  tflrt::StrategyAttr operator()(const RowLanes &form) const {
    return makePacked<tflrt::RowLanesAttr>(form, int64_t(form.rowGroups), int64_t(form.split),
                                           form.widen, int64_t(form.epilogueLanes));
  }
  tflrt::StrategyAttr operator()(const AcrossLanes &form) const {
    return makePacked<tflrt::AcrossLanesAttr>(form, form.widen, int64_t(form.epilogueLanes));
  }
  tflrt::StrategyAttr operator()(const RowPairs &form) const {
    return makePacked<tflrt::RowPairsAttr>(form, int64_t(form.epilogueLanes));
  }
  tflrt::StrategyAttr operator()(const TileRegisters &form) const {
    return makePacked<tflrt::TileRegistersAttr>(form, block(form), form.scratch);
  }
  tflrt::StrategyAttr operator()(const QuadRuns &form) const {
    return makePacked<tflrt::QuadRunsAttr>(form, block(form), form.scratch);
  }
  tflrt::StrategyAttr operator()(const BytePairs &form) const {
    return makePacked<tflrt::BytePairsAttr>(form);
  }
  tflrt::StrategyAttr operator()(const Winograd &form) const {
    return makePacked<tflrt::WinogradAttr>(form, form.lines, form.pixels, form.rows, form.patches,
                                           form.columns, form.channels, form.weightsFirst,
                                           form.scratch);
  }
};
} // namespace

tflrt::StrategyAttr Strategy::toAttr(MLIRContext *context) const {
  return std::visit(ToAttr{context, vectorDim, lanes, DenseI64ArrayAttr::get(context, tile)}, form);
}

//===----------------------------------------------------------------------===//
// From the attribute
//===----------------------------------------------------------------------===//

template <typename Attr> static PackedColumns columnsOf(Attr attr) {
  return {unsigned(attr.getWeights()), unsigned(attr.getAlong()), unsigned(attr.getGroup())};
}

template <typename Attr> static RowBlocks blocksOf(Attr attr) {
  RowBlocks form{columnsOf(attr), {}};
  if (DenseI64ArrayAttr block = attr.getBlock())
    form.block = llvm::to_vector(block.asArrayRef());
  return form;
}

using FormOf = decltype(Strategy::form);

static FormOf formOf(tflrt::StrategyAttr strategy) {
  return llvm::TypeSwitch<Attribute, FormOf>(strategy)
      .Case([](tflrt::VectorLoopsAttr) { return VectorLoops(); })
      .Case([](tflrt::NarrowLoopsAttr attr) { return NarrowLoops{attr.getJoined()}; })
      .Case([](tflrt::TapQuadsAttr attr) {
        return TapQuads{unsigned(attr.getAlong()), attr.getJoined()};
      })
      .Case([](tflrt::TapsAttr attr) { return Taps{attr.getPairs()}; })
      .Case([](tflrt::ReductionAttr attr) { return Reduction{unsigned(attr.getSplit())}; })
      .Case([](tflrt::BroadcastAttr attr) {
        return Broadcast{blocksOf(attr), unsigned(attr.getSplit()), attr.getWiden(),
                         attr.getPacks(), attr.getScratch()};
      })
      .Case([](tflrt::RowLanesAttr attr) {
        return RowLanes{columnsOf(attr), unsigned(attr.getRowGroups()), unsigned(attr.getSplit()),
                        attr.getWiden(), unsigned(attr.getEpilogueLanes())};
      })
      .Case([](tflrt::AcrossLanesAttr attr) {
        return AcrossLanes{columnsOf(attr), attr.getWiden(), unsigned(attr.getEpilogueLanes())};
      })
      .Case([](tflrt::RowPairsAttr attr) {
        return RowPairs{columnsOf(attr), unsigned(attr.getEpilogueLanes())};
      })
      .Case([](tflrt::TileRegistersAttr attr) {
        return TileRegisters{blocksOf(attr), attr.getScratch()};
      })
      .Case([](tflrt::QuadRunsAttr attr) { return QuadRuns{blocksOf(attr), attr.getScratch()}; })
      .Case([](tflrt::BytePairsAttr attr) { return BytePairs{columnsOf(attr)}; })
      .Case([](tflrt::WinogradAttr attr) {
        return Winograd{columnsOf(attr),    attr.getLines(),        attr.getPixels(),
                        attr.getRows(),     attr.getPatches(),      attr.getColumns(),
                        attr.getChannels(), attr.getWeightsFirst(), attr.getScratch()};
      });
}

Strategy Strategy::fromAttr(tflrt::StrategyAttr attr) {
  Strategy strategy;
  strategy.vectorDim = attr.getDim();
  strategy.lanes = attr.getLanes();
  strategy.tile = llvm::to_vector(attr.getTile().asArrayRef());
  strategy.form = formOf(attr);
  return strategy;
}
