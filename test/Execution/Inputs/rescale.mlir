// Rescaling of vectors in loops over the first `n` values, for check-rescale.c.

// Every shift is to the right.
func.func @double_right(%x: memref<16384xi32>, %m: memref<16384xi32>, %s: memref<16384xi8>, %y: memref<16384xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  scf.for %i = %c0 to %n step %c4 {
    %a = vector.load %x[%i] : memref<16384xi32>, vector<4xi32>
    %b = vector.load %m[%i] : memref<16384xi32>, vector<4xi32>
    %c = vector.load %s[%i] : memref<16384xi8>, vector<4xi8>
    %r = tflrt.rescale %a, %b, %c <double> {max_shift = -1 : i32} : vector<4xi32>, vector<4xi8> -> vector<4xi32>
    vector.store %r, %y[%i] : memref<16384xi32>, vector<4xi32>
  }
  return
}

// Shifts in both directions, side by side.
func.func @double_any(%x: memref<16384xi32>, %m: memref<16384xi32>, %s: memref<16384xi8>, %y: memref<16384xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %n step %c8 {
    %a = vector.load %x[%i] : memref<16384xi32>, vector<8xi32>
    %b = vector.load %m[%i] : memref<16384xi32>, vector<8xi32>
    %c = vector.load %s[%i] : memref<16384xi8>, vector<8xi8>
    %r = tflrt.rescale %a, %b, %c <double> : vector<8xi32>, vector<8xi8> -> vector<8xi32>
    vector.store %r, %y[%i] : memref<16384xi32>, vector<8xi32>
  }
  return
}

func.func @single_any(%x: memref<16384xi32>, %m: memref<16384xi32>, %s: memref<16384xi8>, %y: memref<16384xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %n step %c8 {
    %a = vector.load %x[%i] : memref<16384xi32>, vector<8xi32>
    %b = vector.load %m[%i] : memref<16384xi32>, vector<8xi32>
    %c = vector.load %s[%i] : memref<16384xi8>, vector<8xi8>
    %r = tflrt.rescale %a, %b, %c <single> : vector<8xi32>, vector<8xi8> -> vector<8xi32>
    vector.store %r, %y[%i] : memref<16384xi32>, vector<8xi32>
  }
  return
}
