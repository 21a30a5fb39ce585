"""Expected output of imageToNumbers: NumPy's own flip, pad and slice. Writes data-images.json beside itself."""
import json
import pathlib

import numpy as np

random = np.random.RandomState(5)
channels, height, width, images, pad = 3, 4, 5, 6, 2
mean, std = [125.3, 123.0, 113.9], [63.0, 62.1, 66.7]
data = random.randint(0, 256, (images, channels, height, width)).astype(np.uint8)
indices = [3, 0, 5, 3, 1]
flip = [0, 1, 1, 0, 1]
offset_y = [0, 1, 4, 2, 3]
offset_x = [4, 0, 2, 2, 3]
expected = []
for index, mirrored, top, left in zip(indices, flip, offset_y, offset_x):
    image = (data[index].astype(np.float64) - np.reshape(mean, (3, 1, 1))) / np.reshape(std, (3, 1, 1))
    if mirrored:
        image = np.flip(image, axis=2)
    padded = np.pad(image, ((0, 0), (pad, pad), (pad, pad)))
    expected.append(padded[:, top:top + height, left:left + width].ravel().tolist())
result = {
    'shape': {'channels': channels, 'height': height, 'width': width}, 'mean': mean, 'std': std,
    'images': data.ravel().tolist(), 'indices': indices, 'flip': flip,
    'shiftY': [o - pad for o in offset_y], 'shiftX': [o - pad for o in offset_x], 'expected': expected,
}
(pathlib.Path(__file__).parent / 'data-images.json').write_text(json.dumps(result) + '\n')
