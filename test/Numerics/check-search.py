"""Compares operators that search, select and draw with the same in NumPy and Python.

usage: check-search.py MODEL TFLC-ARGS...
"""

import subprocess
import sys

import numpy as np

MODEL, *ARGS = sys.argv[1:]
RNG = np.random.default_rng(1)


def run(signature, inputs, *flags):
    np.savez("search.npz", **inputs)
    subprocess.run(
        ["tflc", "run", MODEL, f"--signature={signature}", "--inputs=search.npz", "--outputs=found.npz", *flags, *ARGS],
        check=True,
    )
    return dict(np.load("found.npz"))


def report(name, good):
    print(name, "ok" if good else "differs")


def same(got, want):
    return got.shape == want.shape and np.array_equal(got, want)


def check_topk():
    x = RNG.integers(-20, 20, (6, 40)).astype(np.float32)
    out = run("topk", {"topk_x": x})
    order = np.argsort(-x, axis=1, kind="stable")[:, :7]
    report(
        "topk", same(out["topk_indices"], order.astype(np.int32)) and same(out["topk_values"], np.take_along_axis(x, order, 1))
    )


def check_shapes():
    good = True
    for share in (0.0, 0.3, 1.0):
        x = (RNG.random((5, 4, 3)) < share).astype(np.int32)
        good &= same(run("where", {"where_x": x})["places"], np.argwhere(x).astype(np.int64))
    report("where", good)

    x = RNG.integers(0, 12, 50).astype(np.int16)
    values = list(dict.fromkeys(x.tolist()))
    out = run("unique", {"unique_x": x})
    report(
        "unique",
        same(out["unique_values"], np.array(values, np.int16))
        and same(out["unique_indices"], np.array([values.index(v) for v in x.tolist()], np.int64)),
    )

    x, chosen = RNG.random(20).astype(np.float32), RNG.random(20) < 0.4
    report("picked", same(run("picked", {"picked_x": x, "picked_c": chosen})["picked"], 2 * x[chosen]))

    good = True
    for start, limit, delta in ((0, 10, 3), (5, -7, -2), (4, 4, 1), (-100, 2000, 7)):
        out = run("range", {"range_start": np.int32(start), "range_limit": np.int32(limit), "range_delta": np.int32(delta)})
        good &= same(out["numbers"], np.arange(start, limit, delta, dtype=np.int32))
    report("range", good)

    x, good = RNG.random(24).astype(np.float32), True
    for shape in ((2, 3, 4), (24, -1, 1), (1, 1, 24)):
        good &= same(run("reshape", {"reshape_x": x, "reshape_shape": np.array(shape, np.int32)})["reshaped"], x.reshape(shape))
    report("reshape", good)
    out = run("fill", {"fill_shape": np.array([300, 200], np.int32), "fill_value": np.float32(2.5)})
    report("fill", same(out["filled"], np.full((300, 200), 2.5, np.float32)))


def get_overlap(one, two):
    area = [(b[2] - b[0]) * (b[3] - b[1]) for b in (one, two)]
    height, width = (max(min(one[i + 2], two[i + 2]) - max(one[i], two[i]), 0) for i in (0, 1))
    return height * width / (sum(area) - height * width)


def check_suppression():
    corner, size = RNG.random((30, 2)), RNG.uniform(0.1, 0.5, (30, 2))
    boxes, scores = np.hstack([corner, corner + size]).astype(np.float32), RNG.random(30).astype(np.float32)
    selected = []
    for i in np.argsort(-scores):
        if len(selected) < 10 and scores[i] > np.float32(0.2) and all(get_overlap(boxes[i], boxes[j]) < 0.4 for j in selected):
            selected.append(i)
    out = run("suppress", {"boxes": boxes, "scores": scores})
    want = np.zeros(10, np.int32)
    want[: len(selected)] = selected
    report("suppress", out["number"] == len(selected) and same(out["selected"], want))


def philox(counter, key):
    """The four words of Philox-4x32-10."""
    words, keys = [counter >> shift & 0xFFFFFFFF for shift in (0, 32, 64, 96)], [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        products = 0xD2511F53 * words[0], 0xCD9E8D57 * words[2]
        words = [
            products[1] >> 32 ^ words[1] ^ keys[0],
            products[1] & 0xFFFFFFFF,
            products[0] >> 32 ^ words[3] ^ keys[1],
            products[0] & 0xFFFFFFFF,
        ]
        keys = [(keys[0] + 0x9E3779B9) & 0xFFFFFFFF, (keys[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return words


def check_random():
    x = np.zeros(2, np.float32)
    out = run("random", {"random_x": x}, "--samples")
    start = 98 << 64
    words = [w for i in range(751) for w in philox(start + i, 7)]
    first = np.array([(w & 0x7FFFFF) / 2.0**23 for w in words[:3003]], np.float32).reshape(3, 1001)
    following = np.array([(philox(start + 751, 7)[i] & 0x7FFFFF) / 2.0**23 for i in range(4)], np.float32)
    report("uniform", same(out["uniform"][0], first))
    report("state", same(out["uniform"][1].ravel()[:4], following))
    again = run("random", {"random_x": x}, "--samples", "--reset")["uniform"]
    report("reset", same(again[0], first) and same(again[1], first))
    # The key has an upper half, too.
    words, key = philox(83 << 64, 34359738373), [0, 0]
    unit = [max((w & 0x7FFFFF) / 2.0**23, 1e-7) for w in words]
    key = [np.sqrt(-2 * np.log(unit[i])) * wave(2 * np.pi * unit[i + 1]) for i in (0, 2) for wave in (np.sin, np.cos)]
    normal = out["normal"].ravel()
    report(
        "normal",
        np.allclose(normal[:4], key, rtol=1e-5, atol=1e-6) and abs(normal.mean()) < 0.05 and abs(normal.std() - 1) < 0.05,
    )

    logits = np.array([[0, 1, -np.inf, 2], [3, 0, 0, 0]], np.float32)
    classes = run("multinomial", {"logits": logits})["classes"]
    weights = np.exp(logits - logits.max(1, keepdims=True))
    shares = np.stack([np.bincount(row, minlength=4) for row in classes]) / 5000
    report(
        "multinomial",
        shares.shape == (2, 4) and shares[0, 2] == 0 and np.abs(shares - weights / weights.sum(1, keepdims=True)).max() < 0.03,
    )


check_topk()
check_shapes()
check_suppression()
check_random()
