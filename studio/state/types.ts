import type { Graph } from '../../src/graph/types.js';

/** The graph that a view is about: made by its spec, or somebody's own. */
export type GraphChoice =
  | {
      readonly kind: 'spec';
      /** Its canonical line. */
      readonly line: string;
    }
  | {
      readonly kind: 'own';
      /** What its owner calls it. */
      readonly name: string;
      readonly graph: Graph;
    };

export const PAGES = ['explore', 'network', 'train'] as const;
type Page = (typeof PAGES)[number];

/** How a graph is drawn. */
export const LAYOUTS = ['ring', 'forces', 'matrix'] as const;
export type LayoutChoice = (typeof LAYOUTS)[number];

/** The architectures, by name; here once more, since an address is read before networks are loaded. */
export const ARCHITECTURES = [
  'mlp',
  'cnn',
  'resnet34',
  'resnet34-sep',
  'resnet50',
  'efficientnet-b0',
  'patch-transformer',
] as const;
export type ArchitectureName = (typeof ARCHITECTURES)[number];

/** What a network is asked to tell apart: the sizes of images and the number of classes. */
export const TASKS = ['cifar10', 'imagenet'] as const;
export type TaskChoice = (typeof TASKS)[number];

/** The two networks that are trained: the view's, and the one beside it. */
export const SIDES = ['shown', 'beside'] as const;
export type SideName = (typeof SIDES)[number];

/** What is drawn of the nodes of a network that is trained. */
export const NODE_SIGHTS = ['activation', 'norm'] as const;
type NodeSight = (typeof NODE_SIGHTS)[number];

/**
 * Everything that a view shows, as a value: the address is made from it and it from the address. One
 * field of the schema (`fields.ts`) for each.
 */
export interface ViewState {
  readonly page: Page;
  readonly graph: GraphChoice;
  readonly layout: LayoutChoice;
  /** The node that is looked at, if any. */
  readonly node: number | null;
  /** What lies on the plane beside the cloud. */
  readonly families: boolean;
  readonly connectomes: boolean;
  readonly errors: boolean;
  readonly arch: ArchitectureName;
  readonly task: TaskChoice;
  /** How many rounds a message has travelled from the node that is looked at. */
  readonly rounds: number;
  /** The stages of the network that are unfolded into their blocks, from 1. */
  readonly unfolded: readonly number[];
  /** Spec of the graph that is trained beside that of the view; null: the complete one. */
  readonly against: string | null;
  /** The name of somebody's own data, which no link holds; null: pictures are drawn. */
  readonly data: string | null;
  /** Of the pictures that are trained on: how many, how many are tested on, and their side. */
  readonly images: number;
  readonly tests: number;
  readonly size: number;
  readonly epochs: number;
  readonly batch: number;
  /** Learning rate at the start. */
  readonly rate: number;
  /** Seed of starting weights, order and augmentation. */
  readonly seed: number;
  /** Whether training runs. */
  readonly play: boolean;
  /** The network that is looked at more closely. */
  readonly look: SideName;
  /** Pictures of one class that are taken for another, by their numbers; null: right and wrong ones. */
  readonly cell: readonly [label: number, predicted: number] | null;
  readonly sight: NodeSight;
  /** The round after which nodes are looked at, from 1; the last one where there are fewer. */
  readonly layer: number;
  /** Graphs of the sweep over the plane. */
  readonly sweep: number;
}
