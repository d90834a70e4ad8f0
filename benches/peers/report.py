# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
"""The tables of backup.py, as Markdown: what was measured, and what is promised beside it."""
import os

ROWS = (
    ("tar", "`tar \\| zstd -3`"),
    ("restic init", "restic init"), ("restic backup", "restic backup, the first"), ("restic again", "restic backup, nothing changed"),
    ("restic check", "restic check --read-data"), ("restic restore", "restic restore --sparse"),
    ("{} backup", "backup, the first ({})"), ("{} again", "backup, nothing changed ({})"), ("{} verify", "backup verify ({})"),
    ("{} restore", "restore ({})"),
)
WAYS = ("helper", "host")
MEMORY_MIB = 64


def tables(arguments, results):
    return "\n".join([*figures(arguments, results), "", *promises(results), ""])


def figures(arguments, results):
    lines = [
        f"A volume of about {arguments.scale:g} GiB; {os.cpu_count()} processors, least of {arguments.rounds} rounds. "
        "In brackets: the way that data takes.", "",
        "| work | processor time | of it stackctl | helper | engine | time | peak memory of stackctl and of the worker |",
        "|---|---|---|---|---|---|---|",
    ]
    for way in ("", *WAYS):
        for key, title in ROWS:
            measured = results.get(key.format(way)) if ("{}" in key) == bool(way) else None
            if measured is None:
                continue
            parts = [f"{measured.used[name]:.2f} s" for name in ("own", "helper", "engine")] if way else ["", "", ""]
            memory = ", ".join(f"{measured.peaks[name] / 1024:.0f} MiB" for name in ("stackctl", "worker") if name in measured.peaks)
            title = title.format(way)
            lines.append(f"| {title} | {measured.all():.2f} s | {' | '.join(parts)} | {measured.seconds:.1f} s | {memory} |")
    return lines


def promises(results):
    """Each promise with what was measured for both ways. Capture is the step that reads, from the start of its worker on."""
    used = {name: measured.all() for name, measured in results.items()}
    capture = {way: results[f"{way} backup"].within("reading `")[0] for way in WAYS}
    lines = ["| promise | at most | helper | host |", "|---|---|---|---|"]

    def row(title, most, of, base):
        if base:
            cells = [f"{of(way) / base:.2f}{'' if of(way) <= most * base else ' (missed)'}" for way in WAYS]
            lines.append(f"| {title} | {most:g} | {' | '.join(cells)} |")

    row("capture, in times of `tar \\| zstd -3`", 1.5, lambda way: sum(capture[way].values()), used["tar"])
    row("the same but for the engine's part", 1.5, lambda way: sum(capture[way].values()) - capture[way]["engine"], used["tar"])
    row("backup with its reading back, in times of restic's first", 0.6, lambda way: used[f"{way} backup"], used.get("restic backup"))
    row("backup of nothing new, in times of restic's", 2, lambda way: used[f"{way} again"], used.get("restic again"))
    row("verify, in times of restic check --read-data", 1, lambda way: used[f"{way} verify"], used.get("restic check"))
    row("restore, in times of restic restore and check", 1.5, lambda way: used[f"{way} restore"],
        used.get("restic restore", 0) + used.get("restic check", 0))
    cells = []
    for way in WAYS:
        backup = results[f"{way} backup"]
        most, still = backup.within("reading `")[1], backup.still - backup.restart
        cells.append(f"{still:.1f} s of {most:.1f} s{'' if still <= most else ' (missed)'}")
    lines.append(f"| standstill less the engine's own stop and start | the reading | {' | '.join(cells)} |")
    for name in ("stackctl", "worker"):
        peaks = [max(measured.peaks.get(name, 0) for key, measured in results.items() if key.startswith(way)) / 1024 for way in WAYS]
        cells = [f"{peak:.0f} MiB{'' if peak < MEMORY_MIB else ' (missed)'}" for peak in peaks]
        lines.append(f"| memory of {'stackctl' if name == 'stackctl' else 'the worker'} | {MEMORY_MIB} MiB | {' | '.join(cells)} |")
    return lines
