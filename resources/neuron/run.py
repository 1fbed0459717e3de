"""The cell of a Chronaxie run in NEURON: builds it with the MAP or a posterior draw, and replays the protocol.

    nrnivmodl                      once, in this folder
    python run.py                  the MAP, every sweep of the fit
    python run.py --draw 12        row 12 (from 0) of posterior-samples.csv
    python run.py --noise 1        with the model's noise, from this seed
    python run.py --variable-step  with CVode instead of the fit's time step

Prints the spike times as JSON and, with --out, writes each sweep's voltage as CSV.
In a script of your own:  from run import Cell;  cell = Cell();  cell.section is the cell, cell.area_cm2 its membrane.
"""

import argparse
import csv
import json
import os
from pathlib import Path

os.environ.setdefault("NEURON_MODULE_OPTIONS", "-nogui")
import neuron  # noqa: E402
from neuron import h  # noqa: E402

FOLDER = Path(__file__).resolve().parent
SPIKE_MV = -20.0


class Cell:
    """One section of one segment with the model's mechanism; `draw` is a row of posterior-samples.csv, None the MAP."""

    def __init__(self, draw=None):
        self.about = json.loads((FOLDER / "cell.json").read_text(encoding="utf-8"))
        self.parameters = {**self.about["fixed"], **(self.about["map"] if draw is None else posterior_draw(draw))}
        name = self.about["mechanism"]
        if not mechanism_exists(name):
            neuron.load_mechanisms(str(FOLDER))
        if not mechanism_exists(name):
            raise SystemExit(f"The mechanism {name} is not compiled: run nrnivmodl in {FOLDER} first.")
        self.section = h.Section(name="cell")
        self.section.nseg = 1
        self.section.insert(name)
        self.segment = self.section(0.5)
        for parameter, identifier in self.about["identifiers"].items():
            setattr(self.segment, f"{identifier}_{name}", self.parameters[parameter])
        h.finitialize(-65)  # the mechanism's INITIAL computes the capacitance of these parameters
        self.section.cm = getattr(self.segment, f"{self.about['capacitance']}_{name}")
        self.area_cm2 = self.about["capacitancePf"] * 1e-6 / self.section.cm
        # A cylinder as long as wide: its side is the membrane.
        self.section.L = self.section.diam = (self.area_cm2 * 1e8 / h.PI) ** 0.5

    def variable(self, key):
        """A pointer to what cell.json names: the injected current density, the voltage with its spikes drawn in."""
        return getattr(self.segment, f"_ref_{key}_{self.about['mechanism']}")

    def replay(self, sweep, dt=None, noise=None, variable_step=False):
        """Simulates a sweep of cell.json. Returns times (ms) and voltages (mV), as lists."""
        dt = sweep["dtMs"] if dt is None else dt
        changes = [row for row in read_protocol() if row[0] == sweep["sweep"]]
        times, densities = h.Vector([row[1] for row in changes]), h.Vector([row[2] for row in changes])
        densities.play(self.variable(self.about["stimulus"]), times)
        normals = []
        if noise is not None:
            for stream, name in enumerate(self.about["normals"]):
                generator = h.Random()
                generator.Random123(noise, stream, sweep["sweep"])
                generator.normal(0, 1)
                generator.play(self.variable(name))
                normals.append(generator)
        shown = self.about["shown"]
        voltage = h.Vector().record(self.variable(shown) if shown else self.segment._ref_v)
        at = h.Vector().record(h._ref_t)
        cvode = h.CVode()
        if variable_step:
            if self.about["variableStep"] is None:
                raise SystemExit("This model resets its voltage at a spike, which a variable time step cannot follow.")
            cvode.atol(1e-6)
        if self.about["variableStep"] is not None:
            setattr(h, f"{self.about['variableStep']}_{self.about['mechanism']}", int(variable_step))
        cvode.active(variable_step)
        h.secondorder = 0
        h.dt = dt
        h.finitialize(sweep["initialMv"])
        if variable_step:
            cvode.solve(sweep["durationMs"])
        else:
            for _ in range(round(sweep["durationMs"] / dt)):
                h.fadvance()
        densities.play_remove()
        return list(at), list(voltage)


def mechanism_exists(name):
    mechanisms = h.MechanismType(0)
    found = h.ref("")
    for i in range(int(mechanisms.count())):
        mechanisms.select(i)
        mechanisms.selected(found)
        if found[0] == name:
            return True
    return False


def posterior_draw(row):
    with open(FOLDER / "posterior-samples.csv", encoding="utf-8", newline="") as file:
        draws = list(csv.DictReader(file))
    if not 0 <= row < len(draws):
        raise SystemExit(f"posterior-samples.csv has {len(draws)} draws, numbered from 0.")
    return {name: float(value) for name, value in draws[row].items()}


def read_protocol():
    """Sweep, time (ms) and density (uA/cm2 of the whole membrane, inward positive) from there on."""
    with open(FOLDER / "protocol.csv", encoding="utf-8", newline="") as file:
        return [(int(row["sweep"]), float(row["timeMs"]), float(row["uAPerCm2"])) for row in csv.DictReader(file)]


def spike_times(times, voltages, level=SPIKE_MV):
    """The time of the highest voltage of each excursion above a level."""
    spikes, best = [], None
    for time, voltage in zip(times, voltages):
        if voltage < level:
            if best is not None:
                spikes.append(best[1])
            best = None
        elif best is None or voltage > best[0]:
            best = (voltage, time)
    return spikes


def main():
    parser = argparse.ArgumentParser(description="Replays the protocol of a Chronaxie run in NEURON.")
    parser.add_argument("--draw", type=int, help="row of posterior-samples.csv, from 0; without it the MAP")
    parser.add_argument("--dt", type=float, help="time step, ms; without it that of the fit")
    parser.add_argument("--noise", type=int, help="seed of the model's noise; without it there is none")
    parser.add_argument("--variable-step", action="store_true", help="CVode instead of a fixed step")
    parser.add_argument("--out", type=Path, help="folder for the voltages, one CSV a sweep")
    options = parser.parse_args()
    cell = Cell(options.draw)
    result = []
    for sweep in cell.about["sweeps"]:
        times, voltages = cell.replay(sweep, options.dt, options.noise, options.variable_step)
        spikes = [round(time, 6) for time in spike_times(times, voltages)]
        result.append({"sweep": sweep["sweep"], "spikes": len(spikes), "spikeTimesMs": spikes})
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            with open(options.out / f"sweep-{sweep['sweep']}.csv", "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["timeMs", "voltageMv"])
                writer.writerows((f"{time:.9g}", f"{voltage:.9g}") for time, voltage in zip(times, voltages))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
