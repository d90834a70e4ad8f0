#!/usr/bin/env python3
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
"""Measure what a restore point costs: stackctl beside `tar | zstd` and restic, on one volume of about 1 GiB.

usage: backup.py [--scale X] [--rounds N] [--tools DIR] [--no-build] [--write]

Fills a volume of a private engine (scripts/test-engine) and lets each program read, check and unpack it, one after the
other. Counted is processor time, with all children; for stackctl also that of its helper containers, and of the engine
meanwhile. Shown is the round that took least. restic comes from Debian, unpacked into DIR; without it its rows are missing.
--scale 0.1 takes a tenth of the data. --write puts the tables into guides/reference/performance.md. Needs root.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import meter
import report
import tree

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "guides" / "reference" / "performance.md"
BEGIN, END = "<!-- backup figures -->", "<!-- end of backup figures -->"
PROJECT = "stackctl-bench"
# A change that is so old cannot be followed by one with the same time.
SETTLED_S = 4
COMPOSE = """
services:
  keeper:
    image: stackctl-test:1
    command: [sleep, "1000000"]
    init: true
    network_mode: none
    volumes: ["data:/data"]
volumes:
  data: {}
"""


def say(text):
    print(text, file=sys.stderr, flush=True)


class Engine:
    """A private engine below a folder of its own, in a control group of its own."""

    def __init__(self, folder, group):
        self.folder = folder
        unpacked = Path(os.environ.get("STACKCTL_TEST_ENGINE_DIR", Path(tempfile.gettempdir(), "stackctl-test-engine")), "packages")
        # Packages that another engine was unpacked from are used as they are.
        if (unpacked / "sid/complete").exists():
            (folder / "packages").symlink_to(unpacked)
        self.environment = {**os.environ, "STACKCTL_TEST_ENGINE_DIR": str(folder), "DOCKER_CONFIG": str(folder / "docker-config")}
        self.host = self.script("start", preexec_fn=group.enter).strip()
        number = subprocess.run(["cksum"], input=f"{folder}/sid", capture_output=True, text=True, check=True).stdout.split()[0]
        self.containers = meter.Group(f"stackctl-test-{number}")

    def script(self, verb, **options):
        # What is started holds the other end of a pipe for ever, so this is a file.
        with tempfile.TemporaryFile("w+") as output:
            subprocess.run([ROOT / "scripts/test-engine", verb, "sid"], stdout=output, env=self.environment, check=True, **options)
            output.seek(0)
            return output.read()

    def docker(self, *words):
        program = self.folder / "packages/sid/root/usr/bin/docker"
        return subprocess.run([program, "-H", self.host, *words], check=True, capture_output=True, text=True, env=self.environment).stdout

    def restart_seconds(self, container):
        """What the engine itself needs to stop a container and to start it."""
        begin = time.monotonic()
        self.docker("stop", container)
        self.docker("start", container)
        return time.monotonic() - begin


def restic(tools):
    """The program, from the newest Debian: older ones cannot restore holes."""
    folder = tools / "restic"
    program = folder / "root/usr/bin/restic"
    if not program.exists():
        sources = " ".join(path.read_text() for path in Path("/etc/apt").glob("sources.list*/*.sources"))
        sources += Path("/etc/apt/sources.list").read_text() if Path("/etc/apt/sources.list").exists() else ""
        mirror = os.environ.get("STACKCTL_TEST_ENGINE_MIRROR") or next((word for word in sources.split() if "://" in word and "debian" in word), None)
        if not mirror:
            return None
        for part in ("parts", "lists/partial", "debs"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "sources.list").write_text(f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} sid main\n")
        options = [f"Dir::Etc::sourcelist={folder}/sources.list", f"Dir::Etc::sourceparts={folder}/parts", f"Dir::State::Lists={folder}/lists",
                   "APT::Sandbox::User=root", "Acquire::Languages=none"]
        apt = ["apt-get", "-qq", *(word for option in options for word in ("-o", option))]
        try:
            subprocess.run([*apt, "update"], check=True, stdout=sys.stderr)
            subprocess.run([*apt, "download", "restic"], check=True, stdout=sys.stderr, cwd=folder / "debs")
            for package in (folder / "debs").glob("*.deb"):
                subprocess.run(["dpkg", "-x", package, folder / "root"], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            say(f"restic: {error}")
    works = program.exists() and subprocess.run([program, "version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    return program if works else None


def part(words):
    """The part of a process of stackctl, by its command line."""
    if b"volume-worker" in words:
        return "worker"
    return "stackctl" if words[0].endswith(b"/stackctl") else None


class Bench:
    def __init__(self, folder, engine, group, tools):
        self.folder, self.engine, self.tools, self.results = folder, engine, tools, {}
        self.own = {"own": group}
        self.groups = {"own": group, "helper": engine.containers, "engine": meter.Group(f"{group.folder.parent.name}/engine")}
        (folder / "compose.yaml").write_text(COMPOSE)
        engine.docker("compose", "-f", str(folder / "compose.yaml"), "-p", PROJECT, "up", "-d")
        self.data = Path(engine.docker("volume", "inspect", "-f", "{{.Mountpoint}}", f"{PROJECT}_data").strip())

    def note(self, name, measured):
        say(f"{name}: {measured.all():.2f} s of processor time, {measured.seconds:.2f} s")
        for text, _, _ in measured.steps:
            used, seconds = measured.within(text)
            say(f"    {text}: {', '.join(f'{name} {one:.2f} s' for name, one in used.items())}; {seconds:.2f} s")
        best = self.results.get(name)
        self.results[name] = measured if best is None or measured.all() < best.all() else best
        return measured

    def tar(self):
        packed = self.folder / "volume.tar.zst"
        script = 'tar --xattrs --acls -S --format=pax -C "$1" -cf - . | zstd -q -f -3 -T0 -o "$2"'
        self.note("tar", meter.measure(["bash", "-o", "pipefail", "-c", script, "tar", self.data, packed], self.own))
        packed.unlink()

    def restic(self, program):
        store, back = self.folder / "restic", self.folder / "back"
        environment = {**os.environ, "RESTIC_PASSWORD": "bench", "RESTIC_CACHE_DIR": str(self.folder / "cache"), "RESTIC_REPOSITORY": str(store)}
        steps = (("init", ["init"]), ("backup", ["backup", "."]), ("again", ["backup", "."]), ("check", ["check", "--read-data"]),
                 ("restore", ["restore", "latest", "--target", back, "--sparse"]))
        for name, words in steps:
            self.note(f"restic {name}", meter.measure([program, "-q", *words], self.own, env=environment, cwd=self.data))
        for place in (store, back, self.folder / "cache"):
            shutil.rmtree(place)

    def stackctl(self, program, way):
        store, file = self.folder / "sets", self.folder / "compose.yaml"
        environment = {**os.environ, "STACKCTL_STATE_DIR": str(self.folder / "state")}
        common = ["--store", store, "--format", "json", "-p", PROJECT, "-f", file]
        there = ["-H", self.engine.host, "--data-path", way]
        steps = (("backup", ["backup", "--yes", *there]), ("again", ["backup", "--yes", *there]), ("verify", ["backup", "verify"]),
                 ("restore", ["restore", "--confirm", PROJECT, "--no-backup", *there]))
        # The restore of the way before has just made all files anew, and a tree is known again only when its last change is past.
        time.sleep(SETTLED_S)
        for name, words in steps:
            measured = meter.measure([program, *words, *common], self.groups, part, env=environment, cwd=self.folder)
            if name == "backup":
                measured.still = json.loads(measured.output)["result"]["still_ms"] / 1000
                measured.restart = self.engine.restart_seconds(f"{PROJECT}-keeper-1")
            self.note(f"{way} {name}", measured)
        shutil.rmtree(store)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--tools", type=Path, default=ROOT / "target" / "peers")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        say("left out: a private engine and files of many owners need root")
        return
    tools = arguments.tools.resolve()
    tools.mkdir(parents=True, exist_ok=True)
    if not arguments.no_build:
        subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "stackctl"], check=True, cwd=ROOT)
    program = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/stackctl"
    peer = restic(tools)
    if not peer:
        say("left out: restic cannot be had here")
    folder = Path(tempfile.mkdtemp(prefix="stackctl-bench."))
    own, around = (meter.Group(f"stackctl-bench-{os.getpid()}/{name}").make() for name in ("own", "engine"))
    engine = None
    try:
        (folder / "engines").mkdir()
        engine = Engine(folder / "engines", around)
        bench = Bench(folder, engine, own, tools)
        say(f"filling {bench.data}")
        tree.make(bench.data, arguments.scale)
        for at in range(arguments.rounds):
            if at == 0:
                # Every program finds the files in memory.
                subprocess.run(["tar", "-C", bench.data, "-cf", "-", "."], stdout=subprocess.DEVNULL, check=True)
                os.sync()
            bench.tar()
            if peer:
                bench.restic(peer)
            for way in ("helper", "host"):
                bench.stackctl(program, way)
    finally:
        if engine:
            engine.script("stop")
        shutil.rmtree(folder, ignore_errors=True)
        own.remove()
        around.remove()
    text = report.tables(arguments, bench.results)
    print(text)
    if arguments.write:
        page = PAGE.read_text()
        head, rest = page.split(BEGIN)
        PAGE.write_text(head + BEGIN + "\n" + text + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
