"""Spike times and voltages of the built-in models by an integrator that is not ours, for models.test.ts.

The equations are written out here from the papers (see the models' citations), apart from the model files, and solved by SciPy's
DOP853 with tolerances 1e-10/1e-11; a reset stops the solver at the exact crossing. Run: python make-traces.py > traces.json
Made with SciPy 1.17.1, NumPy 2.4.6.
"""
import json
import sys
import numpy as np
from numpy import exp, tanh, cosh
from scipy.integrate import solve_ivp


def linoid(u, k):
    """u/(1 − e^{−u/k}), with its limit k at 0."""
    z = u / k
    return k * (1 + z / 2) if abs(z) < 1e-7 else u / (1 - exp(-z))


def gate(x, alpha, beta):
    return alpha * (1 - x) - beta * x


def traub(V, VT):
    """Fast sodium and delayed-rectifier rates of Traub and Miles, as in Pospischil et al. (2008)."""
    x = V - VT
    m = 0.32 * linoid(x - 13, 4), 0.28 * linoid(-(x - 40), 5)
    h = 0.128 * exp(-(x - 17) / 18), 4 / (1 + exp(-(x - 40) / 5))
    n = 0.032 * linoid(x - 15, 5), 0.5 * exp(-(x - 10) / 40)
    return m, h, n


def steady(rates):
    return rates[0] / (rates[0] + rates[1])


def pospischil(gNa, gK, gl, El, VT, gM=0.0, tauMax=1000.0, gL=0.0, gT=0.0, Vx=2.0):
    """State: V m h n p q r u."""
    def parts(V):
        p = 1 / (1 + exp(-(V + 35) / 10)), tauMax / (3.3 * exp((V + 35) / 20) + exp(-(V + 35) / 20))
        q = 0.055 * linoid(V + 27, 3.8), 0.94 * exp(-(75 + V) / 17)
        r = 0.000457 * exp(-(13 + V) / 50), 0.0065 / (1 + exp(-(15 + V) / 28))
        u = (1 / (1 + exp((V + Vx + 81) / 4)),
             (30.8 + (211.4 + exp((V + Vx + 113.2) / 5)) / (1 + exp((V + Vx + 84) / 3.2))) / 3 ** 1.2)
        return p, q, r, u

    def start(V):
        m, h, n = traub(V, VT)
        p, q, r, u = parts(V)
        return [V, steady(m), steady(h), steady(n), p[0], steady(q), steady(r), u[0]]

    def slope(I, y):
        V, m, h, n, p, q, r, u = y
        am, ah, an = traub(V, VT)
        kp, kq, kr, ku = parts(V)
        s = 1 / (1 + exp(-(V + Vx + 57) / 6.2))
        ionic = (gNa * m**3 * h * (V - 50) + gK * n**4 * (V + 100) + gM * p * (V + 100)
                 + (gL * q**2 * r + gT * s**2 * u) * (V - 120) + gl * (V - El))
        return [I - ionic, gate(m, *am), gate(h, *ah), gate(n, *an), (kp[0] - p) / kp[1],
                gate(q, *kq), gate(r, *kr), (ku[0] - u) / ku[1]]

    return start, slope


def hodgkin_huxley():
    def rates(V):
        return ((0.1 * linoid(V + 40, 10), 4 * exp(-(V + 65) / 18)),
                (0.07 * exp(-(V + 65) / 20), 1 / (1 + exp(-(V + 35) / 10))),
                (0.01 * linoid(V + 55, 10), 0.125 * exp(-(V + 65) / 80)))

    def start(V):
        return [V, *(steady(r) for r in rates(V))]

    def slope(I, y):
        V, m, h, n = y
        rm, rh, rn = rates(V)
        ionic = 120 * m**3 * h * (V - 50) + 36 * n**4 * (V + 77) + 0.3 * (V + 54.387)
        return [I - ionic, gate(m, *rm), gate(h, *rh), gate(n, *rn)]

    return start, slope


def connor_stevens():
    def rates(V):
        return ((0.38 * linoid(V + 29.7, 10), 15.2 * exp(-0.0556 * (V + 54.7))),
                (0.266 * exp(-0.05 * (V + 48)), 3.8 / (1 + exp(-0.1 * (V + 18)))),
                (0.02 * linoid(V + 45.7, 10), 0.25 * exp(-0.0125 * (V + 55.7))))

    def transient(V):
        a = np.cbrt(0.0761 * exp(0.0314 * (V + 94.22)) / (1 + exp(0.0346 * (V + 1.17))))
        b = (1 + exp(0.0688 * (V + 53.3))) ** -4.0
        return a, 0.3632 + 1.158 / (1 + exp(0.0497 * (V + 55.96))), b, 1.24 + 2.678 / (1 + exp(0.0624 * (V + 50)))

    def start(V):
        a, _, b, _ = transient(V)
        return [V, *(steady(r) for r in rates(V)), a, b]

    def slope(I, y):
        V, m, h, n, a, b = y
        rm, rh, rn = rates(V)
        ai, ta, bi, tb = transient(V)
        ionic = (120 * m**3 * h * (V - 55) + 20 * n**4 * (V + 72) + 47.7 * a**3 * b * (V + 75) + 0.3 * (V + 17))
        return [I - ionic, gate(m, *rm), gate(h, *rh), gate(n, *rn), (ai - a) / ta, (bi - b) / tb]

    return start, slope


def wang_buzsaki():
    def rates(V):
        return ((0.07 * exp(-(V + 58) / 20), 1 / (exp(-0.1 * (V + 28)) + 1)),
                (0.01 * linoid(V + 34, 10), 0.125 * exp(-(V + 44) / 80)))

    def start(V):
        return [V, *(steady(r) for r in rates(V))]

    def slope(I, y):
        V, h, n = y
        m = steady((0.1 * linoid(V + 35, 10), 4 * exp(-(V + 60) / 18)))
        rh, rn = rates(V)
        ionic = 35 * m**3 * h * (V - 55) + 9 * n**4 * (V + 90) + 0.1 * (V + 65)
        return [I - ionic, 5 * gate(h, *rh), 5 * gate(n, *rn)]

    return start, slope


def morris_lecar():
    def w_inf(V):
        return 0.5 * (1 + tanh((V - 2) / 30))

    def slope(I, y):
        V, w = y
        ionic = 4.4 * 0.5 * (1 + tanh((V + 1.2) / 18)) * (V - 120) + 8 * w * (V + 84) + 2 * (V + 60)
        return [(I - ionic) / 20, 0.04 * (w_inf(V) - w) * cosh((V - 2) / 60)]

    return (lambda V: [V, w_inf(V)]), slope


def pinsky_rinzel():
    """State: Vs Vd h n s c q Ca; voltages as in the paper, relative to −60 mV."""
    def rates(U):
        ac = exp((U - 10) / 11 - (U - 6.5) / 27) / 18.975 if U <= 50 else 2 * exp((6.5 - U) / 27)
        bc = 2 * exp((6.5 - U) / 27) - ac if U <= 50 else 0.0
        return dict(m=(0.32 * linoid(U - 13.1, 4), 0.28 * linoid(40.1 - U, 5)),
                    h=(0.128 * exp((17 - U) / 18), 4 / (1 + exp((40 - U) / 5))),
                    n=(0.016 * linoid(U - 35.1, 5), 0.25 * exp(0.5 - 0.025 * U)),
                    s=(1.6 / (1 + exp(-0.072 * (U - 65))), 0.02 * linoid(51.1 - U, 5)),
                    c=(ac, bc))

    def start(V):
        r = rates(V + 60)
        q = min(0.00002 * 0.2, 0.01), 0.001
        return [V + 60, V + 60, *(steady(r[x]) for x in 'hnsc'), steady(q), 0.2]

    def slope(I, y):
        Vs, Vd, h, n, s, c, q, Ca = y
        soma, dend = rates(Vs), rates(Vd)
        ica = 10 * s**2 * (Vd - 140)
        ionic_s = 30 * steady(soma['m'])**2 * h * (Vs - 120) + 15 * n * (Vs + 15) + 0.1 * Vs
        ionic_d = ica + 15 * c * min(Ca / 250, 1) * (Vd + 15) + 0.8 * q * (Vd + 15) + 0.1 * Vd
        return [(I / 0.5 - ionic_s + 2.1 / 0.5 * (Vd - Vs)) / 3, (-ionic_d + 2.1 / 0.5 * (Vs - Vd)) / 3,
                gate(h, *soma['h']), gate(n, *soma['n']), gate(s, *dend['s']), gate(c, *dend['c']),
                gate(q, min(0.00002 * Ca, 0.01), 0.001), -0.13 * ica - 0.075 * Ca]

    return start, slope


def adex():
    """The upstroke takes 3e-6 ms from −20 mV to the published threshold of 20 mV: it is cut where steps are still countable."""
    gl, El, VT, D, a, tau = 0.10676, -70.6, -50.4, 2.0, 0.014235, 144.0

    def slope(I, y):
        V, w = y
        return [I - gl * (V - El) + gl * D * exp((V - VT) / D) - w, (a * (V - El) - w) / tau]

    return (lambda V: [V, a * (V - El)]), slope, -20.0, lambda y: [-70.6, y[1] + 0.28648]


def izhikevich():
    def slope(I, y):
        V, u = y
        return [0.04 * V**2 + 5 * V + 140 - u + I, 0.02 * (0.2 * V - u)]

    return (lambda V: [V, 0.2 * V]), slope, 30.0, lambda y: [-65.0, y[1] + 8]


# name: equations, µA/cm², initial voltage, crossing that counts as a spike, offset from the state's voltage to mV
MODELS = {
    'pospischil-rs': (pospischil(50, 5, 0.1, -70, -55, gM=0.07), 3.5, -70, 0, 0),
    'pospischil-fs': (pospischil(50, 10, 0.15, -70, -55), 4.0, -70, 0, 0),
    'pospischil-ib': (pospischil(50, 5, 0.01, -70, -55, gM=0.03, gL=0.17), 1.2, -70, 0, 0),
    'pospischil-lts': (pospischil(50, 5, 0.01, -85, -55, gM=0.03, gT=0.4), 1.0, -85, 0, 0),
    'hodgkin-huxley': (hodgkin_huxley(), 10, -65, 0, 0),
    'connor-stevens': (connor_stevens(), 10, -68, 0, 0),
    'wang-buzsaki': (wang_buzsaki(), 1, -65, 0, 0),
    'morris-lecar': (morris_lecar(), 100, -60, 0, 0),
    'pinsky-rinzel': (pinsky_rinzel(), 1.5, -60, 0, -60),
    'adex': (adex(), 3, -70.6, None, 0),
    'izhikevich': (izhikevich(), 10, -70, None, 0),
}
START, END, DURATION = 20.0, 280.0, 300.0
SAMPLES = np.arange(0, DURATION + 1e-9, 2.5)


def solve(equations, amplitude, initial, level, offset):
    start, slope, *reset = equations
    y = np.array(start(initial), float)
    spikes, voltages, now = [], [], 0.0
    threshold = reset[0] if reset else level - offset

    def crossing(t, y):
        return y[0] - threshold
    crossing.direction = 1
    crossing.terminal = bool(reset)
    for end, I in ((START, 0.0), (END, amplitude), (DURATION, 0.0)):
        while now < end - 1e-12:
            part = solve_ivp(lambda t, y: slope(I, y), (now, end), y, 'DOP853', rtol=1e-10, atol=1e-11,
                             events=crossing, dense_output=True, max_step=0.5)
            assert part.success, part.message
            last = part.t[-1]
            for t in SAMPLES[(SAMPLES >= now - 1e-9) & (SAMPLES < last - 1e-9)]:
                voltages.append(float(part.sol(t)[0]) + offset)
            spikes += [float(t) for t in part.t_events[0]]
            y, now = part.y[:, -1], last
            if reset and part.status == 1:
                y = np.array(reset[1](y))
    voltages.append(float(y[0]) + offset)
    return dict(uAPerCm2=amplitude, initialMv=initial, spikeLevelMv=level,
                spikeTimesMs=[round(t, 5) for t in spikes], voltageMv=[round(v, 5) for v in voltages])


if __name__ == '__main__':
    out = {name: solve(*model) for name, model in MODELS.items()}
    json.dump(dict(startMs=START, endMs=END, durationMs=DURATION, everyMs=2.5, models=out), sys.stdout, indent=1)
    print()
