"""eFEL's features of sweeps: as it comes, and with its settings and its per-spike values put together as our definitions say.

Arguments: a JSON list of sweeps {dtMs, samples, startMs, endMs, stepPa} and a file of their voltages (float64, one after the other).
Prints, for each sweep, {"plain": {feature: value}, "matched": {feature: value}} by our names; null where it is not defined.
"""

import json
import sys

import efel
import numpy as np
from scipy.optimize import curve_fit

VECTORS = [
    "voltage_base", "spike_count_stimint", "mean_frequency", "time_to_first_spike", "all_ISI_values", "ISI_CV",
    "adaptation_index2", "burst_number", "AP_begin_voltage", "AP_begin_time", "AP_begin_indices", "peak_voltage",
    "peak_time", "peak_indices", "AP_amplitude", "spike_half_width", "AP_duration_half_width", "AP_peak_upstroke",
    "AP_peak_downstroke", "AHP_depth", "fast_AHP", "AHP_time_from_peak", "min_AHP_values", "min_AHP_indices",
    "steady_state_voltage_stimend", "sag_ratio1", "ohmic_input_resistance_vb_ssse", "time_constant", "minimum_voltage",
    "depol_block_bool",
]  # fmt: skip


def ask(sweep, v, **settings):
    efel.reset()
    for name, value in settings.items():
        efel.set_setting(name, value)
    trace = {
        "T": np.arange(len(v)) * sweep["dtMs"],
        "V": v,
        "stim_start": [sweep["startMs"]],
        "stim_end": [sweep["endMs"]],
        "stimulus_current": [sweep["stepPa"] / 1000],  # nA, so that a resistance is in MΩ
    }
    [found] = efel.get_feature_values([trace], VECTORS, raise_warnings=False)
    return {name: np.array([]) if value is None else np.asarray(value, float) for name, value in found.items()}


def mean(values):
    return float(np.mean(values)) if len(values) else None


def only(values):
    return float(values[0]) if len(values) else None


def plain(f):
    isi = f["all_ISI_values"]
    up, down = f["AP_peak_upstroke"], f["AP_peak_downstroke"]
    return {
        "restMean": only(f["voltage_base"]),
        "spikeCount": only(f["spike_count_stimint"]),
        "meanRate": only(f["mean_frequency"]),
        "latency": only(f["time_to_first_spike"]),
        "firstIsi": only(isi),
        "meanIsi": mean(isi),
        "isiCv": only(f["ISI_CV"]),
        "adaptation": only(f["adaptation_index2"]),
        "isiRatio": isi[-1] / isi[0] if len(isi) > 1 else None,
        "burstCount": only(f["burst_number"]),
        "threshold": mean(f["AP_begin_voltage"]),
        "peak": mean(f["peak_voltage"]),
        "amplitude": mean(f["AP_amplitude"]),
        "halfWidth": mean(f["spike_half_width"]),
        "maxUpstroke": mean(up),
        "maxDownstroke": mean(down),
        "upDownRatio": mean(up / -down) if len(up) == len(down) else None,
        "ahpDepth": mean(f["AHP_depth"]),
        "fastAhp": mean(f["fast_AHP"]),
        "ahpTime": mean(f["AHP_time_from_peak"]),
        "steadyVoltage": only(f["steady_state_voltage_stimend"]),
        "sag": only(f["sag_ratio1"]),
        "inputResistance": only(f["ohmic_input_resistance_vb_ssse"]),
        "timeConstant": only(f["time_constant"]),
        "depolarisationBlock": only(f["depol_block_bool"]),
    }


def matched(sweep, v, f):
    """Our definitions, computed from eFEL's spikes (thresholds, peaks, troughs) and from the samples by NumPy."""
    n = len(f["peak_voltage"])
    begins, peaks = f["AP_begin_indices"].astype(int), f["peak_indices"].astype(int)
    start, end, dt = sweep["startMs"], sweep["endMs"], sweep["dtMs"]
    first, last = int(np.floor(start / dt + 1e-6)) + 1, int(np.ceil(end / dt - 1e-6))
    step, rest = v[first:last], v[: first - 1]
    out = dict.fromkeys(plain(f))
    out.update(
        restMean=mean(rest),
        restStd=float(np.std(rest[int(0.9 * len(rest)) :])),
        spikeCount=float(n),
        burstCount=0.0,
        meanRate=1000 * n / (end - start),
        steadyVoltage=only(f["steady_state_voltage_stimend"]),
        depolarisationBlock=float(
            not np.any(peaks >= last - round(0.25 * (end - start) / dt))
            and np.all(v[last - round(0.25 * (end - start) / dt) : last] > -40)
        ),
        stimMean=mean(step),
        stimVar=float(np.var(step)),
        stimSkew=float(np.mean((step - step.mean()) ** 3) / np.std(step) ** 3),
        stimKurt=float(np.mean((step - step.mean()) ** 4) / np.std(step) ** 4),
    )
    steady = out["steadyVoltage"]
    if sweep["stepPa"] != 0:
        out["inputResistance"] = 1000 * (steady - out["restMean"]) / sweep["stepPa"]
    if sweep["stepPa"] < 0 and step.min() < out["restMean"]:
        out["sag"] = (steady - step.min()) / (out["restMean"] - step.min())
    out["timeConstant"] = time_constant(step, dt, np.sign(sweep["stepPa"]))
    if n == 0 or len(begins) != n:
        return out
    isi = np.diff(begins) * dt
    limits = [*begins[1:], last]
    troughs = np.array([p + int(np.argmin(v[p:q])) for p, q in zip(peaks, limits, strict=True)])
    fast = [v[p : min(p + round(5 / dt), last - 1) + 1].min() for p in peaks]
    out.update(
        latency=float(begins[0] * dt - start),
        threshold=mean(v[begins]),
        peak=mean(v[peaks]),
        amplitude=mean(v[peaks] - v[begins]),
        maxUpstroke=mean(f["AP_peak_upstroke"]),
        maxDownstroke=mean(f["AP_peak_downstroke"]) if len(f["AP_peak_downstroke"]) == n else None,
        upDownRatio=mean(f["AP_peak_upstroke"] / -f["AP_peak_downstroke"]) if len(f["AP_peak_downstroke"]) == n else None,
        halfWidth=half_width(v, dt, begins, peaks, troughs),
        ahpDepth=mean(v[begins] - v[troughs]),
        fastAhp=mean(v[begins] - fast),
        ahpTime=mean((troughs - peaks) * dt),
    )
    if n > 1:
        short = isi < 0.5 * np.median(isi)
        out.update(
            firstIsi=float(isi[0]),
            meanIsi=mean(isi),
            isiCv=float(np.std(isi) / np.mean(isi)),
            interSpikeVoltage=mean([v[a : b + 1].mean() for a, b in zip(troughs, begins[1:])]),
            burstCount=float(np.sum(short & ~np.r_[False, short[:-1]])),
        )
    if n > 2:
        out.update(adaptation=mean(np.diff(isi) / (isi[1:] + isi[:-1])), isiRatio=float(isi[-1] / isi[0]))
    return out


def time_constant(step, dt, sign):
    """SciPy's fit of one exponential to the charging, from .5 ms after the onset to the extreme within 150 ms."""
    begin = round(0.5 / dt)
    charging = step[begin : round(150 / dt)]
    charging = charging[: int(np.argmax(sign * charging)) + 1]
    if sign == 0 or len(charging) < 4 or sign * (charging[-1] - charging[0]) < 0.5:
        return None
    t = np.arange(len(charging)) * dt
    curve = lambda t, start, final, tau: final + (start - final) * np.exp(-t / tau)  # noqa: E731
    low, high = [-np.inf, -np.inf, 0.5], [np.inf, np.inf, 200]
    try:
        (start, final, tau), _ = curve_fit(curve, t, charging, [charging[0], charging[-1], 20], bounds=(low, high))
    except RuntimeError:
        return None
    r2 = 1 - np.sum((charging - curve(t, start, final, tau)) ** 2) / np.sum((charging - charging.mean()) ** 2)
    return tau if r2 >= 0.85 and 0.505 < tau < 198 else None


def spike_level(sweep, v):
    """eFEL's Threshold, which a spike crosses: -20 mV is none of a cell that lies above it, or whose noise does."""
    step = v[int(sweep["startMs"] / sweep["dtMs"]) : int(sweep["endMs"] / sweep["dtMs"])]
    middle, top = np.median(step), step.max()
    return float((middle + top) / 2) if top > -20 and top - middle > 20 else -20.0


def half_width(v, dt, begins, peaks, troughs):
    widths = []
    for b, p, t in zip(begins, peaks, troughs, strict=True):
        level = (v[p] + v[t]) / 2
        if level < v[b] or v[t] > v[b]:
            level = (v[p] + v[b]) / 2
        above = np.flatnonzero(v[b : t + 1] > level) + b
        if len(above) == 0 or v[above[-1] + 1 if above[-1] < t else t] > level:
            continue
        rise, fall = above[0], p + int(np.argmax(v[p : t + 1] <= level))
        if rise == b:
            continue
        up = rise - (v[rise] - level) / (v[rise] - v[rise - 1])
        down = fall - 1 + (v[fall - 1] - level) / (v[fall - 1] - v[fall])
        widths.append((down - up) * dt)
    return mean(widths)


def finite(values):
    return {k: None if x is None or not np.isfinite(x) else float(x) for k, x in values.items()}


with open(sys.argv[1], encoding="utf-8") as listed:
    sweeps = json.load(listed)
samples = np.fromfile(sys.argv[2])
at = 0
answers = []
for sweep in sweeps:
    v = samples[at : at + sweep["samples"]]
    at += sweep["samples"]
    usual = ask(sweep, v)
    settings = {"strict_stiminterval": True, "interp_step": sweep["dtMs"], "voltage_base_start_perc": 0.0}
    exact = ask(sweep, v, **settings, Threshold=spike_level(sweep, v))
    answers.append({"plain": finite(plain(usual)), "matched": finite(matched(sweep, v, exact))})
print(json.dumps({"version": efel.__version__, "sweeps": answers}))
