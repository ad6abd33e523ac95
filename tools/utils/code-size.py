#!/usr/bin/env python3
"""Adds up the bytes of code and constants in object files, and fails beyond a limit.

code-size.py --size arm-none-eabi-size --at-most 2048 a.o b.o
"""

import argparse
import subprocess
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--size", default="size", help="the size program of the target's binutils")
parser.add_argument("--at-most", type=int, required=True, help="limit in bytes")
parser.add_argument("objects", nargs="+")
args = parser.parse_args()

table = subprocess.run([args.size, *args.objects], check=True, capture_output=True, text=True).stdout
rows = [line.split() for line in table.splitlines()[1:]]
total = sum(int(row[0]) + int(row[1]) for row in rows)
for row in rows:
    print(f"{int(row[0]) + int(row[1]):6} {row[-1]}")
print(f"{total:6} total, limit {args.at_most}")
sys.exit(total > args.at_most)
