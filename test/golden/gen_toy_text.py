"""Golden transitions of Gymnasium's FrozenLake and CliffWalking, with the random numbers that they drew. Needs gymnasium 1.3.0."""
import json, os
import gymnasium as gym
import numpy as np

CASES = {
    "FrozenLake-v1 4x4 slippery": ("FrozenLake-v1", dict(map_name="4x4", is_slippery=True)),
    "FrozenLake-v1 4x4": ("FrozenLake-v1", dict(map_name="4x4", is_slippery=False)),
    "FrozenLake8x8-v1 slippery": ("FrozenLake8x8-v1", dict(is_slippery=True)),
    "FrozenLake8x8-v1": ("FrozenLake8x8-v1", dict(is_slippery=False)),
    "CliffWalking-v1": ("CliffWalking-v1", dict()),
    "CliffWalkingSlippery-v1": ("CliffWalkingSlippery-v1", dict()),
}
# Numbers around the sums of the probabilities, where rounding decides.
third, sideways = 1 / 3, (1 - 1 / 3) / 2
EDGES = [third, sideways, third + third, sideways + third]
DRAWS = sorted({0.0, 0.2, 0.5, 0.8, 1 - 2**-53, *EDGES, *(float(np.nextafter(e, d)) for e in EDGES for d in (0, 1))})

class Draws:
    """Stands in for the environment's random generator: records its numbers, or returns a given one."""
    def __init__(self, rng): self.rng, self.log, self.given = rng, [], None
    def random(self):
        draw = float(self.rng.random()) if self.given is None else self.given
        self.log.append(draw)
        return draw

def play(env, actions, draws):
    """One episode. Only its last step can be terminated or truncated."""
    env.reset()
    draws.log.clear()
    cells, rewards = [], []
    for action in actions:
        cell, reward, terminated, truncated, _ = env.step(action)
        cells.append(int(cell)); rewards.append(int(reward))
        if terminated or truncated: break
    return dict(actions=actions[: len(cells)], draws=list(draws.log), cells=cells, rewards=rewards, terminated=bool(terminated), truncated=bool(truncated))

def table(env, draws):
    """Every transition from the cells in which an episode can continue: cell, action, then next cell, reward, terminated of each draw."""
    inner = env.unwrapped
    terminal = {int(s) for actions in inner.P.values() for outcomes in actions.values() for _, s, _, done in outcomes if done}
    cliff = set(np.flatnonzero(inner._cliff).tolist()) if hasattr(inner, "_cliff") else set()
    rows = []
    for cell in sorted(set(inner.P) - terminal - cliff):
        for action in range(4):
            row = [cell, action]
            for draw in DRAWS if is_slippery(env) else DRAWS[:1]:
                inner.s, draws.given = cell, draw
                s, reward, terminated, _, _ = inner.step(action)
                row += [int(s), int(reward), int(terminated)]
            rows.append(row)
    draws.given = None
    return rows

def is_slippery(env):
    return len(env.unwrapped.P[0][0]) > 1

if __name__ == "__main__":
    rng = np.random.default_rng(20251121)
    out = dict(gymnasium=gym.__version__, draws=DRAWS, cases={})
    for name, (id, kwargs) in CASES.items():
        env = gym.make(id, **kwargs)
        env.reset(seed=1)
        draws = env.unwrapped.np_random = Draws(rng)
        limit = env.spec.max_episode_steps
        episodes = [play(env, rng.integers(0, 4, 100).tolist(), draws) for _ in range(8 if limit else 3)]
        if limit and not is_slippery(env):
            # LEFT into the edge up to the time limit, then the same with the goal in the last step.
            to_goal = [1, 1, 2, 1, 2, 2] if limit == 100 else [2] * 7 + [1] * 7
            episodes += [play(env, [0] * limit, draws), play(env, [0] * (limit - len(to_goal)) + to_goal, draws)]
        first = int(env.reset()[0])
        out["cases"][name] = dict(first=first, maxEpisodeSteps=limit, rewardThreshold=env.spec.reward_threshold, episodes=episodes, table=table(env, draws))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "toy_text.json")
    json.dump(out, open(path, "w"), separators=(",", ":"))
    print(os.path.getsize(path), "bytes")
