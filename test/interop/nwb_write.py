"""NWB files that differ in what files of other labs differ in, written with PyNWB, changed with h5py where PyNWB no longer
writes what older programs wrote.

write(folder) returns for each file its name and its sweeps: (response, stimulus or None, first sample, number of samples,
first stimulus sample), with series named by their paths.
"""

import os
import random
from datetime import datetime, timezone

import h5py
import numpy
from pynwb import H5DataIO, NWBHDF5IO, NWBFile, TimeSeries, get_class, load_namespaces
from pynwb.icephys import (
    CurrentClampSeries,
    CurrentClampStimulusSeries,
    IZeroClampSeries,
    VoltageClampSeries,
    VoltageClampStimulusSeries,
)
from pynwb.spec import NWBGroupSpec, NWBNamespaceBuilder

RATE = 20_000.0
SAMPLES = 2000
ROOT = "/general/intracellular_ephys"


def command(level, samples=SAMPLES):
    pa = numpy.zeros(samples)
    pa[samples // 4 : 3 * samples // 4] = level
    return pa


def voltage(pa, seed):
    return -70 + 0.1 * pa + numpy.random.default_rng(seed).normal(0, 0.2, len(pa))


def integers(values, conversion, offset, kind):
    return numpy.round((values - offset) / conversion).astype(kind)


class Lab:
    """One file in the making."""

    def __init__(self, electrodes=("elec0",), version="2.9.0"):
        start = datetime(2020, 1, 1, tzinfo=timezone.utc)
        self.file = NWBFile("made for a test", "made", start)
        device = self.file.create_device("amplifier")
        self.electrodes = [
            self.file.create_icephys_electrode(name=name, description="pipette", device=device)
            for name in electrodes
        ]
        self.sweeps = []

    def pair(self, number, names, level=None, electrode=0, seed=None, change=(), stimulus_change=(), kind=float):
        """A response and its stimulus; data in V and A."""
        level = -100 + 40 * number if level is None else level
        pa = command(level)
        mv = voltage(pa, number * 7 + electrode if seed is None else seed)
        common = dict(electrode=self.electrodes[electrode], rate=RATE, starting_time=float(number))
        response_data, stimulus_data, scaling, stimulus_scaling = mv * 1e-3, pa * 1e-12, {}, {}
        if kind is not float:
            scaling = dict(conversion=3.0517578125e-5, offset=-0.002)
            stimulus_scaling = dict(conversion=5e-13)
            response_data = integers(mv * 1e-3, scaling["conversion"], scaling["offset"], kind)
            stimulus_data = integers(pa * 1e-12, stimulus_scaling["conversion"], 0, kind)
        response = dict(common, gain=0.01, **scaling) | dict(change)
        stimulus = dict(common, gain=0.4, **stimulus_scaling) | dict(stimulus_change)
        if "timestamps" in response:
            del response["rate"], response["starting_time"]
        if "timestamps" in stimulus:
            del stimulus["rate"], stimulus["starting_time"]
        wrap = response.pop("wrap", lambda values: values)
        series = CurrentClampSeries(name=names[0], data=wrap(response.pop("data", response_data)), **response)
        self.file.add_acquisition(series)
        applied = None
        if names[1] is not None:
            applied = CurrentClampStimulusSeries(
                name=names[1], data=wrap(stimulus.pop("data", stimulus_data)), **stimulus
            )
            self.file.add_stimulus(applied)
        self.sweep(names[0], names[1])
        return series, applied

    def sweep(self, response, stimulus, start=0, count=SAMPLES, stimulus_start=0):
        self.sweeps.append(
            [
                f"/acquisition/{response}",
                None if stimulus is None else f"/stimulus/presentation/{stimulus}",
                start,
                count,
                stimulus_start,
            ]
        )

    def write(self, path):
        with NWBHDF5IO(path, "w") as io:
            io.write(self.file)
        return self.sweeps


def namings(folder):
    """Names as published files have them."""
    patterns = {
        "neo": ("current_clamp-response-{:02}-ch-0", "stimulus-{:02}-ch-0"),
        "series": ("CurrentClampSeries{:03}", "CurrentClampStimulusSeries{:03}"),
        "bbp": ("ic__Step__{}", "ics__Step__{}"),
        "ccs": ("ccs__IDRest_{}", "ccss__IDRest_{}"),
        "index": ("index_{:02}", "index_{:02}"),
        "mies": ("data_{:05}_AD0", "data_{:05}_DA0"),
        "sweep": ("Sweep_{}", "Sweep_{}"),
        "words": ("trial {} voltage", "trial {} current"),
    }
    for key, (response, stimulus) in patterns.items():
        for numbered in (True, False):
            for start in ("own start", "no start"):
                lab = Lab()
                for n in range(1, 13, 2):
                    more = dict(sweep_number=numpy.uint32(n)) if numbered else {}
                    if start == "no start":
                        more["starting_time"] = 0.0
                    lab.pair(n, (response.format(n), stimulus.format(n)), change=more, stimulus_change=more)
                name = f"names {key}, {'numbered' if numbered else 'not numbered'}, {start}.nwb"
                yield name, lab.write(f"{folder}/{name}")


def stores(folder):
    """The ways to keep the same numbers."""
    options = {
        "contiguous": {},
        "chunked": dict(chunks=(512,)),
        "gzip": dict(compression="gzip", compression_opts=9, chunks=(1000,)),
        "gzip shuffle": dict(compression="gzip", shuffle=True, chunks=True),
        "fletcher": dict(fletcher32=True, chunks=(333,)),
        "growing": dict(maxshape=(None,), chunks=(4096,)),
    }
    for key, option in options.items():
        for kind in (float, "f4", "i2", "i4", "i8", "u2", ">i2", ">f8"):
            lab = Lab()
            wrap = lambda values: H5DataIO(values, **option) if option else values
            for n in range(3):
                if kind in (float, "f4", ">f8"):
                    pa = command(30 * n)
                    types = "f8" if kind is float else kind
                    change = dict(data=(voltage(pa, n) * 1e-3).astype(types), wrap=wrap)
                    lab.pair(n, (f"r{n}", f"s{n}"), 30 * n, change=change, stimulus_change=dict(data=pa.astype(types), conversion=1e-12))
                else:
                    shift = dict(offset=-0.9) if kind == "u2" else {}
                    change = dict(wrap=wrap, **shift)
                    if kind == "u2":
                        mv = voltage(command(30 * n), n)
                        change["data"] = integers(mv * 1e-3, 3.0517578125e-5, -0.9, kind)
                    lab.pair(n, (f"r{n}", f"s{n}"), 30 * n, change=change, kind=kind)
            name = f"{key} {kind if isinstance(kind, str) else 'f8'}.nwb".replace(">", "big-endian ")
            yield name, lab.write(f"{folder}/{name}")


def clocks(folder):
    """Timestamps, own and shared, and rates that went through a division."""
    lab = Lab()
    shared = TimeSeries(name="clock", data=numpy.zeros(SAMPLES), unit="s", timestamps=3 + numpy.arange(SAMPLES) / RATE)
    lab.file.add_acquisition(shared)
    for n in range(3):
        times = n + numpy.arange(SAMPLES) / RATE
        lab.pair(n, (f"own{n}", f"own{n}s"), change=dict(timestamps=times), stimulus_change=dict(timestamps=times))
    for n in range(3, 5):
        lab.pair(n, (f"linked{n}", f"linked{n}s"), change=dict(timestamps=shared), stimulus_change=dict(timestamps=shared))
    jitter = numpy.random.default_rng(3).uniform(-0.2, 0.2, SAMPLES)
    times = 9 + (numpy.arange(SAMPLES) + jitter) / RATE
    lab.pair(9, ("jitter9", "jitter9s"), change=dict(timestamps=times), stimulus_change=dict(timestamps=times))
    yield "timestamps.nwb", lab.write(f"{folder}/timestamps.nwb")
    lab = Lab()
    for n, rate in enumerate((49999.99999999999, 1 / 0.00002, 1e6 / 47, 12_500.0)):
        lab.pair(n, (f"r{n}", f"s{n}"), change=dict(rate=rate), stimulus_change=dict(rate=rate))
    yield "rates.nwb", lab.write(f"{folder}/rates.nwb")


def electrodes(folder):
    """Two cells recorded together: both with a command, one without, and names that say nothing."""
    for key, names in {
        "mies": ("data_{n:05}_AD{e}", "data_{n:05}_DA{e}"),
        "crossed": ("data_{n:05}_AD{e}", "data_{n:05}_DA{f}"),
        "words": ("cell {e} sweep {n}", "command {e} sweep {n}"),
    }.items():
        lab = Lab(("electrode_0", "electrode_1"))
        for n in range(4):
            for e in range(2):
                more = dict(sweep_number=numpy.uint32(n))
                alone = e == 1 and n == 3
                stimulus = None if alone else names[1].format(n=n, e=e, f=1 - e)
                lab.pair(n, (names[0].format(n=n, e=e), stimulus), 50 * n - 100 * e, e, change=more, stimulus_change=more)
        name = f"two electrodes {key}.nwb"
        yield name, lab.write(f"{folder}/{name}")


def tables(folder):
    """The whole hierarchy of NWB 2.4, with stretches of one long series; and rows without a stimulus."""
    lab = Lab(("e0", "e1"))
    rows = []
    for n in range(4):
        for e in range(2):
            series, applied = lab.pair(n, (f"resp {n}{'ab'[e]}", f"applied {7 * n + 3 * e}"), electrode=e)
            rows.append(lab.file.add_intracellular_recording(electrode=lab.electrodes[e], stimulus=applied, response=series))
    lab.file.add_icephys_simultaneous_recording(recordings=rows[:2])
    lab.file.add_icephys_simultaneous_recording(recordings=rows[2:])
    lab.file.add_icephys_sequential_recording(simultaneous_recordings=[0, 1], stimulus_type="square")
    lab.file.add_icephys_repetition(sequential_recordings=[0])
    lab.file.add_icephys_experimental_condition(repetitions=[0])
    yield "tables.nwb", lab.write(f"{folder}/tables.nwb")

    lab = Lab()
    response, stimulus = lab.pair(0, ("long", "command"))
    lab.sweeps = []
    for start, count in ((0, 500), (500, 750), (1500, 500)):
        lab.file.add_intracellular_recording(
            electrode=lab.electrodes[0],
            response=response,
            response_start_index=start,
            response_index_count=count,
            stimulus=stimulus,
            stimulus_start_index=start,
            stimulus_index_count=count,
        )
        lab.sweep("long", "command", start, count, start)
    yield "stretches.nwb", lab.write(f"{folder}/stretches.nwb")

    lab = Lab()
    alone, _ = lab.pair(0, ("alone", None))
    lab.file.add_intracellular_recording(electrode=lab.electrodes[0], response=alone)
    both = lab.pair(1, ("both", "x"))
    lab.file.add_intracellular_recording(electrode=lab.electrodes[0], response=both[0], stimulus=both[1])
    yield "table without stimulus.nwb", lab.write(f"{folder}/table without stimulus.nwb")


def modes(folder):
    """I = 0, voltage clamp, a recorded current, a response without any stimulus, plain series between them."""
    lab = Lab()
    e = lab.electrodes[0]
    mv = voltage(numpy.zeros(SAMPLES), 5)
    lab.file.add_acquisition(IZeroClampSeries(name="rest", data=mv * 1e-3, electrode=e, gain=1.0, rate=RATE))
    lab.sweep("rest", None)
    lab.file.add_acquisition(VoltageClampSeries(name="vc", data=mv * 1e-12, electrode=e, gain=1.0, rate=RATE))
    lab.file.add_stimulus(VoltageClampStimulusSeries(name="vc command", data=mv * 1e-3, electrode=e, gain=1.0, rate=RATE))
    lab.file.add_acquisition(TimeSeries(name="temperature", data=mv, unit="C", rate=1.0))
    lab.file.add_acquisition(TimeSeries(name="light_1", data=mv, unit="V", rate=1.0))
    noisy = numpy.random.default_rng(1).normal(0, 5e-12, SAMPLES) + command(80) * 1e-12
    lab.pair(2, ("recorded 2", "current 2"), 80, stimulus_change=dict(data=noisy))
    lab.pair(3, ("no stimulus", None), 0, change=dict(starting_time=55.5))
    yield "modes.nwb", lab.write(f"{folder}/modes.nwb")


def links(folder):
    """Data reached over soft and hard links, and from one series to another's data."""
    lab = Lab()
    for n in range(3):
        lab.pair(n, (f"r{n}", f"s{n}"))
    path = f"{folder}/links.nwb"
    sweeps = lab.write(path)
    with h5py.File(path, "a") as f:
        del f["/acquisition/r0/data"]
        f["/acquisition/r0/data"] = h5py.SoftLink("/acquisition/r1/data")
        del f["/acquisition/r2/data"]
        f["/acquisition/r2/data"] = f["/acquisition/r1/data"]
        f.copy("/stimulus/presentation/s2", "/stimulus/templates/s2")
        del f["/stimulus/presentation/s2"]
        f["/stimulus/presentation/s2"] = h5py.SoftLink("/stimulus/templates/s2")
    yield "links.nwb", sweeps


def apart(folder):
    """A series, the data of one and a stimulus, each in another file, as when raw data are kept apart."""
    # of other electrodes: text lies at other places in the two files
    for name, electrodes in (("apart-raw", ("elec0", "spare")), ("apart", ("elec0",))):
        lab = Lab(electrodes)
        for n in range(3):
            lab.pair(n, (f"r{n}", f"s{n}"))
        sweeps = lab.write(f"{folder}/{name}.nwb")
    with h5py.File(f"{folder}/apart.nwb", "a") as f:
        for path in ("/acquisition/r0", "/acquisition/r1/data", "/stimulus/presentation/s2"):
            del f[path]
            f[path] = h5py.ExternalLink("apart-raw.nwb", path)
    yield "apart.nwb", sweeps


def old_versions(folder):
    """NWB 2.0 to 2.3 with their sweep table, and every later number on the root."""
    for version in ("2.0.0", "2.0.2", "2.1.0", "2.2.5", "2.3.0"):
        lab = Lab(("e0", "e1"))
        for n in range(3):
            for e in range(2):
                more = dict(sweep_number=numpy.uint32(40 + n), starting_time=0.0)
                lab.pair(n, (f"cell{'AB'[e]} {n}", f"pulse {'xy'[e]}{9 - n}"), electrode=e, change=more, stimulus_change=more)
        name = f"version {version}.nwb"
        path = f"{folder}/{name}"
        sweeps = lab.write(path)
        with h5py.File(path, "a") as f:
            f.attrs["nwb_version"] = version
            del f["specifications"], f.attrs[".specloc"]
            sweep_table(f, sweeps)
            if version.startswith("2.0"):
                for s in list(f["acquisition"].values()) + list(f["stimulus/presentation"].values()):
                    del s["data"].attrs["offset"]
        yield name, sweeps
    for minor in range(4, 10):
        lab = Lab()
        for n in range(2):
            lab.pair(n, (f"Series {n}", f"StimulusSeries {n}"))
        name = f"version 2.{minor}.0.nwb"
        sweeps = lab.write(f"{folder}/{name}")
        with h5py.File(f"{folder}/{name}", "a") as f:
            f.attrs["nwb_version"] = f"2.{minor}.0"
        yield name, sweeps


def sweep_table(f, sweeps):
    group = f.create_group(f"{ROOT}/sweep_table")
    text = h5py.string_dtype()
    for key, value in dict(neurodata_type="SweepTable", namespace="core", description="sweeps", object_id="t").items():
        group.attrs[key] = value
    group.attrs["colnames"] = numpy.array(["series", "sweep_number"], dtype=object)
    numbers, references = [], []
    for response, stimulus, *_ in sweeps:
        for path in (response, stimulus):
            numbers.append(f[path].attrs["sweep_number"])
            references.append(f[path].ref)
    columns = {
        "sweep_number": (numpy.array(numbers, "u4"), "VectorData"),
        "series": (numpy.array(references, h5py.ref_dtype), "VectorData"),
        "series_index": (numpy.arange(1, len(numbers) + 1, dtype="u1"), "VectorIndex"),
        "id": (numpy.arange(len(numbers)), "ElementIdentifiers"),
    }
    for name, (values, kind) in columns.items():
        column = group.create_dataset(name, data=values)
        column.attrs["neurodata_type"] = kind
        column.attrs["namespace"] = "hdmf-common"
        column.attrs["object_id"] = name
        if kind != "ElementIdentifiers":
            column.attrs.create("description", "of the table", dtype=text)
    group["series_index"].attrs["target"] = group["series"].ref


def extensions(folder):
    """A root and series of types that an extension derives, its specification cached in the file."""
    cwd = os.getcwd()
    os.chdir(folder)
    builder = NWBNamespaceBuilder("a lab's own types", "ndx-lab", version="0.1.0", author="a lab", contact="lab@example.org")
    builder.include_type("CurrentClampSeries", namespace="core")
    builder.include_type("CurrentClampStimulusSeries", namespace="core")
    builder.include_type("NWBFile", namespace="core")
    builder.add_spec("ndx-lab.extensions.yaml", NWBGroupSpec("a sweep", neurodata_type_def="PatchSweep", neurodata_type_inc="CurrentClampSeries"))
    builder.add_spec("ndx-lab.extensions.yaml", NWBGroupSpec("of a sweep", neurodata_type_def="DrugSweep", neurodata_type_inc="PatchSweep"))
    builder.add_spec("ndx-lab.extensions.yaml", NWBGroupSpec("a pulse", neurodata_type_def="PatchPulse", neurodata_type_inc="CurrentClampStimulusSeries"))
    builder.export("ndx-lab.namespace.yaml")
    load_namespaces("ndx-lab.namespace.yaml")
    os.chdir(cwd)
    lab = Lab()
    e = lab.electrodes[0]
    for n, kind in enumerate(("PatchSweep", "DrugSweep")):
        pa = command(50 + 20 * n)
        series = dict(electrode=e, gain=1.0, rate=RATE, starting_time=float(n))
        lab.file.add_acquisition(get_class(kind, "ndx-lab")(name=f"sweep{n}", data=voltage(pa, n) * 1e-3, **series))
        lab.file.add_stimulus(get_class("PatchPulse", "ndx-lab")(name=f"pulse{n}", data=pa * 1e-12, **series))
        lab.sweep(f"sweep{n}", f"pulse{n}")
    yield "extension series.nwb", lab.write(f"{folder}/extension series.nwb")


def first_version(folder):
    """NWB 1.0 as the Allen Institute and its contemporaries wrote it: units in attributes, the clamp in the ancestry."""
    for kind in ("f4", "i2"):
        for typed in (True, False):
            name = f"version 1 {kind} {'typed' if typed else 'plain'}.nwb"
            sweeps = []
            with h5py.File(f"{folder}/{name}", "w") as f:
                f["nwb_version"] = "NWB-1.0.5"
                f["neurodata_version"] = "1.0.5"
                for n in (2, 10, 33):
                    pa = command(20 * n)
                    response = f"/acquisition/timeseries/Sweep_{n}"
                    stimulus = f"/stimulus/presentation/Sweep_{n}"
                    old_series(f, response, voltage(pa, n) * 1e-3, "Volts", 1e-3 if kind == "f4" else 3.0517578125e-6, kind, "CurrentClampSeries" if typed else None)
                    old_series(f, stimulus, pa * 1e-12, "Amps", 1e-12, kind, "CurrentClampStimulusSeries" if typed else None)
                    f[f"/stimulus/templates/Sweep_{n}"] = f[stimulus]
                    f[f"/epochs/Sweep_{n}/response/timeseries"] = h5py.SoftLink(response)
                    sweeps.append([response, stimulus, 0, SAMPLES, 0])
            yield name, sweeps


def old_series(f, path, si, unit, conversion, kind, clamp):
    group = f.create_group(path)
    data = group.create_dataset("data", data=integers(si, conversion, 0, kind) if kind == "i2" else (si / conversion).astype(kind), compression="gzip", chunks=True)
    data.attrs.update(conversion=conversion, resolution=0.0, unit=unit)
    group["starting_time"] = 0.0
    group["starting_time"].attrs.update(rate=RATE, unit="Seconds")
    group["electrode_name"] = "Electrode 1"
    group["gain"] = 1.0
    group.attrs["neurodata_type"] = "TimeSeries"
    if clamp:
        group.attrs["ancestry"] = numpy.array(["TimeSeries", "PatchClampSeries", clamp], dtype="S")


def drawn(folder, count=60):
    """Files whose every choice is drawn at random."""
    for i in range(count):
        draw = random.Random(i)
        both = draw.random() < 0.3
        lab = Lab(("left", "right") if both else ("one",))
        numbered = both or draw.random() < 0.5
        kind = draw.choice((float, "i2", "i4"))
        names = draw.choice((("Series{n}_{e}", "StimulusSeries{n}_{e}"), ("v {n} {e}", "i {n} {e}"), ("acq{e}_{n:04}", "stim{e}_{n:04}")))
        compression = draw.choice((None, "gzip"))
        table = draw.random() < 0.4
        first = draw.choice((0, 1, 17))
        for n in range(first, first + draw.randint(1, 6)):
            for e in range(2 if both else 1):
                more = dict(sweep_number=numpy.uint32(n)) if numbered else {}
                more["starting_time"] = draw.choice((0.0, n * 2.5))
                change = dict(more)
                if compression:
                    change["wrap"] = lambda values: H5DataIO(values, compression=compression, shuffle=True)
                if draw.random() < 0.3:
                    change["timestamps"] = n + numpy.arange(SAMPLES) / RATE
                missing = table and draw.random() < 0.15
                stimulus = None if missing else names[1].format(n=n, e=e)
                series = lab.pair(n, (names[0].format(n=n, e=e), stimulus), draw.randint(-200, 400), e, change=change, stimulus_change=more, kind=kind)
                if table:
                    lab.file.add_intracellular_recording(electrode=lab.electrodes[e], response=series[0], stimulus=series[1])
        yield f"drawn {i}.nwb", lab.write(f"{folder}/drawn {i}.nwb")


def write(folder):
    groups = (namings, stores, clocks, electrodes, tables, modes, links, apart, first_version, old_versions, extensions, drawn)
    return [entry for group in groups for entry in group(folder)]
