#!/usr/bin/env python3
"""Makes the SavedModels beside this script; needs TensorFlow 2.21, which nothing else here needs.

make-sources.py [NAME...]
"""

import contextlib
import pathlib
import shutil
import sys
import tempfile

import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent


class Dense(tf.Module):
    """Weights, a function that calls another one, and a batch of any size."""

    def __init__(self):
        self.kernel = tf.Variable([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        self.bias = tf.Variable([0.5, -0.5, 0.25])

    @tf.function
    def product(self, x):
        return tf.nn.bias_add(tf.matmul(x, self.kernel), self.bias)

    @tf.function(input_signature=[tf.TensorSpec([None, 2], name="x")])
    def run(self, x):
        return {"y": tf.nn.relu(self.product(x))}

    def signatures(self):
        return {"serving_default": self.run}


class Control(tf.Module):
    """A branch that captures a variable, and a loop."""

    def __init__(self):
        self.step = tf.Variable(2.0)

    @tf.function(input_signature=[tf.TensorSpec([3], name="x"), tf.TensorSpec([], tf.bool, name="up")])
    def choose(self, x, up):
        return {"y": tf.cond(up, lambda: x + self.step, lambda: x - 1.0)}

    @tf.function(input_signature=[tf.TensorSpec([], name="x")])
    def double(self, x):
        return {"y": tf.while_loop(lambda y: y < 100.0, lambda y: [y * self.step], [x])[0]}

    def signatures(self):
        return {"choose": self.choose, "double": self.double}


class Digamma(tf.Module):
    """An operation that TensorFlow Lite has no operator for."""

    @tf.function(input_signature=[tf.TensorSpec([2, 3], tf.float32)])
    def f(self, x):
        return {"y": tf.raw_ops.Digamma(x=x) * 2}

    def signatures(self):
        return {"serving_default": self.f}


class State(tf.Module):
    """A variable that keeps a sum."""

    def __init__(self):
        self.total = tf.Variable([1.0, 2.0])

    @tf.function(input_signature=[tf.TensorSpec([2], name="x")])
    def add(self, x):
        return {"total": self.total.assign_add(x)}

    def signatures(self):
        return {"serving_default": self.add}


class Words(tf.Module):
    """A table whose content is a text file."""

    def __init__(self):
        pathlib.Path("words.txt").write_text("red\ngreen\nblue\n")
        lines = tf.lookup.TextFileInitializer(
            "words.txt",
            tf.string,
            tf.lookup.TextFileIndex.WHOLE_LINE,
            tf.int64,
            tf.lookup.TextFileIndex.LINE_NUMBER,
        )
        self.table = tf.lookup.StaticHashTable(lines, -1)

    @tf.function(input_signature=[tf.TensorSpec([2], tf.string, name="words")])
    def look(self, words):
        return {"numbers": self.table.lookup(words)}

    def signatures(self):
        return {"serving_default": self.look}


SOURCES = {"control": Control, "dense": Dense, "digamma": Digamma, "state": State, "words": Words}


def main():
    for name in sys.argv[1:] or SOURCES:
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        # The model holds the paths of its assets: relative ones are the same everywhere.
        with tempfile.TemporaryDirectory() as work, contextlib.chdir(work):
            module = SOURCES[name]()
            tf.saved_model.save(module, str(folder), signatures=module.signatures())
        # What only TensorFlow itself reads.
        (folder / "fingerprint.pb").unlink(missing_ok=True)
        assets = folder / "assets"
        if assets.exists() and not any(assets.iterdir()):
            assets.rmdir()


if __name__ == "__main__":
    main()
