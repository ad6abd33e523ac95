//===- Rnn.cpp - lowering of simple recurrent cells -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatFunctions.h"
#include "RecurrentLayers.h"
#include "StackedWeights.h"

using namespace mlir;
using namespace tflc;

namespace {

class Rnn : public RecurrentLayer {
public:
  explicit Rnn(const RnnSpec &layer) : spec(layer), cell(spec.converted) {}

  Value createInputs(OpBuilder &builder, Location loc) override {
    RowProduct product(builder, loc, spec.model.inputWeights, cell.inputWeights, spec.isAsymmetric);
    Value sums = createRows(builder, loc, cell.input, [&](Value rows) {
      return product.create(builder, loc, rows, cell.bias);
    });
    if (cell.auxWeights) {
      RowProduct auxiliary(builder, loc, spec.model.auxWeights, cell.auxWeights, spec.isAsymmetric);
      Value first = flattenRows(builder, loc, sums);
      sums = createRows(builder, loc, cell.auxInput,
                        [&](Value rows) { return auxiliary.create(builder, loc, rows, first); });
    }
    recurrent.emplace(builder, loc, spec.model.recurrentWeights, cell.recurrentWeights,
                      spec.isAsymmetric);
    return sums;
  }

  SmallVector<Value> createStep(OpBuilder &builder, Location loc, Value inputs,
                                ValueRange states) override {
    Elements sums = recurrent->createElements(builder, loc, states[0], inputs);
    Elements activated =
        Elements::combine(sums, [activation = spec.activation](ScalarBuilder &b, ValueRange args) {
          return emitCellActivation(b, args[0], activation);
        });
    return {activated.create(builder, loc, states[0])};
  }

private:
  RnnSpec spec;
  const tfl::RnnOperands &cell;
  std::optional<RowProduct> recurrent;
};

} // namespace

std::unique_ptr<RecurrentLayer> tflc::createRnn(const RnnSpec &spec) {
  return std::make_unique<Rnn>(spec);
}
