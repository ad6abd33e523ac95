"""Estimates the cycles of Cortex-M cores from executed instructions; used by instruction-counts.py --cycles.

docs/Performance.md ("Estimated cycles") says what each model has, where its numbers come from, and what it leaves out.
A model sees one run of instructions at a time, as count-instructions.c writes them, in the order of the program.
"""

import re
from dataclasses import dataclass, field


@dataclass
class Instruction:
    """One line of disassembly, and what a model asks about it."""

    address: int
    name: str  # without suffixes of width and condition
    operands: str
    kind: str = ""  # load, store, multiply, divide, branch, vector load/store/arithmetic, float, other
    words: int = 1  # of 32 bits that a load or store moves
    reads: set = field(default_factory=set)
    writes: set = field(default_factory=set)


REGISTER = re.compile(r"\b(?:r\d+|[sdq]\d+|lr|sp|pc|ip|fp)\b")
ALIASES = {"ip": "r12", "fp": "r11"}
CONDITIONS = "(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)"
BRANCH = re.compile(f"^(?:b{CONDITIONS}?|bl|bx|blx|cbz|cbnz|tbb|tbh|le|letp|wls|wlstp)$")
MULTIPLY = re.compile(r"^(?:mul|mla|mls|[su]mull|[su]mlal|sml|smm|smu|smla|umaal)")
# What names begin with whose first operand is read, or which write nothing that a later instruction waits for.
NO_RESULT = ("str", "stm", "push", "cmp", "cmn", "tst", "teq", "b", "cb", "vst", "vcmp", "vpush", "it", "nop", "vpt")


def registers(text):
    """Names of registers in the text; those of a list `r4-r7` each."""
    names = []
    for first, last in re.findall(r"\b([rsdq]\d+)\s*-\s*([rsdq]\d+)\b", text):
        names += [first[0] + str(number) for number in range(int(first[1:]), int(last[1:]) + 1)]
    return names + [ALIASES.get(name, name) for name in REGISTER.findall(text)]


def moved_words(name, operands):
    """Words of 32 bits that a load or store moves."""
    braces = re.search(r"\{([^}]*)", operands)
    count = len(set(registers(braces.group(1)))) if braces else 1
    if not braces and name in ("push", "pop", "vpush", "vpop"):
        count = 1
    doubles = name in ("ldrd", "strd") or (name.startswith("v") and re.search(r"\bd\d", operands.split("[")[0]))
    return count * (2 if doubles else 1)


def classify(address, mnemonic, operands):
    """The facts of one line."""
    suffixes = mnemonic.lower().split(".")
    name = suffixes[0]
    operands = re.split(r"\s[@;<]", operands)[0]
    found = Instruction(address, name, operands)
    is_vector = name.startswith("v") and (re.search(r"\bq\d", operands) is not None)
    if is_vector:
        found.kind = (
            "vector load"
            if name.startswith("vldr") or name.startswith("vld")
            else "vector store"
            if name.startswith("vst")
            else "vector arithmetic"
        )
    elif name.startswith(("vldr", "vldm", "vpop")):
        found.kind = "load"
    elif name.startswith(("vstr", "vstm", "vpush")):
        found.kind = "store"
    elif name.startswith("v"):
        found.kind = "float"
    elif name.startswith(("ldr", "ldm", "pop")):
        found.kind = "load"
    elif name.startswith(("str", "stm", "push")):
        found.kind = "store"
    elif BRANCH.match(name):
        found.kind = "branch"
    elif MULTIPLY.match(name):
        found.kind = "multiply"
    elif name in ("sdiv", "udiv"):
        found.kind = "divide"
    else:
        found.kind = "other"
    if found.kind in ("load", "store"):
        found.words = moved_words(name, operands)
    names = registers(operands)
    if name.startswith(NO_RESULT) or not names:
        found.reads = set(names)
        return found
    pairs = name.startswith(("ldrd", "smull", "umull", "smlal", "umlal"))
    listed = registers(re.search(r"\{([^}]*)", operands).group(1)) if "{" in operands else []
    found.writes = set(listed or names[: 2 if pairs else 1])
    # Sums that multiplications join are read as well; so are bases that move.
    accumulates = name.startswith(("smlal", "umlal", "vmla", "vfma", "vrmlal", "vmls"))
    found.reads = set(names if accumulates else names[len(found.writes) :])
    if found.kind.endswith(("load", "store")) and ("!" in operands or "]," in operands):
        base = registers(operands[operands.find("[") :]) if "[" in operands else names[:1]
        found.writes |= set(base[:1])
    return found


def disassemble(text):
    """{address: Instruction} from the output of llvm-objdump -d --no-show-raw-insn."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"^\s*([0-9a-f]+):\s+(\S+)\s*(.*)$", line)
        if match:
            address = int(match.group(1), 16)
            found[address] = classify(address, match.group(2), match.group(3))
    return found


class CortexM4:
    """One instruction after the other; a load takes two cycles, but only one behind another load or store."""

    summary = "Cortex-M4 r0p1, three stages, one instruction at a time"
    taken = 2  # cycles that refill the pipeline: 1 to 3
    division = 7  # 2 to 12
    float_cycles = {
        "vmla": 3,
        "vmls": 3,
        "vnmla": 3,
        "vnmls": 3,
        "vfma": 3,
        "vfms": 3,
        "vfnma": 3,
        "vfnms": 3,
        "vdiv": 14,
        "vsqrt": 14,
    }

    def run(self, instructions):
        cycles, before = 0, None
        for this in instructions:
            if this.kind == "load":
                pipelined = (
                    before
                    and before.kind in ("load", "store")
                    and before.words == 1
                    and this.words == 1
                    and not before.writes & this.reads
                )
                cycles += 1 if pipelined else 1 + this.words
            elif this.kind == "store":
                cycles += 1 if this.words == 1 else 1 + this.words
            elif this.kind == "divide":
                cycles += self.division
            elif this.kind == "float":
                waits = before and before.kind == "float" and before.writes & this.reads
                cycles += self.float_cycles.get(this.name, 1) + (1 if waits else 0)
            elif not this.name.startswith("it"):  # folded into the instruction before it
                cycles += 1
            before = this
        return cycles


class Scoreboard:
    """Instructions in order, as many in a cycle as `can_join` allows, each when what it reads is there."""

    width = 1

    def run(self, instructions):
        ready, now, group = {}, 0, []
        for this in instructions:
            if this.name.startswith("it"):
                continue
            start = max([now, *(ready.get(name, 0) for name in this.reads)])
            if start > now or len(group) >= self.width or any(not self.can_join(other, this) for other in group):
                now = max(start, now + 1 if group else now)
                group = []
            group.append(this)
            for name in this.writes:
                ready[name] = now + self.latency(this)
            now += self.busy(this)
            if self.busy(this):
                group = []
        return now + (1 if group else 0)

    def busy(self, this):
        """Cycles beyond its own in which nothing else begins."""
        return 0


class CortexM7(Scoreboard):
    """Two instructions in a cycle."""

    summary = "Cortex-M7, six stages, two instructions at a time"
    width = 2
    taken = 1

    def can_join(self, other, this):
        kinds = {other.kind, this.kind}
        if other.writes & (this.reads | this.writes) or "divide" in kinds:
            return False
        if other.kind == this.kind:
            return this.kind == "other" or (this.kind == "load" and other.words == this.words == 1)
        return not kinds <= {"load", "store"}

    def latency(self, this):
        if this.kind == "float":
            return 16 if this.name.startswith(("vdiv", "vsqrt")) else 3
        return 2 if this.kind in ("load", "multiply") else 1

    def busy(self, this):
        if this.kind == "divide":
            return 7
        return (this.words - 1) // 2 if this.kind in ("load", "store") else 0


class CortexM55(Scoreboard):
    """One instruction in a cycle; a vector takes two, of which one overlaps a vector instruction of another unit."""

    summary = "Cortex-M55, one instruction at a time, vectors of two beats a cycle"
    taken = 2

    def can_join(self, other, this):
        return False

    def run(self, instructions):
        cycles, before = 0, None
        for this in instructions:
            if this.name.startswith("it") or this.name in ("le", "letp"):  # loops end for nothing
                continue
            is_vector = this.kind.startswith("vector")
            # The second half of the vector instruction before goes on unless this one is a vector of another unit.
            if before and before.kind.startswith("vector") and (not is_vector or self.unit(before) == self.unit(this)):
                cycles += 1
            if before and before.kind == "load" and before.writes & this.reads:
                cycles += 1
            cycles += 7 if this.kind == "divide" else (this.words + 1) // 2 if this.kind in ("load", "store") else 1
            before = this
        return cycles + (1 if before and before.kind.startswith("vector") else 0)

    @staticmethod
    def unit(this):
        return "memory" if this.kind in ("vector load", "vector store") else "arithmetic"


MODELS = {"cortex-m4": CortexM4(), "cortex-m7": CortexM7(), "cortex-m55": CortexM55()}


def read_runs(path):
    """(start, end, executed, branched) of each run of instructions in the plugin's file."""
    for line in path.read_text().splitlines():
        start, end, executed, branched = line.split()
        yield int(start, 16), int(end, 16), int(executed), int(branched)


def estimate(model, program, runs):
    """Cycles of all runs; `program` is what `disassemble` gave."""
    addresses = sorted(program)
    places = {address: number for number, address in enumerate(addresses)}
    cycles = 0
    for start, end, executed, branched in runs:
        number, instructions = places.get(start), []
        while number is not None and number < len(addresses) and addresses[number] < end:
            instructions.append(program[addresses[number]])
            number += 1
        ends_loop = instructions and instructions[-1].name in ("le", "letp")
        cycles += executed * model.run(instructions) + (0 if ends_loop else branched * model.taken)
    return cycles
