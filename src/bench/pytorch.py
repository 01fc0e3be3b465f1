# Times the training step of CleanRL in PyTorch on one thread, with the replay buffer of Stable-Baselines3: NumPy arrays,
# indexed and copied to tensors. With the argument `by-hand`, it times pytorch_by_hand.py on the same data instead, after it
# has compared the losses of both. The request "breakout" is for the update of
# pytorch_minatar.py, of which there is no version by hand. peers.ts starts this as a separate process.
import json
import os
import statistics
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
sys.dont_write_bytecode = True

import numpy as np
import torch

import pytorch_minatar
from pytorch_by_hand import StepByHand

torch.set_num_threads(1)
CAPACITY = 10_000
UPDATES = 20


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


class Replay:
    """Random transitions in arrays of shape (transitions, environments, ...), with one environment."""

    def __init__(self):
        random = np.random.default_rng(1)
        self.observations = random.uniform(-1, 1, (CAPACITY, 1, 4)).astype(np.float32)
        self.next_observations = random.uniform(-1, 1, (CAPACITY, 1, 4)).astype(np.float32)
        self.actions = random.integers(0, 2, (CAPACITY, 1, 1))
        self.rewards = np.ones((CAPACITY, 1), np.float32)
        self.dones = np.zeros((CAPACITY, 1), np.float32)
        self.timeouts = np.zeros((CAPACITY, 1), np.float32)

    def get(self, rows):
        envs = np.random.randint(0, high=1, size=(len(rows),))
        data = (
            self.observations[rows, envs, :],
            self.actions[rows, envs, :],
            self.next_observations[rows, envs, :],
            (self.dones[rows, envs] * (1 - self.timeouts[rows, envs])).reshape(-1, 1),
            self.rewards[rows, envs].reshape(-1, 1),
        )
        return [torch.tensor(column) for column in data]


class IdiomaticStep:
    def __init__(self, replay, online, target, batch_size):
        self.replay, self.online, self.target, self.batch_size = replay, online, target, batch_size
        self.optimizer = torch.optim.Adam(online.parameters(), lr=1e-3)

    def draw(self):
        return np.random.randint(0, CAPACITY, size=self.batch_size)

    def update(self, rows):
        """Learns from these rows of the replay buffer. Returns the loss, a tensor."""
        state, action, next_state, done, reward = self.replay.get(rows)
        with torch.no_grad():
            best, _ = self.target(next_state).max(dim=1)
            goal = reward.flatten() + 0.99 * best * (1 - done.flatten())
        value = self.online(state).gather(1, action).squeeze()
        loss = torch.nn.functional.mse_loss(goal, value)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.detach()


def microseconds(step):
    start, times = time.perf_counter(), 0
    while time.perf_counter() - start < 0.3 or times < 3:
        step.update(step.draw())
        times += 1
    samples = []
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(max(1, times // 10)):
            step.update(step.draw())
        samples.append((time.perf_counter() - begin) / max(1, times // 10))
    return 1e6 * statistics.median(samples)


def check_losses(by_hand, idiomatic, batch_size):
    """Ends the process if the two steps do not have the same losses on the same rows."""
    random = np.random.default_rng(2)
    for k in range(UPDATES):
        rows = random.integers(0, CAPACITY, batch_size)
        expected, found = float(idiomatic.update(rows)), float(by_hand.update(torch.from_numpy(rows)))
        if not abs(found - expected) <= 1e-4 * expected:
            sys.exit(f"pytorch_by_hand.py does other work: the loss of update {k + 1} is {found}, expected {expected}.")


def make_step(style, hidden_sizes, activation, batch_size):
    replay = Replay()
    online, target = QNetwork(hidden_sizes, activation), QNetwork(hidden_sizes, activation)
    by_hand = StepByHand(replay, online, target, activation, batch_size)
    idiomatic = IdiomaticStep(replay, online, target, batch_size)
    if style == "idiomatic":
        return idiomatic
    check_losses(by_hand, idiomatic, batch_size)
    return by_hand


def make_breakout_step():
    """The update of Breakout's network after 5,000 frames of random play."""
    random = np.random.default_rng(1)
    game, learner = pytorch_minatar.Breakout(random), pytorch_minatar.Learner(random)
    state = game.reset()
    for _ in range(pytorch_minatar.LEARNING_STARTS):
        action = int(random.integers(pytorch_minatar.ACTIONS))
        next_state, reward, terminated = game.step(action)
        learner.store(state, action, reward, next_state, terminated)
        state = game.reset() if terminated else next_state
    return learner


def main(style):
    for line in sys.stdin:
        request = json.loads(line)
        if request == "breakout":
            print(microseconds(make_breakout_step()) if style == "idiomatic" else "null", flush=True)
            continue
        step = make_step(style, request["hiddenSizes"], request["activation"], request["batchSize"])
        with torch.inference_mode(style == "by-hand"):
            print(microseconds(step), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
