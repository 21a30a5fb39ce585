import { BATCH, CONV_BATCH, DEPTHWISE_CHANNELS, NODE_CHANNELS, NODES, THREADED } from './cases.js';

/** What every printed number means. */
export const definitions: Readonly<Record<string, string>> = {
  'best; median':
    'work is cut into parts, the commands of a step; everything is done in turn, round after ' +
    "round. best: the sum of each part's shortest time over the rounds, which other work on " +
    'the machine hardly touches; median: of the whole work over the rounds, which it does. ' +
    'Where one figure stands, it is the best; behind a semicolon stands the median.',
  peak:
    'multiply-adds in registers, the best of several runs, one core; % of peak refers to ' +
    'the peak of the same backend.',
  'GFLOP/s':
    '10^9 useful floating-point operations a second of one thread; a multiply-add is 2. ' +
    'Useful: weights that exist x samples x pixels of the output, of linear layers and ' +
    'convolutions (windows that hang over the edge count in full, as in the cost of a ' +
    'network); norms, activations, pooling, loss, update and zero blocks count nothing, ' +
    'their time does.',
  density:
    'k / n of the graph, k the average degree, n the nodes; of a WS-flex graph rewired ' +
    'with p = 0.2, 1 = the complete graph. A node also listens to itself, so (k + 1) / n ' +
    'of the weights exist.',
  'message exchange':
    `one relational layer of ${NODES} nodes x ${NODE_CHANNELS} channels, batch ${BATCH}. ` +
    'weight gradient: stored; + update: applied with momentum and decay where it is made, ' +
    'never stored.',
  convolution:
    'one relational 3x3 convolution, stride 1, zeros around the plane, as many channels ' +
    `out as in, batch ${CONV_BATCH}; gradients are stored.`,
  depthwise:
    `one 3x3 convolution of each of ${DEPTHWISE_CHANNELS} channels by itself, batch ` +
    `${CONV_BATCH}. limit: bytes that must be read and written once (two float32 buffers: ` +
    'x and y, dy and dx, or x and dy) / bandwidth, which is that of a typed array copied ' +
    'to another of the same size in the same run, bytes read and written together. x ' +
    "limit: time divided by the copy's.",
  step:
    'forward, loss, backward, SGD update of the five-layer perceptron on 3x32x32 images, ' +
    `batch ${BATCH}; three forward passes' worth of arithmetic less the first layer's ` +
    'input gradient, which is never taken.',
  'convolutional step':
    `the same of convolutional networks with the small stem, batch ${CONV_BATCH}, lying ` +
    'ready; the sparse network is as wide as the multiply-adds of the dense baseline allow.',
  ms:
    'loaded: the batch lies ready as numbers. images: bytes are normalised, mirrored and ' +
    'shifted into it first.',
  'x dense': "time divided by the dense baseline's of the same kind; median: of the same round.",
  'where the time goes':
    'products: forward and input gradients; weight gradients: linear ones with their update; ' +
    'update: of all other parameters.',
  'x one thread':
    `time of a step with one thread divided by that with ${THREADED.threads} threads; one ` +
    'model, the same numbers.',
};
