/** Of `model.py`: layers over the channels of a graph. Python for torch 1.13 or newer. */
export const RELATIONAL_SOURCE = String.raw`

FORMS = ("gather", "grouped", "masked")


class Relational(nn.Module):
    """Weights between the channels of nodes that read each other.

    Form "masked": a whole weight times its mask. "gather" and "grouped": a parameter of the numbers
    that exist only; inputs are gathered node by node, then multiplied as a batch of matrices, or by
    a convolution of one group a node. All forms compute the same, and a state_dict is the same in all
    of them: the whole weight, 0 where none exists.
    """

    def __init__(self, reads, in_sizes, out_sizes, window=(), bias=False, form="grouped"):
        super().__init__()
        if form not in FORMS:
            raise ValueError("form is one of %s; got %r" % (", ".join(FORMS), form))
        self.form = form
        self.window = tuple(window)
        self.shape = (sum(out_sizes), sum(in_sizes)) + self.window
        self.bias = nn.Parameter(torch.zeros(self.shape[0])) if bias else None
        in_starts = [sum(in_sizes[:i]) for i in range(len(in_sizes))]
        columns = [
            [in_starts[j] + c for j in nodes for c in range(in_sizes[j])] for nodes in reads
        ]
        flat = [
            row * self.shape[1] + column
            for row, node in enumerate(i for i, size in enumerate(out_sizes) for _ in range(size))
            for column in columns[node]
        ]
        self._table("existing", flat)
        if form == "masked":
            mask = torch.zeros(self.shape[0] * self.shape[1])
            mask[self.existing] = 1
            mask = mask.view(self.shape[:2] + (1,) * len(self.window))
            self.register_buffer("mask", mask, persistent=False)
            self.weight = nn.Parameter(torch.zeros(self.shape))
        else:
            self.values = nn.Parameter(torch.zeros((len(flat),) + self.window))
            self._make_buckets(columns, in_starts, out_sizes)

    def _table(self, name, numbers):
        self.register_buffer(name, torch.tensor(numbers, dtype=torch.long), persistent=False)

    def _make_buckets(self, columns, in_starts, out_sizes):
        """Nodes with about as many inputs together, each padded to as many as the largest has."""
        first, starts = 0, []
        for read, size in zip(columns, out_sizes):
            starts.append(first)
            first += len(read) * size
        rows, order, self.buckets = 0, [None] * len(out_sizes), []
        for b, nodes in enumerate(buckets([len(read) for read in columns], out_sizes)):
            k = max(len(columns[i]) for i in nodes)
            m = max(out_sizes[i] for i in nodes)
            inputs, places = [], []
            for i in nodes:
                n = len(columns[i])
                inputs += columns[i] + [in_starts[i]] * (k - n)
                for row in range(m):
                    exists = row < out_sizes[i]
                    start = starts[i] + row * n
                    places += [start + c if exists and c < n else first for c in range(k)]
                order[i] = range(rows, rows + out_sizes[i])
                rows += m
            self._table("inputs_%d" % b, inputs)
            self._table("places_%d" % b, places)
            self.buckets.append((len(nodes), k, m))
        self._table("order", [row for span in order for row in span])

    def dense_weight(self):
        """The whole weight, 0 where none exists."""
        if self.form == "masked":
            return self.weight * self.mask
        dense = self.values.new_zeros((self.shape[0] * self.shape[1],) + self.window)
        return dense.index_copy(0, self.existing, self.values).view(self.shape)

    def block_weights(self, b):
        """The blocks of a bucket, (nodes x outputs, inputs, window), 0 where there is padding."""
        n, k, m = self.buckets[b]
        padded = torch.cat([self.values, self.values.new_zeros((1,) + self.window)])
        places = getattr(self, "places_%d" % b)
        return padded.index_select(0, places).view((n * m, k) + self.window)

    def reset(self, std, bound=0.0):
        """Numbers that exist from N(0, std), the bias from U(-bound, bound)."""
        with torch.no_grad():
            (self.weight if self.form == "masked" else self.values).normal_(0, std)
            if self.form == "masked":
                self.weight.mul_(self.mask)
            if self.bias is not None:
                self.bias.uniform_(-bound, bound)

    def _save_to_state_dict(self, destination, prefix, keep_vars):
        super()._save_to_state_dict(destination, prefix, keep_vars)
        # Who keeps variables wants the parameters themselves: torch.onnx finds them so.
        if self.form == "masked" or keep_vars:
            return
        values = destination.pop(prefix + "values")
        dense = values.new_zeros((self.shape[0] * self.shape[1],) + self.window)
        destination[prefix + "weight"] = dense.index_copy(0, self.existing, values).view(self.shape)

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        weight = state_dict.get(prefix + "weight")
        if self.form != "masked" and weight is not None:
            if tuple(weight.shape) != self.shape:
                rest[-1].append("%sweight has shape %s, wanted %s"
                                % (prefix, tuple(weight.shape), self.shape))
                return
            flat = weight.reshape((-1,) + self.window)
            state_dict = {key: value for key, value in state_dict.items() if key != prefix + "weight"}
            state_dict[prefix + "values"] = flat[self.existing.to(flat.device)]
        super()._load_from_state_dict(state_dict, prefix, *rest)


def buckets(columns, rows):
    """Nodes side by side, few lists with little padding: those of a size are never parted."""
    kinds = sorted(set(zip(columns, rows)))
    members = {kind: [i for i, it in enumerate(zip(columns, rows)) if it == kind] for kind in kinds}
    exist = sum(k * m for k, m in zip(columns, rows))
    best = [(0, [])] + [(float("inf"), [])] * len(kinds)
    for _ in range(min(6, len(kinds))):
        table = [(float("inf"), [])]
        for end in range(1, len(kinds) + 1):
            found, nodes, k, m = (float("inf"), []), 0, 0, 0
            for start in range(end - 1, -1, -1):
                nodes += len(members[kinds[start]])
                k, m = max(k, kinds[start][0]), max(m, kinds[start][1])
                cost = best[start][0] + nodes * k * m
                if cost < found[0]:
                    found = (cost, best[start][1] + [(start, end)])
            table.append(found)
        best = table
        if best[-1][0] <= 1.1 * exist:
            break
    return [sorted(i for kind in kinds[a:b] for i in members[kind]) for a, b in best[-1][1]]


class RelationalLinear(Relational):
    """y = W x (+ b) over vectors."""

    def forward(self, x):
        if self.form == "masked":
            return F.linear(x, self.weight * self.mask, self.bias)
        parts = []
        for b, (n, k, m) in enumerate(self.buckets):
            weight = self.block_weights(b)
            inputs = getattr(self, "inputs_%d" % b)
            if self.form == "gather":
                read = x.index_select(1, inputs).reshape(-1, n, k).transpose(0, 1)
                rows = torch.bmm(read, weight.view(n, m, k).transpose(1, 2))
                parts.append(rows.transpose(0, 1).reshape(-1, n * m))
            else:
                # Samples are the pixels of a plane of 1 x N.
                read = x.t().index_select(0, inputs).reshape(1, n * k, 1, -1)
                rows = F.conv2d(read, weight.view(n * m, k, 1, 1), groups=n)
                parts.append(rows.reshape(n * m, -1).t())
        y = torch.cat(parts, 1).index_select(1, self.order)
        return y if self.bias is None else y + self.bias


class RelationalConv2d(Relational):
    """A convolution whose channels read those of nodes."""

    def __init__(self, reads, in_sizes, out_sizes, kernel, stride=1, padding=0, bias=False,
                 form="grouped"):
        super().__init__(reads, in_sizes, out_sizes, (kernel, kernel), bias, form)
        self.kernel, self.stride, self.padding = kernel, stride, padding

    def forward(self, x):
        if self.form == "masked":
            weight = self.weight * self.mask
            return F.conv2d(x, weight, self.bias, self.stride, self.padding)
        parts = []
        for b, (n, k, m) in enumerate(self.buckets):
            weight = self.block_weights(b)
            read = x.index_select(1, getattr(self, "inputs_%d" % b))
            if self.form == "gather":
                height, width = (
                    (side + 2 * self.padding - self.kernel) // self.stride + 1
                    for side in (x.shape[2], x.shape[3])
                )
                area = self.kernel * self.kernel
                patches = F.unfold(read, self.kernel, padding=self.padding, stride=self.stride)
                patches = patches.reshape(-1, n, k * area, height * width)
                rows = torch.matmul(weight.view(n, m, k * area), patches)
                parts.append(rows.reshape(-1, n * m, height, width))
            else:
                parts.append(F.conv2d(read, weight, None, self.stride, self.padding, groups=n))
        y = torch.cat(parts, 1).index_select(1, self.order)
        return y if self.bias is None else y + self.bias.view(1, -1, 1, 1)

`;
