"""A signature of a model as a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .interpreter import Interpreter


class SignatureRunner:
    """A signature of a model as a function of keyword arguments, which gives a dict of outputs.

        run = interpreter.get_signature_runner("encode")
        code = run(image=image)["code"]

    Inputs may have other shapes than before: the model is compiled for them then.
    """

    def __init__(self, interpreter: Interpreter | None = None, signature_key: str | None = None):
        """Programs call `Interpreter.get_signature_runner`. Raises ValueError for an unknown key."""
        if not interpreter:
            raise ValueError("None interpreter provided.")
        if not signature_key:
            raise ValueError("None signature_key provided.")
        signatures = interpreter._get_full_signature_list()
        if signature_key not in signatures:
            known = ", ".join(f'"{key}"' for key in signatures) or "none"
            raise ValueError(f'Invalid signature_key provided: "{signature_key}". The model has {known}.')
        signature = signatures[signature_key]
        self._interpreter = interpreter
        self._key = signature_key
        self._subgraph = interpreter._subgraph(signature["subgraph_index"])
        self._inputs: dict[str, int] = signature["inputs"]
        self._outputs: dict[str, int] = signature["outputs"]

    def __call__(self, **kwargs) -> dict[str, np.ndarray]:
        """Runs the signature on arrays by the names of its inputs. Raises ValueError for wrong names, types and shapes."""
        if len(kwargs) != len(self._inputs):
            raise ValueError(
                "Invalid number of inputs provided for running a SignatureDef, "
                f"expected {len(self._inputs)} vs provided {len(kwargs)}"
            )
        for name in kwargs:
            if name not in self._inputs:
                known = ", ".join(self._inputs)
                raise ValueError(f"Invalid Input name ({name}) for SignatureDef; its inputs are {known}")
        self._interpreter._invoke_signature(self._subgraph, {self._inputs[name]: value for name, value in kwargs.items()})
        return {name: self._subgraph.get(tensor) for name, tensor in self._outputs.items()}

    def get_input_details(self) -> dict[str, dict]:
        """The dicts of `Interpreter.get_input_details` by the names of inputs."""
        return {name: self._subgraph.details(tensor) for name, tensor in self._inputs.items()}

    def get_output_details(self) -> dict[str, dict]:
        """Likewise for the outputs."""
        return {name: self._subgraph.details(tensor) for name, tensor in self._outputs.items()}
