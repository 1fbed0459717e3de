"""NEURON and CoreNEURON: one compartment per parameter set, all in one process and thread."""

import sys

import neuron
import numpy as np
from neuron import coreneuron, h

import common

AREA_CM2 = 1e-5
DIAMETER_UM = (AREA_CM2 * 1e8 / np.pi) ** 0.5

h.load_file("stdrun.hoc")
pc = h.ParallelContext()


class Population:
    def __init__(self, sets):
        self.cells, self.clamps, self.traces = [], [], []
        for i in range(sets):
            cell = h.Section(name=f"cell{i}")
            cell.L = cell.diam = DIAMETER_UM
            cell.cm = 1
            cell.insert("hh8")
            for name in ("tauMax", "negVT", "negEl"):
                setattr(cell(0.5).hh8, name, common.theta[name][i])
            for name in ("gNa", "gK", "gl", "gM"):
                setattr(cell(0.5).hh8, name, common.theta[name][i] * 1e-3)
            clamp = h.IClamp(cell(0.5))
            clamp.delay = common.problem["startMs"]
            clamp.dur = common.problem["endMs"] - common.problem["startMs"]
            clamp.amp = common.problem["uAPerCm2"] * AREA_CM2 * 1e3
            self.cells.append(cell)
            self.clamps.append(clamp)
            self.traces.append(h.Vector().record(cell(0.5)._ref_v))

    def run(self, dt):
        h.dt = dt
        h.steps_per_ms = 1 / dt
        h.finitialize(common.problem["initialMv"])
        pc.psolve(common.problem["durationMs"] - dt / 4)

    def voltage(self):
        return np.array([trace.as_numpy() for trace in self.traces])


def curve(simulator, variant, secondorder, steps, population, repeats=3):
    h.secondorder = secondorder
    points = []
    for dt in steps:
        population.run(dt)
        seconds = [common.user_seconds(lambda: population.run(dt)) for _ in range(repeats)]
        points.append(common.point(dt, seconds, population.voltage()))
        print(f"{simulator} {variant} dt {dt}: {min(seconds):.2f} s", flush=True)
    return {"simulator": simulator, "variant": variant, "points": points}


population = Population(common.SETS)
pc.set_maxstep(10)
series = [
    curve("NEURON", "default", 0, [0.005, 0.01, 0.025], population),
    curve("NEURON", "secondorder = 2", 2, [0.01, 0.025, 0.04], population),
]
del population
judged = Population(common.problem["judged"])
check = curve("NEURON", "check of the reference", 2, [0.001], judged, repeats=1)
series.append(check)
del judged
population = Population(common.SETS)
try:
    h.CVode().cache_efficient(True)
    coreneuron.enable = True
    coreneuron.verbose = 0
    series.append(curve("CoreNEURON", "default", 0, [0.005, 0.01, 0.025], population))
    series.append(curve("CoreNEURON", "secondorder = 2", 2, [0.01, 0.025, 0.04], population))
except Exception as error:
    print(f"CoreNEURON left out: {error}", file=sys.stderr)
common.write({"NEURON": neuron.__version__}, series)
