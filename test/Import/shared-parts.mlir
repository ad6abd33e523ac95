// A file holds the same bytes once, whatever the types and shapes of the constants are that have them, and each name,
// shape and quantization once.
//
// RUN: tflc-translate --export-tflite %s -o %t.tflite
// RUN: grep -a -o SHARED_BY_THREE_ %t.tflite | wc -l | FileCheck %s --check-prefix=BYTES
// RUN: grep -a -o name_of_the_input %t.tflite | wc -l | FileCheck %s --check-prefix=NAMES
// RUN: tflc-translate --import-tflite %t.tflite | FileCheck %s
//
// BYTES: {{^}}1{{$}}
// NAMES: {{^}}1{{$}}
// CHECK-DAG: tfl.const dense<[83, 72, 65, 82, 69, 68, 95, 66, 89, 95, 84, 72, 82, 69, 69, 95]> : tensor<16xi8>
// CHECK-DAG: tfl.const dense<{{\[\[}}83, 72, 65, 82, 69, 68, 95, 66], [89, 95, 84, 72, 82, 69, 69, 95]]> : tensor<2x8xi8>
// CHECK-DAG: tfl.const dense<[1380010067, 1113539653, 1213488985, 1598375250]> : tensor<4xi32>

func.func @main(%x: tensor<4xi32> {tfl.name = "name_of_the_input"}) -> (tensor<4xi32> {tfl.name = "r"}, tensor<16xi8> {tfl.name = "s"}, tensor<2x8xi8> {tfl.name = "t"})
    attributes {tfl.signature = "serve"} {
  %a = tfl.const dense<[1380010067, 1113539653, 1213488985, 1598375250]> : tensor<4xi32> -> tensor<4xi32>
  %b = tfl.const dense<[83, 72, 65, 82, 69, 68, 95, 66, 89, 95, 84, 72, 82, 69, 69, 95]> : tensor<16xi8> -> tensor<16xi8>
  %c = tfl.const dense<[[83, 72, 65, 82, 69, 68, 95, 66], [89, 95, 84, 72, 82, 69, 69, 95]]> : tensor<2x8xi8> -> tensor<2x8xi8>
  %0 = tfl.add %x, %a {fused_activation_function = "NONE"} : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  return %0, %b, %c : tensor<4xi32>, tensor<16xi8>, tensor<2x8xi8>
}
