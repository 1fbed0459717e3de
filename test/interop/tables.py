"""Writes the same made-up sweeps as plain HDF5 (h5py) and as tables (NumPy, pandas), and their samples as float64: folder."""

import json
import sys
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

folder = Path(sys.argv[1])
random = np.random.default_rng(7)
sweeps, samples, rate = 3, 5000, 20_000
time = np.arange(samples) / rate
voltage = -65 + random.normal(0, 2, (sweeps, samples))  # mV
current = np.zeros((sweeps, samples))
current[:, 1000:4000] = 50.0 * np.arange(1, sweeps + 1)[:, None]  # pA

with h5py.File(folder / "matrix.h5", "w") as file:
    file["time"] = time
    file["time"].attrs["unit"] = "s"
    for name, values, unit in (("voltage", voltage * 1e-3, "V"), ("current", current * 1e-12, "A")):
        file.create_dataset(name, data=values, chunks=(1, 500), compression="gzip")
        file[name].attrs["unit"] = unit

columns = {"time (ms)": time * 1000}
for i in range(sweeps):
    columns[f"voltage {i + 1} (mV)"] = voltage[i]
    columns[f"current {i + 1} (pA)"] = current[i]
frame = pd.DataFrame(columns)
frame.to_csv(folder / "point.csv", index=False)
frame.to_csv(folder / "comma.csv", index=False, sep=";", decimal=",")
frame.to_csv(folder / "tabs.tsv", index=False, sep="\t")

np.concatenate([voltage.ravel(), current.ravel()]).astype("<f8").tofile(folder / "samples.bin")
print(json.dumps({"sweeps": sweeps, "samples": samples, "rateHz": rate}))
