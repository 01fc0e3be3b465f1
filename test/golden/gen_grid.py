"""Convolutions, layer normalisation, centered RMSprop, RAdam and gradient clipping in float64. Writes grid.json."""
import json, os
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(1); torch.set_default_dtype(torch.float64)
HERE = os.path.dirname(os.path.abspath(__file__)); rng = np.random.default_rng(1)
draw = lambda *shape: torch.from_numpy(np.round(rng.uniform(-1, 1, shape), 3).astype(np.float32).astype(np.float64)).requires_grad_()
flat = lambda t: t.detach().flatten().tolist()
def convolution(rows, columns, channels, filters, kernel, stride, padding, norm, batch=8):
    """Conv2d, LayerNorm over all values of a sample, ReLU. The loss is the sum of the outputs times `d`."""
    x, w, b = draw(batch, channels, rows, columns), draw(filters, channels, kernel, kernel), draw(filters)
    before = F.conv2d(x, w, b, stride=stride, padding=padding)
    parameters = [draw(*before.shape[1:]), draw(*before.shape[1:])] if norm else []
    y = torch.relu(F.layer_norm(before, before.shape[1:], *parameters, eps=1e-5) if norm else before)
    d = draw(*y.shape).detach(); (y * d).sum().backward()
    case = dict(rows=rows, columns=columns, channels=channels, filters=filters, kernelSize=kernel, stride=stride, padding=padding if padding == "same" else "valid", batch=batch,
                x=flat(x), weight=flat(w), bias=flat(b), d=flat(d), y=flat(y), dX=flat(x.grad), dWeight=flat(w.grad), dBias=flat(b.grad))
    if norm: case.update(scale=flat(parameters[0]), shift=flat(parameters[1]), dScale=flat(parameters[0].grad), dShift=flat(parameters[1].grad))
    return case
def optimizer(name, make, options, max_norm=None, steps=9):
    weights = draw(8); gradients = [np.round(rng.normal(size=8) * 2, 3) for _ in range(steps)]
    for g in gradients[5:]: g[0] = 0.0
    case = dict(name=name, options=options, maxGradNorm=max_norm, weights=flat(weights), gradients=[g.tolist() for g in gradients], after=[])
    chosen = make([weights])
    for g in gradients:
        weights.grad = torch.from_numpy(g.copy())
        if max_norm: nn.utils.clip_grad_norm_([weights], max_norm)
        chosen.step(); case["after"].append(flat(weights))
    return case
json.dump(dict(
    torch=torch.__version__,
    layers=[convolution(4, 5, 1, 1, 3, 1, 0, False), convolution(5, 5, 3, 5, 3, 2, 0, False), convolution(4, 3, 2, 4, 3, 1, "same", False), convolution(4, 4, 2, 3, 2, 1, 0, True)],
    optimizers=[
        optimizer("rmsprop", lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.95, eps=0.01, centered=True), dict(optimizer="rmsprop", rmspropCentered=True, learningRate=0.01, rmspropAlpha=0.95, optimizerEpsilon=0.01)),
        optimizer("radam", lambda p: torch.optim.RAdam(p, lr=0.01), dict(optimizer="radam", learningRate=0.01, beta1=0.9, beta2=0.999, optimizerEpsilon=1e-8)),
        optimizer("radam", lambda p: torch.optim.RAdam(p, lr=0.01, betas=(0.5, 0.6), eps=0.1), dict(optimizer="radam", learningRate=0.01, beta1=0.5, beta2=0.6, optimizerEpsilon=0.1), max_norm=3.0)]),
    open(os.path.join(HERE, "grid.json"), "w"))
