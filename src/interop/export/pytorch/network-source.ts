/**
 * Of `model.py`: the network that its tables describe, loading and saving. It follows the relational
 * layers; tables and `CONFIG` stand before both.
 */
export const NETWORK_SOURCE = String.raw`class ChannelNorm(nn.LayerNorm):
    """Layer norm over the channels of each pixel."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def attention(q, k, v, heads):
    """Among the pixels of each sample; heads hold consecutive channels, and may differ by one."""
    n, channels, height, width = v.shape
    ends = [head * channels // heads for head in range(heads + 1)]
    parts = []
    for start, end in zip(ends, ends[1:]):
        qh, kh, vh = (each[:, start:end].flatten(2) for each in (q, k, v))
        shares = torch.softmax(torch.matmul(qh.transpose(1, 2), kh) / (end - start) ** 0.5, -1)
        parts.append(torch.matmul(vh, shares.transpose(1, 2)))
    return torch.cat(parts, 1).reshape(-1, channels, height, width)


def build(kind, options, form):
    """The module of a layer; None of one without parameters."""
    o = options
    if kind in ("linear", "conv") and "graph" in o:
        reads = GRAPHS[o["graph"]]
        sizes = [SIZES["%d/%d" % (o[side], len(reads))] for side in ("inputs", "outputs")]
        if kind == "linear":
            return RelationalLinear(reads, *sizes, bias=o["bias"], form=form)
        window = (o["kernel"], o["stride"], o["padding"])
        return RelationalConv2d(reads, *sizes, *window, bias=o["bias"], form=form)
    if kind == "linear":
        return nn.Linear(o["inputs"], o["outputs"], bias=o["bias"])
    if kind == "conv":
        window = (o["kernel"], o["stride"], o["padding"])
        return nn.Conv2d(o["inputs"], o["outputs"], *window, bias=o["bias"])
    if kind == "depthwise":
        window = (o["kernel"], o["stride"], o["padding"])
        return nn.Conv2d(o["channels"], o["channels"], *window, groups=o["channels"], bias=False)
    if kind == "batchNorm":
        norm = nn.BatchNorm1d if o["flat"] else nn.BatchNorm2d
        return norm(o["channels"], eps=o["eps"], momentum=o["momentum"])
    if kind == "layerNorm":
        return ChannelNorm(o["channels"], eps=o["eps"])
    if kind == "position":
        return nn.Parameter(torch.zeros(1, o["channels"], o["height"], o["width"]))
    return None


FUNCTIONS = {"relu": F.relu, "swish": F.silu, "sigmoid": torch.sigmoid, "gelu": F.gelu}


def apply(kind, options, x, module):
    """What a layer makes of its inputs."""
    o = options
    if kind == "linear":
        return module(x[0].flatten(1))
    if kind == "position":
        return x[0] + module
    if module is not None:
        return module(x[0])
    if kind == "activation":
        return FUNCTIONS[o["function"]](x[0])
    if kind == "maxPool":
        return F.max_pool2d(x[0], o["kernel"], o["stride"], o["padding"])
    if kind == "averagePool":
        return F.avg_pool2d(x[0], o["kernel"], o["stride"], o["padding"])
    if kind == "globalPool":
        return x[0].mean((2, 3), keepdim=True)
    if kind == "add":
        return x[0] + x[1]
    if kind == "gate":
        return x[0] * x[1]
    if kind == "attention":
        return attention(*x, o["heads"])
    raise ValueError("unknown kind of layer %r" % kind)


class Network(nn.Module):
    """Images, normalised, in: (N, channels, height, width). Logits out: (N, classes)."""

    def __init__(self, form="grouped"):
        super().__init__()
        self.last_use = {name: at for at, row in enumerate(LAYERS) for name in row[2]}
        for kind, name, _, options in LAYERS:
            module = build(kind, options, form)
            if module is not None:
                *path, own = name.split(".")
                parent = self
                for part in path:
                    if part not in parent._modules:
                        parent.add_module(part, nn.Module())
                    parent = parent._modules[part]
                setattr(parent, own, module)

    def forward(self, images):
        values = {}
        for at, (kind, name, inputs, options) in enumerate(LAYERS):
            if kind == "input":
                values[name] = images
                continue
            x = [values[each] for each in inputs]
            values[name] = apply(kind, options, x, self.own(name))
            for each in set(inputs):
                if self.last_use[each] == at:
                    del values[each]
        return values[LAYERS[-1][1]]

    def own(self, name):
        """The module or parameter of a layer; None of one that has none."""
        *path, own = name.split(".")
        parent = self
        for part in path:
            parent = parent._modules.get(part)
            if parent is None:
                return None
        return parent._modules.get(own, parent._parameters.get(own))

    def reset(self):
        """Random starting weights, as Plexus draws them (other numbers, of the same laws)."""
        with torch.no_grad():
            for kind, name, _, o in LAYERS:
                module = self.own(name)
                if isinstance(module, Relational):
                    module.reset(o["std"], o.get("bound", 0.0))
                elif kind in ("linear", "conv", "depthwise"):
                    module.weight.normal_(0, o["std"])
                    if module.bias is not None:
                        module.bias.uniform_(-o.get("bound", 0.0), o.get("bound", 0.0))
                elif kind == "batchNorm":
                    module.reset_parameters()
                    module.weight.fill_(o["gamma"])
                elif kind == "position":
                    module.normal_(0, o["std"])
        return self


def normalise(images):
    """Bytes, or numbers from 0 to 255, as the network takes them."""
    if CONFIG["mean"] is None:
        raise ValueError("the weights did not say how images are normalised")
    mean, std = (images.new_tensor(CONFIG[key], dtype=torch.float32).view(1, -1, 1, 1)
                 for key in ("mean", "std"))
    return (images.to(torch.float32) - mean) / std


DTYPES = {"F32": (torch.float32, 4), "F64": (torch.float64, 8)}


def read_safetensors(path):
    """Tensors by name, and the metadata."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        dtype, width = DTYPES[entry["dtype"]]
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=dtype, count=(end - begin) // width, offset=begin)
        tensors[name] = flat.clone().view(entry["shape"])
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    """Tensors in float32, whole or not at all; Plexus and the safetensors package read them."""
    header, parts, at = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        part = tensor.detach().to("cpu", torch.float32).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [at, at + len(part)]}
        parts.append(part)
        at += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(parts)
    os.replace(path + ".part", path)


def load(path=None, form="grouped"):
    """The trained network, ready to evaluate."""
    path = path or os.path.join(os.path.dirname(os.path.abspath(__file__)), "model.safetensors")
    network = Network(form)
    network.load_state_dict(read_safetensors(path)[0])
    return network.eval()


def save(network, path, metadata=None):
    """Weights that Plexus reads again (plexus evaluate, plexus train --load)."""
    skipped = "num_batches_tracked"
    state = {name: it for name, it in network.state_dict().items() if not name.endswith(skipped)}
    facts = {"plexus": json.dumps(CONFIG["facts"])}
    write_safetensors(path, state, {"format": "pt", **facts, **(metadata or {})})
`;
