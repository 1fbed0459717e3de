"""Brian2 as C++ standalone: the whole program is timed, without its compilation."""

import os
import sys
import tempfile

import brian2
import numpy as np
from brian2 import NeuronGroup, StateMonitor, defaultclock, device, ms, prefs, run, set_device

import common

EQUATIONS = """
dv/dt = (gNa*m**3*h*(53 - v) + (gK*n**4 + gM*p)*(-107 - v) + gl*(-negEl - v) + current) / ms : 1
dm/dt = (am*(1 - m) - bm*m) / ms : 1
dh/dt = (ah*(1 - h) - bh*h) / ms : 1
dn/dt = (an*(1 - n) - bn*n) / ms : 1
dp/dt = (1/(1 + exp(-0.1*(v + 35))) - p) * (3.3*exp(0.05*(v + 35)) + exp(-0.05*(v + 35))) / (tauMax*ms) : 1
x = v + negVT : 1
am = 0.32/0.25/exprel(-0.25*(x - 13)) : 1
bm = 0.28/0.2/exprel(0.2*(x - 40)) : 1
ah = 0.128*exp(-(x - 17)/18) : 1
bh = 4/(1 + exp(-0.2*(x - 40))) : 1
an = 0.032/0.2/exprel(-0.2*(x - 15)) : 1
bn = 0.5*exp(-(x - 10)/40) : 1
current = amplitude * int(t >= start*ms - 0.5*dt) * int(t < end*ms - 0.5*dt) : 1 (shared)
gNa : 1
gK : 1
gl : 1
gM : 1
tauMax : 1
negVT : 1
negEl : 1
"""
PARAMETERS = ["gNa", "gK", "gl", "gM", "tauMax", "negVT", "negEl"]
CONSTANTS = {"amplitude": common.problem["uAPerCm2"], "start": common.problem["startMs"], "end": common.problem["endMs"]}


def curve(method, steps, precision):
    points = []
    for dt in steps:
        device.reinit()
        device.activate()
        folder = tempfile.mkdtemp()
        set_device("cpp_standalone", directory=folder, build_on_run=False)
        prefs.core.default_float_dtype = precision
        defaultclock.dt = dt * ms
        group = NeuronGroup(common.SETS, EQUATIONS, method=method, namespace=CONSTANTS)
        for name in PARAMETERS:
            setattr(group, name, common.theta[name])
        group.v = common.problem["initialMv"]
        for name, values in common.steady_gates(common.problem["initialMv"]).items():
            setattr(group, name, values)
        monitor = StateMonitor(group, "v", record=True)
        run(common.problem["durationMs"] * ms)
        device.build(directory=folder, compile=True, run=False)
        program = lambda: device.run(folder, with_output=False, run_args=[])
        seconds = [common.user_seconds(program, children=True) for _ in range(3)]
        points.append(common.point(dt, seconds, np.array(monitor.v)))
        print(f"Brian2 {method} {precision.__name__} dt {dt}: {min(seconds):.2f} s", flush=True)
    return {"simulator": "Brian2", "variant": f"{method}, {precision.__name__}", "points": points}


prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-march=native", "-ffast-math", "-std=c++17"]
prefs.devices.cpp_standalone.extra_make_args_unix = ["-j", str(os.cpu_count())]
set_device("cpp_standalone", build_on_run=False)
series = [
    curve("exponential_euler", [0.005, 0.01], np.float64),
    curve("rk2", [0.025, 0.04, 0.05], np.float64),
]
common.write({"Brian2": brian2.__version__}, series)
