#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Turn the raw measurements of tests/bench/run into a table, JSON and a plot."""

import argparse
import json
import statistics
import sys
from pathlib import Path

FIELDS = ("ios", "seconds", "mb_per_s", "p50_us", "p99_us", "kernel_us_per_io", "busy_us_per_io")
# Ratios ours / in-tree: key, heading, whether more is better.
RATIOS = (
    ("iops", "throughput", True),
    ("kernel_us_per_io", "kernel CPU per I/O", False),
    ("p99_us", "99th percentile latency", False),
    ("instructions_per_io", "instructions per I/O", False),
)


def read_raw(path):
    """{workload: {driver: [one dict per round]}}, rounds and workloads in order."""
    runs = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        words = line.split("\t")
        if len(words) != len(FIELDS) + 3:
            sys.exit(f"report: {path}:{number}: {len(words)} fields, not {len(FIELDS) + 3}")
        _, driver, workload = words[:3]
        run = dict(zip(FIELDS, map(float, words[3:])))
        run["iops"] = run["ios"] / run["seconds"]
        runs.setdefault(workload, {}).setdefault(driver, []).append(run)
    for workload, drivers in runs.items():
        if len(drivers.get("ours", [])) != len(drivers.get("intree", [])):
            sys.exit(f"report: {workload}: not as many rounds of ours as of the in-tree driver")
    if not runs:
        sys.exit(f"report: {path} holds no measurement")
    return runs


def add_counts(path, runs):
    """Instructions per I/O; they were counted in rounds of their own."""
    counts = {}
    for line in path.read_text().splitlines():
        _, driver, workload, number = line.split("\t")
        counts.setdefault((workload, driver), []).append(float(number))
    for workload, drivers in runs.items():
        for driver, measured in drivers.items():
            found = counts.get((workload, driver), [0])
            for n, run in enumerate(measured):
                run["instructions_per_io"] = found[n % len(found)]


def ratio(pairs, key):
    """Median and range of ours / in-tree, round by round; None when it cannot be said."""
    values = sorted(o[key] / i[key] for o, i in pairs if i[key] > 0)
    if not values:
        return None
    return {"median": statistics.median(values), "min": values[0], "max": values[-1]}


def summarize(runs):
    summary = []
    for workload, drivers in runs.items():
        pairs = list(zip(drivers["ours"], drivers["intree"]))
        entry = {"workload": workload, "rounds": len(pairs), "ratio": {}}
        for driver, measured in drivers.items():
            entry[driver] = {
                key: statistics.median(run[key] for run in measured)
                for key in ("iops",) + FIELDS[2:] + ("instructions_per_io",)
            }
        for key, _, _ in RATIOS:
            entry["ratio"][key] = ratio(pairs, key)
        summary.append(entry)
    return summary


def show_ratio(value):
    if value is None:
        return "-"
    return f"**{value['median']:.2f}** ({value['min']:.2f}-{value['max']:.2f})"


def markdown(summary, facts):
    lines = [
        "# rbd.ko of rbdshare against the in-tree driver",
        "",
        f"rbdshare {facts['version']}, kernel {facts['kernel']}, {facts['rounds']} rounds of "
        f"{facts['runtime']} s in alternation, one image of {facts['size']} MB, "
        f"node with {facts['smp']} processor(s) under {facts['accel']}, Ceph 16.2 with 2 OSDs in "
        "memory on the same host. Ratios are ours / in-tree, median (smallest-largest); "
        "above 1 is better for throughput, below 1 for the others. "
        "Node and OSDs share the host's processors, so compare ratios, not numbers.",
        "",
        "| workload | throughput | kernel CPU per I/O | p99 latency | instructions per I/O "
        "| IOPS ours / in-tree | kernel us per I/O ours / in-tree "
        "| instructions per I/O ours / in-tree |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry in summary:
        cells = [entry["workload"]]
        cells += [show_ratio(entry["ratio"][key]) for key, _, _ in RATIOS]
        for key, form in (
            ("iops", "{:.0f}"),
            ("kernel_us_per_io", "{:.1f}"),
            ("instructions_per_io", "{:.0f}"),
        ):
            cells.append(" / ".join(form.format(entry[d][key]) for d in ("ours", "intree")))
        lines.append("| " + " | ".join(cells) + " |")
    lines += [
        "",
        "Instructions are those of tasks (fio, block layer, driver, libceph, TCP) on a second node "
        "whose clock counts them: what else the machine does is not in them, nor are interrupts "
        "of an idle processor.",
    ]
    if facts["rounds"] < 3:
        lines += ["", "Fewer than 3 rounds: this shows that it runs, not who is faster."]
    return "\n".join(lines + [""])


def bar(x, y, scale, value, better_above):
    """One bar of the plot from the line at 1.0, its range as a whisker, its number."""
    zero = x + scale
    end = x + min(value["median"], 2.0) * scale
    good = (value["median"] >= 1) == better_above
    colour = "#2f6f4f" if good else "#a8442a"
    low, high = (x + min(value[k], 2.0) * scale for k in ("min", "max"))
    return (
        f'<rect x="{min(zero, end):.1f}" y="{y}" width="{max(abs(end - zero), 1):.1f}" '
        f'height="14" fill="{colour}"/>'
        f'<line x1="{low:.1f}" y1="{y + 7}" x2="{high:.1f}" y2="{y + 7}" stroke="#222"/>'
        f'<text x="{max(end, high, zero) + 5:.1f}" y="{y + 12}">{value["median"]:.2f}</text>'
    )


def svg(summary, facts):
    left, panel, gap, top, row, scale = 150, 230, 20, 74, 26, 90
    width = left + len(RATIOS) * (panel + gap)
    height = top + row * len(summary) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="12" '
        'fill="#222" role="img">',
        "<title>rbd.ko of rbdshare against the in-tree driver: median ratios</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="22" font-size="16">rbdshare {facts["version"]} / in-tree rbd, '
        f'kernel {facts["kernel"]}, median of {facts["rounds"]} rounds</text>',
    ]
    for n, (key, heading, better_above) in enumerate(RATIOS):
        x = left + n * (panel + gap)
        word = "more" if better_above else "less"
        parts.append(f'<text x="{x}" y="48">{heading} ({word} is better)</text>')
        parts.append(
            f'<line x1="{x + scale}" y1="{top - 14}" x2="{x + scale}" '
            f'y2="{height - 30}" stroke="#888" stroke-dasharray="3 3"/>'
        )
        for tick in (0, 0.5, 1, 1.5, 2):
            parts.append(
                f'<text x="{x + tick * scale:.0f}" y="{height - 12}" '
                f'text-anchor="middle" fill="#555">{tick:g}</text>'
            )
        for line, entry in enumerate(summary):
            y = top + line * row
            value = entry["ratio"][key]
            parts.append(
                bar(x, y, scale, value, better_above)
                if value
                else f'<text x="{x}" y="{y + 12}">not measured</text>'
            )
    for line, entry in enumerate(summary):
        parts.append(f'<text x="10" y="{top + line * row + 12}">{entry["workload"]}</text>')
    return "\n".join(parts + ["</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--count", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    for name in ("kernel", "accel", "version"):
        parser.add_argument("--" + name, required=True)
    for name in ("rounds", "runtime", "size", "smp"):
        parser.add_argument("--" + name, type=int, required=True)
    args = parser.parse_args()
    facts = {k: v for k, v in vars(args).items() if k not in ("raw", "count", "out")}
    runs = read_raw(args.raw)
    add_counts(args.count, runs)
    summary = summarize(runs)
    (args.out / "results.md").write_text(markdown(summary, facts))
    (args.out / "results.svg").write_text(svg(summary, facts))
    (args.out / "results.json").write_text(
        json.dumps({"schema": 1, "facts": facts, "summary": summary, "runs": runs}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
