"""sbi: one training step of its mixture-density network, 20 -> 50 -> 50 -> D = 12, batch 100, one thread of torch."""

import json
import resource
import sys

import sbi
import torch
from sbi.neural_nets import posterior_nn

torch.set_num_threads(1)
torch.manual_seed(1)
BATCH, STEPS, REPEATS = 100, 50, 5
x, theta = torch.randn(2000, 20), torch.randn(2000, 12)


def microseconds(components):
    build = posterior_nn("mdn", hidden_features=50, num_components=components)
    network = build(theta, x)
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


with open(sys.argv[2], "w") as file:
    steps = {str(components): microseconds(components) for components in (1, 8)}
    json.dump({"versions": {"sbi": sbi.__version__, "torch": torch.__version__}, "microseconds": steps}, file)
