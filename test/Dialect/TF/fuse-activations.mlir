// RUN: tflc-opt %s -tf-fuse-activations | FileCheck %s

// CHECK-LABEL: func.func @gelu
// CHECK: tf.Gelu %arg0 : 
func.func @gelu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %half = tf.Const dense<0.5> : tensor<f32> -> tensor<f32>
  %one = tf.Const dense<1.0> : tensor<f32> -> tensor<f32>
  %root = tf.Const dense<1.41421354> : tensor<f32> -> tensor<f32>
  %0 = tf.RealDiv %x, %root : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = tf.Erf %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = tf.AddV2 %one, %1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = tf.Mul %half, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = tf.Mul %3, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

// CHECK-LABEL: func.func @hard_swish
// CHECK: tf.HardSwish %arg0
func.func @hard_swish(%x: tensor<4xf32>) -> tensor<4xf32> {
  %three = tf.Const dense<3.0> : tensor<f32> -> tensor<f32>
  %sixth = tf.Const dense<0.166666672> : tensor<f32> -> tensor<f32>
  %0 = tf.AddV2 %x, %three : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = tf.Relu6 %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = tf.Mul %1, %sixth : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %3 = tf.Mul %x, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %3 : tensor<4xf32>
}

// Another number is no HARD_SWISH.
// CHECK-LABEL: func.func @other_number
// CHECK-NOT: tf.HardSwish
func.func @other_number(%x: tensor<4xf32>) -> tensor<4xf32> {
  %two = tf.Const dense<2.0> : tensor<f32> -> tensor<f32>
  %sixth = tf.Const dense<0.166666672> : tensor<f32> -> tensor<f32>
  %0 = tf.AddV2 %x, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = tf.Relu6 %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = tf.Mul %1, %sixth : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %3 = tf.Mul %x, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %3 : tensor<4xf32>
}

// CHECK-LABEL: func.func @relu6
// CHECK: tf.Relu6 %arg0
func.func @relu6(%x: tensor<4xf32>) -> tensor<4xf32> {
  %six = tf.Const dense<6.0> : tensor<f32> -> tensor<f32>
  %0 = tf.Relu %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = tf.Minimum %0, %six : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @slopes
// CHECK: %[[ALPHA:.*]] = tf.Const dense<[2.500000e-01, 5.000000e-01]>
// CHECK: tf.Prelu %arg0, %[[ALPHA]]
func.func @slopes(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %alpha = tf.Const dense<[-0.25, -0.5]> : tensor<2xf32> -> tensor<2xf32>
  %0 = tf.Relu %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %1 = tf.Neg %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %2 = tf.Relu %1 : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %3 = tf.Mul %alpha, %2 : (tensor<2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %4 = tf.AddV2 %0, %3 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @other_value
// CHECK-NOT: tf.Prelu
func.func @other_value(%x: tensor<?x2xf32>, %y: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %alpha = tf.Const dense<[-0.25, -0.5]> : tensor<2xf32> -> tensor<2xf32>
  %0 = tf.Relu %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %1 = tf.Neg %y : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %2 = tf.Relu %1 : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %3 = tf.Mul %alpha, %2 : (tensor<2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %4 = tf.AddV2 %0, %3 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @normalize
// CHECK-NEXT: tf.L2Normalize %arg0
func.func @normalize(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %axis = tf.Const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %epsilon = tf.Const dense<1.0e-12> : tensor<f32> -> tensor<f32>
  %0 = tf.Square %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = tf.Sum %0, %axis {keep_dims = true} : (tensor<2x4xf32>, tensor<1xi32>) -> tensor<2x1xf32>
  %2 = tf.Maximum %1, %epsilon : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
  %3 = tf.Rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = tf.Mul %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %4 : tensor<2x4xf32>
}

// Another epsilon is the operator's one of scaled numbers.
// CHECK-LABEL: func.func @normalize_epsilon
// CHECK-DAG: %[[SCALE:.*]] = tf.Const dense<0.00999999977> : tensor<f32>
// CHECK: %[[SCALED:.*]] = tf.Mul %arg0, %[[SCALE]]
// CHECK: tf.L2Normalize %[[SCALED]]
func.func @normalize_epsilon(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %axis = tf.Const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %epsilon = tf.Const dense<1.0e-8> : tensor<f32> -> tensor<f32>
  %0 = tf.Square %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = tf.Sum %0, %axis {keep_dims = true} : (tensor<2x4xf32>, tensor<1xi32>) -> tensor<2x1xf32>
  %2 = tf.Maximum %1, %epsilon : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
  %3 = tf.Rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = tf.Mul %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %4 : tensor<2x4xf32>
}

// Another axis than the last has no operator.
// CHECK-LABEL: func.func @normalize_columns
// CHECK-NOT: tf.L2Normalize
func.func @normalize_columns(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %axis = tf.Const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %epsilon = tf.Const dense<1.0e-12> : tensor<f32> -> tensor<f32>
  %0 = tf.Square %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = tf.Sum %0, %axis {keep_dims = true} : (tensor<2x4xf32>, tensor<1xi32>) -> tensor<1x4xf32>
  %2 = tf.Maximum %1, %epsilon : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  %3 = tf.Rsqrt %2 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %4 = tf.Mul %x, %3 : (tensor<2x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  return %4 : tensor<2x4xf32>
}
