"""sbi: one training step of its mixture-density network, 20 -> 50 -> 50 -> D = 12, batch 100, one thread of torch; and a whole run
of NPE-C at its usual settings on the problem of whole-run.json, simulated by our own command, whose time is counted too."""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile

import sbi
import torch
from sbi.inference import NPE_C
from sbi.neural_nets import posterior_nn
from sbi.utils import BoxUniform

torch.set_num_threads(1)
torch.manual_seed(1)
BATCH, STEPS, REPEATS = 100, 50, 5


def microseconds(components):
    x, theta = torch.randn(2000, 20), torch.randn(2000, 12)
    network = posterior_nn("mdn", hidden_features=50, num_components=components)(theta, x)
    adam = torch.optim.Adam(network.parameters(), lr=1e-3)
    values = []
    for repeat in range(REPEATS + 1):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        for step in range(STEPS):
            first = step * BATCH % 2000
            adam.zero_grad()
            loss = network.loss(theta[first : first + BATCH], condition=x[first : first + BATCH]).mean()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            adam.step()
        values.append((resource.getrusage(resource.RUSAGE_SELF).ru_utime - before) / STEPS * 1e6)
    return sorted(values[1:])[REPEATS // 2]


def processor_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return [u.ru_utime + u.ru_stime for u in used]


def simulator(run, folder):
    params, protocol, out = (os.path.join(folder, name) for name in ("params.csv", "protocol.json", "features.csv"))
    with open(protocol, "w") as file:
        json.dump(run["protocol"], file)

    def simulate(theta, seed):
        with open(params, "w", newline="") as file:
            csv.writer(file).writerows([run["names"], *theta.tolist()])
        call = ["simulate", "--model", "hh8", "--params", params, "--protocol", protocol, "--features", "moments"]
        more = ["--out", out, "--seed", str(seed), "--workers", "1"]
        subprocess.run([*run["command"], *call, *more], check=True, stdout=subprocess.DEVNULL)
        with open(out, newline="") as file:
            rows = [[float(row[name] or "nan") for name in run["features"]] for row in csv.DictReader(file)]
        return torch.tensor(rows)

    return simulate


def whole_run(run):
    prior = BoxUniform(torch.tensor(run["low"]), torch.tensor(run["high"]))
    observed = torch.tensor(run["observed"])
    network = posterior_nn("mdn", hidden_features=50, num_components=1)
    inference = NPE_C(prior=prior, density_estimator=network, show_progress_bars=False)
    before = processor_seconds()
    with tempfile.TemporaryDirectory() as folder:
        simulate = simulator(run, folder)
        proposal = prior
        for number in range(run["rounds"]):
            options = {} if proposal is prior else {"show_progress_bars": False}
            theta = proposal.sample((run["simulations"],), **options)
            inference.append_simulations(theta, simulate(theta, number + 1), proposal=proposal).train()
            proposal = inference.build_posterior().set_default_x(observed)
        proposal.sample((10_000,), show_progress_bars=False)
    own, children = (after - start for after, start in zip(processor_seconds(), before))
    return {"seconds": own + children, "simulateSeconds": children}


with open(os.path.join(os.path.dirname(sys.argv[2]), "whole-run.json")) as file:
    run = json.load(file)
with open(sys.argv[2], "w") as file:
    steps = {str(components): microseconds(components) for components in (1, 8)}
    versions = {"sbi": sbi.__version__, "torch": torch.__version__}
    json.dump({"versions": versions, "microseconds": steps, "wholeRun": whole_run(run)}, file)
