"""Makes 18711001-steps.nwb from pyABF's sample file 18711001.abf.

    pip install pyabf==2.3.8 pynwb==4.2.0
    python make-example.py 18711001.abf 18711001-steps.nwb

Every sweep of the original holds a hyperpolarising pulse (-100 pA, 23-323 ms) and then a step of its own amplitude
(823-1323 ms). Of two sweeps the pulse is kept, of the others the step. Two runs give the same voltages and currents.
"""

import sys
from datetime import timezone
from uuid import UUID, uuid5

import numpy as np
import pyabf
from hdmf.backends.hdf5 import H5DataIO
from pynwb import NWBHDF5IO, NWBFile
from pynwb.icephys import CurrentClampSeries, CurrentClampStimulusSeries

# (sweep of the original, first sample, end sample) at 20 kHz
PULSE = (0, 10_468)  # 0-523.4 ms: 23.4 ms of rest, the 300 ms pulse, 200 ms of recovery
STEP = (14_468, 28_468)  # 723.4-1423.4 ms: 100 ms of rest, the 500 ms step, 100 ms after it
KEPT = [(0, PULSE), (1, PULSE), (4, STEP), (12, STEP), (22, STEP), (29, STEP)]


def compressed(values):
    return H5DataIO(values.astype(np.float32), compression="gzip", compression_opts=9, shuffle=True)


def main(source, target):
    abf = pyabf.ABF(source)
    assert abf.adcUnits == ["mV"] and abf.dacUnits == ["pA"] and abf.sweepCount == 30
    start = abf.abfDateTime.replace(tzinfo=timezone.utc)
    nwb = NWBFile(
        session_description="Current steps on one cell; 6 sweeps cut from pyABF's sample file 18711001.abf",
        identifier=str(uuid5(UUID(abf.fileGUID.strip("{}")), "18711001-steps")),
        session_start_time=start,
        file_create_date=start,
        protocol=abf.protocol,
        notes="Liquid junction potential not corrected. See ORIGIN.md for what was cut and for the licence.",
    )
    device = nwb.create_device(name="amplifier", description="not stated in the source")
    electrode = nwb.create_icephys_electrode(
        name="electrode", description="patch-clamp electrode", device=device
    )
    for number, (sweep, (begin, end)) in enumerate(KEPT):
        abf.setSweep(sweep)
        common = {
            "electrode": electrode,
            "rate": float(abf.dataRate),
            "starting_time": sweep * abf.sweepIntervalSec + begin / abf.dataRate,
            "gain": 1.0,
            "sweep_number": np.uint32(number),
            "description": f"sweep {sweep} of 18711001.abf, samples {begin} to {end}",
        }
        response = CurrentClampSeries(
            name=f"sweep_{number:02d}_response",
            data=compressed(abf.sweepY[begin:end]),
            conversion=1e-3,
            **common,
        )
        stimulus = CurrentClampStimulusSeries(
            name=f"sweep_{number:02d}_stimulus",
            data=compressed(abf.sweepC[begin:end]),
            conversion=1e-12,
            **common,
        )
        nwb.add_intracellular_recording(electrode=electrode, stimulus=stimulus, response=response)
    with NWBHDF5IO(target, "w") as io:
        io.write(nwb)


if __name__ == "__main__":
    main(*sys.argv[1:])
