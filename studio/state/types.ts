import type { NullModel } from '../../src/graph/null-sampler.js';
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

export const PAGES = [
  'explore',
  'network',
  'train',
  'studies',
  'brain',
  'paper',
  'gallery',
] as const;
type Page = (typeof PAGES)[number];

/** How a graph is drawn. */
export const LAYOUTS = ['ring', 'forces', 'communities', 'matrix'] as const;
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

/** What the random graphs beside a graph keep of it, as `plexus graph nulls` has them. */
export const NULL_MODELS = ['degree', 'reciprocal', 'edges'] as const satisfies NullModel[];

/** Random graphs that a page draws, at most. */
export const MOST_NULLS = 10_000;

/** The two networks that are trained: the view's, and the one beside it. */
export const SIDES = ['shown', 'beside'] as const;
export type SideName = (typeof SIDES)[number];

/** What is drawn of the nodes of a network that is trained. */
export const NODE_SIGHTS = ['activation', 'norm', 'blocks'] as const;
export type NodeSight = (typeof NODE_SIGHTS)[number];

/** The columns of a study's table; the first stands in every table. */
export const TRIAL_COLUMNS = [
  'trial',
  'graph',
  'seed',
  'state',
  'error',
  'difference',
  'validation',
  'train',
  'epochs',
  'time',
  'C',
  'L',
  'density',
  'edges',
  'width',
  'parameters',
  'reason',
] as const;
export type TrialColumn = (typeof TRIAL_COLUMNS)[number];

/** How a table is sorted. */
export interface TrialOrder {
  readonly by: TrialColumn;
  readonly descending: boolean;
}

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
  /** The random graphs beside the graph: what they keep of it, and how many they are. */
  readonly nullModel: NullModel;
  readonly nulls: number;
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
  readonly confused: readonly [label: number, predicted: number] | null;
  readonly sight: NodeSight;
  /** The round after which nodes are looked at, from 1; the last one where there are fewer. */
  readonly layer: number;
  /** The epoch after which the weights are looked at as a graph; null: the last one. */
  readonly frame: number | null;
  /** Whether trained networks are run event by event. */
  readonly events: boolean;
  /** The study that is looked at, by its path below the directory of studies; empty: the list. */
  readonly study: string;
  readonly order: TrialOrder;
  /** Which trials of a study are listed, as it was typed. */
  readonly find: string;
  /** In the order of `TRIAL_COLUMNS`, without the first. */
  readonly columns: readonly TrialColumn[];
  /** The cell of the study's plane that is looked at: bins of C and of L. */
  readonly cell: readonly [number, number] | null;
  /** Trials whose learning curves are drawn. */
  readonly trials: readonly number[];
  /** Graphs of the sweep over the plane. */
  readonly sweep: number;
  /** Studies that it is compared with, by their paths. */
  readonly others: readonly string[];
}
