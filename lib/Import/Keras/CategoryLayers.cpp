//===- CategoryLayers.cpp - layers that sort and look up categories -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringSet.h"

#include <numeric>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// Numbers below `count` in the form that `mode` asks for. What is out of range counts nowhere.
/// `weights` are what each number counts, or null.
static Value encode(LayerBuilder &layer, Value indices, int64_t count, StringRef mode,
                    Value weights = nullptr) {
  constexpr int64_t maxCount = 1 << 24;
  if (count < 1 || count > maxCount)
    return layer.fault("its number of categories is out of range");
  Integers shape = layer.getShape(indices);
  if (mode == "one_hot" && shape.size() > 1 && shape.back() == 1)
    indices = layer.squeeze(indices, shape.size() - 1);
  Value encoded = layer.makeAs<tf::OneHotOp>(layer.b.getF32Type(), indices, layer.makeIndex(count),
                                             layer.makeFloat(1), layer.makeFloat(0));
  if (mode == "one_hot")
    return encoded;
  // The samples of a batch are told apart; without one, all numbers belong together.
  Value axis = layer.makeVector({shape.size() > 1 ? 1 : 0});
  if (mode == "multi_hot" || mode == "binary")
    return layer.make<tf::MaxOp>(encoded, axis);
  if (mode != "count")
    return layer.fault("the output mode '" + mode + "' is not supported");
  if (weights)
    encoded = layer.make<tf::MulOp>(encoded, layer.expandDims(weights, layer.getRank(weights)));
  return layer.make<tf::SumOp>(encoded, axis);
}

static Values buildDiscretization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Array *list = layer.config.getArray("bin_boundaries");
  if (!list)
    return {layer.fault("it has no 'bin_boundaries'")};
  SmallVector<float> boundaries;
  for (const json::Value &item : *list)
    boundaries.push_back(item.getAsNumber().value_or(0));
  Value x = layer.cast(inputs.front(), layer.b.getF32Type());
  Value bins = layer.makeAs<tf::BucketizeOp>(layer.b.getI32Type(), x, ArrayRef<float>(boundaries));
  StringRef mode = layer.getText("output_mode", "int");
  return {mode == "int" ? bins : encode(layer, bins, boundaries.size() + 1, mode)};
}

static Values buildCategoryEncoding(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value weights = layer.keywords.tensors.lookup("count_weights");
  if (!weights && inputs.size() > 1)
    weights = inputs[1];
  if (weights)
    weights = layer.cast(weights, layer.b.getF32Type());
  return {encode(layer, layer.cast(inputs.front(), layer.b.getI32Type()),
                 layer.getInteger("num_tokens"), layer.getText("output_mode", "multi_hot"),
                 weights)};
}

//===----------------------------------------------------------------------===//
// Vocabularies
//===----------------------------------------------------------------------===//

namespace {
/// The tokens of a look-up layer, as texts. Ahead of them come, by their indices, one for the mask
/// and `numUnknown` for what is not among them.
struct Vocabulary {
  std::vector<std::string> tokens;
  std::optional<std::string> mask;
  std::string unknown;
  int64_t numUnknown = 1;
  bool hasMaskIndex = false;
  /// Whether the list in the file began with mask and unknown tokens.
  bool wasComplete = false;

  int64_t getFirstUnknown() const { return hasMaskIndex ? 1 : 0; }
  int64_t getFirst() const { return getFirstUnknown() + numUnknown; }
  int64_t getSize() const { return getFirst() + int64_t(tokens.size()); }
};
} // namespace

/// A token as the text that Keras writes for it.
static std::optional<std::string> readToken(const json::Value &value) {
  if (std::optional<StringRef> text = value.getAsString())
    return text->str();
  if (std::optional<int64_t> number = value.getAsInteger())
    return std::to_string(*number);
  return std::nullopt;
}

static std::vector<std::string> splitLines(StringRef text) {
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  while (!lines.empty() && lines.back().empty())
    lines.pop_back();
  return std::vector<std::string>(lines.begin(), lines.end());
}

/// Tokens stand in the configuration, or in a file of the archive if the layer was adapted. Both
/// may begin with those that stand for the mask and the unknown ones.
static Vocabulary readVocabulary(LayerBuilder &layer, StringRef unknown) {
  Vocabulary result;
  if (const json::Value *mask = layer.config.get("mask_token"))
    result.mask = readToken(*mask);
  const json::Value *other = layer.config.get("oov_token");
  result.unknown = (other ? readToken(*other) : std::nullopt).value_or(unknown.str());
  result.hasMaskIndex = result.mask && layer.getText("output_mode", "int") == "int";
  result.numUnknown = layer.getInteger("num_oov_indices", 1);
  constexpr int64_t maxUnknown = 1 << 16;
  if (result.numUnknown < 0 || result.numUnknown > maxUnknown) {
    layer.fault("its 'num_oov_indices' is out of range");
    result.numUnknown = 1;
  }
  if (const json::Array *list = layer.config.getArray("vocabulary")) {
    for (const json::Value &item : *list)
      if (std::optional<std::string> token = readToken(item))
        result.tokens.push_back(*token);
      else
        layer.fault("its vocabulary has entries that are neither texts nor integers");
  } else if (std::optional<StringRef> text = layer.weights.findAsset("vocabulary.txt")) {
    result.tokens = splitLines(*text);
  }
  std::vector<std::string> special(result.numUnknown, result.unknown);
  if (result.hasMaskIndex)
    special.insert(special.begin(), *result.mask);
  result.wasComplete = ArrayRef(result.tokens).take_front(special.size()) == ArrayRef(special);
  if (result.wasComplete)
    result.tokens.erase(result.tokens.begin(), result.tokens.begin() + special.size());
  if (result.tokens.empty())
    layer.fault("its file has no vocabulary");
  llvm::StringSet<> seen;
  for (const std::string &token : result.tokens)
    if (!seen.insert(token).second) {
      layer.fault("its vocabulary has the entry \"" + token + "\" twice");
      break;
    }
  return result;
}

/// A vector, or a scalar, of integers or texts, as which the tokens are read.
static DenseElementsAttr makeTokens(LayerBuilder &layer, ArrayRef<std::string> tokens, Type type,
                                    unsigned rank = 1) {
  auto vector = RankedTensorType::get(Integers(rank, int64_t(tokens.size())), type);
  if (isa<tf::StringType>(type)) {
    SmallVector<StringRef> texts(tokens.begin(), tokens.end());
    return DenseElementsAttr(DenseStringElementsAttr::get(vector, texts));
  }
  SmallVector<int64_t> numbers(tokens.size());
  for (auto [number, token] : zip_equal(numbers, tokens))
    if (StringRef(token).getAsInteger(10, number))
      layer.fault("its vocabulary has the entry \"" + token + "\", which is no integer");
  return DenseElementsAttr::get(vector, ArrayRef<int64_t>(numbers));
}

/// What a table of constant content says of `x`, or `otherwise`.
static Value lookUp(LayerBuilder &layer, Value x, DenseElementsAttr keys, DenseElementsAttr values,
                    DenseElementsAttr otherwise) {
  auto module = layer.b.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  OpBuilder detached(layer.b.getContext());
  auto table = tf::TableOp::create(detached, layer.b.getLoc(), "table", keys, values);
  SymbolTable(module).insert(table);
  auto handleType = RankedTensorType::get({}, tf::ResourceType::get(layer.b.getContext()));
  Value handle = tf::HashTableV2Op::create(layer.b, handleType, table.getSymName());
  return layer.makeAs<tf::LookupTableFindV2Op>(values.getElementType(), handle, x,
                                               tf::ConstOp::create(layer.b, otherwise).getResult());
}

/// From indices to tokens.
static Value lookUpTokens(LayerBuilder &layer, Value x, const Vocabulary &vocabulary, Type type) {
  Type index = layer.b.getI64Type();
  std::vector<int64_t> places(vocabulary.tokens.size());
  std::iota(places.begin(), places.end(), vocabulary.getFirst());
  std::vector<std::string> tokens = vocabulary.tokens;
  if (vocabulary.hasMaskIndex) {
    places.push_back(0);
    tokens.push_back(*vocabulary.mask);
  }
  auto vector = RankedTensorType::get({int64_t(places.size())}, index);
  Value found = lookUp(
      layer, layer.cast(x, index), DenseElementsAttr::get(vector, ArrayRef(places)),
      makeTokens(layer, tokens, type), makeTokens(layer, {vocabulary.unknown}, type, /*rank=*/0));
  bool isShort = layer.getText("vocabulary_dtype", "") == "int32";
  return isShort ? layer.cast(found, layer.b.getI32Type()) : found;
}

/// From tokens to indices. The mask has one only where indices are the result.
static Value lookUpIndices(LayerBuilder &layer, Value x, const Vocabulary &vocabulary, Type type) {
  Type index = layer.b.getI64Type();
  std::vector<int64_t> places(vocabulary.tokens.size());
  std::iota(places.begin(), places.end(), vocabulary.getFirst());
  std::vector<std::string> tokens = vocabulary.tokens;
  // Counts nowhere, as it is no index.
  constexpr int64_t nowhere = -2;
  if (vocabulary.mask) {
    places.push_back(vocabulary.hasMaskIndex ? 0 : nowhere);
    tokens.push_back(*vocabulary.mask);
  }
  int64_t otherwise = vocabulary.numUnknown == 1 ? vocabulary.getFirstUnknown() : -1;
  auto vector = RankedTensorType::get({int64_t(places.size())}, index);
  if (!isa<tf::StringType>(type))
    x = layer.cast(x, index);
  Value result = lookUp(
      layer, x, makeTokens(layer, tokens, type), DenseElementsAttr::get(vector, ArrayRef(places)),
      DenseElementsAttr::get(RankedTensorType::get({}, index), ArrayRef(otherwise)));
  if (vocabulary.numUnknown < 2)
    return result;
  // Several indices share what is unknown, by the remainder.
  Value remainder =
      layer.make<tf::FloorModOp>(x, layer.makeScalar(double(vocabulary.numUnknown), x));
  remainder = layer.make<tf::AddV2Op>(
      remainder, layer.makeScalar(double(vocabulary.getFirstUnknown()), remainder));
  Value isUnknown =
      layer.makeAs<tf::EqualOp>(layer.b.getI1Type(), result, layer.makeScalar(-1, result));
  return layer.makeAs<tf::SelectV2Op>(index, isUnknown, remainder, result);
}

/// What each index counts in the mode 'tf_idf', those of unknown tokens the mean of all.
static std::vector<float> readFrequencies(LayerBuilder &layer, const Vocabulary &vocabulary,
                                          int64_t count) {
  std::vector<float> weights;
  if (const json::Array *list = layer.config.getArray("idf_weights")) {
    for (const json::Value &item : *list)
      weights.push_back(float(item.getAsNumber().value_or(0)));
    if (!vocabulary.wasComplete && !weights.empty()) {
      double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
      weights.insert(weights.begin(), vocabulary.getFirst(), float(sum / double(weights.size())));
    }
  } else {
    weights = layer.takeNumbersOf("idf_weights").floats;
  }
  if (int64_t(weights.size()) < vocabulary.getSize() || int64_t(weights.size()) > count)
    layer.fault("it has no weight for each entry of its vocabulary");
  weights.resize(count);
  return weights;
}

static Values buildLookup(LayerBuilder &layer, Value x, Type type, StringRef unknown) {
  Vocabulary vocabulary = readVocabulary(layer, unknown);
  StringRef mode = layer.getText("output_mode", "int");
  if (layer.hasFailed())
    return {x};
  if (layer.getFlag("invert", false))
    return {lookUpTokens(layer, x, vocabulary, type)};
  if (vocabulary.numUnknown > 1 &&
      (isa<tf::StringType>(type) || layer.getText("oov_method", "floormod") == "farmhash"))
    return {layer.fault("several indices for unknown texts ask for a hash, for which TensorFlow "
                        "Lite has no operator")};
  Value index = lookUpIndices(layer, x, vocabulary, type);
  if (mode == "int")
    return {index};
  int64_t count = vocabulary.getSize();
  if (layer.getFlag("pad_to_max_tokens", false))
    count = std::max(count, layer.getInteger("max_tokens"));
  bool isWeighted = mode == "tf_idf" || mode == "tf-idf";
  index = layer.cast(index, layer.b.getI32Type());
  Value encoded = encode(layer, index, count, isWeighted ? "count" : mode);
  if (layer.hasFailed())
    return {x};
  if (isWeighted)
    return {layer.make<tf::MulOp>(
        encoded, layer.makeFloats(readFrequencies(layer, vocabulary, count), {count}))};
  return {layer.isKeras2 ? encoded : layer.cast(encoded, layer.b.getI64Type())};
}

static Values buildIntegerLookup(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildLookup(layer, inputs.front(), layer.b.getI64Type(), "-1");
}

static Values buildStringLookup(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildLookup(layer, inputs.front(), tf::StringType::get(layer.b.getContext()), "[UNK]");
}

void tflc::keras::addCategoryLayers(LayerTable &table) {
  table["CategoryEncoding"] = buildCategoryEncoding;
  table["Discretization"] = buildDiscretization;
  table["IntegerLookup"] = buildIntegerLookup;
  table["StringLookup"] = buildStringLookup;
}
