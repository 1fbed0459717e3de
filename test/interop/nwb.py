"""What PyNWB reads in the files of nwb_write.py: facts as JSON on stdout, samples (V or A, 64-bit floats) in OUT.

python nwb.py FOLDER OUT
"""

import json
import sys

import h5py
import numpy
from nwb_write import write
from pynwb import NWBHDF5IO


def samples(series, start, count, out):
    values = numpy.asarray(series.data)[start : start + count].astype("f8") * series.conversion + series.offset
    out.write(values.tobytes())


def rate(series):
    if series.rate is not None:
        return series.rate
    times = numpy.asarray(series.timestamps)
    return (len(times) - 1) / (times[-1] - times[0])


def of_first_version(path, sweeps, out):
    """PyNWB reads NWB 2 alone."""
    with h5py.File(path, "r") as file:
        answer = []
        for response, stimulus, start, count, stimulus_start in sweeps:
            for series, first in ((response, start), (stimulus, stimulus_start)):
                data = file[series]["data"]
                out.write((data[first : first + count].astype("f8") * data.attrs["conversion"]).tobytes())
            answer.append(
                {
                    "response": response,
                    "stimulus": stimulus,
                    "start": start,
                    "count": count,
                    "rateHz": float(file[response]["starting_time"].attrs["rate"]),
                    "electrode": file[response]["electrode_name"][()].decode(),
                    "number": None,
                    "izero": False,
                }
            )
        return {"path": path, "version": file["nwb_version"][()].decode()[4:], "sweeps": answer}


def described(path, sweeps, out):
    with NWBHDF5IO(path, "r", load_namespaces=True) as io:
        file = io.read()
        answer = []
        for response, stimulus, start, count, stimulus_start in sweeps:
            series = file.acquisition[response.split("/")[-1]]
            samples(series, start, count, out)
            if stimulus is not None:
                samples(file.stimulus[stimulus.split("/")[-1]], stimulus_start, count, out)
            answer.append(
                {
                    "response": response,
                    "stimulus": stimulus,
                    "start": start,
                    "count": count,
                    "rateHz": rate(series),
                    "electrode": series.electrode.name,
                    "number": None if series.sweep_number is None else int(series.sweep_number),
                    "izero": series.neurodata_type == "IZeroClampSeries",
                }
            )
        return {"path": path, "version": io.nwb_version[0], "sweeps": answer}


def main(folder, out_path):
    with open(out_path, "wb") as out:
        answers = []
        for name, sweeps in write(folder):
            read = of_first_version if name.startswith("version 1") else described
            answers.append(read(f"{folder}/{name}", sweeps, out))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
