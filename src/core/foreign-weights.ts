import { UserError } from './errors.js';

/** How PyTorch's weights become a safetensors file. */
const FROM_TORCH =
  'convert it in Python: safetensors.torch.save_file(torch.load(FILE, map_location="cpu", ' +
  'weights_only=True), "weights.safetensors"), of a checkpoint of more than weights the entry ' +
  'that holds them, such as ["state_dict"]';
const FROM_ARRAYS = 'convert it in Python: safetensors.numpy.save_file(arrays by name, FILE)';

interface Foreign {
  readonly name: string;
  readonly remedy: string;
  readonly is: (bytes: Uint8Array) => boolean;
}

const starts =
  (...magic: readonly number[]) =>
  (bytes: Uint8Array): boolean =>
    magic.every((value, at) => bytes[at] === value);
const text = (words: string): readonly number[] => Array.from(words, (sign) => sign.charCodeAt(0));
const isZip = starts(...text('PK'), 3, 4);
/** Whether the names of an archive's first files hold some words. */
const zipWith =
  (...words: readonly string[]) =>
  (bytes: Uint8Array): boolean => {
    const head = isZip(bytes)
      ? String.fromCharCode(...bytes.subarray(0, 4096), ...bytes.subarray(-4096))
      : '';
    return words.some((word) => head.includes(word));
  };

/** Files that people take for weights, most telling first. */
const FOREIGN: readonly Foreign[] = [
  {
    name: 'a PyTorch file (.pt, .pth)',
    remedy: FROM_TORCH,
    is: zipWith('data.pkl', 'constants.pkl', '/version'),
  },
  { name: 'a NumPy archive (.npz)', remedy: FROM_ARRAYS, is: zipWith('.npy') },
  {
    name: 'a Keras file (.keras)',
    remedy: FROM_ARRAYS,
    is: zipWith('model.weights.h5', 'config.json'),
  },
  { name: 'a zip archive', remedy: 'unpack it first', is: isZip },
  {
    name: 'a Python pickle, as older PyTorch files are (.pt, .pth, .pkl)',
    remedy: FROM_TORCH,
    is: (bytes) => bytes[0] === 0x80 && [2, 3, 4, 5].includes(bytes[1] ?? 0),
  },
  {
    name: 'an HDF5 file (.h5, .hdf5)',
    remedy: FROM_ARRAYS,
    is: starts(0x89, ...text('HDF'), 13, 10, 26, 10),
  },
  { name: 'a NumPy array (.npy)', remedy: FROM_ARRAYS, is: starts(0x93, ...text('NUMPY')) },
  {
    name: 'an ONNX model (.onnx)',
    remedy:
      'take its initialisers in Python (onnx.numpy_helper.to_array) and write them with ' +
      'safetensors.numpy.save_file',
    // ir_version as field 1, then field 2 (the producer) or 7 (the graph) of the protocol buffer.
    is: (bytes) =>
      bytes[0] === 0x08 && (bytes[1] ?? 32) < 32 && (bytes[2] === 0x12 || bytes[2] === 0x3a),
  },
  { name: 'a GGUF file', remedy: FROM_ARRAYS, is: starts(...text('GGUF')) },
  {
    name: 'a TensorFlow Lite model',
    remedy: FROM_ARRAYS,
    is: (bytes) => starts(...text('TFL3'))(bytes.subarray(4)),
  },
  { name: 'a gzip file', remedy: 'unpack it first', is: starts(0x1f, 0x8b) },
  {
    name: 'a pointer of Git LFS, not the file itself',
    remedy: 'fetch the file with: git lfs pull',
    is: starts(...text('version https://git-lfs')),
  },
  {
    name: 'a web page',
    remedy: 'download the file itself',
    is: (bytes) => /^\s*<(?:!doctype|html)/i.test(String.fromCharCode(...bytes.subarray(0, 64))),
  },
];

/** What to say of bytes that are no safetensors file but one that is known; else null. */
export function foreignWeights(bytes: Uint8Array): UserError | null {
  if (bytes.length === 0) return new UserError('the file is empty; name a file of weights');
  const found = FOREIGN.find(({ is }) => is(bytes));
  return found === undefined
    ? null
    : new UserError(
        `weights are read from safetensors files, this is ${found.name}; ${found.remedy}`,
      );
}
