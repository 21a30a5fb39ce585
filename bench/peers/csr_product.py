"""A sparse matrix in CSR times a few vectors by SciPy, timed for bench/inference.mjs.

It speaks in lines of JSON. First line in: {"sizes": [CHANNELS OF EACH NODE], "neighbours": [WHO EACH NODE LISTENS TO, ITSELF
AMONG THEM], "batches": [B]}; first line out: {"scipy": VERSION, "nonzeros": N}, or {"missing": REASON} and the end. Then for
every {"batch": B, "rounds": N}: N + 1 products of float32 with int32 indices, one thread, the first one not timed; {"ms":
[...]} comes back.
"""
import json
import sys
import time

try:
    import numpy as np
    import scipy
    from scipy.sparse import csr_matrix
except ImportError as error:
    print(json.dumps({"missing": str(error)}), flush=True)
    sys.exit(0)


def main():
    setup = json.loads(sys.stdin.readline())
    sizes = setup["sizes"]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    columns = [np.concatenate([np.arange(starts[j], starts[j + 1]) for j in nodes]) for nodes in setup["neighbours"]]
    rows = [columns[node] for node, size in enumerate(sizes) for _ in range(size)]
    indices = np.concatenate(rows).astype(np.int32)
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    random = np.random.default_rng(1)
    width = int(starts[-1])
    matrix = csr_matrix((random.standard_normal(len(indices)).astype(np.float32), indices, indptr), shape=(width, width))
    inputs = {batch: random.standard_normal((width, batch)).astype(np.float32) for batch in setup["batches"]}
    print(json.dumps({"scipy": scipy.__version__, "nonzeros": int(matrix.nnz)}), flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        x = inputs[wanted["batch"]]
        x = x[:, 0] if wanted["batch"] == 1 else x
        times = []
        for _ in range(wanted["rounds"] + 1):
            begun = time.perf_counter()
            matrix @ x
            times.append(1000 * (time.perf_counter() - begun))
        print(json.dumps({"ms": times[1:]}), flush=True)


main()
