# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
"""Processor time and memory of programs that start others: control groups count what ran in them, whoever waited for it."""
import os
import subprocess
import threading
import time
from pathlib import Path

# Memory is looked at so often. It is the peak that the kernel keeps, so only what the last moments add can be missed.
LOOK_S = 0.02


def mounted():
    """Where control groups that count processor time are."""
    kinds = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    for _, place, kind, options, *_ in kinds:
        if kind == "cgroup" and "cpuacct" in options.split(","):
            return Path(place)
    for _, place, kind, *_ in kinds:
        if kind == "cgroup2":
            return Path(place)
    raise SystemExit("error: no control groups are mounted")


class Group:
    """A control group."""

    def __init__(self, name):
        self.folder = mounted() / name

    def make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def remove(self):
        for folder in (self.folder, self.folder.parent):
            try:
                folder.rmdir()
            except OSError:
                pass

    def enter(self):
        """For a child, before it becomes another program."""
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def used(self):
        """Processor seconds of all that ever ran in it and below it."""
        try:
            return int((self.folder / "cpuacct.usage").read_text()) / 1e9
        except OSError:
            pass
        try:
            return int((self.folder / "cpu.stat").read_text().split()[1]) / 1e6
        except OSError:
            return 0.0

    def processes(self):
        # Groups come and go meanwhile; `os.walk` passes over what has gone.
        for folder, _, _ in os.walk(self.folder):
            try:
                yield from Path(folder, "cgroup.procs").read_text().split()
            except OSError:
                pass


class Measured:
    """One run of a program. `used` has the processor seconds by group, `peaks` KiB by the part that a process plays."""

    def __init__(self):
        self.seconds, self.used, self.steps, self.peaks, self.output = 0.0, {}, [], {}, ""

    def all(self):
        return sum(self.used.values())

    def within(self, first):
        """Processor seconds by group, and seconds, from the steps that begin with these words to the next step."""
        used, seconds = dict.fromkeys(self.used, 0.0), 0.0
        ends = [*self.steps[1:], (None, self.seconds, self.used)]
        for (text, at, before), (_, then, after) in zip(self.steps, ends):
            if text.startswith(first):
                seconds += then - at
                used = {name: used[name] + after[name] - before[name] for name in used}
        return used, seconds


def measure(command, groups, part=None, **options):
    """Runs a command in the first of these groups. `part` names the part that a process plays by its command line."""
    measured, begin = Measured(), time.monotonic()
    before = {name: group.used() for name, group in groups.items()}
    own = next(iter(groups.values()))

    def now():
        return {name: group.used() - before[name] for name, group in groups.items()}

    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=own.enter, **options
    )
    words, is_over = [], threading.Event()

    def listen():
        for line in process.stderr:
            words.append(line)
            text = line.removeprefix("note: ").strip()
            # How far a step is, is said with its name before it.
            is_step = line.startswith("note: ") and not (measured.steps and text.startswith(f"{measured.steps[-1][0]}: "))
            if is_step:
                measured.steps.append((text, time.monotonic() - begin, now()))

    def watch():
        while not is_over.wait(LOOK_S):
            for name, peak in peaks(groups.values(), part):
                measured.peaks[name] = max(peak, measured.peaks.get(name, 0))

    threads = [threading.Thread(target=listen)] + ([threading.Thread(target=watch)] if part else [])
    for thread in threads:
        thread.start()
    measured.output = process.stdout.read()
    status = process.wait()
    measured.seconds = time.monotonic() - begin
    is_over.set()
    for thread in threads:
        thread.join()
    measured.used = now()
    if status:
        raise SystemExit(f"error: {' '.join(map(str, command))} ended with {status}: {''.join(words)[-2000:]}{measured.output[-2000:]}")
    return measured


def peaks(groups, part):
    for group in groups:
        for process in group.processes():
            try:
                name = part(Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0"))
                lines = Path(f"/proc/{process}/status").read_text().splitlines() if name else []
            except OSError:
                continue
            yield from ((name, int(line.split()[1])) for line in lines if line.startswith("VmHWM:"))
