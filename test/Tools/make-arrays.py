#!/usr/bin/env python3
"""Writes arrays for the tests of `tflc run` into the current folder: good ones, unusual ones and broken ones."""

import io
import zipfile

import numpy as np

rng = np.random.default_rng(0)
image = rng.integers(-128, 128, (1, 28, 28)).astype(np.int8)
np.save("image.npy", image)
np.savez("image.npz", image)  # the key "arr_0"
np.savez("named.npz", keras_tensor=image)
np.savez("number.npz", **{"0": image})
np.savez_compressed("packed.npz", keras_tensor=image)
np.savez("fortran.npz", keras_tensor=np.asfortranarray(image))
np.savez("three.npz", keras_tensor=np.stack([image, -image // 2, image]))
np.savez("float.npz", keras_tensor=image.astype(np.float64))
np.savez("flat.npz", keras_tensor=image.ravel())
np.savez("wide.npz", keras_tensor=np.zeros((1, 28, 29), np.int8))
np.savez("twice.npz", **{"0": image, "keras_tensor": image})
np.savez("text.npz", keras_tensor=np.array(["a", "b"]))
np.savez("none.npz")

numbers = np.arange(4, dtype=np.float32)
np.savez("little.npz", x=numbers, y=numbers)
np.savez("big.npz", x=numbers.astype(">f4"), y=numbers)

# Broken files. The first are a header that ends too early, that lies, and that is none.
good = io.BytesIO()
np.save(good, image)
good = good.getvalue()
broken = {
    "cut.npy": good[:40],
    "short.npy": good[:-1],
    "long.npy": good + b"x",
    "huge.npy": good.replace(b"(1, 28, 28), }         ", b"(2305843009213693952, 8)}"),
    "version.npy": good[:6] + b"\x09" + good[7:],
    "header.npy": good.replace(b"'descr'", b"'discr'"),
    "notes.txt": b"no array\n",
}
for name, data in broken.items():
    open(name, "wb").write(data)
with zipfile.ZipFile("inner.npz", "w") as archive:
    archive.writestr("keras_tensor.npy", b"no array")
data = bytearray(open("named.npz", "rb").read())
data[-900] ^= 0xFF
open("damaged.npz", "wb").write(data)
open("cut.npz", "wb").write(data[:500])
