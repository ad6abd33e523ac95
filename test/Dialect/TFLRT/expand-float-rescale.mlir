// RUN: tflc-opt %s --tflrt-expand-rescale | FileCheck %s

// CHECK-LABEL: @both_signs
// CHECK: %[[FLOAT:.*]] = arith.sitofp %arg0 : i32 to f32
// CHECK: %[[NEGATIVE:.*]] = arith.cmpi slt, %arg0, %{{.*}} : i32
// CHECK: %[[OFFSET:.*]] = arith.select %[[NEGATIVE]], %arg3, %arg2 : f32
// CHECK: %[[SUM:.*]] = math.fma %[[FLOAT]], %arg1, %[[OFFSET]] : f32
// CHECK: %[[EVEN:.*]] = math.roundeven %[[SUM]] : f32
// CHECK: %[[NEAREST:.*]] = arith.fptosi %[[EVEN]] : f32 to i32
// CHECK: %[[RESULT:.*]] = arith.addi %[[NEAREST]], %c-3_i32 : i32
// CHECK: return %[[RESULT]]
func.func @both_signs(%x: i32, %scale: f32, %offset: f32, %below: f32) -> i32 {
  %y = tflrt.float_rescale %x, %scale, %offset below %below : f32 <nearest> {base = -3 : i32} : i32, f32, f32
  return %y : i32
}

// CHECK-LABEL: @raised
// CHECK: %[[INTEGER:.*]] = arith.fptosi %{{.*}} : vector<4xf32> to vector<4xi32>
// CHECK: %[[IS:.*]] = arith.cmpi eq, %arg0, %arg3 : vector<4xi32>
// CHECK: %[[ONE:.*]] = arith.extui %[[IS]] : vector<4xi1> to vector<4xi32>
// CHECK: arith.addi %[[INTEGER]], %[[ONE]] : vector<4xi32>
func.func @raised(%x: vector<4xi32>, %scale: vector<4xf32>, %offset: vector<4xf32>, %raised: vector<4xi32>) -> vector<4xi32> {
  %y = tflrt.float_rescale %x, %scale, %offset raised(%raised : vector<4xi32>) <truncate> : vector<4xi32>, vector<4xf32>, vector<4xf32>
  return %y : vector<4xi32>
}

// Neighbours go step by step; one that reads another one waits for it.
// CHECK-LABEL: @together
// CHECK-COUNT-2: arith.sitofp
// CHECK-COUNT-2: math.fma
// CHECK-COUNT-2: arith.fptosi
// CHECK: arith.sitofp
// CHECK: math.fma
// CHECK: arith.fptosi
func.func @together(%x: i32, %y: i32, %scale: f32, %offset: f32) -> (i32, i32) {
  %a = tflrt.float_rescale %x, %scale, %offset <truncate> : i32, f32, f32
  %b = tflrt.float_rescale %y, %scale, %offset <truncate> : i32, f32, f32
  %c = tflrt.float_rescale %a, %scale, %offset <truncate> : i32, f32, f32
  return %b, %c : i32, i32
}

// CHECK-LABEL: @sum
// CHECK: %[[B:.*]] = arith.extui %arg1 : vector<8xi8> to vector<8xi32>
// CHECK: %[[RHS:.*]] = arith.sitofp %[[B]]
// CHECK: %[[INNER:.*]] = math.fma %[[RHS]], %{{.*}}, %{{.*}} : vector<8xf32>
// CHECK: %[[A:.*]] = arith.extsi %arg0 : vector<8xi8> to vector<8xi32>
// CHECK: %[[LHS:.*]] = arith.sitofp %[[A]]
// CHECK: %[[OUTER:.*]] = math.fma %[[LHS]], %{{.*}}, %[[INNER]] : vector<8xf32>
// CHECK: math.roundeven %[[OUTER]]
func.func @sum(%a: vector<8xi8>, %b: vector<8xi8>) -> vector<8xi32> {
  %y = tflrt.float_sum %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32, offset = 3.0 : f32, rhs_unsigned} : vector<8xi8> -> vector<8xi32>
  return %y : vector<8xi32>
}
