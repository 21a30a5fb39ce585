"""Runs exported networks with PyTorch and compares them with Plexus.

    npx tsx scripts/export-cases.ts /tmp/cases
    python3 test/golden/make-export.py /tmp/cases [--check]

Without --check it writes test/golden/export-pytorch.json: PyTorch's logits and losses, and the hash of the model.py that
gave them. In any case it fails where logits differ by more than 1e-5 of the largest, between the forms by more than 1e-5,
or losses of 20 steps in float64 by more than 1e-4. Debian 12's python3-torch.
"""
import hashlib
import importlib.util
import io
import json
import os
import sys

import numpy
import torch
import torch.nn.functional as F

STEPS, BATCH, RATE = 20, 8, 0.0002
GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "export-pytorch.json")


def imported(folder, name="model.py"):
    spec = importlib.util.spec_from_file_location("exported", os.path.join(folder, name))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def apart(ours, theirs):
    return ((ours - theirs).abs().max() / ours.abs().max()).item()


def losses_of(exported, form, images, labels):
    network = exported.load(form=form).double().train()
    optimiser = torch.optim.SGD(network.parameters(), RATE, 0.9, weight_decay=5e-4, nesterov=True)
    losses = []
    for _ in range(STEPS):
        loss = F.cross_entropy(network(images.double()), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64), network.float()


def roundtrip(exported, network, folder):
    """What PyTorch trained comes back whole, in another form."""
    path = os.path.join(folder, "trained.safetensors")
    exported.save(network, path)
    back = exported.Network("masked")
    back.load_state_dict(exported.read_safetensors(path)[0])
    for name, tensor in network.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            assert torch.equal(tensor, back.state_dict()[name]), name


def plain(folder, expected):
    """The plain function, on JAX where that is installed, else on NumPy."""
    network = imported(folder, "network.py")
    problems = []
    for count in (1, 64):
        found = network.apply(network.load(), network.jnp.asarray(expected["images.%d" % count].numpy()))
        difference = apart(expected["logits.%d" % count], torch.tensor(numpy.array(found)))
        if not difference <= 1e-5:
            problems.append("network.py, %d samples: logits differ by %.2g" % (count, difference))
    return problems


def goes_through(network, images):
    """Nothing, or what torch.onnx and (where the version has it) torch.export say against a network."""
    try:
        file = io.BytesIO()
        torch.onnx.export(network, images, file, opset_version=13)
        if not file.getvalue():
            return ["torch.onnx wrote nothing"]
        if hasattr(torch, "export"):
            program = torch.export.export(network, (images,))
            if not apart(network(images).detach(), program.module()(images).detach()) <= 1e-5:
                return ["torch.export computes something else"]
    except Exception as error:
        return ["%s" % str(error).splitlines()[0]]
    return []


def case(folder):
    exported = imported(folder)
    expected, _ = exported.read_safetensors(os.path.join(folder, "expected.safetensors"))
    problems, logits = [], {}
    for form in exported.FORMS:
        network = exported.load(form=form)
        for count in (1, 64):
            with torch.no_grad():
                found = network(expected["images.%d" % count])
            logits[count] = found
            difference = apart(expected["logits.%d" % count], found)
            if not difference <= 1e-5:
                problems.append("%s, %d samples: logits differ by %.2g" % (form, count, difference))
        problems += ["%s: %s" % (form, it) for it in goes_through(network, expected["images.1"])]
    problems += plain(folder, expected)
    images, labels = expected["images.64"][:BATCH], expected["labels"].long()
    for form in exported.FORMS:
        losses, network = losses_of(exported, form, images, labels)
        difference = apart(expected["losses"], losses)
        if not difference <= 1e-4:
            problems.append("%s: losses of %d steps differ by %.2g" % (form, STEPS, difference))
        roundtrip(exported, network, folder)
    # Of all but the line that names the version of Plexus.
    with open(os.path.join(folder, "model.py"), "rb") as file:
        lines = [line for line in file if not line.startswith(b"Written by Plexus")]
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    values = {
        "model.py": digest,
        "logits": {str(count): it.flatten().tolist() for count, it in logits.items()},
        "losses": losses.tolist(),
    }
    return values, problems


def main():
    torch.set_num_threads(1)
    folder, *flags = sys.argv[1:]
    found, bad = {}, 0
    for arch in sorted(os.listdir(folder)):
        found[arch], problems = case(os.path.join(folder, arch))
        bad += len(problems)
        print(arch, "agrees" if not problems else "; ".join(problems), flush=True)
    if bad:
        sys.exit(1)
    if "--check" not in flags:
        with open(GOLDEN, "w") as file:
            json.dump(found, file, indent=1, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    main()
