"""Makes graph-formats-binary.json: files of arrays as NumPy, SciPy and h5py write them, in base64, with what they hold.

Each case has the format, the file's bytes, options to read it with, and the edges u -> v with entry [u, v] >= threshold
(threshold 1 where none is given). `written` has files that must come out byte for byte: numpy.save of a graph's matrix,
and scipy.io.savemat (version 5, uncompressed) of the same matrix as logical. MATLAB 7.3 files are HDF5 behind a user
block of 512 bytes; h5py lays them out as MATLAB does: arrays transposed, sparse ones as groups of data, ir and jc.

Run: /usr/bin/python3 make-graph-formats-binary.py > graph-formats-binary.json
Needs Debian's python3-numpy, python3-scipy, python3-h5py.
"""
import base64
import io
import json
import sys

import h5py
import numpy as np
import scipy.io
import scipy.sparse

rng = np.random.RandomState(7)
cases = []


def text(data):
    return base64.b64encode(data).decode()


def case(name, kind, data, matrix, threshold=None, variable=None):
    edges = np.argwhere(np.asarray(matrix, dtype=float) >= (1 if threshold is None else threshold)).tolist()
    edges = [edge for edge in edges if edge[0] != edge[1]]
    cases.append({'name': name, 'format': kind, 'bytes': text(data), 'nodes': len(matrix), 'edges': edges, 'threshold': threshold, 'variable': variable})


def to_bytes(write, *arrays, **named):
    out = io.BytesIO()
    write(out, *arrays, **named)
    return out.getvalue()


def zero_one(n, density=0.35, symmetric=False):
    matrix = (rng.rand(n, n) < density).astype(np.uint8)
    return np.maximum(matrix, matrix.T) if symmetric else matrix


def npy_cases():
    for dtype in ['?', 'i1', 'u1', '<i2', '>i2', '<u2', '<i4', '>i4', '<u4', '<i8', '>i8', '<u8', '<f2', '>f2', '<f4', '>f4', '<f8', '>f8']:
        matrix = zero_one(6).astype(dtype)
        case('dtype ' + dtype, 'npy', to_bytes(np.save, matrix), matrix)
    matrix = zero_one(7)
    case('Fortran order', 'npy', to_bytes(np.save, np.asfortranarray(matrix)), matrix)
    symmetric = zero_one(9, symmetric=True)
    case('symmetric', 'npy', to_bytes(np.save, symmetric), symmetric)
    weights = np.round(rng.rand(8, 8), 3)
    case('weights', 'npy', to_bytes(np.save, weights), weights, threshold=0.6)
    case('half weights, Fortran order', 'npy', to_bytes(np.save, np.asfortranarray(weights.astype('>f2'))), weights.astype('f2'), threshold=0.5)
    for version in [(1, 0), (2, 0), (3, 0)]:
        out = io.BytesIO()
        np.lib.format.write_array(out, matrix, version=version)
        case('version %d' % version[0], 'npy', out.getvalue(), matrix)


def npz_cases():
    matrix = zero_one(8)
    case('savez', 'npz', to_bytes(np.savez, adjacency=matrix), matrix)
    case('savez_compressed', 'npz', to_bytes(np.savez_compressed, matrix.astype('f8')), matrix)
    other = zero_one(5)
    case('several, one square', 'npz', to_bytes(np.savez, names=np.array(['a', 'b']), A=matrix, x=np.arange(3.0)), matrix)
    case('several, named', 'npz', to_bytes(np.savez_compressed, A=matrix, B=other), other, variable='B')
    weights = np.where(matrix, np.round(0.1 + rng.rand(8, 8), 2), 0)
    for kind in ['csr', 'csc', 'coo', 'bsr', 'dia']:
        case('sparse ' + kind, 'npz', to_bytes(scipy.sparse.save_npz, getattr(scipy.sparse, kind + '_matrix')(matrix)), matrix)
        sparse = getattr(scipy.sparse, kind + '_matrix')(weights)
        case('sparse weights ' + kind, 'npz', to_bytes(scipy.sparse.save_npz, sparse, compressed=False), weights, threshold=0.5)


def mat5_cases():
    matrix = zero_one(8)
    weights = np.where(matrix, np.round(0.1 + rng.rand(8, 8), 2), 0)
    for compressed in [False, True]:
        def save(**arrays):
            return to_bytes(scipy.io.savemat, arrays, do_compression=compressed)

        note = ', compressed' if compressed else ''
        for dtype in ['f8', 'f4', 'u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8']:
            case(dtype + note, 'mat', save(A=matrix.astype(dtype)), matrix)
        case('logical' + note, 'mat', save(adjacency=matrix.astype(bool)), matrix)
        case('sparse' + note, 'mat', save(S=scipy.sparse.csc_matrix(matrix.astype(float))), matrix)
        case('sparse logical' + note, 'mat', save(S=scipy.sparse.csc_matrix(matrix.astype(bool))), matrix)
        case('sparse weights' + note, 'mat', save(S=scipy.sparse.csc_matrix(weights)), weights, threshold=0.5)
        case('weights' + note, 'mat', save(W=weights), weights, threshold=0.7)
        mixed = dict(settings={'seed': 1}, names=np.array(['a', 'bc'], dtype=object), x=np.arange(4.0), z=matrix + 1j, label='text')
        case('several, one square' + note, 'mat', save(a_long_variable_name=matrix, **mixed), matrix)
        case('several, named' + note, 'mat', save(A=matrix, B=zero_one(4), **mixed), matrix, variable='A')


def mat73_cases():
    matrix = zero_one(9)
    weights = np.where(matrix, np.round(0.1 + rng.rand(9, 9), 2), 0)

    def save(fill):
        out = io.BytesIO()
        with h5py.File(out, 'w', userblock_size=512) as file:
            fill(file)
        data = bytearray(out.getvalue())
        data[:128] = b'MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00 .'.ljust(124) + b'\x00\x02IM'
        return bytes(data)

    def sparse(file):
        compressed = scipy.sparse.csc_matrix(weights)
        group = file.create_group('S')
        group.attrs['MATLAB_sparse'] = np.uint64(9)
        group.create_dataset('data', data=compressed.data)
        group.create_dataset('ir', data=compressed.indices.astype('u8'))
        group.create_dataset('jc', data=compressed.indptr.astype('u8'))

    def several(file):
        file.create_dataset('B', data=zero_one(3))
        file.create_group('settings')['seed'] = 1.0
        file.create_group('#refs#')['a'] = zero_one(2)
        file.create_dataset('A', data=matrix.T)

    case('7.3', 'mat', save(lambda file: file.create_dataset('A', data=matrix.T.astype('f8'))), matrix)
    case('7.3 logical', 'mat', save(lambda file: file.create_dataset('A', data=matrix.T)), matrix)
    case('7.3 in compressed chunks', 'mat', save(lambda file: file.create_dataset('W', data=weights.T, chunks=(4, 5), compression='gzip', shuffle=True)), weights, threshold=0.4)
    case('7.3 sparse', 'mat', save(sparse), weights, threshold=0.5)
    case('7.3 several, named', 'mat', save(several), matrix, variable='A')


npy_cases()
npz_cases()
mat5_cases()
mat73_cases()
ring = np.zeros((11, 11), dtype=np.uint8)
for u in range(11):
    for v in [(u + 1) % 11, (u + 3) % 11]:
        ring[u, v] = 1
written = {
    'nodes': 11,
    'edges': np.argwhere(ring).tolist(),
    'npy': text(to_bytes(np.save, ring)),
    'mat': text(to_bytes(scipy.io.savemat, {'adjacency': ring.astype(bool)})),
}
json.dump({'cases': cases, 'written': written}, sys.stdout, separators=(',', ':'))
sys.stdout.write('\n')
