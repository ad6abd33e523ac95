// RUN: tflc-opt %s -tf-lower-tensor-lists | FileCheck %s

// A list made of a tensor is that tensor; the list that the loop fills takes its shape from what is set.
// CHECK-LABEL: func.func @loop
// CHECK: %[[ZEROS:.*]] = tf.Const dense<0.000000e+00> : tensor<3x2xf32>
// CHECK: tf.WhileRegion %{{.*}}, %[[ZEROS]] {
// CHECK: ^bb0(%{{.*}}: tensor<i32>, %{{.*}}: tensor<3x2xf32>):
// CHECK: ^bb0(%[[I:.*]]: tensor<i32>, %[[LIST:.*]]: tensor<3x2xf32>):
// CHECK: %[[ITEM:.*]] = tf.GatherV2 %arg0, %[[I]]
// CHECK: tf.XlaDynamicUpdateSlice %[[LIST]]
// CHECK-NOT: tf.TensorList
func.func @loop(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %zero = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %one = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %three = tf.Const dense<3> : tensor<i32> -> tensor<i32>
  %shape = tf.Const dense<2> : tensor<1xi32> -> tensor<1xi32>
  %open = tf.Const dense<-1> : tensor<i32> -> tensor<i32>
  %in = tf.TensorListFromTensor %x, %shape : (tensor<3x2xf32>, tensor<1xi32>) -> tensor<!tf.variant>
  %out = tf.TensorListReserve %open, %three {element_dtype = f32}
    : (tensor<i32>, tensor<i32>) -> tensor<!tf.variant>
  %0:2 = tf.WhileRegion %zero, %out {
  ^bb0(%i: tensor<i32>, %list: tensor<!tf.variant>):
    %c = tf.Less %i, %three : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %c : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %list: tensor<!tf.variant>):
    %item = tf.TensorListGetItem %in, %i, %shape {element_dtype = f32}
      : (tensor<!tf.variant>, tensor<i32>, tensor<1xi32>) -> tensor<2xf32>
    %y = tf.Neg %item : (tensor<2xf32>) -> tensor<2xf32>
    %set = tf.TensorListSetItem %list, %i, %y : (tensor<!tf.variant>, tensor<i32>, tensor<2xf32>) -> tensor<!tf.variant>
    %next = tf.AddV2 %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tf.Yield %next, %set : tensor<i32>, tensor<!tf.variant>
  } : (tensor<i32>, tensor<!tf.variant>) -> (tensor<i32>, tensor<!tf.variant>)
  %1 = tf.TensorListStack %0#1, %shape {element_dtype = f32}
    : (tensor<!tf.variant>, tensor<1xi32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// How many rows the elements have is read from what the state begins with.
// CHECK-LABEL: func.func @open
// CHECK: %[[SHAPE:.*]] = tf.Shape %arg0
// CHECK: %[[ROWS:.*]] = tf.StridedSlice %[[SHAPE]]
// CHECK: %[[DIMS:.*]] = tf.ConcatV2 %{{.*}}, %[[ROWS]]
// CHECK: tf.Fill %[[DIMS]], %{{.*}} -> tensor<3x?x2xf32>
func.func @open(%h: tensor<?x2xf32>) -> tensor<3x?x2xf32> {
  %zero = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %one = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %three = tf.Const dense<3> : tensor<i32> -> tensor<i32>
  %shape = tf.Const dense<[-1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %list = tf.TensorListReserve %shape, %three {element_dtype = f32}
    : (tensor<2xi32>, tensor<i32>) -> tensor<!tf.variant>
  %0:3 = tf.WhileRegion %zero, %h, %list {
  ^bb0(%i: tensor<i32>, %s: tensor<?x2xf32>, %l: tensor<!tf.variant>):
    %1 = tf.Less %i, %three : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tf.Yield %1 : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>, %s: tensor<?x2xf32>, %l: tensor<!tf.variant>):
    %1 = tf.Tanh %s : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %2 = tf.TensorListSetItem %l, %i, %1
      : (tensor<!tf.variant>, tensor<i32>, tensor<?x2xf32>) -> tensor<!tf.variant>
    %3 = tf.AddV2 %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tf.Yield %3, %1, %2 : tensor<i32>, tensor<?x2xf32>, tensor<!tf.variant>
  } : (tensor<i32>, tensor<?x2xf32>, tensor<!tf.variant>)
    -> (tensor<i32>, tensor<?x2xf32>, tensor<!tf.variant>)
  %4 = tf.TensorListStack %0#2, %shape {element_dtype = f32}
    : (tensor<!tf.variant>, tensor<2xi32>) -> tensor<3x?x2xf32>
  return %4 : tensor<3x?x2xf32>
}

// CHECK-LABEL: func.func @resize_and_join
// Six elements of two rows each.
// CHECK: tf.Const dense<[12, 3]>
func.func @resize_and_join(%x: tensor<4x2x3xf32>) -> tensor<?xi32> {
  %shape = tf.Const dense<[2, 3]> : tensor<2xi32> -> tensor<2xi32>
  %size = tf.Const dense<6> : tensor<i32> -> tensor<i32>
  %none = tf.Const dense<> : tensor<0xi64> -> tensor<0xi64>
  %list = tf.TensorListFromTensor %x, %shape : (tensor<4x2x3xf32>, tensor<2xi32>) -> tensor<!tf.variant>
  %more = tf.TensorListResize %list, %size : (tensor<!tf.variant>, tensor<i32>) -> tensor<!tf.variant>
  %all, %lengths = tf.TensorListConcatV2 %more, %shape, %none {element_dtype = f32}
    : (tensor<!tf.variant>, tensor<2xi32>, tensor<0xi64>) -> (tensor<*xf32>, tensor<*xi64>)
  %0 = tf.Shape %all : (tensor<*xf32>) -> tensor<?xi32>
  return %0 : tensor<?xi32>
}
