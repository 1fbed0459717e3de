"""Reads a run's exports with SciPy, NumPy and ArviZ, and prints what they hold as JSON: exports.py FOLDER ID"""

import json
import sys
from pathlib import Path

import arviz as az
import matplotlib
import numpy as np
import pandas as pd
from scipy.io import loadmat

matplotlib.use("Agg")
folder, run = Path(sys.argv[1]), sys.argv[2]
samples = pd.read_csv(folder / "fit/posterior-samples.csv")
predictive = pd.read_csv(folder / "fit/predictive.csv")


def matches(table, values):
    """Whether every number is the same to the last bit; NaN where a cell is empty."""
    values = np.asarray(values, dtype=float)
    return values.shape == table.shape and bool(np.array_equal(table.to_numpy(float), values, equal_nan=True))


def blanked(values, bad):
    """predictive.csv keeps the row of a bad simulation, empty."""
    values = np.array(values, dtype=float)
    values[np.asarray(bad).ravel() != 0] = np.nan
    return values


npz = np.load(folder / f"{run}.npz")
mat = loadmat(folder / f"{run}.mat")
words = lambda cells: [str(cell.item()) if cell.size else "" for cell in cells.ravel()]
data = az.from_netcdf(folder / f"{run}.nc")
table = az.summary(data, kind="stats")
az.plot_posterior(data, var_names=list(samples.columns)[:2])
az.plot_ppc(data, data_pairs={"spikeCount": "spikeCount"}, num_pp_samples=20)
draws = np.stack([data.posterior[name].values[0] for name in samples.columns], axis=1)
predicted = np.stack([data.posterior_predictive[name].values[0] for name in predictive.columns], axis=1)

print(
    json.dumps(
        {
            "npz": {
                "names": [str(name) for name in npz["parameter_names"]],
                "units": [str(unit) for unit in npz["parameter_units"]],
                "samples": matches(samples, npz["samples"]),
                "predictive": matches(predictive, blanked(npz["predictive_x"], npz["predictive_bad"])),
                "simulations": list(npz["theta"].shape) + list(npz["x"].shape),
                "provenance": json.loads(str(npz["provenance"])),
            },
            "mat": {
                "names": words(mat["parameter_names"]),
                "units": words(mat["parameter_units"]),
                "samples": matches(samples, mat["samples"]),
                "predictive": matches(predictive, blanked(mat["predictive_x"], mat["predictive_bad"])),
                "simulations": list(mat["theta"].shape) + list(mat["x"].shape),
                "provenance": json.loads(str(mat["provenance"][0])),
            },
            "netcdf": {
                "groups": sorted(data.groups()),
                "samples": matches(samples, draws),
                "predictive": matches(predictive, predicted),
                "means": {name: float(table.loc[name, "mean"]) for name in samples.columns},
                "lpFinite": bool(np.isfinite(data.sample_stats.lp.values).all()),
                "units": {name: data.posterior[name].attrs.get("units", "") for name in samples.columns},
                "observed": {name: float(data.observed_data[name]) for name in predictive.columns},
                "provenance": json.loads(data.attrs["provenance"]),
            },
            "sampleMeans": samples.mean().to_dict(),
            "counts": {"samples": samples.size, "predictive": predictive.size},
        }
    ).replace("NaN", "null")
)
