#!/usr/bin/env python3
"""Runs the unittest cases of one file and reports them in TAP: tests/unittest_tap.py FILE

The file's own folder and tests/ are on the path, so that tests share helpers. Each case is reported as it ends, so that
what was done is known even if the rest never ends.
"""
import importlib.util
import sys
import unittest
from pathlib import Path


class TapResult(unittest.TestResult):
    """Writes a line for each case; the failures of its subtests count as one, and are all told."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.why = []
        self.skipped_because = None

    def startTest(self, test):
        super().startTest(test)
        self.why = []
        self.skipped_because = None

    def addError(self, test, err):
        super().addError(test, err)
        self.tell_now_or_later(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell_now_or_later(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.why.append(f"{subtest.id().rsplit('.', 1)[-1]}\n{self._exc_info_to_string(err, test)}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.skipped_because = reason
        if not isinstance(test, unittest.TestCase):
            self.report(test)

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.why.append("succeeded, and was expected to fail")

    def tell_now_or_later(self, test, err):
        self.why.append(self._exc_info_to_string(err, test))
        if not isinstance(test, unittest.TestCase):  # setUpClass, setUpModule: no stopTest will come
            self.report(test)

    def stopTest(self, test):
        super().stopTest(test)
        self.report(test)

    def report(self, test):
        self.number += 1
        name = ".".join(test.id().split(".")[-2:])
        if self.skipped_because is not None and not self.why:
            name += f" # SKIP {self.skipped_because}"
        print(f"{'not ok' if self.why else 'ok'} {self.number} - {name}")
        for text in self.why:
            for line in text.splitlines():
                print(f"# {line}")
        sys.stdout.flush()
        self.why = []


def load(path):
    sys.path[:0] = [str(path.parent), str(path.parent.parent)]
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def main():
    suite = load(Path(sys.argv[1]).resolve())
    result = TapResult()
    suite.run(result)
    # At the end, because a class that is skipped as a whole reports once. Its absence tells of a run that was cut short.
    print(f"1..{result.number}", flush=True)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
