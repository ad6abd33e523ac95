"""Makes broken variants of recorded Keras files: make-broken.py INPUTS FOLDER"""

import json
import pathlib
import sys
import zipfile

inputs, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True)
with zipfile.ZipFile(inputs / "pictures.keras") as archive:
    CONFIG, WEIGHTS = archive.read("config.json"), archive.read("model.weights.h5")


def write(name, config=CONFIG, weights=WEIGHTS):
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", weights)


def changed(change):
    config = json.loads(CONFIG)
    change({layer["config"]["name"]: layer for layer in config["config"]["layers"]}, config)
    return json.dumps(config)


def rename(kind):
    return changed(lambda layers, _: layers["batch_normalization"].update(class_name=kind))


def swap(layers, _):
    """The first convolution reads what comes after it."""
    layers["conv2d"]["inbound_nodes"] = layers["re_lu"]["inbound_nodes"]


def rename_several(layers, _):
    layers["batch_normalization"].update(class_name="Lambda")
    layers["re_lu"].update(class_name="Hashing")


def quantize(layers, _):
    policy = {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8", "source_name": "float32"}}
    layers["conv2d"]["config"]["dtype"] = policy


write("lambda.keras", rename("Lambda"))
write("quantized.keras", changed(quantize))
write("several.keras", json.dumps(json.loads(changed(rename_several)), indent=1))
write("unknown.keras", rename("Frobnicate"))
write("json.keras", CONFIG[:-20])
write("deep.keras", b"[" * 100000)
write("bomb.keras", weights=bytes(200 << 20))
write("weights.keras", weights=WEIGHTS[:3000])
write("shape.keras", changed(lambda layers, _: layers["image"]["config"].update(batch_shape=[None, 12, 10, 5])))
write("cycle.keras", changed(swap))
nested = (inputs / "old_nested.h5").read_bytes()
heap = nested.index(b"GCOL\1")
(folder / "endless.h5").write_bytes(nested[: heap + 16] + bytes(16) + nested[heap + 32 :])
(folder / "beyond.h5").write_bytes(nested[: heap + 24] + b"\xff" * 7 + nested[heap + 31 :])
# The data of the first heap of names.
names = nested.index(b"HEAP\0\0\0\0")
size, address = (int.from_bytes(nested[names + at : names + at + 8], "little") for at in (8, 24))
(folder / "open_names.h5").write_bytes(nested[:address] + b"n" * size + nested[address + size :])
# The third text is the configuration.
reference = nested.index(heap.to_bytes(8, "little") + b"\3\0\0\0")
(folder / "missing_text.h5").write_bytes(nested[: reference + 8] + b"\x77\0\0\0" + nested[reference + 12 :])
(folder / "short_text.h5").write_bytes(nested[: reference - 4] + b"\4\0\0\0" + nested[reference:])
(folder / "truncated.h5").write_bytes(nested[:5000])

with zipfile.ZipFile(inputs / "functions.keras") as archive:
    FUNCTIONS = archive.read("config.json")


def changed_call(change):
    """Another call of the operation `diff`."""
    config = json.loads(FUNCTIONS)
    for layer in config["config"]["layers"]:
        if layer["class_name"] == "Diff":
            change(layer["inbound_nodes"][0])
    return json.dumps(config)


write("argument.keras", changed_call(lambda call: call["kwargs"].update(prepend=1.0)))
write("no_input.keras", changed_call(lambda call: call.update(kwargs={"a": call["args"][0]}, args=[])))
# A layer of an operation that there is not, and one of a cell that is not known.
node = b'"op": "Mean"'
graph = (inputs / "old_graph.h5").read_bytes()
(folder / "operation.h5").write_bytes(graph.replace(node, b'"op": "Moan"'))
with zipfile.ZipFile(inputs / "cells.keras") as archive:
    config = archive.read("config.json").replace(b'"SimpleRNNCell"', b'"MinimalRNNCell"')
    write("cell.keras", config, archive.read("model.weights.h5"))
