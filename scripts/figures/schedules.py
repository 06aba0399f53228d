# SPDX-License-Identifier: Apache-2.0
"""Draws the figures of docs/schedules.md from the rows of the three sweeps that it shows, and prints their numbers.

  python3 -m venv V && V/bin/pip install matplotlib pandas pyarrow
  V/bin/python scripts/figures/schedules.py LOTTERY STABILITY TRANSFER docs/images

LOTTERY, STABILITY and TRANSFER are the folders of experiments/sweeps/lottery-mnist.yaml, stability-ramp.yaml and
transfer-fashion.yaml. Points are means over seeds, bars from the lowest seed to the highest.
"""
import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#555555"]
MARKERS = ["o", "s", "^", "D", "v"]


def rows(folder):
    frame = pd.read_parquet(pathlib.Path(folder) / "results")
    frame = frame[frame.status == "COMPLETED"]
    settings = frame.condition.map(lambda c: json.loads(c["schedule_settings"] or "{}"))
    return pd.DataFrame({
        "schedule": frame.condition.map(lambda c: c["schedule"]),
        "settings": settings,
        "method": frame.condition.map(lambda c: c["method"]),
        "method_settings": frame.condition.map(lambda c: json.loads(c["method_settings"] or "{}")),
        "level": frame.condition.map(lambda c: c["ratio"]),
        "seed": frame.seed,
        "kept": frame.sparsity.map(lambda s: 1 - s["achieved"]),
        "accuracy": frame.fine_tuned.map(lambda e: e["test"]["accuracy"]),
        "events": frame.events,
    })


def line(axes, frame, x, label, number):
    groups = frame.groupby(x).accuracy
    mean = groups.mean()
    axes.errorbar(mean.index, mean, yerr=[mean - groups.min(), groups.max() - mean], label=label, capsize=2,
                  color=COLOURS[number], marker=MARKERS[number], markersize=4, linewidth=1.2)
    print(label, "; ".join(f"{k:g}: {v:.4f}" for k, v in mean.items()))


def levels(axes, title, lines, control):
    axes.axhline(control.accuracy.mean(), color="black", linewidth=0.8, linestyle=":", label="dense network")
    for number, (label, frame) in enumerate(lines):
        line(axes, frame.assign(kept=100 * frame.kept.round(4)), "kept", label, number)
    axes.set_xscale("log")
    axes.invert_xaxis()
    ticks = sorted({round(100 * k, 1) for _, frame in lines for k in frame.kept.round(4)}, reverse=True)
    ticks = ticks if len(ticks) <= 5 else ticks[::2]
    axes.set_xticks(ticks)
    axes.set_xticklabels([f"{t:g}" for t in ticks])
    axes.minorticks_off()
    axes.set_xlabel("weights kept, % of those that may be pruned")
    axes.set_title(title, fontsize=10)
    axes.grid(alpha=0.25)


def lottery(folder, images):
    frame = rows(folder)
    figure, panels = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True)
    for axes, (to, title) in zip(panels, [("0ep", "rewound to the start"), ("500it", "rewound to 500 updates")]):
        here = frame[frame.settings.map(lambda s: s["rewind-to"] == to)]
        print("lottery", title)
        levels(axes, title,
               [(name, here[here.method == key]) for key, name in [
                   ("magnitude", "ticket"), ("random-reinitialisation", "random re-initialisation"),
                   ("random-mask", "random mask"), ("one-shot-ticket", "one-shot")]],
               here[here.method == "control"])
    panels[0].set_ylabel("test accuracy")
    panels[0].legend(fontsize=8, loc="lower left")
    save(figure, images, "lottery-mnist.png")


def stability(folder, images):
    frame = rows(folder)
    figure, panels = plt.subplots(1, 2, figsize=(10, 4.2))
    control = frame[frame.method == "control"]
    print("control", f"{control.accuracy.mean():.4f}")
    pruned = frame[frame.method != "control"].copy()
    pruned["stability"] = pruned.events.map(
        lambda events: 100 * (1 - sum(e["instability"] for e in events) / len(events)))
    pruned["count"] = pruned.events.map(len)
    pruned["target"] = pruned.apply(
        lambda r: "random" if r.method == "random" else r.method_settings.get("target", "small"), axis=1)
    for number, target in enumerate(["small", "random", "large"]):
        here = pruned[pruned.target == target]
        print(target, "by events")
        line(panels[0], here, "count", target, number)
        for events, size in [(17, 14), (5, 36), (2, 80)]:
            some = here[here["count"] == events]
            panels[1].scatter(some.stability, some.accuracy, s=size, color=COLOURS[number], alpha=0.7, linewidths=0,
                              marker=MARKERS[number], label=f"{target}, {events} events")
            print(f"  {events} events: mean stability {some.stability.mean():.2f} %, accuracy {some.accuracy.mean():.4f}")
    for axes in panels:
        axes.axhline(control.accuracy.mean(), color="black", linewidth=0.8, linestyle=":", label="not pruned")
        axes.grid(alpha=0.25)
        axes.set_ylabel("test accuracy at the end")
    panels[0].set_xscale("log")
    panels[0].set_xticks([2, 5, 17])
    panels[0].set_xticklabels(["2", "5", "17"])
    panels[0].minorticks_off()
    panels[0].set_xlabel("events to the ratio 0.9")
    panels[0].legend(fontsize=8, title="pruned first")
    panels[1].set_xlabel("mean stability, %")
    panels[1].legend(fontsize=7, ncol=2)
    print(f"Pearson r of stability and accuracy, {len(pruned)} rows: {pruned.stability.corr(pruned.accuracy):.3f}")
    for target in ["small", "random", "large"]:
        here = pruned[pruned.target == target]
        print(f"  among {target}: {here.stability.corr(here.accuracy):.3f}")
    save(figure, images, "stability-ramp.png")


def transfer(folder, images):
    frame = rows(folder)
    figure, axes = plt.subplots(figsize=(6, 4.2))
    there = frame[frame.schedule == "mask-from"]
    print("transfer")
    levels(axes, "Fashion-MNIST",
           [("its own ticket", frame[(frame.schedule == "lottery") & (frame.method == "magnitude")]),
            ("ticket of MNIST", there[there.method == "magnitude"]),
            ("that mask, new weights", there[there.method == "random-reinitialisation"]),
            ("that mask, shuffled", there[there.method == "random-mask"])],
           frame[frame.method == "control"])
    axes.set_ylabel("test accuracy")
    axes.legend(fontsize=8, loc="lower left")
    save(figure, images, "transfer-fashion.png")


def save(figure, images, name):
    figure.tight_layout()
    figure.savefig(pathlib.Path(images) / name, dpi=110)
    plt.close(figure)


def main():
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    lottery(sys.argv[1], sys.argv[4])
    stability(sys.argv[2], sys.argv[4])
    transfer(sys.argv[3], sys.argv[4])


if __name__ == "__main__":
    main()
