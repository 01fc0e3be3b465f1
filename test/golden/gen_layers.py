"""Golden PyTorch training steps of networks with convolutions or layer normalisation, in the format of gen_train.py."""
import copy
import json
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
BATCH, GAMMA, RATE = 8, 0.99, 1e-3


class Net(nn.Module):
    """Conv2d -> [LayerNorm] -> act for each of `filters`, flatten, Linear -> [LayerNorm] -> act, Linear."""

    def __init__(self, shape, filters, kernel, stride, padding, hidden, actions, act, layernorm):
        super().__init__()
        self.shape, self.act = shape, {"relu": F.relu, "tanh": torch.tanh}[act]
        self.conv, self.fc, self.ln = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        if filters:
            rows, columns, channels = shape
            for count in filters:
                self.conv.append(nn.Conv2d(channels, count, kernel, stride, padding))
                if padding == "valid":
                    rows, columns = (rows - kernel) // stride + 1, (columns - kernel) // stride + 1
                channels = count
                if layernorm:
                    self.ln.append(nn.LayerNorm([channels, rows, columns]))
            size = channels * rows * columns
        else:
            size = int(np.prod(shape))
        for width in hidden:
            self.fc.append(nn.Linear(size, width))
            if layernorm:
                self.ln.append(nn.LayerNorm([width]))
            size = width
        self.out = nn.Linear(size, actions)

    def forward(self, x):
        norms = iter(self.ln)
        if self.conv:
            x = x.view(-1, *self.shape).permute(0, 3, 1, 2)
        for layer in self.conv:
            x = layer(x)
            x = self.act(next(norms)(x) if self.ln else x)
        x = x.flatten(1)
        for layer in self.fc:
            x = layer(x)
            x = self.act(next(norms)(x) if self.ln else x)
        return self.out(x)


def dump(net, grads=False):
    return {k: (v.grad if grads else v).detach().double().tolist() for k, v in net.named_parameters()}


def attempt(name, shape, filters, kernel, stride, padding, hidden, act, layernorm, seed, actions=3):
    """Returns whether every gradient that is not 0 is at least 1e-4: Adam would normalise rounding noise."""
    rng = np.random.default_rng(seed)
    exact = lambda a: np.asarray(np.round(a, 3), dtype=np.float32).astype(np.float64)
    nets = [Net(shape, filters, kernel, stride, padding, hidden, actions, act, layernorm) for _ in range(2)]
    with torch.no_grad():
        for net in nets:
            for k, p in net.named_parameters():
                one = 1.0 if k.startswith("ln") and k.endswith("weight") else 0.0
                p.copy_(torch.from_numpy(exact(rng.uniform(-0.8, 0.8, tuple(p.shape)) + one)))
    size = int(np.prod(shape))
    s, ns = exact(rng.normal(size=(BATCH, size))), exact(rng.normal(size=(BATCH, size)))
    a, r = rng.integers(0, actions, BATCH), exact(1.5 * rng.normal(size=BATCH))
    d = (rng.random(BATCH) < 0.3).astype(np.float64)
    d[0], d[1] = 1.0, 0.0
    grid = dict(shape=shape, filters=filters, kernel=kernel, stride=stride, padding=padding)
    case = dict(
        case=name,
        net=dict(sizes=[size, *hidden, actions], act=act, batchnorm=False, dueling=False, layernorm=layernorm, grid=grid),
        loss="mean((q-y)^2)", optimizer=dict(kind="adam", lr=RATE), grad_clamp=None, gamma=GAMMA,
        double_dqn=False, soft_update_tau=None,
        batch=dict(s=s.tolist(), a=a.tolist(), r=r.tolist(), ns=ns.tolist(), done=d.tolist()),
        init=dump(nets[0]), init_target=dump(nets[1]),
    )
    for kind in (torch.float64, torch.float32):
        q, target = (copy.deepcopy(net).to(kind) for net in nets)
        optimizer = torch.optim.Adam(q.parameters(), lr=RATE)
        S, NS, R, D = (torch.from_numpy(x).to(kind) for x in (s, ns, r, d))
        run = dict(losses=[])
        for step in range(1, 6):
            with torch.no_grad():
                y = R + GAMMA * (1 - D) * target(NS).max(1)[0]
            loss = F.mse_loss(q(S).gather(1, torch.from_numpy(a)[:, None])[:, 0], y)
            optimizer.zero_grad()
            loss.backward()
            run["losses"].append(float(loss))
            if step == 1:
                run["step1"] = dict(grads=dump(q, True))
            for p in q.parameters():
                small = p.grad.abs()[p.grad != 0]
                if len(small) and small.min() < 1e-4:
                    return False
            optimizer.step()
            if step in (1, 5):
                run[f"params_after_{step}"] = dump(q)
        if kind == torch.float64:
            case["float64"] = run
        else:
            most = max(abs(x - y) for x, y in zip(run["losses"], case["float64"]["losses"]))
            print(name, "seed", seed, "losses", run["losses"], "largest difference of float32", most)
    with open(os.path.join(HERE, f"train_{name}.json"), "w") as file:
        json.dump(case, file)
    return True


def search(name, *arguments):
    if not any(attempt(name, *arguments, seed) for seed in range(20000)):
        raise SystemExit("no seed for " + name)


search("conv_mse_adam", [5, 4, 2], [3], 3, 1, "valid", [6], "relu", False)
search("conv_stride_mse_adam", [6, 5, 2], [2, 3], 2, 2, "valid", [], "tanh", False)
search("conv_layernorm_mse_adam", [3, 4, 1], [2, 3], 2, 1, "same", [5], "relu", True)
search("layernorm_mse_adam", [4], [], 0, 0, "valid", [8, 6], "relu", True)
