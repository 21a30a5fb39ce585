"""Archives that NumPy writes, and the planar bytes that are in them. Writes data-arrays.json beside itself."""
import base64
import io
import json
import pathlib

import numpy as np

random = np.random.RandomState(11)


def archive(save, images, labels, names, order='C', kind=np.int64):
    """images: N x C x H x W or N x H x W; stored as `order` says, channels last for `last`."""
    arrays = {}
    for name, part in zip(names, (images[:7], labels[:7], images[7:], labels[7:])):
        stored = part
        if part.ndim == 4 and order == 'last':
            stored = part.transpose(0, 2, 3, 1)
        stored = np.asfortranarray(stored) if order == 'F' else np.ascontiguousarray(stored)
        arrays[name] = stored.astype(kind) if part.ndim == 1 else stored
    out = io.BytesIO()
    save(out, **arrays, other=np.arange(3.0))
    return {'file': base64.b64encode(out.getvalue()).decode(), 'shape': list(images.shape[1:]) if images.ndim == 4 else [1, *images.shape[1:]],
            'train': images[:7].ravel().tolist(), 'test': images[7:].ravel().tolist(), 'labels': labels.tolist()}


usual = ('x_train', 'y_train', 'x_test', 'y_test')
grey = random.randint(0, 256, (10, 5, 4)).astype(np.uint8)
colour = random.randint(0, 256, (10, 3, 5, 4)).astype(np.uint8)
labels = random.randint(0, 4, 10)
labels[0] = 3
result = {
    'grey': archive(np.savez, grey, labels, usual),
    'grey packed': archive(np.savez_compressed, grey, labels, usual, kind=np.uint8),
    'grey Fortran': archive(np.savez, grey, labels, usual, order='F', kind=np.int32),
    'channels first': archive(np.savez_compressed, colour, labels, ('train_images', 'train_labels', 'test_images', 'test_labels'), kind='>i4'),
    'channels last': archive(np.savez, colour, labels, ('X_train', 'Y_train', 'X_test', 'Y_test'), order='last', kind=np.uint16),
    'channels first Fortran': archive(np.savez, colour, labels, ('train_images', 'train_labels', 'val_images', 'val_labels'), order='F'),
}
(pathlib.Path(__file__).parent / 'data-arrays.json').write_text(json.dumps(result) + '\n')
