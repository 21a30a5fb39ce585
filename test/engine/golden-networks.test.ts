import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  backends,
  compile,
  initialise,
  type Backend,
  type Executable,
} from '../../src/public/engine.js';
import { LONG } from '../long.js';
import { expectClose, type Tolerance } from './agreement.js';
import {
  OPERATION_BATCH,
  operationBatch,
  operationCases,
  operationValues,
  TRAINING_BATCH,
  TRAINING_SEED,
  TRAINING_STEPS,
  trainingBatch,
  trainingCases,
  trainingRate,
  type GoldenBatch,
  type OperationCase,
  type TrainingCase,
} from './golden-cases.js';

interface GoldenEvaluation {
  readonly loss: number;
  readonly logits: readonly number[];
}

interface GoldenOperation extends GoldenEvaluation {
  readonly name: string;
  /** By parameter; of running statistics their values after the pass. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly evaluate: GoldenEvaluation;
}

interface GoldenTraining {
  readonly name: string;
  readonly losses: readonly number[];
  /** PyTorch's own in float32. */
  readonly losses32: readonly number[];
  readonly evaluate: GoldenEvaluation;
  /** Of each parameter, its product with cos(0), cos(1), ... and its sum of squares. */
  readonly digest: readonly (readonly [number, number])[];
}

interface Golden {
  readonly operations: readonly GoldenOperation[];
  readonly training: readonly GoldenTraining[];
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/engine-networks.json', import.meta.url), 'utf8'),
) as Golden;

type Precision = 'float32' | 'float64';
const OPERATION_TOLERANCES: Readonly<Record<Precision, Tolerance>> = {
  float64: { atol: 1e-12, rtol: 1e-10 },
  float32: { atol: 1e-4, rtol: 1e-3 },
};
const LOSS_TOLERANCES: Readonly<Record<Precision, Tolerance>> = {
  float64: { atol: 0, rtol: 1e-9 },
  float32: { atol: 0, rtol: 1e-4 },
};
const DIGEST_TOLERANCES: Readonly<Record<Precision, Tolerance>> = {
  float64: { atol: 1e-9, rtol: 1e-9 },
  float32: { atol: 1e-3, rtol: 1e-3 },
};

function give(executable: Executable, { samples, labels }: GoldenBatch): void {
  executable.input(samples, labels, labels.length);
}

async function expectOperation(
  backend: Backend,
  { name, network, labelSmoothing }: OperationCase,
  wanted: GoldenOperation,
): Promise<void> {
  const tolerance = OPERATION_TOLERANCES[backend.info.precision];
  const executable = await backend.prepare(
    compile(network, { batch: OPERATION_BATCH, labelSmoothing }),
  );
  for (const [parameter, values] of operationValues(network, name))
    executable.upload(parameter, values);
  give(executable, operationBatch(network, name));
  executable.dispatch('forward');
  expectClose([(await executable.metrics()).loss], [wanted.loss], tolerance, 'loss');
  expectClose(await executable.logits(), wanted.logits, tolerance, 'logits');
  executable.dispatch('backward');
  expect(Object.keys(wanted.gradients)).toEqual(
    executable.program.parameters.map((parameter) => parameter.name),
  );
  for (const parameter of executable.program.parameters) {
    const results = await executable.read(parameter.name, parameter.learnable ? 'grad' : 'value');
    expectClose(
      results,
      wanted.gradients[parameter.name],
      tolerance,
      `gradient or statistic of ${parameter.name}`,
    );
  }
  executable.dispatch('evaluate');
  expectClose(
    [(await executable.metrics()).loss],
    [wanted.evaluate.loss],
    tolerance,
    'evaluated loss',
  );
  expectClose(await executable.logits(), wanted.evaluate.logits, tolerance, 'evaluated logits');
  executable.dispose();
}

/**
 * Steps taken of a network's twenty: of all networks but the smallest the short form takes the first
 * five, the last of which has a short batch.
 */
function stepsOf({ name }: TrainingCase): number {
  return LONG || name === 'mlp' || name === 'cnn' ? TRAINING_STEPS : 5;
}

async function expectTraining(
  backend: Backend,
  training: TrainingCase,
  wanted: GoldenTraining,
): Promise<void> {
  const { network, labelSmoothing, momentum, weightDecay } = training;
  const { precision } = backend.info;
  const executable = await backend.prepare(
    compile(network, { batch: TRAINING_BATCH, labelSmoothing }),
  );
  initialise(executable, TRAINING_SEED);
  const losses: number[] = [];
  const steps = stepsOf(training);
  for (let step = 0; step < steps; step++) {
    give(executable, trainingBatch(training, step));
    executable.dispatch('step', {
      learningRate: trainingRate(training, step),
      momentum,
      weightDecay,
    });
    losses.push((await executable.metrics()).loss);
  }
  const tolerance = LOSS_TOLERANCES[precision];
  expectClose(losses, wanted.losses.slice(0, steps), tolerance, 'loss of step');
  if (precision === 'float32')
    expectClose(losses, wanted.losses32.slice(0, steps), tolerance, 'loss of step in float32');
  if (steps === TRAINING_STEPS)
    await expectTrained(executable, training, wanted, DIGEST_TOLERANCES[precision]);
  executable.dispose();
}

/** What twenty steps leave: parameters, and what the network then says of a batch. */
async function expectTrained(
  executable: Executable,
  training: TrainingCase,
  wanted: GoldenTraining,
  tolerance: Tolerance,
): Promise<void> {
  for (const [i, { name }] of executable.program.parameters.entries()) {
    const values = Float64Array.from(await executable.read(name));
    const product = values.reduce((sum, value, at) => sum + value * Math.cos(at), 0);
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    expectClose([product, squares], wanted.digest[i], tolerance, `digest of ${name}`);
  }
  give(executable, trainingBatch(training, -1));
  executable.dispatch('evaluate');
  expectClose(
    [(await executable.metrics()).loss],
    [wanted.evaluate.loss],
    tolerance,
    'evaluated loss',
  );
  expectClose(await executable.logits(), wanted.evaluate.logits, tolerance, 'evaluated logits');
}

for (const { name, backend } of backends()) {
  if (backend === null) continue;
  describe(`PyTorch's numbers on the ${name} backend`, () => {
    it('has the same cases as the golden values', () => {
      expect(golden.operations.map((one) => one.name)).toEqual(
        operationCases().map((one) => one.name),
      );
      expect(golden.training.map((one) => one.name)).toEqual(
        trainingCases().map((one) => one.name),
      );
    });
    it.each(operationCases().map((one, i) => [one.name, one, golden.operations[i]] as const))(
      'one pass: %s',
      (_, one, wanted) => expectOperation(backend, one, wanted),
    );
    it.each(trainingCases().map((one, i) => [one.name, one, golden.training[i]] as const))(
      'twenty steps: %s',
      { timeout: LONG ? 600_000 : 120_000, tags: ['long'] },
      (_, one, wanted) => expectTraining(backend, one, wanted),
    );
  });
}
