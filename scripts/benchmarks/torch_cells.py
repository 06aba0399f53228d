# SPDX-License-Identifier: Apache-2.0
"""Cells of a pruning sweep in PyTorch: the peer of experiments/sweeps/mnist-throughput.yaml.

    python torch_cells.py DATA/mnist --seeds 1 2 --processes 2 [--alone]

Each cell prunes a trained LeNet-300-100 by one global ranking, fine-tunes it with the mask held, and measures the test
set before pruning, after it, and after fine-tuning. Cells of one seed share a dense network, or with --alone each trains
its own, as a script run once per setting does. One thread a process, denormals flushed. Prints one line of JSON.
"""
import argparse
import gzip
import itertools
import json
import multiprocessing
import time

METHODS = ("magnitude", "gradient", "undecayed", "random")
RATIOS = (0.5, 0.75, 0.9, 0.95, 0.98)
DECAY = 5e-4


def read_idx(path):
    import numpy
    with gzip.open(path) as file:
        content = file.read()
    shape = numpy.frombuffer(content, ">u4", content[3], 4)
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * len(shape)).reshape(shape)


class Cells:
    """What one process needs: data in memory, and the four steps of a cell."""

    def __init__(self, folder):
        import torch
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
        self.torch = torch
        sets = {}
        for part in ("train", "t10k"):
            images = torch.tensor(read_idx(f"{folder}/{part}-images-idx3-ubyte.gz")).reshape(-1, 784)
            labels = torch.tensor(read_idx(f"{folder}/{part}-labels-idx1-ubyte.gz")).long()
            sets[part] = (images.float() / 255, labels)
        self.train_set, self.test_set = sets["train"], sets["t10k"]
        self.loss = torch.nn.functional.cross_entropy

    def network(self, seed):
        nn = self.torch.nn
        self.torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10))

    def train(self, network, epochs, seed, masks=()):
        torch = self.torch
        images, labels = self.train_set
        optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
        generator = torch.Generator().manual_seed(seed)
        for _ in range(epochs):
            for rows in torch.randperm(len(images), generator=generator).split(64):
                optimizer.zero_grad(set_to_none=True)
                self.loss(network(images[rows]), labels[rows]).backward()
                optimizer.step()
                for weight, mask in masks:
                    weight.data.mul_(mask)

    def recalls(self, network):
        images, labels = self.test_set
        with self.torch.no_grad():
            right = network(images).argmax(1) == labels
        return [right[labels == c].float().mean().item() for c in range(10)], right.float().mean().item()

    def prune(self, network, method, ratio, seed):
        torch = self.torch
        images, labels = self.train_set
        network.zero_grad()
        self.loss(network(images[:128]), labels[:128]).backward()
        weights = [p for p in network.parameters() if p.dim() > 1]
        flat = torch.cat([w.detach().flatten() for w in weights])
        slope = torch.cat([w.grad.flatten() for w in weights])
        scores = {
            "magnitude": lambda: flat.abs(),
            "gradient": lambda: (flat * slope).abs(),
            "undecayed": lambda: (DECAY * flat * flat - flat * slope).abs(),
            "random": lambda: torch.rand(len(flat), generator=torch.Generator().manual_seed(seed)),
        }[method]()
        keep = torch.zeros_like(flat)
        keep[scores.topk(round(len(flat) * (1 - ratio))).indices] = 1
        masks = [(w, m.view_as(w)) for w, m in zip(weights, keep.split([w.numel() for w in weights]))]
        for weight, mask in masks:
            weight.data.mul_(mask)
        return masks


def run(job):
    import copy
    folder, seed, settings = job
    cells = Cells(folder)
    dense = cells.network(seed)
    cells.train(dense, 4, seed)
    accuracies = []
    for method, ratio in settings:
        network = copy.deepcopy(dense)
        cells.recalls(network)
        masks = cells.prune(network, method, ratio, seed)
        cells.recalls(network)
        cells.train(network, 1, seed + 1, masks)
        accuracies.append((method, ratio, cells.recalls(network)[1]))
    return accuracies


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--alone", action="store_true", help="every cell trains its own dense network")
    options = parser.parse_args()
    settings = list(itertools.product(METHODS, RATIOS))
    groups = [[s] for s in settings] if options.alone else [settings]
    jobs = [(options.folder, seed, group) for seed in options.seeds for group in groups]
    start = time.time()
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        cells = [cell for part in pool.imap_unordered(run, jobs, chunksize=1) for cell in part]
    seconds = time.time() - start
    means = {m: round(sum(a for n, r, a in cells if (n, r) == (m, 0.9)) / len(options.seeds), 4) for m in METHODS}
    print(json.dumps(dict(cells=len(cells), seconds=round(seconds, 1), cells_per_hour=round(3600 * len(cells) / seconds),
                          accuracy_at_0_9=means)))


if __name__ == "__main__":
    main()
