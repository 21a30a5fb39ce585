"""Decoded, cropped and scaled pictures as Pillow makes them. Writes data-pictures.json beside itself (Debian's python3-pil 9.4)."""
import base64
import io
import json
import math
import pathlib

import numpy as np
from PIL import Image, ImageOps

random = np.random.RandomState(7)


def picture(width, height):
    """Smooth colours with noise and an edge."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 90 * np.sin(x / 7 + c) * np.cos(y / (5 + c)) for c in range(3)]
    image = np.stack(planes, axis=2) + random.normal(0, 12, (height, width, 3))
    image[height // 3:height // 2, width // 4:] = [250, 5, 128]
    return np.clip(np.round(image), 0, 255).astype(np.uint8)


def planar(image):
    return np.asarray(image).transpose(2, 0, 1).ravel().tolist()


def part(pixels, left, top, width, height, size):
    image = Image.fromarray(pixels).crop((left, top, left + width, top + height)).resize((size, size), Image.BILINEAR)
    return {'crop': {'left': left, 'top': top, 'width': width, 'height': height}, 'size': size, 'expected': planar(image)}


def middle(pixels, shorter, size):
    height, width = pixels.shape[:2]
    scaled = (shorter, math.floor(height / width * shorter)) if width < height else (math.floor(width / height * shorter), shorter)
    left, top = math.ceil((scaled[0] - size) / 2), math.ceil((scaled[1] - size) / 2)
    image = Image.fromarray(pixels).resize(scaled, Image.BILINEAR).crop((left, top, left + size, top + size))
    return {'shorter': shorter, 'size': size, 'expected': planar(image)}


def encoded(image, kind, change=bytes, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    data = change(out.getvalue())
    decoded = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert('RGB')
    return {'file': base64.b64encode(data).decode(), 'width': decoded.width, 'height': decoded.height, 'pixels': np.asarray(decoded).ravel().tolist()}


def as_ycck(data):
    """The same numbers, said to be YCCK by the last byte of Adobe's marker."""
    at = data.index(b'Adobe') + 11
    assert data[at] == 0
    return data[:at] + bytes([2]) + data[at + 1:]


def unmarked(data):
    """Without Adobe's marker, a segment of 16 bytes."""
    at = data.index(b'Adobe') - 4
    assert data[at:at + 4] == bytes([0xff, 0xee, 0, 14])
    return data[:at] + data[at + 16:]


wide, tall = picture(61, 43), picture(20, 33)
turned = Image.Exif()
turned[0x0112] = 6
small = picture(24, 17)
rgb = Image.fromarray(small)
inks = Image.fromarray(np.dstack([255 - small, small[:, ::-1, 1] // 2]), 'CMYK')
result = {
    'pictures': [
        {'width': 61, 'height': 43, 'bytes': wide.ravel().tolist(),
         'parts': [part(wide, 0, 0, 61, 43, 8), part(wide, 5, 3, 40, 37, 16), part(wide, 60, 42, 1, 1, 8), part(wide, 10, 20, 13, 9, 16), part(wide, 7, 1, 16, 40, 16)],
         'middles': [middle(wide, 16, 16), middle(wide, 18, 16), middle(wide, 43, 32), middle(wide, 64, 8)]},
        {'width': 20, 'height': 33, 'bytes': tall.ravel().tolist(),
         'parts': [part(tall, 2, 4, 18, 29, 8)],
         'middles': [middle(tall, 9, 8), middle(tall, 20, 20)]},
    ],
    'files': {
        'jpeg': encoded(rgb, 'JPEG', quality=90),
        'jpeg 4:4:4': encoded(rgb, 'JPEG', quality=95, subsampling=0),
        'jpeg progressive': encoded(rgb, 'JPEG', quality=80, progressive=True),
        'jpeg grey': encoded(rgb.convert('L'), 'JPEG', quality=90),
        'jpeg cmyk': encoded(inks, 'JPEG', quality=95),
        'jpeg cmyk turned': encoded(inks, 'JPEG', quality=95, exif=turned),
        'jpeg cmyk without marker': encoded(inks, 'JPEG', unmarked, quality=95),
        'jpeg ycck': encoded(inks, 'JPEG', as_ycck, quality=95),
        'jpeg turned': encoded(rgb, 'JPEG', quality=90, exif=turned),
        'png': encoded(rgb, 'PNG'),
        'png grey': encoded(rgb.convert('L'), 'PNG'),
        'png grey alpha': encoded(rgb.convert('LA'), 'PNG'),
        'png rgba': encoded(rgb.convert('RGBA'), 'PNG'),
        'png palette': encoded(rgb.convert('P', palette=Image.ADAPTIVE), 'PNG'),
        'png 1 bit': encoded(rgb.convert('1'), 'PNG'),
        'webp': encoded(rgb, 'WEBP', lossless=True),
    },
}
(pathlib.Path(__file__).parent / 'data-pictures.json').write_text(json.dumps(result) + '\n')
