#!/usr/bin/env python3
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
"""Measure what watching an engine costs: `stackctl supervise` beside the least possible watcher and other tools, all at once.

usage: live.py [--containers N] [--seconds S] [--tools DIR] [--install] [--write]

Makes N containers with a health check each 10 s on a private engine (scripts/test-engine), starts every program, and
compares over S seconds: processor time and resident memory of each process, how soon a pause is printed after
`docker events` printed it, and what `stackctl status` asks the engine. --install builds dtop and oxker into DIR with cargo
(minutes); what is not there is left out, with a line that says so. --write puts the tables into
guides/reference/performance.md.
"""
import argparse
import json
import os
import pty
import re
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from fcntl import ioctl
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "guides" / "reference" / "performance.md"
BEGIN, END = "<!-- live figures -->", "<!-- end of live figures -->"
PROJECT = "stackctl-bench"
VERSIONS = {"dtop": "0.10.2", "oxker": "0.13.4"}
TICK = os.sysconf("SC_CLK_TCK")
# A supervisor may use 1.5 times the processor time of the least watcher and this share of a processor beside it.
ALLOWED_SHARE = 0.003
ALLOWED_RSS_KIB = 12 * 1024


def say(text):
    print(text, file=sys.stderr, flush=True)


class Engine:
    """The private engine."""

    def __init__(self):
        environment = subprocess.run([ROOT / "scripts/test-engine", "env"], check=True, capture_output=True, text=True).stdout
        self.is_ours = "sid" not in environment
        if self.is_ours:
            subprocess.run([ROOT / "scripts/test-engine", "start", "sid"], check=True, stdout=subprocess.DEVNULL)
            environment = subprocess.run([ROOT / "scripts/test-engine", "env"], check=True, capture_output=True, text=True).stdout
        hosts = re.search(r"STACKCTL_TEST_DOCKER_HOST=(\S+)", environment).group(1).split(",")
        self.host = next(host for host in hosts if "/sid/" in host)
        self.socket = self.host.removeprefix("unix://")

    def docker(self, *words, **options):
        return subprocess.run(["docker", "-H", self.host, *words], check=True, capture_output=True, text=True, **options).stdout

    def make(self, count):
        for number in range(count):
            self.docker(
                "run", "-d", "--name", f"{PROJECT}-s{number}-1", "--label", f"com.docker.compose.project={PROJECT}",
                "--label", f"com.docker.compose.service=s{number}", "--network", "none", "--health-cmd", "true",
                "--health-interval", "10s", "stackctl-test:1", "sleep", "100000",
            )

    def clean(self):
        ids = self.docker("ps", "-aq", "--filter", f"label=com.docker.compose.project={PROJECT}").split()
        if ids:
            self.docker("rm", "-f", *ids)
        if self.is_ours:
            subprocess.run([ROOT / "scripts/test-engine", "stop", "sid"], check=False, stderr=subprocess.DEVNULL)


class Program:
    """A running program whose lines are stamped as they come, or whose screen is thrown away."""

    def __init__(self, name, command, folder, screen=False, environment=None):
        self.name, self.lines = name, []
        surroundings = {**os.environ, **(environment or {})}
        if screen:
            master, slave = pty.openpty()
            ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
            self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env={**surroundings, "TERM": "xterm-256color"}, start_new_session=True, cwd=folder)
            os.close(slave)
            threading.Thread(target=self.drop, args=(master,), daemon=True).start()
        else:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=surroundings, cwd=folder)
            threading.Thread(target=self.read, daemon=True).start()

    def drop(self, master):
        try:
            while os.read(master, 65536):
                pass
        except OSError:
            pass

    def read(self):
        for line in self.process.stdout:
            self.lines.append((time.monotonic(), line))

    def used(self):
        """Processor seconds so far; `None` once it has ended."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else (int(fields[11]) + int(fields[12])) / TICK

    def memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found.group(1)) if found else 0

    def end(self):
        self.process.kill()
        self.process.wait()


def programs(engine, tools, release, folder):
    yield Program("stackctl supervise", [str(release / "stackctl"), "supervise", "-H", engine.host, "-p", PROJECT, "--format", "json"], folder,
                  environment={"STACKCTL_STATE_DIR": folder})
    yield Program("bare watcher", [str(release / "examples/events"), engine.socket], folder)
    yield Program("docker events", ["docker", "-H", engine.host, "events", "--format", "{{json .}}"], folder)
    yield Program("docker stats", ["docker", "-H", engine.host, "stats", "--format", "{{.Name}}"], folder)
    for name, arguments in (("dtop", ["-H", engine.host]), ("oxker", ["--host", engine.host])):
        program = tools / "bin" / name
        if program.exists():
            yield Program(f"{name} {VERSIONS[name]}", [str(program), *arguments], folder, screen=True, environment={"DOCKER_HOST": engine.host})
        else:
            say(f"left out: {name} is not in {tools}/bin (--install builds it)")


def costs(running, seconds):
    """A row for each program: name, processor seconds, KiB."""
    before = [program.used() for program in running]
    time.sleep(seconds)
    rows = []
    for program, begin in zip(running, before):
        end = program.used()
        if begin is None or end is None:
            say(f"left out: {program.name} has ended")
            continue
        rows.append((program.name, end - begin, program.memory()))
    return rows


def delays(engine, running, rounds):
    """How much later than `docker events` each program printed the pauses of one container, in seconds."""
    name, found = f"{PROJECT}-s0-1", {}
    begin = {program.name: len(program.lines) for program in running}
    for _ in range(rounds):
        engine.docker("pause", name)
        time.sleep(0.15)
        engine.docker("unpause", name)
        time.sleep(0.15)
    time.sleep(2)
    def moments(program, is_pause):
        return [at for at, line in program.lines[begin[program.name]:] if is_pause(line)]
    by_name = {program.name: program for program in running}
    reference = by_name["docker events"]
    events = [(at, json.loads(line)) for at, line in reference.lines[begin["docker events"]:]]
    pauses = [(at, event) for at, event in events if event["Action"] == "pause"]
    # The engine's clock is this machine's: how long the reference itself takes, and how much that varies.
    now = time.time() - time.monotonic()
    own = [at + now - event["timeNano"] / 1e9 for at, event in pauses]
    spread = statistics.quantiles(own, n=20)[-1] - min(own)
    for program, is_pause in (
        (by_name["stackctl supervise"], lambda line: '"to":"paused"' in line),
        (by_name["bare watcher"], lambda line: " pause " in line),
    ):
        seen = moments(program, is_pause)
        if len(seen) != len(pauses):
            say(f"{program.name} printed {len(seen)} of {len(pauses)} pauses")
        found[program.name] = [at - base for at, (base, _) in zip(seen, pauses)]
    return spread, found


class Counter:
    """A socket before the engine's that counts requests."""

    def __init__(self, target, folder):
        self.path, self.target, self.requests = str(Path(folder, "count.sock")), target, []
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.server.accept()
            engine = socket.socket(socket.AF_UNIX)
            engine.connect(self.target)
            threading.Thread(target=self.pump, args=(client, engine, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(engine, client, False), daemon=True).start()

    def pump(self, source, target, counts):
        try:
            while data := source.recv(65536):
                if counts:
                    self.requests += re.findall(rb"(?:GET|POST|HEAD) (\S+) HTTP", data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def status(engine, release, usage, folder, rounds=11):
    """Processor seconds of `status`, and its requests by kind."""
    seconds = []
    report = Path(folder, "usage.txt")
    for _ in range(rounds):
        command = [str(usage), str(report), str(release / "stackctl"), "status", "-H", engine.host, "-p", PROJECT]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        seconds.append(float(report.read_text().split()[0]))
    counter = Counter(engine.socket, folder)
    subprocess.run([str(release / "stackctl"), "status", "-H", f"unix://{counter.path}", "-p", PROJECT], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    kinds = {"lists": rb"/containers/json", "inspections": rb"/containers/[0-9a-f]{64}/json", "events": rb"/events"}
    count = {name: sum(re.search(pattern, path) is not None for path in counter.requests) for name, pattern in kinds.items()}
    count["others"] = len(counter.requests) - sum(count.values())
    return statistics.median(seconds), count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--containers", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--tools", type=Path, default=ROOT / "target" / "peers")
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    arguments.tools.mkdir(parents=True, exist_ok=True)
    if arguments.install:
        for name, version in VERSIONS.items():
            subprocess.run(["cargo", "install", "-q", "--locked", "--root", str(arguments.tools), f"{name}@{version}"], check=False)
    subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "stackctl"], check=True, cwd=ROOT)
    subprocess.run(["cargo", "build", "--release", "--locked", "--example", "events"], check=True, cwd=ROOT)
    release = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    usage = arguments.tools / "usage"
    subprocess.run(["cc", "-O1", "-o", str(usage), str(ROOT / "benches/peers/usage.c")], check=True)
    engine, folder, running = Engine(), tempfile.mkdtemp(), []
    try:
        engine.make(arguments.containers)
        for program in programs(engine, arguments.tools, release, folder):
            running.append(program)
        time.sleep(20)
        rows = costs(running, arguments.seconds)
        spread, late = delays(engine, running, 50)
        for program in running:
            program.end()
        running = []
        seconds, requests = status(engine, release, usage, folder)
    finally:
        for program in running:
            program.end()
        engine.clean()
        shutil.rmtree(folder, ignore_errors=True)
    text = tables(arguments, rows, spread, late, seconds, requests)
    print(text)
    if arguments.write:
        page = PAGE.read_text()
        head, rest = page.split(BEGIN)
        PAGE.write_text(head + BEGIN + "\n" + text + END + rest.split(END)[1])


def tables(arguments, rows, spread, late, seconds, requests):
    by_name = {name: (used, memory) for name, used, memory in rows}
    own, least = by_name["stackctl supervise"], by_name["bare watcher"]
    allowed = least[0] * 1.5 + ALLOWED_SHARE * arguments.seconds
    lines = [
        f"{arguments.containers} containers with a health check each 10 s, {arguments.seconds} s, all programs at once on "
        f"{os.cpu_count()} processors; the engine's own processor time is not counted.", "",
        "| program | processor time | share of a processor | resident memory |", "|---|---|---|---|",
    ]
    lines += [f"| {name} | {used:.2f} s | {used / arguments.seconds * 100:.2f} % | {memory / 1024:.1f} MiB |" for name, used, memory in rows]
    ends = lambda values: (statistics.median(values) * 1000, statistics.quantiles(values, n=20)[-1] * 1000)
    lines += ["", "| promise | allowed | measured |", "|---|---|---|"]
    lines.append(f"| processor time of `supervise` | {allowed:.2f} s | {own[0]:.2f} s |")
    lines.append(f"| memory of `supervise` | {ALLOWED_RSS_KIB / 1024:.0f} MiB | {own[1] / 1024:.1f} MiB |")
    median, most = ends(late["stackctl supervise"])
    lines.append(f"| a pause is printed after `docker events` has | {spread * 2000:.1f} ms | median {median:.1f} ms, 95 of 100 within {most:.1f} ms |")
    median, most = ends(late["bare watcher"])
    lines.append(f"| the same of the bare watcher | | median {median:.1f} ms, 95 of 100 within {most:.1f} ms |")
    lines.append(f"| processor time of `status` | 40 ms | {seconds * 1000:.1f} ms |")
    said = ", ".join(f"{count} {name}" for name, count in requests.items())
    lines.append(f"| requests of `status` | 1 list, {arguments.containers} inspections | {said} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
