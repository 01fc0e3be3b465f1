# The training step of pytorch.py for speed: no autograd, every result in a buffer that was allocated once, gradients and Adam
# written out. pytorch.py times it and compares its losses with those of the idiomatic step.
import math

import torch


class StepByHand:
    def __init__(self, replay, online, target, activation, batch_size):
        """Copies the replay buffer and the parameters of both networks."""
        self.is_tanh = activation == "tanh"
        # Columns: observation (4), next observation (4), the action as one-hot (2), reward, discount.
        columns = [
            torch.from_numpy(replay.observations[:, 0]),
            torch.from_numpy(replay.next_observations[:, 0]),
            torch.nn.functional.one_hot(torch.from_numpy(replay.actions[:, 0, 0]), 2).float(),
            torch.from_numpy(replay.rewards),
            0.99 * (1 - torch.from_numpy(replay.dones * (1 - replay.timeouts))),
        ]
        self.table = torch.cat(columns, 1).contiguous()
        self.rows = torch.zeros(batch_size, dtype=torch.int64)
        self.batch = torch.zeros(batch_size, self.table.shape[1])
        self.state, self.next_state = self.batch[:, 0:4], self.batch[:, 4:8]
        self.chosen, self.reward, self.discount = self.batch[:, 8:10], self.batch[:, 10], self.batch[:, 11]

        self.parameters, self.layers = self.flatten(online)
        self.target_parameters, self.target_layers = self.flatten(target)
        self.gradient = torch.zeros_like(self.parameters)
        self.gradients = self.views(self.gradient, online)
        self.mean, self.variance = torch.zeros_like(self.parameters), torch.zeros_like(self.parameters)
        self.denominator = torch.zeros_like(self.parameters)
        self.steps = 0

        self.values = [torch.zeros(batch_size, weight.shape[0]) for weight, _ in self.layers]
        self.deltas = [torch.zeros_like(values) for values in self.values]
        self.next_values = [torch.zeros_like(values) for values in self.values]
        self.best, self.goal, self.loss = torch.zeros(batch_size), torch.zeros(batch_size), torch.zeros(())

    @staticmethod
    def views(flat, network):
        """Pairs of weight and bias as views of one tensor."""
        views, start = [], 0
        for parameter in network.parameters():
            views.append(flat[start : start + parameter.numel()].view(parameter.shape))
            start += parameter.numel()
        return list(zip(views[0::2], views[1::2]))

    @classmethod
    def flatten(cls, network):
        """The parameters of a network in one tensor, and its views."""
        flat = torch.cat([parameter.detach().flatten() for parameter in network.parameters()])
        return flat, cls.views(flat, network)

    def draw(self):
        return torch.randint(0, len(self.table), self.rows.shape, out=self.rows)

    def forward(self, layers, inputs, values):
        for k, (weight, bias) in enumerate(layers):
            torch.addmm(bias, inputs, weight.t(), out=values[k])
            inputs = values[k]
            if k + 1 < len(layers):
                inputs.tanh_() if self.is_tanh else inputs.relu_()
        return inputs

    def backward(self):
        """Writes the gradients. deltas[-1] holds the gradient of the Q-values."""
        aten = torch.ops.aten
        for k in reversed(range(len(self.layers))):
            delta = self.deltas[k]
            d_weight, d_bias = self.gradients[k]
            torch.mm(delta.t(), self.values[k - 1] if k > 0 else self.state, out=d_weight)
            torch.sum(delta, 0, out=d_bias)
            if k > 0:
                below, values = self.deltas[k - 1], self.values[k - 1]
                torch.mm(delta, self.layers[k][0], out=below)
                if self.is_tanh:
                    aten.tanh_backward.grad_input(below, values, grad_input=below)
                else:
                    aten.threshold_backward.grad_input(below, values, 0, grad_input=below)

    def adam(self):
        self.steps += 1
        rate = 1e-3 / (1 - 0.9**self.steps)
        self.mean.lerp_(self.gradient, 0.1)
        self.variance.mul_(0.999).addcmul_(self.gradient, self.gradient, value=0.001)
        torch.sqrt(self.variance, out=self.denominator)
        self.denominator.mul_(1 / math.sqrt(1 - 0.999**self.steps)).add_(1e-8)
        self.parameters.addcdiv_(self.mean, self.denominator, value=-rate)

    def update(self, rows):
        """Learns from these rows of the replay buffer. Returns the loss, a tensor."""
        torch.index_select(self.table, 0, rows, out=self.batch)
        torch.amax(self.forward(self.target_layers, self.next_state, self.next_values), 1, out=self.best)
        torch.addcmul(self.reward, self.discount, self.best, out=self.goal)
        value = self.forward(self.layers, self.state, self.values)
        delta = self.deltas[-1]
        torch.sub(value, self.goal.unsqueeze(1), out=delta)
        delta.mul_(self.chosen)
        torch.dot(delta.view(-1), delta.view(-1), out=self.loss).div_(len(delta))
        delta.mul_(2 / len(delta))
        self.backward()
        self.adam()
        return self.loss
