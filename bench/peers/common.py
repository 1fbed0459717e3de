"""What the peers' scripts share: the problem, processor time, spike times. Called as `python PEER.py PROBLEM.json RESULT.json`."""

import json
import resource
import sys

import numpy as np

with open(sys.argv[1]) as file:
    problem = json.load(file)
theta = {name: np.array(column) for name, column in problem["theta"].items()}
SETS = len(theta["gNa"])


def steps_of(dt):
    return round(problem["durationMs"] / dt)


def rate_over(z):
    """z/(e^z - 1)"""
    return np.where(np.abs(z) < 1e-4, 1 - z / 2, z / np.expm1(np.where(z == 0, 1, z)))


def steady_gates(v):
    """m, h, n and p of every parameter set after a long time at a voltage."""
    x = v + theta["negVT"]
    a_m, b_m = 0.32 * rate_over(-0.25 * (x - 13)) / 0.25, 0.28 * rate_over(0.2 * (x - 40)) / 0.2
    a_h, b_h = 0.128 * np.exp(-(x - 17) / 18), 4 / (1 + np.exp(-0.2 * (x - 40)))
    a_n, b_n = 0.032 * rate_over(-0.2 * (x - 15)) / 0.2, 0.5 * np.exp(-(x - 10) / 40)
    p = np.full(SETS, 1 / (1 + np.exp(-0.1 * (v + 35))))
    return {"m": a_m / (a_m + b_m), "h": a_h / (a_h + b_h), "n": a_n / (a_n + b_n), "p": p}


def user_seconds(run, children=False):
    """Processor time that a call spends outside the system, in all threads."""
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    before = resource.getrusage(who).ru_utime
    run()
    return resource.getrusage(who).ru_utime - before


def spike_times(voltage, dt):
    """voltage: [sets][steps], the first at t = 0. Upward crossings, linear between samples."""
    level = problem["spikeMv"]
    times = []
    for v in np.asarray(voltage, dtype=float)[: problem["judged"]]:
        i = np.flatnonzero((v[:-1] < level) & (v[1:] >= level))
        times.append((dt * (i + (level - v[i]) / (v[i + 1] - v[i]))).tolist())
    return times


def point(dt, seconds, voltage):
    """One point of a curve; seconds: processor time of each repetition."""
    bad = int(np.sum(~np.all(np.isfinite(voltage), axis=1)))
    return {"dtMs": dt, "seconds": seconds, "sets": len(voltage), "notFinite": bad, "spikes": spike_times(voltage, dt)}


def write(versions, series):
    with open(sys.argv[2], "w") as file:
        json.dump({"versions": versions, "series": series}, file)
