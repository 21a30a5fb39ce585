import { must } from '../../../core/errors.js';
import type { Tensor } from '../../../core/tensor.js';
import type { Attribute, Initialiser, OnnxNode } from './model.js';

/** A graph that is being written: nodes in topological order, constants as they are needed. */
export class GraphDraft {
  readonly nodes: OnnxNode[] = [];
  readonly #initialisers = new Map<string, Initialiser>();

  constructor(readonly weights: ReadonlyMap<string, Tensor>) {}

  get initialisers(): Initialiser[] {
    return [...this.#initialisers.values()];
  }

  /** Adds an operation, called as its one output, which it gives. */
  add(
    op: string,
    output: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    return must(this.addAll(op, [output], inputs, attributes)[0]);
  }

  /** Adds an operation of several outputs. */
  addAll(
    op: string,
    outputs: readonly string[],
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly string[] {
    this.nodes.push({ op, name: must(outputs[0]), inputs, outputs, attributes });
    return outputs;
  }

  /** A constant of float32 numbers. */
  floats(name: string, { shape, data }: Tensor): string {
    this.#initialisers.set(name, { name, shape, data });
    return name;
  }

  /** A constant list of whole numbers: indices, a shape, sizes. */
  whole(name: string, values: ArrayLike<number>): string {
    this.#initialisers.set(name, { name, shape: [values.length], data: Int32Array.from(values) });
    return name;
  }

  /** A single number. */
  scalar(name: string, value: number): string {
    return this.floats(name, { shape: [], data: Float32Array.of(value) });
  }

  tensor(name: string): Tensor {
    return must(this.weights.get(name), `parameter ${name}`);
  }

  /** A parameter of the network as a constant of its own name. */
  parameter(name: string): string {
    return this.floats(name, this.tensor(name));
  }
}
