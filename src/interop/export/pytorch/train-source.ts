/** `train.py`: trains the exported network on, or anew, by itself or on many GPUs. */
export const TRAIN_SOURCE = String.raw`
import argparse
import contextlib
import math
import os

import numpy
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, DistributedSampler

import model as exported


class Arrays(Dataset):
    """A split of an .npz: images of bytes (N, channels, height, width) or (N, height, width, channels)."""

    def __init__(self, path, split):
        with numpy.load(path) as arrays:
            images, labels = arrays["x_" + split], arrays["y_" + split]
        channels, height, width = exported.CONFIG["input"]
        if images.shape[1:] == (height, width, channels) and images.shape[1:] != (channels, height, width):
            images = images.transpose(0, 3, 1, 2)
        images = images.reshape(-1, channels, height, width)
        self.images = torch.from_numpy(numpy.ascontiguousarray(images))
        self.labels = torch.from_numpy(labels.astype(numpy.int64).reshape(-1))

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, at):
        return self.images[at], self.labels[at]


def folder(path, training):
    """A folder of pictures, one of each class, as ImageNet is kept."""
    from torchvision import datasets, transforms
    _, height, width = exported.CONFIG["input"]
    crop = (
        [transforms.RandomResizedCrop((height, width)), transforms.RandomHorizontalFlip()]
        if training
        else [transforms.Resize(max(height, width) * 8 // 7), transforms.CenterCrop((height, width))]
    )
    changes = transforms.Compose(crop + [transforms.PILToTensor()])
    name = "train" if training else "val"
    return datasets.ImageFolder(os.path.join(path, name), changes)


def splits(path):
    if path.endswith(".npz"):
        return Arrays(path, "train"), Arrays(path, "test")
    return folder(path, True), folder(path, False)


def rate_at(options, epoch, share):
    """Linear warm-up, then half a cosine, update by update."""
    at = epoch + share
    if at < options.warmup:
        return options.rate * at / options.warmup
    return 0.5 * options.rate * (1 + math.cos(math.pi * (at - options.warmup)
                                              / max(options.epochs - options.warmup, 1e-9)))


@torch.no_grad()
def evaluate(network, loader, device):
    """Share of images that are taken for another class, in %; of all processes together."""
    network.eval()
    counts = torch.zeros(2, dtype=torch.float64, device=device)
    for images, labels in loader:
        logits = network(exported.normalise(images.to(device)))
        counts[0] += (logits.argmax(1) != labels.to(device)).sum()
        counts[1] += len(labels)
    if dist.is_initialized():
        dist.all_reduce(counts)
    return 100 * (counts[0] / counts[1]).item()


def parse():
    settings = exported.CONFIG["train"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True,
                        help="an .npz (x_train, y_train, x_test, y_test), or a folder with train/ and val/")
    parser.add_argument("--evaluate", action="store_true", help="print the test error, train nothing")
    parser.add_argument("--weights", default=None, help="default: model.safetensors beside this file")
    parser.add_argument("--from-scratch", action="store_true", help="random starting weights")
    parser.add_argument("--form", default="grouped", choices=exported.FORMS)
    parser.add_argument("--epochs", type=int, default=settings["epochs"])
    parser.add_argument("--batch", type=int, default=settings["batch"], help="of all processes together")
    parser.add_argument("--rate", type=float, default=settings["learningRate"])
    parser.add_argument("--momentum", type=float, default=settings["momentum"])
    parser.add_argument("--weight-decay", type=float, default=settings["weightDecay"])
    parser.add_argument("--warmup", type=float, default=0, help="epochs")
    parser.add_argument("--label-smoothing", type=float, default=0)
    parser.add_argument("--amp", action="store_true", help="bfloat16 where that is safe")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=min(4, os.cpu_count() or 1),
                        help="processes that read images")
    parser.add_argument("--output", default="trained.safetensors")
    parser.add_argument("--resume", default=None, help="file that the training is kept in")
    return parser.parse_args()


def main():
    options = parse()
    many = int(os.environ.get("WORLD_SIZE", "1")) > 1
    cuda = torch.cuda.is_available()
    if many:
        dist.init_process_group("nccl" if cuda else "gloo")
    rank, world = (dist.get_rank(), dist.get_world_size()) if many else (0, 1)
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    torch.manual_seed(options.seed)
    network = exported.load(options.weights, options.form).to(device)
    if options.from_scratch:
        network.reset()
    train, test = splits(options.data)
    own = options.batch // world
    loading = {"num_workers": options.workers, "pin_memory": cuda}
    held = DistributedSampler(test, world, rank, shuffle=False) if many else None
    test_loader = DataLoader(test, own, sampler=held, **loading)
    if options.evaluate:
        error = evaluate(network, test_loader, device)
        if rank == 0:
            print("test error %.2f %%" % error)
        return
    wrapped = network
    if many:
        network = torch.nn.SyncBatchNorm.convert_sync_batchnorm(network) if cuda else network
        wrapped = torch.nn.parallel.DistributedDataParallel(network, [device] if cuda else None)
    optimiser = torch.optim.SGD(network.parameters(), options.rate, options.momentum,
                                weight_decay=options.weight_decay, nesterov=options.momentum > 0)
    begin = 0
    if options.resume and os.path.exists(options.resume):
        kept = torch.load(options.resume, map_location=device)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        begin = kept["epoch"]
    shuffled = DistributedSampler(train, world, rank, seed=options.seed, drop_last=True) if many else None
    train_loader = DataLoader(train, own, shuffle=not many, sampler=shuffled, drop_last=True, **loading)
    for epoch in range(begin, options.epochs):
        if many:
            shuffled.set_epoch(epoch)
        wrapped.train()
        total = 0.0
        for step, (images, labels) in enumerate(train_loader):
            for group in optimiser.param_groups:
                group["lr"] = rate_at(options, epoch, step / len(train_loader))
            half = torch.autocast(device.type, torch.bfloat16) if options.amp else contextlib.nullcontext()
            with half:
                logits = wrapped(exported.normalise(images.to(device, non_blocking=True)))
                loss = F.cross_entropy(logits.float(), labels.to(device, non_blocking=True),
                                       label_smoothing=options.label_smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            total += loss.item()
        error = evaluate(wrapped, test_loader, device)
        if rank == 0:
            print("epoch %d/%d: train loss %.4f, test error %.2f %%"
                  % (epoch + 1, options.epochs, total / max(len(train_loader), 1), error), flush=True)
            exported.save(network, options.output)
            if options.resume:
                state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()}
                torch.save({**state, "epoch": epoch + 1}, options.resume + ".part")
                os.replace(options.resume + ".part", options.resume)
    if many:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
