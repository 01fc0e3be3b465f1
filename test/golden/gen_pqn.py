"""Golden PyTorch run of PQN: Q(lambda) targets of a fixed rollout, then two epochs of three minibatches. Needs only torch and numpy."""
import json, os
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
ENVS, STEPS, INPUTS, HIDDEN, ACTIONS = 4, 6, 3, 8, 2
GAMMA, LAMBDA, RATE, CLIP, EPOCHS, PARTS = 0.99, 0.65, 1e-2, 0.5, 2, 3
rng = np.random.default_rng(7)
f32 = lambda a: np.asarray(a, dtype=np.float32).astype(np.float64)

net = nn.Sequential(nn.Linear(INPUTS, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, ACTIONS)).double()
with torch.no_grad():
    for p in net.parameters():
        p.copy_(torch.from_numpy(f32(np.round(rng.uniform(-0.8, 0.8, tuple(p.shape)), 4))))
names = {"0.weight": "fc1.weight", "0.bias": "fc1.bias", "2.weight": "fc2.weight", "2.bias": "fc2.bias"}
dump = lambda: {names[k]: v.detach().flatten().tolist() for k, v in net.named_parameters()}

observations = f32(np.round(rng.normal(size=(STEPS + 1, ENVS, INPUTS)), 4))
final = f32(np.round(rng.normal(size=(STEPS, ENVS, INPUTS)), 4))
actions = rng.integers(0, ACTIONS, (STEPS, ENVS))
rewards = f32(np.round(3 * rng.normal(size=(STEPS, ENVS)), 4))
ends = np.zeros((STEPS, ENVS), dtype=int)  # 1: terminated, 2: truncated; the next observation begins an episode
ends[1, 0], ends[3, 1], ends[5, 2], ends[5, 3], ends[0, 1] = 1, 2, 1, 2, 2

value = lambda x: net(torch.from_numpy(x)).detach().max(-1)[0].numpy()
values, last = value(observations[:STEPS]), value(observations[STEPS])
targets = np.zeros((STEPS, ENVS))
for e in range(ENVS):
    for t in reversed(range(STEPS)):
        if ends[t, e] == 1: targets[t, e] = rewards[t, e]
        elif ends[t, e] == 2: targets[t, e] = rewards[t, e] + GAMMA * value(final[t, e])
        elif t == STEPS - 1: targets[t, e] = rewards[t, e] + GAMMA * last[e]
        else: targets[t, e] = rewards[t, e] + GAMMA * (LAMBDA * targets[t + 1, e] + (1 - LAMBDA) * values[t + 1, e])

golden = dict(envs=ENVS, steps=STEPS, gamma=GAMMA, qLambda=LAMBDA, learningRate=RATE, maxGradNorm=CLIP, parts=PARTS, initial=dump(),
              observations=observations.tolist(), final=final.tolist(), actions=actions.tolist(), rewards=rewards.tolist(), ends=ends.tolist(),
              values=values.tolist(), targets=targets.tolist(), orders=[], losses=[], norms=[])
X, A, Y = torch.from_numpy(observations[:STEPS].reshape(-1, INPUTS)), torch.from_numpy(actions.reshape(-1, 1)), torch.from_numpy(targets.reshape(-1))
optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
for epoch in range(EPOCHS):
    order = rng.permutation(STEPS * ENVS)
    golden["orders"].append(order.tolist())
    for rows in np.split(order, PARTS):
        loss = F.mse_loss(net(X[rows]).gather(1, A[rows])[:, 0], Y[rows])
        optimizer.zero_grad()
        loss.backward()
        golden["norms"].append(float(nn.utils.clip_grad_norm_(net.parameters(), CLIP)))
        golden["losses"].append(float(loss))
        optimizer.step()
golden["trained"] = dump()
with open(os.path.join(HERE, "pqn.json"), "w") as file: json.dump(golden, file)
