/**
 * MATLAB 7.3 files of the symmetric path of 3 nodes as `A`, written with h5py 3.7 behind a user
 * block of 512 bytes, packed with gzip, in base64: with `libver='latest'` in chunks of 2 x 2 of a
 * fixed and of an unlimited shape and without chunks; and with the earliest layout in compact
 * storage.
 */
export const latest73 = {
  chunked:
    'H4sIAAAAAAACA/N1DPFxdFIw1zNW8HUM0U3LzEnVUQjISSxJyy/KtVJw9/GLcDQz0VHwcHEzVShOzkjNTVQw1DMwUNBT' +
    'oBgwMHn6MoyCAQWdwIjl5ZLiYubgYGBggoj9h4K5LBC+AVRtwomIv/4eLkFMCkHRvNnIuIJJCFkjDHAxMTAyMLDxMAAp' +
    'RsfDMDs9qOf8pH2tW8FOAlrAqAL0ARMjIzNUDictwsAoqGDPwAHmOTCYcDOY/AdKsgJdy8zMAfQJCxMDMyMTEwcz13lG' +
    'qKYFgz8q+VnvZbs5ergwMHBwQWOOgRsapavMFN+jqv5gj0ozMLg5ujgxMMB8/BpK20JNiIXStVC6fPZSNezuQJhInDhu' +
    'AADk+XoLnQQAAA==',
  extensible:
    'H4sIAAAAAAACA/N1DPFxdFIw1zNW8HUM0U3LzEnVUQjISSxJyy/KtVJw9/GLcDQz0VHwcHEzVShOzkjNTVQw1DMwUNBT' +
    'oBgwMHn6MoyCAQWdwIjl5ZLiYubgYGBggoj9h4JSHgjfAKp2+bv85f4eLkFMCkHRvNnIuIJJCFkjDHAxMTAyMLABjWFk' +
    'YHQ8DLPTg3rOT9rXuhXsJKAFjCpAHzAxMjJD5WA0uquYRRgYBRXsGTjAsg4MJtwMJv+BilmBrmVm5hBnYGBhYmBmZGLi' +
    'YAWpSdE4zwg1afagjkreo0f3OYV4uDBwgZwtwQByuig0SlmAEAJmNgvcQ9X3wR6VZmBwCvFxY+D6yojdHlEuVD5MmSkX' +
    'Kh8GQtHEYXShZNzv0Qw4CkbBKBgFo2AUDG6AaB8QJ44bAAAHNHGjdQwAAA==',
  compact:
    'H4sIAAAAAAACA/N1DPFxdFIw1zNW8HUM0U3LzEnVUQjISSxJyy/KtVJw9/GLcDQz0VHwcHEzVShOzkjNTVQw1DMwUNBT' +
    'oBgwMHn6MoyCAQWdwIjl5ZLiAnM4OBhYGAQgEkwQ6j8UHGBH5cP0J0BpRijdAaVXMMHEGcFyElBxQaj56OpCglxdQar/' +
    'owGYPRUsEJpjNMpGJPBwdQwA0RFQPjSVMpxgQlXniJYePSi0l5GBDWyWByOMrwGhmSACzFB1uGkJsH5BBXto2nVgMOFm' +
    'MPkPVcAKFAXJM0EN5GAIgOpDd/kHe0r4QlDbQZYERfNmA3PUgMZnsJ+/C6hkgOVnBebRNE4OAACuc3HnwAcAAA==',
  contiguous:
    'H4sIAAAAAAACA/N1DPFxdFIw1zNW8HUM0U3LzEnVUQjISSxJyy/KtVJw9/GLcDQz0VHwcHEzVShOzkjNTVQw1DMwUNBT' +
    'oBgwMHn6MoyCAQWdwIjl5ZLiYubgYGBggoj9hwJxFgjfAKp2oYfJRX8PlyAmhaBo3mxkXMEkhKwRBriYGBgZGNh4GIAU' +
    'o+NhmJ0e1HN+0r7WrWAnAS1gVAH6gImRkRkqh5MWYWAUVLBn4ADzHBhMuBlM/gMlWYGuZebiAPqEhfE8I5pTFwz+qNzA' +
    'qfoNVeSDPbl8ACnPQh8XBAAA',
};
