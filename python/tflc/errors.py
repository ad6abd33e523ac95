"""What tflc raises, with what the compiler has to say about it."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Finding:
    """One error or warning about a model, as the command line prints it."""

    severity: str
    """"error" or "warning"."""
    where: str
    """What its line begins with: the file, and the operator or tensor if there is one."""
    operator: str
    """The builtin's name ("CONV_2D"), empty where no single operator is meant."""
    tensor: str
    """The operator's first output, or the tensor that is meant; may be empty."""
    index: int
    """Number of the operator or tensor in its subgraph; -1 where none is meant."""
    subgraph: int
    """Number of the subgraph, or -1."""
    text: str
    notes: tuple[str, ...] = ()
    remedy: str = ""
    """What the user can do about it; may be empty."""

    def __str__(self) -> str:
        lines = [f"{self.severity}: {self.text}"]
        lines += [f"note: {note}" for note in self.notes]
        if self.remedy:
            lines.append(f"help: {self.remedy}")
        return "\n".join(f"{self.where}: {line}" if self.where else line for line in lines)


def read_findings(entries: list[dict]) -> list[Finding]:
    """The findings of the compiler's module."""
    return [Finding(**{**entry, "notes": tuple(entry["notes"])}) for entry in entries]


class FindingsError(Exception):
    """Base of errors that come with findings."""

    def __init__(self, message: str, findings: list[Finding] = ()):
        self.message = message
        self.findings = list(findings)
        super().__init__("\n".join([message, *map(str, self.findings)]))

    def __reduce__(self):
        return type(self), (self.message, self.findings)


class CompileError(FindingsError, RuntimeError):
    """A model that cannot be compiled; `findings` says why, operator by operator."""


class ModelError(CompileError, ValueError):
    """A file that is no sound model."""


class ConverterError(FindingsError):
    """A source that cannot be converted or quantized."""
