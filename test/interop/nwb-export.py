"""Reads runs exported as NWB with PyNWB, checks them with its validator and the inspector, and prints what they hold as JSON: nwb-export.py FOLDER FILE…"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from nwbinspector import inspect_nwbfile
from pynwb import NWBHDF5IO, validate

folder = Path(sys.argv[1])
samples = pd.read_csv(folder / "fit/posterior-samples.csv")
predictive = pd.read_csv(folder / "fit/predictive.csv")


def same(table, frame):
    return list(table.columns) == list(frame.columns) and bool(
        np.array_equal(table.to_numpy(float), frame.to_numpy(float), equal_nan=True)
    )


def look(name):
    path = str(folder / name)
    with NWBHDF5IO(path, "r") as io:
        file = io.read()
        module = next(module for key, module in file.processing.items() if key.startswith("chronaxie_"))
        table = {key: found.to_dataframe() for key, found in module.data_interfaces.items()}
    messages = [message for message in inspect_nwbfile(nwbfile_path=path)]
    found = validate(path=path)
    return {
        "validation": [str(error) for error in found],
        "messages": [f"{m.importance.name} {m.check_function_name} {m.object_name}" for m in messages],
        "samples": same(samples, table["posterior_samples"]),
        "predictive": same(predictive, table["predictive_features"]),
        "parameters": table["parameters"].to_dict("list"),
        "observed": dict(zip(table["features"]["feature"], table["features"]["observed"])),
        "provenance": dict(zip(table["provenance"]["key"], table["provenance"]["value"])),
        "series": len(file.acquisition),
    }


print(json.dumps({name: look(name) for name in sys.argv[2:]}).replace("NaN", "null"))
