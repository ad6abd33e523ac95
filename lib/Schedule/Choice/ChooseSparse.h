//===- ChooseSparse.h - products of the weights that are not zero -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_CHOICE_CHOOSESPARSE_H
#define TFLC_LIB_SCHEDULE_CHOICE_CHOOSESPARSE_H

#include "Choices.h"

namespace tflc {

/// For weights most of which are zero: the form Broadcast with a tile of so few columns that steps
/// can be left out (LiveSteps.h), if it is estimated to be faster than `dense`, the choice for all
/// products. `strategy` has the form Broadcast with the group of that machine.
std::optional<Choice> chooseSparse(Strategy strategy, const LoopNest &nest,
                                   const TargetInfo &target, const Choice &dense, ChoiceLog &log);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_CHOICE_CHOOSESPARSE_H
