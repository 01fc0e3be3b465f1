# Times the training step of CleanRL in PyTorch on one thread, with the replay buffer of Stable-Baselines3: NumPy arrays,
# indexed and copied to tensors. peers.ts starts this as a separate process.
import json
import os
import statistics
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
import torch

torch.set_num_threads(1)
CAPACITY = 10_000


class QNetwork(torch.nn.Module):
    def __init__(self, hidden_sizes, activation):
        super().__init__()
        layers, inputs = [], 4
        for units in hidden_sizes:
            layers += [torch.nn.Linear(inputs, units), torch.nn.Tanh() if activation == "tanh" else torch.nn.ReLU()]
            inputs = units
        self.network = torch.nn.Sequential(*layers, torch.nn.Linear(inputs, 2))

    def forward(self, observation):
        return self.network(observation)


def training_step(hidden_sizes, activation, batch_size):
    online, target = QNetwork(hidden_sizes, activation), QNetwork(hidden_sizes, activation)
    optimizer = torch.optim.Adam(online.parameters(), lr=1e-3)
    random = np.random.default_rng(1)
    # (transitions, environments, ...), with one environment
    observations = random.uniform(-1, 1, (CAPACITY, 1, 4)).astype(np.float32)
    next_observations = random.uniform(-1, 1, (CAPACITY, 1, 4)).astype(np.float32)
    actions = random.integers(0, 2, (CAPACITY, 1, 1))
    rewards = np.ones((CAPACITY, 1), np.float32)
    dones = np.zeros((CAPACITY, 1), np.float32)
    timeouts = np.zeros((CAPACITY, 1), np.float32)

    def sample():
        rows = np.random.randint(0, CAPACITY, size=batch_size)
        envs = np.random.randint(0, high=1, size=(len(rows),))
        data = (
            observations[rows, envs, :],
            actions[rows, envs, :],
            next_observations[rows, envs, :],
            (dones[rows, envs] * (1 - timeouts[rows, envs])).reshape(-1, 1),
            rewards[rows, envs].reshape(-1, 1),
        )
        return [torch.tensor(column) for column in data]

    def step():
        state, action, next_state, done, reward = sample()
        with torch.no_grad():
            best, _ = target(next_state).max(dim=1)
            goal = reward.flatten() + 0.99 * best * (1 - done.flatten())
        value = online(state).gather(1, action).squeeze()
        loss = torch.nn.functional.mse_loss(goal, value)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def microseconds(step):
    start, times = time.perf_counter(), 0
    while time.perf_counter() - start < 0.3 or times < 3:
        step()
        times += 1
    samples = []
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(max(1, times // 10)):
            step()
        samples.append((time.perf_counter() - begin) / max(1, times // 10))
    return 1e6 * statistics.median(samples)


for line in sys.stdin:
    request = json.loads(line)
    step = training_step(request["hiddenSizes"], request["activation"], request["batchSize"])
    print(microseconds(step), flush=True)
