#!/usr/bin/env python3
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
"""Measure whole processes: stackctl beside other tools that do the same work on the same file.

usage: compare.py [--rounds N] [--tools DIR] [--write]

Installs dclint (npm) and compose-lint (pip) at fixed versions into DIR (target/peers) unless they are there; `docker compose`
is taken from the PATH. A tool that cannot be had is left out, with a line that says so. The tools take turns, so that a
busy machine hits all of them; shown is the median of processor time (user and system, children included) and the highest
resident memory of the process. --write puts the tables into guides/reference/performance.md.
"""
import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "guides" / "reference" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
DCLINT, COMPOSE_LINT = "3.1.0", "0.36.2"


class Task:
    """One file and the commands that work on it, the first of them stackctl's."""

    def __init__(self, title, services, commands):
        self.title, self.services, self.commands = title, services, commands


def say(text):
    print(text, file=sys.stderr, flush=True)


def quiet(command, **options):
    """Whether a command succeeds."""
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=600, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"{command[0]}: {error}")
        return False
    if done.returncode:
        say(f"{command[0]}: {done.stderr.strip()[-300:]}")
    return done.returncode == 0


def dclint(tools):
    program = tools / "npm/node_modules/.bin/dclint"
    if not program.exists() and shutil.which("npm"):
        quiet(["npm", "install", "--silent", "--prefix", str(tools / "npm"), f"dclint@{DCLINT}"])
    return program if program.exists() else None


def compose_lint(tools):
    program = tools / "venv/bin/compose-lint"
    if not program.exists() and quiet([sys.executable, "-m", "venv", str(tools / "venv")]):
        quiet([str(tools / "venv/bin/pip"), "install", "-q", f"compose-lint=={COMPOSE_LINT}"])
    return program if program.exists() else None


def docker_compose():
    """The version of Compose on the PATH, if any."""
    try:
        done = subprocess.run(["docker", "compose", "version", "--short"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def measure(usage, command, folder):
    """Processor seconds and peak memory in KiB of one run."""
    report = Path(folder, "usage.txt")
    with open(os.devnull, "r+b") as nothing:
        done = subprocess.run([str(usage), str(report), *command], cwd=folder, stdin=nothing, stdout=nothing, stderr=nothing)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {done.returncode}")
    seconds, memory = report.read_text().split()
    return float(seconds), int(memory)


def tasks(tools, release):
    stackctl = str(release / "stackctl")
    left_out, linters = [], []
    for name, program in (("dclint", dclint(tools)), ("compose-lint", compose_lint(tools))):
        if program:
            linters.append((f"{name} {DCLINT if name == 'dclint' else COMPOSE_LINT}", [str(program), "compose.yaml"]))
        else:
            left_out.append(f"{name} cannot be installed here")
    for services in (3, 500):
        yield Task(
            f"Judge a file with {services} services", services, [("stackctl validate", [stackctl, "validate", "compose.yaml"]), *linters]
        )
    version = docker_compose()
    others = [(f"docker compose config {version}", ["docker", "compose", "-f", "compose.yaml", "config"])] if version else []
    if not version:
        left_out.append("docker compose is not installed")
    yield Task("Resolve a file with 1000 services", 1000, [("stackctl config", [stackctl, "-f", "compose.yaml", "config"]), *others])
    for reason in left_out:
        say(f"left out: {reason}")


def table(task, rounds, release, usage):
    """A Markdown table of medians."""
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([str(release / "examples/generate"), str(task.services)], check=True, capture_output=True)
        Path(folder, "compose.yaml").write_bytes(made.stdout)
        runs = {name: [] for name, _ in task.commands}
        for at in range(rounds + 1):
            for name, command in task.commands:
                figures = measure(usage, command, folder)
                if at:  # The first round fills caches.
                    runs[name].append(figures)
    lines = [f"### {task.title}", "", "| tool | processor time | times stackctl's | peak memory |", "|---|---|---|---|"]
    base = None
    for name, figures in runs.items():
        seconds = statistics.median(seconds for seconds, _ in figures)
        memory = max(memory for _, memory in figures)
        base = base or max(seconds, 1e-4)
        lines.append(f"| {name} | {seconds * 1000:.1f} ms | {seconds / base:.0f} | {memory / 1024:.0f} MiB |")
    return "\n".join([*lines, ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--tools", type=Path, default=ROOT / "target" / "peers")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    arguments.tools.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "stackctl", "--example", "generate"], check=True, cwd=ROOT)
    release = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    usage = arguments.tools / "usage"
    subprocess.run(["cc", "-O1", "-o", str(usage), str(ROOT / "benches/peers/usage.c")], check=True)
    text = "\n".join(table(task, arguments.rounds, release, usage) for task in tasks(arguments.tools, release))
    print(text)
    if arguments.write:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(BEGIN)
        _, _, tail = rest.partition(END)
        machine = f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}; median of {arguments.rounds} runs.\n"
        PAGE.write_text(f"{head}{BEGIN}\n{machine}\n{text}{END}{tail}", encoding="utf-8")
        say(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
