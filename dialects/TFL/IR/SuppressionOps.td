//===- SuppressionOps.td - the best of boxes that overlap --*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_SUPPRESSION_OPS
#define TFLC_TFL_SUPPRESSION_OPS

include "TFL/IR/TFLOpBase.td"

def TFL_NonMaxSuppressionV4Op : TFL_Op<"non_max_suppression_v4", [Pure, TFL_InferShapes]> {
  let summary = "boxes that overlap no better one by much";
  let description = [{
    As `tfl.non_max_suppression_v5` with a `soft_nms_sigma` of zero and without the scores.
  }];
  let arguments = (ins TFL_Tensor:$boxes, TFL_Tensor:$scores, TFL_Tensor:$max_output_size, TFL_Tensor:$iou_threshold,
                       TFL_Tensor:$score_threshold);
  let results = (outs TFL_Tensor:$selected_indices, TFL_Tensor:$valid_outputs);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_NonMaxSuppressionV5Op : TFL_Op<"non_max_suppression_v5", [Pure, TFL_InferShapes]> {
  let summary = "boxes that overlap no better one by much, with decaying scores";
  let description = [{
    Row i of `boxes` holds two opposite corners `y1, x1, y2, x2`. With the overlap of two boxes, `iou`, the area that they
    have in common divided by the area that one of them covers at least (0 where a box has no area):

    ```
    candidates = the boxes whose score is above score_threshold
    until max_output_size boxes are selected or there is no candidate:
      take the candidate with the highest score s
      for each box selected since it was last taken, the latest first:
        iou >= iou_threshold: it is gone for good
        soft_nms_sigma > 0: its score becomes score * exp(-0.5 / soft_nms_sigma * iou^2); enough where it is not above
                            score_threshold
      score still s: select it
      score above score_threshold: it is a candidate again
    ```

    A selected box is a candidate again, too; that ends when it meets itself, unless it has no area or the threshold is above 1.
    Among equal scores the order is that of a binary heap (as the C++ library's that the reference is built with).
    `valid_outputs` boxes are selected; the results are zero behind them. A negative `max_output_size` or `soft_nms_sigma` is
    rejected.
  }];
  let arguments = (ins TFL_Tensor:$boxes, TFL_Tensor:$scores, TFL_Tensor:$max_output_size, TFL_Tensor:$iou_threshold,
                       TFL_Tensor:$score_threshold, TFL_Tensor:$soft_nms_sigma);
  let results = (outs TFL_Tensor:$selected_indices, TFL_Tensor:$selected_scores, TFL_Tensor:$valid_outputs);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif
