"""table.py - the bench's table: what was measured, juggler's figure, the peer's, their ratio, the bound, met or not."""
import json
import sys

COLUMNS = ["what", "juggler", "peer", "ratio", "bound", "met"]


def figure(value, unit):
    """At most three digits that matter, and their unit."""
    if value is None:
        return "-"
    if unit == "s" and value < 1:
        value, unit = value * 1000, "ms"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}".strip()


class Table:
    """Rows are printed as they come; the whole is printed again at the end, in columns."""

    def __init__(self):
        self.rows = []
        self.notes = []

    def add(self, what, juggler, peer=None, *, peer_name="", unit="s", at_most=None, at_least=None, absolute=False):
        """One row. The bound is on juggler's figure divided by the peer's, or, absolute, on juggler's figure itself."""
        ratio = juggler / peer if peer else None
        bounded = juggler if absolute else ratio
        met = None
        if bounded is not None and (at_most is not None or at_least is not None):
            met = bounded <= at_most if at_most is not None else bounded >= at_least
        limit = at_most if at_most is not None else at_least
        sign = "<=" if at_most is not None else ">="
        bound = "" if limit is None else f"{sign} {figure(limit, unit) if absolute else f'{limit:g}'}"
        row = {"what": what, "juggler": figure(juggler, unit), "peer": f"{figure(peer, unit)} {peer_name}".strip() if peer else "",
               "ratio": f"{ratio:.3f}" if ratio is not None else "", "bound": bound,
               "met": {True: "yes", False: "NO", None: ""}[met],
               "values": {"juggler": juggler, "peer": peer, "limit": limit, "met": met, "unit": unit}}
        self.rows.append(row)
        print("  " + "  ".join(row[column] for column in COLUMNS if row[column]), file=sys.stderr, flush=True)

    def peer(self, what, peer, *, peer_name, unit="s", against=None):
        """A peer's own figure, for comparison; nothing is asked of it."""
        ratio = peer / against if against else None
        self.rows.append({"what": what, "juggler": "", "peer": f"{figure(peer, unit)} {peer_name}",
                          "ratio": f"{ratio:.3f}" if ratio is not None else "", "bound": "", "met": "",
                          "values": {"peer": peer, "peer_name": peer_name, "unit": unit}})
        print(f"  {what}  {figure(peer, unit)} {peer_name}", file=sys.stderr, flush=True)

    def note(self, text):
        self.notes.append(text)
        print("  note: " + text, file=sys.stderr, flush=True)

    def missed(self):
        return [row["what"] for row in self.rows if row["values"].get("met") is False]

    def show(self):
        widths = {column: max(len(column), *(len(row[column]) for row in self.rows)) for column in COLUMNS}
        for row in [{column: column for column in COLUMNS}] + self.rows:
            left = row["what"].ljust(widths["what"])
            print("  ".join([left] + [row[column].rjust(widths[column]) for column in COLUMNS[1:]]).rstrip())
        for text in self.notes:
            print("note: " + text)

    def save(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"rows": [dict(row["values"], what=row["what"]) for row in self.rows], "notes": self.notes}, file, indent=1)
