//===- PlainNodes.cpp - nodes of operations without a definition ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PlainNodes.h"

#include "Values.h"

#include "Schema/graph.pb.h"
#include "TF/IR/TFDialect.h"

#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::savedmodel;

/// Whether an op may have so many operands, as its traits say.
template <unsigned... counts>
static bool takesOperands(RegisteredOperationName info, unsigned number,
                          std::integer_sequence<unsigned, counts...>) {
  if (info.hasTrait<OpTrait::ZeroOperands>())
    return number == 0;
  if (info.hasTrait<OpTrait::OneOperand>())
    return number == 1;
  bool fits = true;
  (void)std::initializer_list<int>{
      (fits &=
       !info.hasTrait<OpTrait::NOperands<counts + 2>::template Impl>() || number == counts + 2,
       fits &= !info.hasTrait<OpTrait::AtLeastNOperands<counts + 1>::template Impl>() ||
               number >= counts + 1,
       0)...};
  return fits;
}

/// The types of the results as attributes say them, for ops without a shape function.
static std::vector<int32_t> getNamedTypes(const proto::NodeDef &node) {
  auto find = [&](const char *name) -> const proto::AttrValue * {
    auto found = node.attr().find(name);
    return found == node.attr().end() ? nullptr : &found->second;
  };
  if (const proto::AttrValue *types = find("Tout"))
    return types->has_list()
               ? std::vector<int32_t>(types->list().type().begin(), types->list().type().end())
               : std::vector<int32_t>{types->type()};
  constexpr int64_t maxResults = 1 << 16;
  const proto::AttrValue *type = find("T");
  if (type && type->has_list())
    return {type->list().type().begin(), type->list().type().end()};
  for (const char *name : {"num", "num_split"})
    if (const proto::AttrValue *count = find(name);
        count && type && count->i() >= 0 && count->i() <= maxResults)
      return std::vector<int32_t>(count->i(), type->type());
  for (const char *name : {"element_dtype", "dtype", "output_dtype", "T"})
    if (const proto::AttrValue *named = find(name))
      return {named->type()};
  return {};
}

FailureOr<Operation *> tflc::savedmodel::createPlainNode(const proto::NodeDef &node,
                                                         OperationState &state,
                                                         OpBuilder &builder) {
  MLIRContext *context = builder.getContext();
  RegisteredOperationName info = *state.name.getRegisteredInfo();
  if (!takesOperands(info, state.operands.size(), std::make_integer_sequence<unsigned, 8>()))
    return emitError(state.location) << "has " << state.operands.size() << " inputs";
  auto unknown = UnrankedTensorType::get(builder.getI1Type());
  bool isInferred = info.hasInterface<InferTypeOpInterface>();
  StringRef op = node.op();
  if (op == "VarHandleOp" || op == "HashTableV2") {
    state.types.push_back(RankedTensorType::get({}, tf::ResourceType::get(context)));
  } else if (op == "TensorListLength") {
    state.types.push_back(RankedTensorType::get({}, builder.getI32Type()));
  } else if (op == "EmptyTensorList" || op == "TensorListFromTensor" ||
             op == "TensorListPushBack" || op == "TensorListReserve" || op == "TensorListSetItem") {
    state.types.push_back(RankedTensorType::get({}, tf::VariantType::get(context)));
  } else if (isInferred) {
    // The shape function needs the op; its results get their types afterwards.
    size_t count = info.hasTrait<OpTrait::OneResult>()           ? 1
                   : info.hasTrait<OpTrait::NResults<2>::Impl>() ? 2
                   : info.hasTrait<OpTrait::NResults<3>::Impl>() ? 3
                   : info.hasTrait<OpTrait::NResults<5>::Impl>() ? 5
                   : info.hasTrait<OpTrait::NResults<6>::Impl>() ? 6
                                                                 : state.operands.size();
    state.types.append(count, unknown);
  } else if (!info.hasTrait<OpTrait::ZeroResults>()) {
    for (int32_t number : getNamedTypes(node)) {
      Type type = getElementType(number, context);
      if (!type)
        return emitError(state.location) << "there is no data type " << number;
      state.types.push_back(UnrankedTensorType::get(type));
    }
  }
  Operation *created = builder.create(state);
  if (isInferred) {
    SmallVector<Type> types;
    auto interface = cast<InferTypeOpInterface>(created);
    if (failed(interface.inferReturnTypes(context, state.location, created->getOperands(),
                                          created->getDiscardableAttrDictionary(),
                                          created->getPropertiesStorage(), {}, types)) ||
        types.size() != created->getNumResults())
      return failure();
    for (auto [result, type] : llvm::zip_equal(created->getResults(), types))
      result.setType(type);
  }
  return created;
}
