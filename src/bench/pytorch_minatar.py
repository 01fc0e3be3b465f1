"""DQN on MinAtar's Breakout in PyTorch: the peer of the recipe minatar-dqn, with the same hyperparameters and rules.

python3 src/bench/pytorch_minatar.py [--frames 1000000] [--seed 1] [--threads 1]

Needs PyTorch and NumPy. Prints one JSON object per 10,000 frames: frames, seconds, and the mean return of the last 100
training episodes. The game is written from its rules: docs/games.md. pytorch.py times the update of `Learner`.
"""

import argparse
import json
import time

import numpy as np
import torch
from torch import nn

ACTIONS, CHANNELS, SIZE = 6, 4, 10
BATCH, CAPACITY, GAMMA, LEARNING_STARTS, TARGET_EVERY = 32, 100_000, 0.99, 5_000, 1_000
EPSILON_START, EPSILON_END, EPSILON_FRAMES, STICKY = 1.0, 0.1, 100_000, 0.1


class Breakout:
    """Ball, paddle, trail and bricks on a grid of 10 x 10 cells. Actions: 1 is left, 3 is right, the others wait."""

    def __init__(self, random: np.random.Generator):
        self.random = random
        self.last_action = 0
        self.reset()

    def reset(self) -> np.ndarray:
        side = int(self.random.integers(2))
        self.x, self.y = (0, 3) if side == 0 else (9, 3)
        self.right, self.down = side == 0, True
        self.trail = (self.x, self.y)
        self.paddle = 4
        self.bricks = np.zeros((SIZE, SIZE), bool)
        self.bricks[1:4] = True
        self.passing = False
        return self.observe()

    def observe(self) -> np.ndarray:
        grid = np.zeros((CHANNELS, SIZE, SIZE), bool)
        grid[0, 9, self.paddle] = True
        grid[1, self.y, self.x] = True
        grid[2, self.trail[1], self.trail[0]] = True
        grid[3] = self.bricks
        return grid

    def step(self, action: int) -> tuple[np.ndarray, float, bool]:
        if self.random.random() < STICKY:
            action = self.last_action
        self.last_action = action
        if action == 1:
            self.paddle = max(0, self.paddle - 1)
        elif action == 3:
            self.paddle = min(9, self.paddle + 1)
        ox, oy = self.trail = (self.x, self.y)
        x = ox + (1 if self.right else -1)
        y = oy + (1 if self.down else -1)
        if x < 0 or x > 9:
            x = min(max(x, 0), 9)
            self.right = not self.right
        reward, terminated, brick = 0.0, False, False
        if y < 0:
            y, self.down = 0, not self.down
        elif self.bricks[y, x]:
            brick = True
            if not self.passing:
                reward, self.passing = 1.0, True
                self.bricks[y, x] = False
                y, self.down = oy, not self.down
        elif y == 9:
            if not self.bricks.any():
                self.bricks[1:4] = True
            if ox == self.paddle:
                self.down, y = not self.down, oy
            elif x == self.paddle:
                self.right, self.down, y = not self.right, not self.down, oy
            else:
                terminated = True
        if not brick:
            self.passing = False
        self.x, self.y = x, y
        return self.observe(), reward, terminated


def network() -> nn.Module:
    side = SIZE - 2
    return nn.Sequential(
        nn.Conv2d(CHANNELS, 16, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(16 * side * side, 128), nn.ReLU(), nn.Linear(128, ACTIONS),
    )


class Learner:
    """Both networks, the optimizer, and a replay buffer of NumPy arrays."""

    def __init__(self, random: np.random.Generator):
        self.random = random
        self.online, self.target = network(), network()
        self.target.load_state_dict(self.online.state_dict())
        self.optimizer = torch.optim.RMSprop(
            self.online.parameters(), lr=2.5e-4, alpha=0.95, eps=0.01, centered=True
        )
        self.states = np.zeros((CAPACITY, CHANNELS, SIZE, SIZE), bool)
        self.next_states = np.zeros_like(self.states)
        self.actions = np.zeros(CAPACITY, np.int64)
        self.rewards = np.zeros(CAPACITY, np.float32)
        self.terminals = np.zeros(CAPACITY, np.float32)
        self.stored = 0

    def store(self, state: np.ndarray, action: int, reward: float, next_state: np.ndarray, terminated: bool) -> None:
        k = self.stored % CAPACITY
        self.states[k], self.actions[k], self.rewards[k] = state, action, reward
        self.next_states[k], self.terminals[k] = next_state, terminated
        self.stored += 1

    def greedy_action(self, state: np.ndarray) -> int:
        with torch.no_grad():
            return int(self.online(torch.from_numpy(state[None]).float()).argmax())

    def draw(self) -> np.ndarray:
        return self.random.integers(min(self.stored, CAPACITY), size=BATCH)

    def update(self, rows: np.ndarray) -> None:
        """Learns from these rows of the replay buffer."""
        with torch.no_grad():
            best = self.target(torch.from_numpy(self.next_states[rows]).float()).max(1).values
            goal = torch.from_numpy(self.rewards[rows]) + GAMMA * (1 - torch.from_numpy(self.terminals[rows])) * best
        q = self.online(torch.from_numpy(self.states[rows]).float())
        chosen = q.gather(1, torch.from_numpy(self.actions[rows])[:, None])[:, 0]
        loss = nn.functional.smooth_l1_loss(chosen, goal)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    flags = parser.parse_args()
    torch.set_num_threads(flags.threads)
    torch.manual_seed(flags.seed)
    random = np.random.default_rng(flags.seed)
    game, learner = Breakout(random), Learner(random)
    returns: list[float] = []
    episode_return, updates = 0.0, 0
    state = game.reset()
    start = time.perf_counter()
    for frame in range(flags.frames):
        fraction = min(1.0, max(0.0, frame - LEARNING_STARTS) / EPSILON_FRAMES)
        epsilon = EPSILON_START + fraction * (EPSILON_END - EPSILON_START)
        explores = frame < LEARNING_STARTS or random.random() < epsilon
        action = int(random.integers(ACTIONS)) if explores else learner.greedy_action(state)
        next_state, reward, terminated = game.step(action)
        learner.store(state, action, reward, next_state, terminated)
        episode_return += reward
        state = next_state
        if terminated:
            returns.append(episode_return)
            episode_return, state = 0.0, game.reset()
        if frame >= LEARNING_STARTS:
            learner.update(learner.draw())
            updates += 1
            if updates % TARGET_EVERY == 0:
                learner.target.load_state_dict(learner.online.state_dict())
        if (frame + 1) % 10_000 == 0:
            mean = float(np.mean(returns[-100:])) if returns else None
            row = {"frames": frame + 1, "seconds": round(time.perf_counter() - start, 1), "meanReturn100": mean}
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
