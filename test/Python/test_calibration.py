"""Calibration in parts, as workers of a cluster do it."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import tflc

from .conftest import model_path
from .test_converter import SAVED_MODEL

MODEL = model_path("mnist_cnn_float32")


@pytest.fixture(scope="module")
def samples():
    with np.load(SAVED_MODEL.parent / "digits.npz") as file:
        return [[image[None].astype(np.float32) / 255] for image in file["images"][:12]]


@pytest.mark.parametrize("range", ["minmax", "percentile=99.9", "mse", "entropy"])
@pytest.mark.parametrize("mode", ["int8", "int16x8"])
def test_parts_are_the_whole(samples, mode, range):
    parts = [tflc.calibrate(MODEL, samples[i : i + 4], mode, range=range) for i in (0, 4, 8)]
    merged = sum(pickle.loads(pickle.dumps(part)) for part in parts)
    assert merged.samples == 12 and merged.mode == mode
    assert tflc.quantize(MODEL, mode, merged) == tflc.quantize(MODEL, mode, samples, range=range)


def test_parts_in_any_order(samples):
    parts = [tflc.calibrate(MODEL, samples[i : i + 6], range="mse") for i in (0, 6)]
    assert tflc.quantize(MODEL, "int8", parts[0] + parts[1]) == tflc.quantize(MODEL, "int8", parts[1] + parts[0])


def test_parts_at_once(samples):
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda i: tflc.calibrate(MODEL, samples[i : i + 3]), (0, 3, 6, 9)))
    merged = tflc.merge_calibrations(parts)
    assert tflc.quantize(MODEL, "int8", merged) == tflc.quantize(MODEL, "int8", samples)


def test_moving_average_has_an_order(samples):
    parts = [tflc.calibrate(MODEL, samples[:2], range="moving-average") for _ in range(2)]
    with pytest.raises(tflc.ConverterError, match="order"):
        _ = parts[0] + parts[1]


def test_other_ways_to_choose_ranges(samples):
    with pytest.raises(tflc.ConverterError, match="minmax"):
        _ = tflc.calibrate(MODEL, samples[:1]) + tflc.calibrate(MODEL, samples[:1], range="mse")


def test_other_modes(samples):
    part = tflc.calibrate(MODEL, samples[:1], "int16x8")
    with pytest.raises(tflc.ConverterError, match="modes"):
        _ = part + tflc.calibrate(MODEL, samples[:1])
    with pytest.raises(tflc.ConverterError, match="int16x8"):
        tflc.quantize(MODEL, "int8", part)


def test_another_model(samples):
    other = tflc.calibrate(model_path("add_signature"), [[np.ones((1, 10), np.float32)]])
    with pytest.raises(tflc.ConverterError, match="another model"):
        tflc.quantize(model_path("two_in_two_out"), "int8", rename(other, "my_signature", "mix"))


def rename(calibration, old, new):
    return tflc.Calibration(calibration._text.replace(f'"{old}"', f'"{new}"'), calibration.mode)


def test_nothing_to_merge():
    with pytest.raises(ValueError):
        tflc.merge_calibrations([])


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"range": "minmax", "samples": -1, "signatures": {}}'])
def test_no_calibration(text):
    with pytest.raises(tflc.ConverterError):
        tflc.quantize(MODEL, "int8", tflc.Calibration(text, "int8"))
