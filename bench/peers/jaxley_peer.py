"""jaxley with its own channels of Pospischil et al. (2008), all parameter sets at once by vmap; JIT excluded.

Its solver exp_euler is not among them: in 0.14.0 it raises a TypeError for a cell of one compartment.
"""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import jaxley as jx
import numpy as np
from jaxley.channels.pospischil import K, Km, Leak, Na

import common

AREA_CM2 = 1e-5
RADIUS_UM = (AREA_CM2 * 1e8 / (4 * np.pi)) ** 0.5


def arguments(precision):
    scale = {"gNa": 1e-3, "gK": 1e-3, "gl": 1e-3, "gM": 1e-3, "negVT": -1, "negEl": -1, "tauMax": 1}
    names = {"Na_gNa": "gNa", "K_gK": "gK", "Leak_gLeak": "gl", "Km_gKm": "gM", "Km_taumax": "tauMax", "vt": "negVT", "Leak_eLeak": "negEl"}
    values = {name: scale[ours] * common.theta[ours] for name, ours in names.items()}
    gates = common.steady_gates(common.problem["initialMv"])
    values |= {"Na_m": gates["m"], "Na_h": gates["h"], "K_n": gates["n"], "Km_p": gates["p"]}
    return {name: jnp.asarray(column, dtype=precision).reshape(-1, 1) for name, column in values.items()}


def simulator(dt, solver, names):
    cell = jx.Compartment()
    for channel in (Na(), K(), Km(), Leak()):
        cell.insert(channel)
    cell.set("radius", RADIUS_UM)
    cell.set("length", 2 * RADIUS_UM)
    cell.set("capacitance", 1.0)
    cell.set("eNa", 53.0)
    cell.set("eK", -107.0)
    cell.set("v", common.problem["initialMv"])
    start, end = (round(common.problem[edge] / dt) for edge in ("startMs", "endMs"))
    current = np.zeros(common.steps_of(dt))
    current[start:end] = common.problem["uAPerCm2"] * AREA_CM2 * 1e3
    cell.stimulate(jnp.asarray(current), verbose=False)
    cell.record("v", verbose=False)
    for name in names:
        cell.make_trainable(name, verbose=False)
    return jax.jit(jax.vmap(lambda values: jx.integrate(cell, params=[{n: values[n]} for n in names], delta_t=dt, solver=solver)[0]))


def curve(solver, steps, precision):
    jax.config.update("jax_enable_x64", precision == "float64")
    values = arguments(precision)
    points = []
    for dt in steps:
        simulate = simulator(dt, solver, list(values))
        voltage = simulate(values).block_until_ready()
        seconds = [common.user_seconds(lambda: simulate(values).block_until_ready()) for _ in range(3)]
        points.append(common.point(dt, seconds, np.asarray(voltage)))
        print(f"jaxley {solver} {precision} dt {dt}: {min(seconds):.2f} s, {points[-1]['notFinite']} not finite", flush=True)
    return {"simulator": "jaxley", "variant": f"{solver}, {precision}", "points": points}


series = []
for precision in ("float64", "float32"):
    series.append(curve("bwd_euler", [0.0025, 0.005, 0.01, 0.025], precision))
    series.append(curve("crank_nicolson", [0.01, 0.025, 0.04], precision))
    series.append(curve("fwd_euler", [0.0025, 0.005, 0.01, 0.025], precision))
common.write({"jaxley": jx.__version__, "JAX": jax.__version__}, series)
