// RUN: tflc-opt %s -tf-to-tfl -cse | FileCheck %s

// The states of an open batch are zeros that each invocation computes, each a tensor of its own. The
// second layer has the batch of the first.
// CHECK-LABEL: func.func @open
// CHECK: %[[SHAPE:.*]] = tfl.shape %arg0
// CHECK: %[[BATCH:.*]] = tfl.strided_slice %[[SHAPE]]
// CHECK: %[[DIMS:.*]] = tfl.concatenation %[[BATCH]], {{.*}} -> tensor<2xi32>
// CHECK: %[[H:.*]] = tfl.fill %[[DIMS]], {{.*}}variable_output = "open.output.0"
// CHECK: %[[C:.*]] = tfl.fill %[[DIMS]], {{.*}}variable_output = "open.cell.1"
// CHECK: %[[FIRST:.*]] = tfl.unidirectional_sequence_lstm %arg0, {{.*}}%[[H]], %[[C]]
// CHECK-NOT: tfl.shape
// CHECK: %[[NEXT:.*]] = tfl.fill %[[DIMS]], {{.*}}variable_output = "open.hidden.2"
// CHECK: tfl.unidirectional_sequence_rnn %[[FIRST]], {{.*}}, %[[NEXT]]
func.func @open(%x: tensor<?x5x3xf32>) -> tensor<?x5x2xf32> {
  %w = tf.Const dense<1.0> : tensor<3x8xf32> -> tensor<3x8xf32>
  %r = tf.Const dense<1.0> : tensor<2x8xf32> -> tensor<2x8xf32>
  %b = tf.Const dense<0.5> : tensor<8xf32> -> tensor<8xf32>
  %w2 = tf.Const dense<1.0> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b2 = tf.Const dense<0.5> : tensor<2xf32> -> tensor<2xf32>
  %0 = tf.SequenceLstm %x, %w, %r, %b
    : (tensor<?x5x3xf32>, tensor<3x8xf32>, tensor<2x8xf32>, tensor<8xf32>) -> tensor<?x5x2xf32>
  %1 = tf.SequenceRnn %0, %w2, %w2, %b2 {activation = "TANH"}
    : (tensor<?x5x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x5x2xf32>
  return %1 : tensor<?x5x2xf32>
}

// Those of a known batch live on.
// CHECK-LABEL: func.func @known
// CHECK: tfl.variable_tensor {{.*}} -> tensor<4x2xf32>
// CHECK: tfl.unidirectional_sequence_rnn
func.func @known(%x: tensor<4x5x2xf32>) -> tensor<4x5x2xf32> {
  %w = tf.Const dense<1.0> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b = tf.Const dense<0.5> : tensor<2xf32> -> tensor<2xf32>
  %0 = tf.SequenceRnn %x, %w, %w, %b {activation = "TANH"}
    : (tensor<4x5x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<4x5x2xf32>
  return %0 : tensor<4x5x2xf32>
}
