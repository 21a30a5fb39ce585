// Networks exported to ONNX, gathered against dense, in onnxruntime-web (WebAssembly, one thread), in
// turn in one run: best of many, and the size of the files. Nothing here is ever asserted.
//   node bench/onnx.mjs
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { initialValues } from '../dist/engine/initialise.js';
import { buildGraph, parseGraphSpec } from '../dist/public/graph.js';
import { onnxBytes } from '../dist/interop/export/onnx/target.js';
import { buildNetwork } from '../dist/network/design.js';
import { blockMask } from '../dist/network/index.js';
import { parametersOf } from '../dist/network/parameters.js';

const TASK = { input: { channels: 3, height: 32, width: 32 }, classes: 10 };
const RING = 'ring-lattice:n=64,k=6';
const WS_FLEX = 'ws-flex:n=64,k=7,p=0.2,seed=1';
const HUBS = 'barabasi-albert:n=64,m=4,seed=1';
const CASES = [
  { arch: 'mlp', spec: RING, widths: [1536], batches: [1, 16, 128] },
  { arch: 'mlp', spec: WS_FLEX, widths: [1539], batches: [1, 16, 128] },
  { arch: 'mlp', spec: HUBS, widths: [1539], batches: [1, 16, 128] },
  { arch: 'cnn', spec: RING, widths: [160, 320, 640], batches: [1, 16] },
  { arch: 'cnn', spec: WS_FLEX, widths: [160, 320, 640], batches: [1, 16] },
];
/** Runs of each form, one after the other, so that both meet the same machine. */
const runsFor = (images) => Math.max(12, Math.round(240 / images ** 0.6));

/** A network with its starting weights. */
function modelOf(arch, spec, widths) {
  const network = buildNetwork(arch, parseGraphSpec(spec), widths, TASK);
  const weights = new Map(
    parametersOf(network).map((parameter) => [
      parameter.name,
      { shape: parameter.shape, data: Float32Array.from(initialValues(parameter, 1)) },
    ]),
  );
  const score = { testError: null, testImages: null, study: null };
  const origin = { version: null, data: null, seed: 1, epoch: 0, ...score };
  const images = { classNames: null, normalisation: null };
  return { name: arch, network, weights, stem: 'small', ...images, origin };
}

/** The best time of each session, ms. */
async function race(sessions, image, runs) {
  const best = sessions.map(() => Infinity);
  for (let run = 0; run < runs; run++)
    for (const [at, session] of sessions.entries()) {
      const begun = performance.now();
      await session.run({ [session.inputNames[0]]: image });
      best[at] = Math.min(best[at], performance.now() - begun);
    }
  return best;
}

env.wasm.numThreads = 1;
console.log('network, density, images: gathered, dense, share of the time, share of the file');
for (const { arch, spec, widths, batches } of CASES) {
  const model = modelOf(arch, spec, widths);
  const density = blockMask(buildGraph(parseGraphSpec(spec)), widths[0], widths[0]).nonzeros;
  const files = ['gather', 'dense'].map((form) => onnxBytes(model, { form }));
  const sessions = [];
  for (const file of files) sessions.push(await InferenceSession.create(file));
  for (const images of batches) {
    const { channels, height, width } = TASK.input;
    const shape = [images, channels, height, width];
    const numbers = Float32Array.from({ length: images * 3072 }, (_, at) => Math.sin(at));
    const best = await race(sessions, new Tensor('float32', numbers, shape), runsFor(images));
    console.log(
      `${arch} ${spec} ${widths.join('-')}, ${(density / widths[0] ** 2).toFixed(3)}, ${images}: ` +
        `${best.map((ms) => `${ms.toFixed(2)} ms`).join(', ')}, ` +
        `${(best[0] / best[1]).toFixed(2)}, ${(files[0].length / files[1].length).toFixed(2)}`,
    );
  }
  for (const session of sessions) await session.release();
}
