"""What pyABF reads in ABF files: header facts as JSON on stdout, samples and commands in one binary file.

python abf.py OUT FILE… For each file, channel and sweep, OUT holds the sweep as 32-bit floats and then, where the header
has an epoch table for it, the command as 64-bit floats; the JSON says how many of each.
"""

import json
import struct
import sys
import warnings

import numpy
import pyabf


def true_holding(path, abf):
    """The holding levels of ABF 1. pyABF 2.3.8 takes the epochs' first levels for them (fEpochInitLevel)."""
    with open(path, "rb") as file:
        file.seek(1394)
        return list(struct.unpack("4f", file.read(16)))


def described(path, out):
    abf = pyabf.ABF(path)
    version = 1 if abf.abfVersion["major"] == 1 else 2
    replaced = False
    if version == 1:
        holding = true_holding(path, abf)
        replaced = list(abf.holdingCommand[:4]) != holding
        abf.holdingCommand = holding
    # before 1.6 the epoch table lies elsewhere, where pyABF does not look
    tables = version == 2 or abf._headerV1.fFileVersionNumber > 1.595
    channels = []
    for channel in range(abf.channelCount):
        sweeps = []
        for sweep in range(abf.sweepCount):
            abf.setSweep(sweep, channel)
            measured = numpy.ascontiguousarray(abf.sweepY, dtype="<f4")
            out.write(measured.tobytes())
            command = numpy.zeros(0)
            if tables and channel < (2 if version == 1 else len(abf.dacUnits)):
                command = numpy.ascontiguousarray(abf.sweepC, dtype="<f8")
                out.write(command.tobytes())
            sweeps.append([len(measured), len(command)])
        channels.append(sweeps)
    return {
        "version": abf.abfVersionString,
        "rateHz": abf.dataRate,
        "names": abf.adcNames,
        "units": abf.adcUnits,
        "outputNames": [name.strip("\0 ") for name in abf.dacNames],
        "outputUnits": [unit.strip("\0 ") for unit in abf.dacUnits],
        "protocol": abf.protocol,
        "tags": list(zip(abf.tagTimesSec, [comment.strip("\0 ") for comment in abf.tagComments])),
        "holdingReplaced": replaced,
        "channels": channels,
    }


def main(out, paths):
    warnings.simplefilter("ignore")
    with open(out, "wb") as file:
        print(json.dumps([described(path, file) for path in paths]))


main(sys.argv[1], sys.argv[2:])
