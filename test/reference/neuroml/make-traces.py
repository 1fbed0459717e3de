"""Spike times of the NeuroML files beside it, by jNeuroML's export to NEURON, for neuroml.test.ts.

jNeuroML translates a file to MOD and Python, NEURON compiles and runs it with CVODE at tolerances of 1e-9; nothing of Chronaxie takes
part. Run in a virtual environment with pyNeuroML 1.3.22 and NEURON 9.0.2, and a Java on the path:
python make-traces.py > traces.json
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
LEMS = """<Lems>
  <Target component="sim"/>
  <Include file="Cells.xml"/><Include file="Networks.xml"/><Include file="Simulation.xml"/>
  <Include file="{file}"/>
  <Simulation id="sim" length="200ms" step="0.001ms" target="net">
    <OutputFile id="of" fileName="v.dat"><OutputColumn id="v" quantity="pop[0]/v"/></OutputFile>
  </Simulation>
</Lems>
"""


def run(name):
    with tempfile.TemporaryDirectory() as folder:
        for file in os.listdir(here):
            if file.endswith('.nml'):
                shutil.copy(os.path.join(here, file), folder)
        with open(os.path.join(folder, 'LEMS_sim.xml'), 'w') as lems:
            lems.write(LEMS.format(file=name + '.cell.nml'))
        def adaptive():
            """Fixed steps of 0.001 ms still put the last spikes 0.05 ms late."""
            script = os.path.join(folder, 'LEMS_sim_nrn.py')
            text = open(script).read()
            call = 'seed=123456789, abs_tol=None, rel_tol=None)\n'
            assert text.count(call) == 1
            open(script, 'w').write(text.replace(call, call.replace('None', '1e-9')))

        for step in (['pynml', 'LEMS_sim.xml', '-neuron', '-nogui'], ['nrnivmodl'], [sys.executable, 'LEMS_sim_nrn.py']):
            if step[0] == 'nrnivmodl':
                adaptive()
            done = subprocess.run(step, cwd=folder, capture_output=True, text=True)
        data = os.path.join(folder, 'v.dat')
        if not os.path.exists(data):
            sys.exit(done.stdout + done.stderr)
        rows = [[float(x) for x in line.split()] for line in open(data)]
    times, volts = [1e3 * r[0] for r in rows], [1e3 * r[1] for r in rows]
    spikes = [t0 + (t1 - t0) * (0 - a) / (b - a)
              for t0, t1, a, b in zip(times, times[1:], volts, volts[1:]) if a < 0 <= b]
    return dict(spikeTimesMs=[round(t, 4) for t in spikes],
                voltageMv=[round(volts[min(range(len(times)), key=lambda i: abs(times[i] - t))], 4) for t in (10, 19, 21, 190)])


if __name__ == '__main__':
    json.dump({name: run(name) for name in ('squid', 'forms')}, sys.stdout, indent=1)
    print()
