# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
"""The body of soak.sh: makes containers, has them fail, measures the supervisor, and judges the end.

Judged are: no line is missing (the numbers have no gap, and the state told last of each service is the engine's), the
memory does not grow by more than a fifth from the second minute on, and the process ends soon after it is asked to.
"""

import argparse
import csv
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PROJECT = "soak"
CONTAINERS = 50
# Every fifth may be restarted by the supervisor.
HEALED_EACH = 5
INTERVAL_S = 10
SAMPLE_S = 10
PAUSE_S = 0.4
PATIENCE_S = 180
WARM_UP_S = 120
MAY_GROW = 1.2
SECOND = 1_000_000_000


class Engine:
    """The few calls of the Docker Engine API that are needed."""

    def __init__(self, host):
        self.path = host.removeprefix("unix://")

    def call(self, method, path, body=None, allowed=()):
        connection = http.client.HTTPConnection("localhost", timeout=120)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.settimeout(120)
        connection.sock.connect(self.path)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= 400 and answer.status not in allowed:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        is_json = answer.getheader("Content-Type", "").startswith("application/json")
        return json.loads(content) if content and is_json else None

    def make(self, number):
        labels = {"com.docker.compose.project": PROJECT, "com.docker.compose.service": service(number)}
        if number % HEALED_EACH == 0:
            labels["stackctl.heal"] = "restart"
        plan = {
            "Image": "stackctl-test:1",
            "Cmd": ["sleep", "100000"],
            "Labels": labels,
            "Healthcheck": {
                "Test": ["CMD", "test", "!", "-e", "/sick"],
                "Interval": INTERVAL_S * SECOND,
                "Timeout": 20 * SECOND,
                "Retries": 2,
            },
            "HostConfig": {"NetworkMode": "none", "Init": True},
        }
        self.call("POST", f"/containers/create?name={service(number)}", plan)
        self.do(number, "start")

    def do(self, number, what):
        # A container that is already so, or that is being restarted, is no fault here.
        self.call("POST", f"/containers/{service(number)}/{what}", allowed=(304, 404, 409, 500))

    def run(self, number, *command):
        made = self.call("POST", f"/containers/{service(number)}/exec", {"Cmd": list(command)}, allowed=(409,))
        if made and "Id" in made:
            # It may have died meanwhile; engines and runtimes have many words for that.
            self.call("POST", f"/exec/{made['Id']}/start", {"Detach": True}, allowed=(400, 404, 409, 500))

    def state(self, number):
        state = self.call("GET", f"/containers/{service(number)}/json")["State"]
        if state["Status"] != "running":
            return {"exited": "stopped"}.get(state["Status"], state["Status"])
        return {"healthy": "ok"}.get(state["Health"]["Status"], state["Health"]["Status"])


class Told:
    """What the supervisor says."""

    def __init__(self, stream, path):
        self.states, self.faults, self.lines, self.actions, self.seq = {}, [], 0, 0, 0
        self.thread = threading.Thread(target=self.read, args=(stream, path), daemon=True)
        self.thread.start()

    def read(self, stream, path):
        with open(path, "w", encoding="utf-8") as copy:
            for text in stream:
                copy.write(text)
                line = json.loads(text)
                if line["first_seq"] != self.seq + 1:
                    self.faults.append(f"after line {self.seq} came {line['first_seq']}")
                self.seq = line["seq"]
                self.lines += 1
                if line["type"] == "transition":
                    self.states[line["service"]] = line["to"]
                elif line["type"] == "action" and line["stage"] == "done":
                    self.actions += 1


def service(number):
    return f"{PROJECT}-{number:02}"


def measure(pid):
    """Resident memory in KiB and seconds of processor time."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return memory, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def trouble(engine, chance):
    number = chance.randrange(CONTAINERS)
    what = chance.choice(["kill", "start", "restart?t=0", "pause", "unpause", "unpause", "sicken", "cure", "cure"])
    if what == "sicken":
        engine.run(number, "touch", "/sick")
    elif what == "cure":
        engine.run(number, "rm", "-f", "/sick")
    else:
        engine.do(number, what)


def settle(engine):
    """Ends what changes by itself: services that are healed are made well."""
    for number in range(0, CONTAINERS, HEALED_EACH):
        engine.do(number, "unpause")
        engine.do(number, "start")
        engine.run(number, "rm", "-f", "/sick")


def differences(engine, told):
    found = {}
    for number in range(CONTAINERS):
        real, said = engine.state(number), told.states.get(service(number))
        if real != said:
            found[service(number)] = f"is {real}, told as {said}"
    return found


def main():
    parser = argparse.ArgumentParser()
    for name in ("--program", "--host", "--out"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    wish = parser.parse_args()
    print(f"soak: {wish.seconds} s, seed {wish.seed}", flush=True)
    engine, chance, out = Engine(wish.host), random.Random(wish.seed), pathlib.Path(wish.out)
    for number in range(CONTAINERS):
        engine.make(number)

    with tempfile.TemporaryDirectory() as home:
        command = [os.path.abspath(wish.program), "supervise", "--host", wish.host, "--project-name", PROJECT]
        child = subprocess.Popen(
            [*command, "--format", "json"], stdout=subprocess.PIPE, text=True, cwd=home,
            env={"HOME": home, "PATH": "/usr/bin:/bin"},
        )
        told = Told(child.stdout, out / "soak.jsonl")
        faults = []
        try:
            samples = churn(engine, chance, wish.seconds, child, told, out / "soak.csv")
            settle(engine)
            deadline = time.monotonic() + PATIENCE_S
            while (left := differences(engine, told)) and time.monotonic() < deadline:
                time.sleep(2)
            faults += [f"{name} {what}" for name, what in left.items()]
            warm_up = min(WARM_UP_S, wish.seconds // 3)
            base = next(memory for second, memory, *_ in samples if second >= warm_up)
            last = measure(child.pid)[0]
            print(f"soak: {base} KiB after {warm_up} s, {last} KiB at the end; {told.lines} lines, {told.actions} restarts")
            if last > base * MAY_GROW:
                faults.append(f"memory grew from {base} to {last} KiB")
            child.send_signal(signal.SIGTERM)
            status = child.wait(timeout=60)
            if status != 128 + signal.SIGTERM:
                faults.append(f"ended with {status}")
        except subprocess.TimeoutExpired:
            faults.append("did not end within 60 s")
        finally:
            child.kill()
        told.thread.join(timeout=10)
    faults += told.faults
    for fault in faults:
        print(f"soak: error: {fault}", file=sys.stderr)
    print("soak: failed" if faults else "soak: passed")
    return 1 if faults else 0


def churn(engine, chance, seconds, child, told, path):
    """Has containers fail for so long; gives the measurements."""
    samples, begin = [], time.monotonic()
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["second", "rss_kib", "cpu_s", "lines", "restarts"])
        due = 0
        while (passed := time.monotonic() - begin) < seconds:
            if child.poll() is not None:
                raise RuntimeError(f"the supervisor ended with {child.returncode}")
            if passed >= due:
                sample = (round(passed), *measure(child.pid), told.lines, told.actions)
                samples.append(sample)
                table.writerow(sample)
                file.flush()
                due += SAMPLE_S
            trouble(engine, chance)
            time.sleep(PAUSE_S)
    return samples


if __name__ == "__main__":
    sys.exit(main())
