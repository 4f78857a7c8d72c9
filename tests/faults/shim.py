"""shim.py - tests/tools/faults.c, built once and put in front of the program: which calls there are, and how to make some of them fail."""
import ctypes
import functools
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from cli.support import ROOT

SOURCE = ROOT / "tests/tools/faults.c"
PAGE_BYTES = 4096


@functools.lru_cache(None)
def library():
    """The path of the library; None where there is no compiler."""
    compiler = shutil.which(os.environ.get("CC", "cc").split()[-1]) or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        return None
    path = Path(tempfile.mkdtemp(prefix="faults-")) / "faults.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-U_FORTIFY_SOURCE", "-o", path, SOURCE, "-ldl"], check=True)
    return path


@functools.lru_cache(None)
def calls():
    """Names of the calls that can be made to fail, in the order of their counters."""
    table = re.search(r"NAMES\[CALLS\] = \{(.*?)\};", SOURCE.read_text(encoding="ascii"), re.DOTALL)[1]
    return re.findall(r'"([^"]+)"', table)


def new_counts(path):
    """A file of counters that are all 0."""
    path.write_bytes(bytes(PAGE_BYTES))
    return path


def read_counts(path):
    """{call: how often it was made}."""
    numbers = (ctypes.c_long * len(calls())).from_buffer_copy(path.read_bytes())
    return dict(zip(calls(), numbers))


def environment(counts, call="write", error=0, first=0, last=0):
    """What to add to the environment so that calls first ... last of this kind fail with that errno. 0, 0: none, they are only counted.
    A negative number is a signal that follows the call."""
    return {"LD_PRELOAD": str(library()), "JUGGLER_FAULTS": f"{call} {int(error)} {first} {last} {counts}"}
