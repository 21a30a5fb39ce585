import { must } from '../../core/errors.js';
import { mean as meanOf, sumOfSquares } from '../../stats/descriptive.js';
import { studentQuantile } from '../../stats/distributions.js';
import { wilsonInterval } from '../../stats/proportion.js';
import { costOf } from '../../network/cost.js';
import { factsText } from './facts.js';
import { graphFile } from './graph.js';
import { onnxBytes } from './onnx/target.js';
import { pytorchFiles } from './pytorch/target.js';
import type { ExportedFiles, NetworkTarget, TrainedNetwork } from './types.js';

const LEVEL = 0.95;

/** A folder as the Hugging Face Hub takes it; nothing is uploaded. */
export const huggingface: NetworkTarget = {
  of: 'network',
  name: 'huggingface',
  meaning: 'folder for the Hugging Face Hub: weights, config, model card, ONNX, model.py, graph',
  ending: null,
  options: [],
  files: hubFiles,
  next: (path) => [`upload with: huggingface-cli upload USER/NAME ${path}`],
};

function hubFiles(model: TrainedNetwork): ExportedFiles {
  const torch = pytorchFiles(model);
  return new Map<string, string | Uint8Array>([
    ['README.md', modelCard(model)],
    ['config.json', `${JSON.stringify(configOf(model), null, 2)}\n`],
    ['model.safetensors', must(torch.get('model.safetensors'))],
    ['model.py', must(torch.get('model.py'))],
    ['train.py', must(torch.get('train.py'))],
    ['model.onnx', onnxBytes(model)],
    ['graph.graphml', graphFile(model, 'graphml')],
  ]);
}

/** As timm's: normalisation of pixels from 0 to 1. */
function configOf(model: TrainedNetwork): unknown {
  const { network, stem, classNames, normalisation } = model;
  const { channels, height, width } = network.input;
  const facts = Object.fromEntries(factsText(model));
  return {
    architecture: network.arch,
    num_classes: network.classes,
    label_names: classNames ?? undefined,
    pretrained_cfg: {
      input_size: [channels, height, width],
      mean: normalisation?.mean.map((value) => value / 255),
      std: normalisation?.std.map((value) => value / 255),
      num_classes: network.classes,
    },
    graph: facts['graph'],
    clustering: Number(facts['clustering']),
    path_length: facts['path_length'] === undefined ? null : Number(facts['path_length']),
    widths: network.widths,
    stem,
  };
}

/** What is known of the error, in sentences, with its interval. */
function errorText({ origin: { testError, testImages, study } }: TrainedNetwork): string[] {
  const own =
    testError === null
      ? []
      : [
          `Test error of these weights: ${testError.toFixed(2)} %` +
            (testImages === null
              ? '.'
              : ` (95 % interval ${intervalOf(testError, testImages)}, which ` +
                `covers which ${testImages} images the split happens to hold).`),
        ];
  const errors = study?.errors ?? [];
  if (study === null || errors.length < 2) return own;
  const half =
    studentQuantile((1 - LEVEL) / 2, errors.length - 1) *
    Math.sqrt(sumOfSquares(errors) / (errors.length - 1) / errors.length);
  const center = meanOf(errors);
  return [
    ...own,
    `Trainings of the same graph with ${errors.length} ${study.fresh ? 'fresh ' : ''}seeds: mean ` +
      `${center.toFixed(2)} % (95 % interval ${range(center - half, center + half)}). ` +
      (study.fresh
        ? 'The graph was chosen without these seeds.'
        : 'The graph was chosen by these very trainings, so that their mean flatters it.'),
  ];
}

function intervalOf(error: number, images: number): string {
  const [low, high] = wilsonInterval(Math.round((error / 100) * images), images);
  return range(100 * low, 100 * high);
}

const range = (low: number, high: number): string => `${low.toFixed(2)} to ${high.toFixed(2)} %`;

/** The model card: YAML front matter, then what a reader must know. */
function modelCard(model: TrainedNetwork): string {
  const { name, network, origin } = model;
  const facts = [...factsText(model)].map(
    ([key, value]) => `| ${key} | \`${value.replace(/[|`]/g, ' ')}\` |`,
  );
  const { macs, params } = costOf(network);
  return `---
${frontMatter(model)}---

# ${name}

The architecture ${network.arch} with layers that follow a relational graph: a channel reads the
channels of neighbouring nodes only. ${counted(params)} parameters exist, ${counted(macs)} multiply-adds
an image.
Trained by Plexus (plexus-nn)${origin.version === null ? '' : ` ${origin.version}`}.

${errorText(model).join('\n\n')}

## Use

\`\`\`python
import model                                      # model.py of this repository; needs torch alone
network = model.load()
logits = network(model.normalise(images))         # bytes (N, channels, height, width)
\`\`\`

\`model.onnx\` takes normalised images and gives logits in any runtime of ONNX; \`graph.graphml\` is
the graph; \`train.py\` trains on. \`plexus predict model.safetensors IMAGES\` tells classes without Python.

## Origin

| | |
|---|---|
${facts.join('\n')}
`;
}

const counted = (count: number): string => count.toLocaleString('en-US');

/** Without a licence: whoever publishes chooses it. */
function frontMatter({ name, network, origin }: TrainedNetwork): string {
  const data = origin.data?.split(' ')[0];
  const lines = [
    '# license: choose one before you publish',
    'library_name: plexus',
    'pipeline_tag: image-classification',
    'tags: [image-classification, plexus, relational-graph]',
    ...(data === undefined ? [] : [`datasets: [${JSON.stringify(data)}]`]),
    'metrics: [accuracy]',
  ];
  if (data === undefined || origin.testError === null) return `${lines.join('\n')}\n`;
  return `${[
    ...lines,
    'model-index:',
    `  - name: ${JSON.stringify(name)}`,
    '    results:',
    '      - task: { type: image-classification }',
    `        dataset: { name: ${JSON.stringify(data)}, type: ${JSON.stringify(data)}, split: test }`,
    '        metrics:',
    '          - type: accuracy',
    `            value: ${(100 - origin.testError).toFixed(2)}`,
    `            name: ${JSON.stringify(`accuracy of ${network.arch}, %`)}`,
  ].join('\n')}\n`;
}
