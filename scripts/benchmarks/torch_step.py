# SPDX-License-Identifier: Apache-2.0
"""The steps of org.espalier.executors.benchmark.StepBenchmark in PyTorch: same networks, same samples, same protocol.

  torch_step.py ARCHITECTURE SHAPE BATCH KEPT FILE      e.g. lenet-300-100 1x28x28 64 0.1 samples.bin

One thread, denormals flushed. Pruned weights are held at zero by masks after every update, as scripts do it; the
gather of the batch from bytes in memory held as floats, and the optimiser, are part of a step.
"""
import json
import sys
import time

import numpy as np
import torch
from torch import nn
import torch.nn.functional as f

CLASSES = 10
TRAIN = 8192


class Block(nn.Module):
    """Two normalised convolutions and a shortcut of option A (He et al. 2015)."""

    def __init__(self, before, after, stride):
        super().__init__()
        self.first = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.second = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.stride, self.more = stride, (after - before) // 2

    def forward(self, x):
        y = self.norm2(self.second(f.relu(self.norm1(self.first(x)), inplace=True)))
        if self.stride > 1:
            x = f.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.more, self.more))
        return f.relu(y + x, inplace=True)


def network(name, shape):
    channels, height, width = shape
    if name == "lenet-300-100":
        return nn.Sequential(nn.Flatten(), nn.Linear(channels * height * width, 300), nn.ReLU(),
                             nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, CLASSES))
    if name == "lenet-5":
        side = (height // 2 - 4) // 2
        return nn.Sequential(nn.Conv2d(channels, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                             nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                             nn.Linear(16 * side * side, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
                             nn.Linear(84, CLASSES))
    if name == "conv-4":
        layers, before = [], channels
        for after in (64, 128):
            layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(),
                       nn.Conv2d(after, after, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            before = after
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * (height // 4) * (width // 4), 256), nn.ReLU(),
                             nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, CLASSES))
    if name == "resnet-20":
        layers, before = [nn.Conv2d(channels, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
        for after in (16, 32, 64):
            for block in range(3):
                layers.append(Block(before, after, 2 if after > 16 and block == 0 else 1))
                before = after
        return nn.Sequential(*layers, nn.AvgPool2d(height // 4), nn.Flatten(), nn.Linear(64, CLASSES))
    raise SystemExit(f"torch_step.py: no network {name}; known: lenet-300-100, lenet-5, conv-4, resnet-20")


class Steps:
    def __init__(self, name, shape, batch, kept, samples):
        self.name, self.shape, self.batch, self.kept = name, shape, batch, kept
        size = int(np.prod(shape))
        raw = np.fromfile(samples, np.uint8).reshape(-1, size + 1)
        self.x = torch.from_numpy(raw[:, 1:].astype(np.float32) / 255).reshape(-1, *shape)
        self.y = torch.from_numpy(raw[:, 0].astype(np.int64))
        self.start()

    def start(self):
        torch.manual_seed(3)
        self.model = network(self.name, self.shape)
        self.loss = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.generator = torch.Generator().manual_seed(5)
        self.order, self.at = torch.empty(0), 0
        self.masks = []
        if self.kept < 1:
            for module in self.model.modules():
                if isinstance(module, (nn.Linear, nn.Conv2d)):
                    w = module.weight
                    mask = torch.zeros(w.numel())
                    mask[torch.randperm(w.numel(), generator=self.generator)[:round(w.numel() * self.kept)]] = 1
                    self.masks.append((w, mask.view_as(w)))
            self.hold()

    def hold(self):
        with torch.no_grad():
            for w, mask in self.masks:
                w.mul_(mask)

    def step(self):
        if self.at + self.batch > len(self.order):
            self.order, self.at = torch.randperm(TRAIN, generator=self.generator), 0
        pick = self.order[self.at:self.at + self.batch]
        self.at += self.batch
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.model(self.x[pick]), self.y[pick]).backward()
        self.optimizer.step()
        self.hold()

    def time(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.step()
        return (time.perf_counter() - start) * 1e3 / steps

    def learn(self, steps):
        self.start()
        self.time(steps)
        self.model.eval()
        with torch.no_grad():
            hits = (self.model(self.x[TRAIN:]).argmax(1) == self.y[TRAIN:]).float().mean()
        self.model.train()
        return float(hits)


def main():
    name, shape, batch, kept, samples = sys.argv[1:]
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    blas = "MKL" if torch.backends.mkl.is_available() else "system BLAS"
    steps = Steps(name, tuple(int(n) for n in shape.split("x")), int(batch), float(kept), samples)
    print(json.dumps({"build": f"PyTorch {torch.__version__}, {blas}"}), flush=True)
    for line in sys.stdin:
        what, count = line.split()
        if what == "steps":
            cpu = time.process_time()
            ms = steps.time(int(count))
            cpu = (time.process_time() - cpu) * 1e3 / int(count)
            print(json.dumps({"ms": ms, "cpu": cpu}), flush=True)
        else:
            print(json.dumps({"accuracy": steps.learn(int(count))}), flush=True)


if __name__ == "__main__":
    main()
