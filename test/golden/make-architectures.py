#!/usr/bin/python3
"""Golden values of the paper's architectures, computed by the official code itself (run by hand; tests read the JSON).

    git clone /path/to/graph2nn.git /tmp/graph2nn && /usr/bin/python3 test/golden/make-architectures.py /tmp/graph2nn

Runs graph2nn's own models, cost functions and width matching (tools/train_net.py, up to the first model it would train) for
its published sets of graphs and its connectomes, and checks that what its result files hold (first width, millions of
parameters, billions of multiply-adds, for three seeds) is what its code says now. Needs PyTorch, networkx and NumPy; nothing is trained and no GPU is used.
Done to it from outside, nothing of which changes a number: weights are left uninitialised, .cuda() does nothing, a mask that
was made once is remembered as its sum, and networkx's removed selfloop_edges method is put back.
"""
import json
import os
import sys
import types
from unittest import mock

import networkx as nx
import numpy as np
import torch
import yaml

CHECKOUT = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))


class Config(dict):
    """Enough of yacs.config.CfgNode: nested attributes."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__

    def defrost(self):
        pass

    def merge(self, other):
        for key, value in other.items():
            if isinstance(value, dict):
                self[key].merge(value)
            else:
                assert key in self, key
                self[key] = value


def load_official():
    yacs = types.ModuleType('yacs.config')
    yacs.CfgNode = Config
    sys.modules.update({'yacs': types.ModuleType('yacs'), 'yacs.config': yacs})
    for name in ('matplotlib', 'matplotlib.pyplot', 'matplotlib.colors', 'cv2', 'simplejson', 'tensorboardX', 'plotly',
                 'plotly.graph_objs', 'plotly.offline', 'colorlover', 'pycls.datasets.loader'):
        sys.modules[name] = mock.MagicMock()
    nx.Graph.selfloop_edges = lambda graph: list(nx.selfloop_edges(graph))
    torch.Tensor.cuda = lambda tensor, *args, **kwargs: tensor
    torch.nn.modules.conv._ConvNd.reset_parameters = lambda layer: None
    torch.nn.Linear.reset_parameters = lambda layer: None
    sys.path[:0] = [CHECKOUT, os.path.join(CHECKOUT, 'tools')]
    # The connectomes are read from the current directory.
    os.chdir(os.path.join(CHECKOUT, 'pycls', 'datasets'))
    import train_net
    import pycls.utils.net as net
    net.init_weights = lambda module: None
    return train_net


class SummedMask:
    """A mask of which only the number of ones is wanted."""

    def __init__(self, mask):
        self.ones = np.sum(mask)

    def sum(self, axis=None, dtype=None, out=None):
        return self.ones

    def __getitem__(self, at):
        return np.ones((1, 1, 1, 1))


def remember_masks():
    from pycls.models import relation_graph
    official, known = relation_graph.get_mask, {}

    def get_mask(*args):
        if args not in known:
            known[args] = SummedMask(official(*args))
        return known[args]

    relation_graph.get_mask = get_mask
    return known


class Matched(Exception):
    """Thrown in place of building the model to train."""


def stop():
    raise Matched


def match(train_net, cfg):
    """The model with the widths that the official training would take."""
    train_net.model_builder.build_model = stop
    try:
        train_net.train_model()
    except Matched:
        pass
    model = train_net.model_builder._MODEL_TYPES[cfg.MODEL.TYPE]()
    metrics = train_net.mu
    return model, {'widths': list(cfg.RGRAPH.DIM_LIST), 'macs': int(metrics.flops_count(model)), 'params': metrics.params_count(model)}


def shapes(model):
    return {name: list(tensor.shape) for name, tensor in model.state_dict().items() if 'num_batches_tracked' not in name}


BASE = 'configs/baselines/'
CASES = {
    'cnn': (BASE + 'imagenet/cnn_imagenet/best/cnn6_bs256_8gpu_64d_%s.yaml', 'graphs_n64_52.npy', ('mcvisual', 'mcvisualraw', 'cat', 'catraw'), {}),
    'cnn small': (BASE + 'cifar10/cnn_bs128_1gpu_layer3.yaml', 'graphs_n64_52.npy', ('mcvisual', 'catraw'), {
        'MODEL': {'LAYERS': 6}, 'TRAIN': {'AUTO_MATCH': True}}),
    'resnet34': (BASE + 'imagenet/resnet34_imagenet/best/R-34_bs256_8gpu_%s.yaml', 'graphs_n64_52.npy', ('mcvisual', 'mcvisualraw', 'cat', 'catraw'), {}),
    'resnet34-sep': (BASE + 'imagenet/resnet34sep_imagenet/best/R-34_bs256_8gpu_%s.yaml', 'graphs_n64_52.npy', ('mcvisual', 'mcvisualraw', 'cat', 'catraw'), {}),
    'resnet50': (BASE + 'imagenet/resnet50_imagenet/best/R-50_bs256_8gpu_%s.yaml', 'graphs_n64_52.npy', ('mcvisual', 'mcvisualraw', 'cat', 'catraw'), {}),
    'efficientnet-b0': (BASE + 'imagenet/efficient_imagenet/best/EN-B0_bs512_8gpu_nms_%s.yaml', 'graphs_n16_48.npy', (), {}),
}
SMALL_TRANSFORMS = {'baseline': 'convbasic_transform', 'best': 'convtalk_transform'}
CONNECTOME_NODES = {'mcvisual': 30, 'cat': 52}


def configure(cfg, defaults, case, which, graph):
    path, _, _, changes = CASES[case]
    cfg.clear()
    cfg.update(Config((key, Config(value) if isinstance(value, dict) else value) for key, value in defaults.items()))
    with open(os.path.join(CHECKOUT, path % which if '%s' in path else path)) as f:
        cfg.merge(yaml.safe_load(f))
    cfg.merge(changes)
    if case == 'cnn small':
        cfg.RESNET.TRANS_FUN = SMALL_TRANSFORMS[which]
    cfg.merge({'OUT_DIR': '64d', 'NUM_GPUS': 0, 'RGRAPH': {'SEED_TRAIN': 1, 'SEED_TRAIN_START': 1, **graph}})


def published(row):
    """Full precision, as the sets are regenerated."""
    n, density, p, seed = row[:4]
    return {'MESSAGE_TYPE': 'ws', 'GROUP_NUM': int(n), 'SPARSITY': float(density), 'P': float(p), 'SEED_GRAPH': int(seed)}


def connectome(name):
    return {'MESSAGE_TYPE': name, 'GROUP_NUM': CONNECTOME_NODES[name.replace('raw', '')], 'SPARSITY': 1.0, 'P': 0.0, 'SEED_GRAPH': 1}


RESULTS = {'cnn': 'cnn6_imagenet', 'resnet34': 'resnet34_imagenet', 'resnet34-sep': 'resnet34_sep_imagenet', 'resnet50': 'resnet50_imagenet',
           'efficientnet-b0': 'efficientnet_imagenet'}


def check_results(case, rows, out):
    """The number of published results that were compared; every one must agree."""
    ours = {('%.6f' % row[1], '%.6f' % row[2], int(row[3])): found for row, found in zip(rows, out['graphs'])}
    compared = 0
    for seed in (1, 2, 3):
        folder = os.path.join(CHECKOUT, 'analysis', 'final_results', '%s_seed%d' % (RESULTS[case], seed))
        names, results = ([np.load(os.path.join(folder, file)) for file in sorted(os.listdir(folder)) if file.startswith(what) and file.endswith('_epoch100.npy')][0]
                          for what in ('names', 'results'))
        for name, (result,) in zip(names, results):
            key = ('%.6f' % float(name[4]), '%.6f' % float(name[5]), int(float(name[7])))
            macs, params, width = ours[key][:3] if key in ours else (out['baseline']['macs'], out['baseline']['params'], out['baseline']['widths'][0])
            assert [round(params / 1e6, 3), round(macs / 1e9, 3), width] == [result[0], result[1], result[6]], (case, name, result, macs, params, width)
            compared += 1
        # Later seeds lack some runs.
        assert seed > 1 or len(names) == len(rows) + 1, (case, len(names))
    return compared


def golden_of(train_net, cfg, defaults, case, known):
    def result(which, graph):
        known.clear()
        configure(cfg, defaults, case, which, graph)
        return match(train_net, cfg)

    _, file, names, _ = CASES[case]
    rows = np.load(os.path.join(CHECKOUT, 'analysis', file))
    model, baseline = result('baseline', {})
    out = {'baseline': {**baseline, 'shapes': shapes(model)}, 'graphs': [], 'connectomes': {}}
    for i, row in enumerate(rows):
        model, found = result('best', published(row))
        out['graphs'].append([found['macs'], found['params'], *found['widths']])
        if i == 0:
            out['shapes'] = shapes(model)
        print(case, i, found, file=sys.stderr, flush=True)
    if case in RESULTS:
        out['published'] = check_results(case, rows, out)
    for name in names:
        found = result('best', connectome(name))[1]
        out['connectomes'][name] = [found['macs'], found['params'], *found['widths']]
        print(case, name, found, file=sys.stderr, flush=True)
    return out


def main():
    train_net = load_official()
    known = remember_masks()
    cfg = train_net.cfg
    defaults = {key: dict(value) if isinstance(value, dict) else value for key, value in cfg.items()}
    golden = {case: golden_of(train_net, cfg, defaults, case, known) for case in CASES}
    with open(os.path.join(HERE, 'architectures.json'), 'w') as f:
        f.write(json.dumps(golden, separators=(',', ':')).replace('"graphs":[', '"graphs":[\n').replace('],[', '],\n[').replace('"shapes"', '\n"shapes"') + '\n')


main()
