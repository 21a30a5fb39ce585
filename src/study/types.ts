import type { DataSpec } from '../data/types.js';
import type { Stem } from '../network/architectures/architecture.js';
import type { Halving } from '../search/rungs.js';
import type { SearchTraining } from '../search/search.js';
import type { PolicyName } from '../search/types.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';

/** A study as its author writes it, validated, defaults filled in. */
export interface StudySpec {
  /** Format version of the spec: 1. */
  readonly plexus: 1;
  readonly name: string;
  readonly arch: string;
  /** `auto`: by the size of the images, and for architectures that have one stem only. */
  readonly stem: 'auto' | Stem;
  /**
   * The cost that the widths of all networks are matched to, the baseline's too: a share of the dense
   * network's multiply-adds, or their number; absent: the whole of it.
   */
  readonly budget?: number | undefined;
  /** The widths of all networks, instead of a budget. */
  readonly width?: readonly number[] | undefined;
  readonly data: DataSpec;
  /**
   * Spec line of the graph every other one is compared with and whose cost is the budget's
   * yardstick.
   */
  readonly baseline: string;
  /** Spec lines, canonical; those of null graphs last. */
  readonly graphs: readonly string[];
  /** What graphs are called where people read of them; they change no trial. Absent: none is. */
  readonly names?: readonly NamedGraph[] | undefined;
  /** Random graphs of the same degrees, which graphs are tested against. Absent: none. */
  readonly nulls?: readonly NullsSpec[] | undefined;
  /** Training seeds; every graph is trained once with each, in a search at most. */
  readonly seeds: readonly number[];
  /** Resolved: the architecture's own settings are filled in. */
  readonly train: TrainSettings;
  /**
   * Trains only what a policy chooses as it goes; without it every graph is trained with every
   * seed.
   */
  readonly search?: SearchSpec | undefined;
  /**
   * Trains the best graphs once more with fresh seeds when all else has ended; without it nothing
   * is confirmed.
   */
  readonly confirm?: ConfirmSpec | undefined;
  /** What its author expects, registered before the first trial. They change no trial. */
  readonly predictions?: readonly Prediction[] | undefined;
}

/** A graph with a name: `{name: cat, graph: connectome:cat}`. */
export interface NamedGraph {
  readonly name: string;
  /** Spec line, canonical. */
  readonly graph: string;
}

/** A null ensemble: `count` graphs with the degrees of one of the study's, drawn by seeds. */
export interface NullsSpec {
  /** Spec line of the graph, canonical. */
  readonly of: string;
  readonly count: number;
  /** Seed of the first; the others have those that follow. */
  readonly seed: number;
  /** Whether they are kept (strongly) connected, as the graph then has to be. */
  readonly connected: boolean;
}

/** A range of C, of L, or of both, ends included: the graphs of the study that lie in it. */
export interface Region {
  readonly clustering?: readonly [number, number] | undefined;
  readonly pathLength?: readonly [number, number] | undefined;
}

/**
 * What one side of a comparison stands for: the baseline; the graph of the lowest mean error over
 * the study's own seeds (the first of `chosenForConfirmation`); all graphs; some of them by their
 * specs; those in a region. Several graphs stand for the mean of their errors, seed by seed.
 */
export type Side = 'baseline' | 'best' | 'all' | readonly string[] | Region;

interface NamedPrediction {
  readonly name: string;
  /** The author's reasons. */
  readonly why?: string | undefined;
}

/** The final test error of one side is lower than that of the other. */
export interface ComparePrediction extends NamedPrediction {
  readonly kind: 'compare';
  readonly below: Side;
  readonly than: Side;
  /**
   * Percentage points that lie between them at least: the prediction is mean(than - below) > by.
   */
  readonly by: number;
  /**
   * `paired-t`: a one-sided t test of than - below > by over the seeds, at `level`. `mean`: the
   * mean alone.
   */
  readonly test: 'paired-t' | 'mean';
  /** Probability of being right by chance that is put up with; of `paired-t` only. */
  readonly level?: number | undefined;
}

/**
 * Pearson's r between the study's mean errors and those that You et al. 2020 published, over the
 * graphs that both have: `published`, the MLP's; the others those of an architecture on ImageNet.
 */
export interface CorrelationPrediction extends NamedPrediction {
  readonly kind: 'correlation';
  readonly with:
    | 'published'
    | 'published-cnn'
    | 'published-resnet34'
    | 'published-resnet34-sep'
    | 'published-resnet50';
  readonly atLeast: number;
}

/**
 * Graphs side by side, the first of `below` with the first of `than`, and so on: what the pairs
 * differ in makes errors lower, or no difference that counts. Each pair is one difference, the mean
 * over the seeds; the pairs are what is sampled.
 */
export interface PairsPrediction extends NamedPrediction {
  readonly kind: 'pairs';
  readonly below: readonly string[];
  readonly than: readonly string[];
  /** The prediction is mean(than - below) > by; not with `within`. */
  readonly by?: number | undefined;
  /** The prediction is |mean(than - below)| < within: no difference that counts. */
  readonly within?: number | undefined;
  /** Level of the t test over the pairs; with `within` of both of its one-sided tests. */
  readonly level: number;
}

/** A prediction that people judge. */
export interface TextPrediction extends NamedPrediction {
  readonly kind: 'text';
  readonly text: string;
}

/** What a spec predicts before its first trial. */
export type Prediction =
  ComparePrediction | CorrelationPrediction | PairsPrediction | TextPrediction;

/** What was predicted of a study before its first trial; `registration.json`. */
export interface Registration {
  /** Version of Plexus that wrote it. */
  readonly plexus: string;
  /** When it was written: ISO 8601, UTC, by the clock of the machine. */
  readonly when: string;
  /** Hash of the spec. */
  readonly specHash: string;
  /** The study that the predictions are about, frozen, with them. */
  readonly spec: StudySpec;
  readonly predictions: readonly Prediction[];
  /** SHA-256 of the canonical JSON of all the file holds without this hash. */
  readonly hash: string;
}

/**
 * How a study confirms what it found: the lowest of many means is partly luck, and only fresh seeds
 * tell how much of it.
 */
export interface ConfirmSpec {
  /** Training seeds, none of them one of the study's own. */
  readonly seeds: readonly number[];
  /** How many graphs are confirmed beside the baseline; of a search 1. */
  readonly graphs: number;
}

/**
 * Policies that a study's search can go by. The paper's grid is a study of its own: `graphs:
 * ws-flex:set=52`.
 */
export type StudyPolicy = Exclude<PolicyName, 'grid'>;

/** How a study searches for a good graph among its own. */
export interface SearchSpec {
  readonly policy: StudyPolicy;
  /** The budget: whole trainings of graphs. A stopped one counts by its epochs. */
  readonly trainings: number;
  /** Trainings of the baseline, with the first so many seeds, beyond the budget. */
  readonly baseline: number;
  /** Trainings that are chosen at a time. */
  readonly together: number;
  /** Which trainings are stopped early; false: none. */
  readonly halving: Halving | false;
  /** Of the policy's own random choices. */
  readonly seed: number;
  /**
   * Whether what a seed does to all graphs is taken out of the errors before the policy sees them
   * (`SearchRules.paired`). As an author writes it, absent is true, or what a study that was begun
   * does. Of a frozen spec it is true or absent: studies of versions without it have none, and
   * decide as they did.
   */
  readonly paired?: boolean | undefined;
}

/** What a search found. */
export interface SearchOutcome {
  readonly rules: SearchSpec;
  /** Graphs that it could choose from, and graphs that are not connected, which it could not. */
  readonly candidates: number;
  readonly unconnected: number;
  /** Whole trainings' worth of the budget that was spent. */
  readonly spent: number;
  /**
   * It has ended: what is left of the budget is less than a whole training, or every graph was
   * trained with every seed.
   */
  readonly ended: boolean;
  /** In the order in which they were chosen. */
  readonly trainings: readonly (Omit<SearchTraining, 'candidate' | 'seed'> & {
    readonly graph: string;
    readonly seed: number;
  })[];
  /**
   * The best graph among those with a complete training, as the policy believes; null where there
   * is none yet.
   */
  readonly recommended: RecommendedGraph | null;
}

/**
 * A graph with what is believed of the error to expect of it with a fresh seed, without the seed's
 * noise, %.
 */
export interface RecommendedGraph {
  readonly graph: string;
  readonly mean: number;
  /** Standard deviation of that belief; null of a policy without a model. */
  readonly sd: number | null;
}

/**
 * One (network, data, training settings, seed) to run. The study's trials are numbered in a fixed
 * order.
 */
export interface Trial {
  readonly index: number;
  readonly role: 'baseline' | 'graph';
  readonly graph: string;
  readonly seed: number;
}

/** A trial that is to be trained until so many epochs are finished. */
export interface StudyJob {
  readonly trial: Trial;
  readonly until: number;
}

/**
 * What is known of a trial's network before training. Of a sequence of graphs, `nodes` to
 * `pathLength` are means over the relational layers.
 */
export interface TrialFacts {
  readonly nodes: number;
  readonly edges: number;
  readonly clustering: number;
  readonly pathLength: number | null;
  readonly widths: readonly number[];
  readonly macs: number;
  readonly params: number;
}

/** What results of others may not tell of an epoch. */
export type Unknowable = 'learningRate' | 'trainLoss' | 'trainError' | 'testLoss';

/**
 * An epoch in a study's log: as training gave it, or imported from results that did not keep all of
 * it (null). Imported epochs may begin at 0.
 */
export type LoggedEpoch = Omit<EpochRecord, Unknowable> & {
  readonly [Name in Unknowable]: number | null;
};

/** Outcome of a trial; one line of the study's append-only log. */
export type TrialRecord = Trial & {
  readonly facts: TrialFacts | null;
  readonly epochs: readonly LoggedEpoch[];
  /** What the trial took; 0 of an imported one, where it is not known. */
  readonly seconds: number;
  /** Of the products of its training, where it is not float32. */
  readonly precision?: 'bf16' | undefined;
  /**
   * Of an imported trial: the numbers of its last epoch as they were published (docs/findings.md).
   */
  readonly published?: readonly number[] | undefined;
} & (
    | {
        readonly status: 'complete';
        readonly facts: TrialFacts;
        /** Test error of the last epoch, %. */ readonly error: number;
      }
    /** Left off by a search, after the epochs that it has; it may go on later. */
    | { readonly status: 'stopped'; readonly facts: TrialFacts }
    | { readonly status: 'failed'; readonly reason: string }
  );
