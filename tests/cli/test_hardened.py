"""The program as it is built by default: at an address nobody knows, tables that nobody can write, checked buffers and stacks.

The ELF file itself is read, so no tool of any compiler is needed.
"""
import struct
import unittest

from cli.support import JUGGLER, SANITIZED

ET_DYN, PT_LOAD, PT_DYNAMIC, PT_INTERP = 3, 1, 2, 3
PT_GNU_STACK, PT_GNU_RELRO = 0x6474e551, 0x6474e552
PF_X, PF_W = 1, 2
DT_SYMTAB, DT_STRTAB, DT_STRSZ, DT_TEXTREL, DT_BIND_NOW, DT_FLAGS, DT_FLAGS_1 = 6, 5, 10, 22, 24, 30, 0x6ffffffb
DF_BIND_NOW, DF_1_NOW, DF_1_PIE = 8, 1, 0x08000000


class Elf:
    """What the loader would read: the type, the segments, the dynamic table and the names of the dynamic symbols."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        if self.bytes[:4] != b"\x7fELF":
            raise AssertionError(f"{path} is no ELF file")
        self.wide = self.bytes[4] == 2
        self.order = "<" if self.bytes[5] == 1 else ">"
        self.type, = self.take("H", 16)
        self.segments = list(self.read_segments())
        self.dynamic = dict(self.read_dynamic())

    def take(self, layout, at):
        return struct.unpack_from(self.order + layout, self.bytes, at)

    def read_segments(self):
        """{type, flags, offset, address, size} each."""
        at, = self.take("Q" if self.wide else "I", 32 if self.wide else 28)
        entry, count = self.take("HH", 54 if self.wide else 42)
        for i in range(count):
            if self.wide:
                kind, flags, offset, address, _, size = self.take("IIQQQQ", at + i * entry)
            else:
                kind, offset, address, _, size, _, flags = self.take("7I", at + i * entry)
            yield {"type": kind, "flags": flags, "offset": offset, "address": address, "size": size}

    def of_type(self, kind):
        return [segment for segment in self.segments if segment["type"] == kind]

    def read_dynamic(self):
        size = 16 if self.wide else 8
        for segment in self.of_type(PT_DYNAMIC):
            for at in range(segment["offset"], segment["offset"] + segment["size"], size):
                yield self.take("QQ" if self.wide else "II", at)

    def offset_of(self, address):
        for segment in self.of_type(PT_LOAD):
            if segment["address"] <= address < segment["address"] + segment["size"]:
                return address - segment["address"] + segment["offset"]
        raise AssertionError(f"no segment holds {address:#x}")

    def imported(self):
        """Whatever stands in the table of strings that the dynamic symbols take their names from."""
        at = self.offset_of(self.dynamic[DT_STRTAB])
        return set(self.bytes[at:at + self.dynamic[DT_STRSZ]].decode().split("\0"))


@unittest.skipIf(SANITIZED, "sanitizers bring checks and addresses of their own")
class Hardened(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.elf = Elf(JUGGLER)

    def test_at_an_address_nobody_knows(self):
        self.assertEqual(self.elf.type, ET_DYN)
        self.assertEqual(len(self.elf.of_type(PT_INTERP)), 1, "a program, not a library")
        self.assertTrue(self.elf.dynamic.get(DT_FLAGS_1, 0) & DF_1_PIE, "made with -pie")
        self.assertNotIn(DT_TEXTREL, self.elf.dynamic, "the code itself is never changed")

    def test_tables_of_addresses_cannot_be_written(self):
        self.assertEqual(len(self.elf.of_type(PT_GNU_RELRO)), 1)
        now = self.elf.dynamic.get(DT_FLAGS, 0) & DF_BIND_NOW or self.elf.dynamic.get(DT_FLAGS_1, 0) & DF_1_NOW
        self.assertTrue(now or DT_BIND_NOW in self.elf.dynamic, "everything is bound before main, so all of it can be locked")

    def test_no_stack_and_nothing_that_can_be_written_is_run(self):
        stack = self.elf.of_type(PT_GNU_STACK)
        self.assertEqual(len(stack), 1)
        self.assertFalse(stack[0]["flags"] & PF_X)
        for segment in self.elf.of_type(PT_LOAD):
            self.assertNotEqual(segment["flags"] & (PF_W | PF_X), PF_W | PF_X, segment)

    def test_buffers_and_stacks_are_checked(self):
        names = self.elf.imported()
        if "__snprintf_chk" not in names and not any(name.startswith("__libc_start_main") for name in names):
            self.skipTest("this C library has no checked functions")
        self.assertIn("__stack_chk_fail", names)
        checked = {name for name in names if name.startswith("__") and name.endswith("_chk")}
        self.assertTrue({"__snprintf_chk", "__memcpy_chk"} & checked, f"checked functions: {sorted(checked)}")


if __name__ == "__main__":
    unittest.main()
