// RUN: tflc-opt %s -tflc-set-target=target=cortex-m4 | FileCheck %s
// RUN: not tflc-opt %s -tflc-set-target=target=cortex-m44 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// CHECK: tflc.target = {cpu = "cortex-m4"
// CHECK-SAME: dot = "smlad"
// CHECK-SAME: float_unit = "single"
// CHECK-SAME: pointer_bits = 32 : i64
// CHECK-SAME: vector_bits = 0 : i64
// UNKNOWN: error: unknown target 'cortex-m44'; did you mean 'cortex-m4'?
module {
}
