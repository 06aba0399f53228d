# SPDX-License-Identifier: Apache-2.0
"""Times training steps of Espalier beside PyTorch's, in short turns on one core, and writes a Markdown table.

  scripts/benchmark --products [--rounds 21]
  scripts/benchmark --predictions FOLDER [--rounds 51]
  scripts/benchmark [--only WORD] [--rounds 7] [--engine vector] [--python /path/to/python] [--core 0] [--out FILE]

A turn of one side is about --turn seconds; the other side waits meanwhile, so both see the same machine. Medians over
the rounds. Where the Python has no PyTorch, ours are measured alone. Needs only Python's own library.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# network, shape, batch, kept, goal against PyTorch, steps of the learning check
WORK = [
    ("lenet-300-100", "1x28x28", 64, 1.0, 2.5, 256),
    ("lenet-300-100", "1x28x28", 64, 0.1, 8.0, 256),
    ("lenet-300-100", "1x28x28", 64, 0.05, 12.0, 256),
    ("lenet-300-100", "1x28x28", 64, 0.02, 18.0, 256),
    ("lenet-300-100", "1x28x28", 128, 1.0, 1.8, 128),
    ("lenet-300-100", "1x28x28", 128, 0.1, 6.0, 128),
    ("lenet-5", "1x28x28", 64, 1.0, 3.0, 256),
    ("conv-4", "3x32x32", 64, 1.0, 1.0, 24),
    ("conv-4", "3x32x32", 64, 0.1, 3.0, 24),
    ("conv-4", "3x32x32", 64, 0.05, 5.0, 24),
    ("conv-4", "3x32x32", 64, 0.02, 8.0, 24),
    ("resnet-20", "3x32x32", 128, 1.0, 1.1, 24),
    ("resnet-20", "3x32x32", 128, 0.1, 3.0, 24),
    ("resnet-20", "3x32x32", 128, 0.05, 5.0, 24),
    ("resnet-20", "3x32x32", 128, 0.02, 8.0, 24),
]

# Not in the build: they lie with the tests, and are compiled when they are asked for.
HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCES = [os.path.join(HOME, "executors/src", name)
           for name in ("test/java/org/espalier/executors/benchmark/BenchmarkData.java",
                        "test/java/org/espalier/executors/benchmark/StepBenchmark.java",
                        "test/java/org/espalier/executors/benchmark/EvaluationBenchmark.java",
                        "test/java/org/espalier/executors/engine/vector/DenseProducts.java",
                        "test/java/org/espalier/executors/engine/vector/ProductBenchmark.java",
                        "benchmark/java/org/espalier/executors/engine/vector/kernels/simd/Peak.java")]


ROWS = [os.path.join(HOME, "driver/src/test/java/org/espalier/driver/benchmark/ManyRows.java")]


def compiled(options, folder, sources):
    """Compiles the benchmarks into a folder and puts it on the class path."""
    java, *arguments, class_path, main = options.java
    javac = os.path.join(os.path.dirname(java), "javac")
    subprocess.run([javac, "--add-modules=jdk.incubator.vector", "-d", folder, "-cp", class_path, *sources], check=True)
    options.java = [java, *arguments, os.pathsep.join([folder, class_path]), main]


class Side:
    """A process that answers a line with a line."""

    def __init__(self, command, core):
        pin = ["taskset", "-c", str(core)] if core is not None and shutil.which("taskset") else []
        environment = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        self.process = subprocess.Popen(pin + command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment)
        self.build = self.read()["build"]

    def read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise SystemExit(f"benchmark: {' '.join(self.process.args[:6])} ... ended early")

    def ask(self, what, count):
        self.process.stdin.write(f"{what} {count}\n")
        self.process.stdin.flush()
        return self.read()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def has_torch(python):
    found = shutil.which(python)
    return bool(found) and subprocess.run([found, "-c", "import torch, numpy"], stderr=subprocess.DEVNULL).returncode == 0


def measure(work, options, java, torch):
    name, shape, batch, kept, goal, learning = work
    here = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as folder:
        samples = os.path.join(folder, "samples.bin")
        sides = [Side(java + [options.engine, name, shape, str(batch), str(kept), samples], options.core)]
        if torch:
            script = os.path.join(here, "torch_step.py")
            sides.append(Side([options.python, script, name, shape, str(batch), str(kept), samples], options.core))
        steps = []
        for side in sides:  # warm: compiled, and the length of a turn known
            n, end = 1, time.monotonic() + options.warm
            while time.monotonic() < end:
                n = max(1, round(min(2 * n, options.turn * 1e3 / side.ask("steps", n)["ms"])))
            steps.append(n)
        times = [[] for _ in sides]
        for _ in range(options.rounds):
            for side, n, found in zip(sides, steps, times):
                found.append(side.ask("steps", n)[options.clock])
        accuracies = [side.ask("accuracy", learning)["accuracy"] for side in sides] if options.accuracy else []
        for side in sides:
            side.end()
    medians = [statistics.median(t) for t in times]
    return dict(work=work, ms=medians, accuracies=accuracies, builds=[s.build for s in sides])


def row(found):
    name, shape, batch, kept, goal, _ = found["work"]
    ours, *theirs = found["ms"]
    ratio = f"{theirs[0] / ours:.2f}" if theirs else "-"
    peer = f"{theirs[0]:.3f}" if theirs else "-"
    accuracies = " / ".join(f"{a:.3f}" for a in found["accuracies"]) or "-"
    return f"| {name} {shape} | {batch} | {kept:g} | {ours:.3f} | {peer} | {ratio} | {goal:g} | {accuracies} |"


def predictions(options):
    """What `record: predictions` costs the cells of a folder, on the core; prints a table."""
    pin = ["taskset", "-c", str(options.core)] if shutil.which("taskset") else []
    *java, _ = options.java
    subprocess.run(pin + [*java, "org.espalier.executors.benchmark.EvaluationBenchmark", str(options.rounds),
                          os.path.abspath(options.predictions)], check=True)


def analysis(options, folder):
    """`analyze` of about 100,000 rows like those of a folder, in a JVM of 1 GiB of heap; prints its seconds."""
    many = os.path.join(folder, "many")
    *java, _ = options.java
    written = subprocess.run([*java, "org.espalier.driver.benchmark.ManyRows", os.path.abspath(options.analysis), many],
                             check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    environment = dict(os.environ, ESPALIER_JAVA_OPTS=os.environ.get("ESPALIER_JAVA_OPTS", "") + " -Xmx1g")
    for question in ["recall", "stability", "compensation", "tickets", "methods", None]:
        chosen = ["--question", question] if question else []
        start = time.monotonic()
        subprocess.run([os.path.join(HOME, "scripts/espalier"), "analyze", many, *chosen], check=True, env=environment,
                       stdout=subprocess.DEVNULL)
        print(f"{written} rows, 1 GiB of heap, {question or 'every question'}: {time.monotonic() - start:.1f} s", flush=True)


def products(options):
    """The products of dense layers beside the machine's multiply-add peak; the table as text."""
    pin = ["taskset", "-c", str(options.core)] if shutil.which("taskset") else []
    *java, _ = options.java
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "table.md")
        subprocess.run(pin + [*java, "org.espalier.executors.engine.vector.ProductBenchmark",
                              str(options.rounds), options.clock, table], check=True)
        with open(table, encoding="utf-8") as found:
            return found.read()


def save(lines, file):
    if file:
        with open(file, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")


def main():
    p = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__.split("\n")[0])
    p.add_argument("--only", help="work whose line has this word, e.g. lenet-5 or 0.1", default="")
    p.add_argument("--products", action="store_true",
                   help="time the products of lenet-300-100 beside the machine's multiply-add peak instead")
    p.add_argument("--predictions", metavar="FOLDER",
                   help="time evaluating and writing with and without predictions instead, beside the cells of this sweep")
    p.add_argument("--analysis", metavar="FOLDER",
                   help="time analyze on 100,000 rows like those of this sweep instead, with 1 GiB of heap")
    p.add_argument("--rounds", type=int, default=7)
    p.add_argument("--turn", type=float, default=0.5, help="seconds of a turn")
    p.add_argument("--warm", type=float, default=8, help="seconds before the first turn that counts")
    p.add_argument("--clock", choices=["ms", "cpu"], default="ms",
                   help="wall time, or processor time of the process where the machine is shared")
    p.add_argument("--engine", default="vector")
    p.add_argument("--python", default=sys.executable, help="a Python with torch and numpy")
    p.add_argument("--core", type=int, default=0)
    p.add_argument("--no-accuracy", dest="accuracy", action="store_false")
    p.add_argument("--out", help="file for the table; it is printed in any case")
    p.add_argument("--java", required=True, nargs=argparse.REMAINDER, help="set by scripts/benchmark")
    options = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compiled(options, folder, ROWS if options.analysis else SOURCES)
        if options.analysis:
            analysis(options, folder)
        else:
            run(options)


def run(options):
    if options.predictions:
        predictions(options)
        return
    if options.products:
        lines = products(options).splitlines()
        print("\n".join(lines))
        save(lines, options.out)
        return
    torch = has_torch(options.python)
    if not torch:
        print(f"benchmark: {options.python} has no PyTorch; ours are measured alone "
              "(python3 -m venv V && V/bin/pip install torch numpy; --python V/bin/python)", file=sys.stderr)
    lines = ["| network | batch | kept | ours, ms a step | PyTorch, ms | ratio | goal | accuracy ours / PyTorch |",
             "|---|---|---|---|---|---|---|---|"]
    builds = []
    print("\n".join(lines), flush=True)
    for work in WORK:
        if options.only in " ".join(str(part) for part in work):
            found = measure(work, options, options.java, torch)
            builds = found["builds"]
            lines.append(row(found))
            print(lines[-1], flush=True)
    lines += ["", f"{'; '.join(builds)}; {platform.machine()}, {os.cpu_count()} cores, one used; "
                  f"medians of {options.rounds} rounds in turns of {options.turn:g} s; {'wall' if options.clock == 'ms' else 'processor'} time."]
    print("\n".join(lines[-2:]))
    save(lines, options.out)


if __name__ == "__main__":
    main()
