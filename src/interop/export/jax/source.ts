/**
 * `network.py`: the network as a plain function of JAX, for evaluation. The tables stand before it.
 * What it computes with is `jax.numpy` alone, whose functions NumPy has too.
 */
export const JAX_SOURCE = String.raw`

def _channels(graph, inputs, outputs):
    """Of each node: the input channels that it reads, and its output channels."""
    reads = GRAPHS[graph]
    starts = []
    for channels in (inputs, outputs):
        sizes = SIZES["%d/%d" % (channels, len(reads))]
        starts.append([sum(sizes[:i]) for i in range(len(sizes) + 1)])
    into, out = starts
    return [
        ([c for j in nodes for c in range(into[j], into[j + 1])], list(range(out[i], out[i + 1])))
        for i, nodes in enumerate(reads)
    ]


def _tables(graph, inputs, outputs):
    """Nodes of a size together: their input channels (n, k), output channels (n, m); and the order."""
    kinds = {}
    for read, own in _channels(graph, inputs, outputs):
        kinds.setdefault((len(read), len(own)), []).append((read, own))
    groups = [(numpy.array([r for r, _ in it]), numpy.array([o for _, o in it])) for it in kinds.values()]
    order = numpy.argsort(numpy.concatenate([own.reshape(-1) for _, own in groups]))
    return groups, order


def _linear(x, weight, bias, o):
    x = x.reshape(x.shape[0], -1)
    if "graph" not in o:
        y = x @ weight.T
    else:
        groups, order = _tables(o["graph"], o["inputs"], o["outputs"])
        parts = []
        for reads, own in groups:
            blocks = weight[own[:, :, None], reads[:, None, :]]
            rows = jnp.einsum("bnk,nmk->bnm", jnp.take(x, reads, axis=1), blocks)
            parts.append(rows.reshape(x.shape[0], -1))
        y = jnp.concatenate(parts, axis=1)[:, order]
    return y if bias is None else y + bias


def _windows(x, o, fill=0.0):
    """The pixels under each place of the window: (kernel * kernel, N, channels, height, width)."""
    k, s, p = o["kernel"], o["stride"], o["padding"]
    x = jnp.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=fill)
    height, width = ((side - k) // s + 1 for side in x.shape[2:])
    return jnp.stack([
        x[:, :, i:i + (height - 1) * s + 1:s, j:j + (width - 1) * s + 1:s]
        for i in range(k) for j in range(k)
    ])


def _conv(x, weight, bias, o):
    under = _windows(x, o)
    weight = weight.reshape(weight.shape[0], weight.shape[1], -1)
    if "graph" not in o:
        y = jnp.einsum("pbchw,ocp->bohw", under, weight)
    else:
        groups, order = _tables(o["graph"], o["inputs"], o["outputs"])
        parts = []
        for reads, own in groups:
            blocks = weight[own[:, :, None], reads[:, None, :]]
            rows = jnp.einsum("pbnkhw,nmkp->bnmhw", jnp.take(under, reads, axis=2), blocks)
            parts.append(rows.reshape((x.shape[0], -1) + rows.shape[3:]))
        y = jnp.concatenate(parts, axis=1)[:, order]
    return y if bias is None else y + bias[:, None, None]


def _erf(x):
    """Where jax is not there, NumPy has none: math's, number by number."""
    try:
        from jax.scipy.special import erf
    except ImportError:
        return numpy.vectorize(math.erf, otypes=[numpy.float64])(x).astype(x.dtype)
    return erf(x)


FUNCTIONS = {
    "relu": lambda x: jnp.maximum(x, 0),
    "swish": lambda x: x / (1 + jnp.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + jnp.exp(-x)),
    "gelu": lambda x: 0.5 * x * (1 + _erf(x / 2 ** 0.5)),
}


def _attention(q, k, v, heads):
    n, channels, height, width = v.shape
    ends = [head * channels // heads for head in range(heads + 1)]
    parts = []
    for start, end in zip(ends, ends[1:]):
        qh, kh, vh = (each[:, start:end].reshape(n, end - start, -1) for each in (q, k, v))
        scores = jnp.einsum("bct,bcu->btu", qh, kh) / (end - start) ** 0.5
        shares = jnp.exp(scores - scores.max(-1, keepdims=True))
        shares = shares / shares.sum(-1, keepdims=True)
        parts.append(jnp.einsum("bcu,btu->bct", vh, shares))
    return jnp.concatenate(parts, axis=1).reshape(n, channels, height, width)


def _layer(kind, name, o, x, params):
    own = lambda part: params.get(name + "." + part)
    if kind == "linear":
        return _linear(x[0], own("weight"), own("bias"), o)
    if kind == "conv":
        return _conv(x[0], own("weight"), own("bias"), o)
    if kind == "depthwise":
        weight = own("weight").reshape(o["channels"], -1)
        return jnp.einsum("pbchw,cp->bchw", _windows(x[0], o), weight)
    if kind == "batchNorm":
        wide = (1, -1) + (1,) * (x[0].ndim - 2)
        scale = own("weight") / jnp.sqrt(own("running_var") + o["eps"])
        shift = own("bias") - own("running_mean") * scale
        return x[0] * scale.reshape(wide) + shift.reshape(wide)
    if kind == "layerNorm":
        centred = x[0] - x[0].mean(1, keepdims=True)
        normed = centred / jnp.sqrt((centred ** 2).mean(1, keepdims=True) + o["eps"])
        return normed * own("weight")[:, None, None] + own("bias")[:, None, None]
    if kind == "activation":
        return FUNCTIONS[o["function"]](x[0])
    if kind == "maxPool":
        return _windows(x[0], o, -numpy.inf).max(0)
    if kind == "averagePool":
        return _windows(x[0], o).mean(0)
    if kind == "globalPool":
        return x[0].mean((2, 3), keepdims=True)
    if kind == "add":
        return x[0] + x[1]
    if kind == "gate":
        return x[0] * x[1]
    if kind == "position":
        return x[0] + params[name]
    if kind == "attention":
        return _attention(*x, o["heads"])
    raise ValueError("unknown kind of layer %r" % kind)


def apply(params, images):
    """Logits (N, classes) of normalised images (N, channels, height, width). Pure: jit, grad, vmap."""
    values = {}
    for kind, name, inputs, options in LAYERS:
        x = [values[each] for each in inputs]
        values[name] = images if kind == "input" else _layer(kind, name, options, x, params)
    return values[LAYERS[-1][1]]


def normalise(images):
    """Bytes, or numbers from 0 to 255, as the network takes them."""
    if CONFIG["mean"] is None:
        raise ValueError("the weights did not say how images are normalised")
    mean, std = (numpy.float32(CONFIG[key]).reshape(1, -1, 1, 1) for key in ("mean", "std"))
    return (jnp.asarray(images, dtype="float32") - mean) / std


def load(path=None):
    """The parameters by name."""
    path = path or os.path.join(os.path.dirname(os.path.abspath(__file__)), "model.safetensors")
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    header.pop("__metadata__", None)
    params = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = numpy.frombuffer(data, "<f4", (end - begin) // 4, begin)
        params[name] = jnp.asarray(flat.reshape(entry["shape"]))
    return params
`;
