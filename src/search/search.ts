import { invariant, must, UserError } from '../core/errors.js';
import { shrunkenBlockEffects } from '../stats/block-effects.js';
import { forecast, type Pair } from './forecast.js';
import { costOfBracket, type Halving, promoted, rungsOf } from './rungs.js';
import type { Candidate, Observation, Recommendation, SearchPolicy, SearchState } from './types.js';

/** The frame of a search; what is trained within it the policy chooses. */
export interface SearchRules {
  /** The budget, in whole trainings of `epochs` epochs. */
  readonly trainings: number;
  /** Of a whole training. */
  readonly epochs: number;
  /** How many seeds a candidate can be trained with, each once, in their order. */
  readonly seeds: number;
  /** Trainings that are chosen at a time, before the outcome of any of them is known. */
  readonly together: number;
  readonly halving: Halving | null;
  /**
   * The seeds are common to all candidates: what one does to all of them is taken out of the errors
   * before they are compared. The baseline is trained with the first so many of them and tells of
   * it too. Absent: errors count as they are.
   */
  readonly paired?: { readonly baseline: number } | undefined;
}

/** What is known of one training. */
export interface TrainingState {
  /** Test error after each epoch that was finished, the first one at 0. */
  readonly errors: readonly number[];
  /** It cannot go on. */
  readonly failed: boolean;
}

/**
 * Looks up the training of a candidate with the seed at that place; null where it was not begun.
 */
export type KnownTrainings = (candidate: number, seed: number) => TrainingState | null;

/** Looks up the baseline's training with the seed at that place. */
export type KnownBaseline = (seed: number) => TrainingState | null;

/** A training that is to go on until so many epochs are finished. */
export interface SearchRun {
  readonly candidate: number;
  /** Place in the list of seeds. */
  readonly seed: number;
  readonly until: number;
}

/** A training of the search, as far as it came. */
export interface SearchTraining {
  /** Its place among all, in the order chosen, from 0. */
  readonly order: number;
  readonly candidate: number;
  readonly seed: number;
  /** Which choice of `together` trainings it belongs to, from 0. */
  readonly bracket: number;
  readonly outcome: 'complete' | 'stopped' | 'failed' | 'running';
  /** Epochs that it was given: those up to the rung that it was stopped at. */
  readonly epochs: number;
  /** Test error after them; null of one that failed or runs. */
  readonly error: number | null;
}

/** What is to be done next. */
export interface SearchStep {
  /**
   * Trainings to run, in any order; the next step follows from all of them. Empty: the search has
   * ended, or waits for the baseline.
   */
  readonly runs: readonly SearchRun[];
  /** Trainings that may have to go on later: what is kept of others is of no use. */
  readonly alive: readonly Omit<SearchRun, 'until'>[];
}

/** One training while a bracket is worked on. */
interface Member extends Omit<SearchRun, 'until'> {
  /** Its place among all trainings. */
  readonly order: number;
}

/** A training that ended or was stopped, with what the policy is told of it. */
interface Ended extends Member {
  readonly bracket: number;
  readonly outcome: 'complete' | 'stopped' | 'failed';
  readonly errors: readonly number[];
  readonly epochs: number;
}

/**
 * A search under way. It is a function of (policy, candidates, rules) and of the outcomes of the
 * trainings alone, so it goes on from a log, whatever was finished in which order: brackets of
 * `together` trainings are chosen, each with the expected errors of those chosen just before it,
 * and run from rung to rung, the lowest errors of a bracket going on. The budget is counted in
 * epochs. What is left of it below a whole training is not spent.
 *
 * A graph trained once has the first seed only, one trained twice the first two. With `paired` the
 * effect of its seed is subtracted from every error (`shrunkenBlockEffects`: seeds are blocks,
 * graphs and the baseline rows, all trainings that came as far), at every rung from the errors
 * there. These effects add up to 0 over the seeds of the search, those that nothing tells of have
 * 0: what is left estimates a graph's mean over all its seeds, and on that scale is what is
 * recommended. Nothing is decided before the baseline's trainings have ended, so that decisions
 * depend on no order.
 */
export class Search {
  private readonly rungs: readonly number[];
  private readonly ended: Ended[] = [];
  private readonly begun = new Map<number, number>();
  private readonly closed = new Set<number>();
  private spent = 0;
  private bracket: { members: readonly Member[]; rung: number } | null = null;
  private brackets = 0;
  private chosen = 0;
  private baseline: readonly TrainingState[] = [];

  constructor(
    private readonly policy: SearchPolicy,
    private readonly candidates: readonly Candidate[],
    private readonly rules: SearchRules,
  ) {
    if (candidates.length === 0) throw new UserError('a search needs a graph to choose; list some');
    for (const name of ['trainings', 'epochs', 'seeds', 'together'] as const) {
      if (!(Number.isInteger(rules[name]) && rules[name] >= 1))
        throw new UserError(
          `${name} of a search must be a whole number of at least 1, got ${rules[name]}`,
        );
    }
    this.rungs = rungsOf(rules.epochs, rules.halving);
  }

  /** Epochs of the budget. */
  get budget(): number {
    return this.rules.trainings * this.rules.epochs;
  }

  /** Epochs that were spent on what ended, and on the rungs that the running trainings passed. */
  get epochsSpent(): number {
    return this.spent;
  }

  /** Goes as far as the known outcomes allow. */
  advance(known: KnownTrainings, knownBaseline: KnownBaseline = () => null): SearchStep {
    const waits = !this.takeBaseline(knownBaseline);
    for (;;) {
      this.bracket ??= this.open();
      if (this.bracket === null) return { runs: [], alive: [] };
      const until = must(this.rungs[this.bracket.rung]);
      const { members } = this.bracket;
      const runs = members.filter(({ candidate, seed }) => {
        const state = known(candidate, seed);
        return state === null || (!state.failed && state.errors.length < until);
      });
      if (runs.length > 0 || waits)
        return {
          runs: runs.map(({ candidate, seed }) => ({ candidate, seed, until })),
          alive: members.map(({ candidate, seed }) => ({ candidate, seed })),
        };
      this.close(
        members.map((member) => ({ ...member, ...known(member.candidate, member.seed)! })),
        until,
      );
    }
  }

  /** All trainings so far in the order chosen; those of the bracket under way are running. */
  trainings(): SearchTraining[] {
    const done = this.ended.map(({ order, candidate, seed, bracket, outcome, errors, epochs }) => ({
      order,
      candidate,
      seed,
      bracket,
      outcome,
      epochs,
      error: outcome === 'failed' ? null : must(errors[epochs - 1]),
    }));
    const rung = this.bracket === null ? 0 : this.epochsBefore(this.bracket.rung);
    const running = (this.bracket?.members ?? []).map((member) => ({
      ...member,
      bracket: this.brackets - 1,
      outcome: 'running' as const,
      epochs: rung,
      error: null,
    }));
    return [...done, ...running].sort((a, b) => a.order - b.order);
  }

  /**
   * The best graph among those with a complete training, as the policy believes; null where there
   * is none.
   */
  recommend(): Recommendation | null {
    const complete = new Set(
      this.ended.filter(({ outcome }) => outcome === 'complete').map(({ candidate }) => candidate),
    );
    return complete.size === 0 ? null : this.policy.recommend(this.state(0), complete);
  }

  /** Whether all trainings of the baseline that are to tell of the seeds have ended. */
  private takeBaseline(known: KnownBaseline): boolean {
    const states = Array.from({ length: this.rules.paired?.baseline ?? 0 }, (_, seed) =>
      known(seed),
    );
    const ended = states.filter(
      (state) => state !== null && (state.failed || state.errors.length >= this.rules.epochs),
    );
    this.baseline = ended.filter((state) => state !== null);
    return ended.length === states.length;
  }

  /** What each seed adds to the errors after so many epochs; 0 of a search that is not paired. */
  private seedEffects(
    epoch: number,
    members: readonly (Member & TrainingState)[] = [],
  ): readonly number[] {
    const { seeds, paired } = this.rules;
    if (paired === undefined) return Array.from({ length: seeds }, () => 0);
    const rows = new Map<number, (number | null)[]>();
    const add = (row: number, seed: number, error: number | undefined): void => {
      const errors = rows.get(row) ?? Array.from({ length: seeds }, () => null);
      errors[seed] = error ?? null;
      rows.set(row, errors);
    };
    this.baseline.forEach(({ errors, failed }, seed) =>
      add(-1, seed, failed ? undefined : errors[epoch - 1]),
    );
    for (const { candidate, seed, errors, epochs, outcome } of this.ended) {
      if (outcome !== 'failed' && epochs >= epoch) add(candidate, seed, errors[epoch - 1]);
    }
    for (const { candidate, seed, errors } of members) add(candidate, seed, errors[epoch - 1]);
    return shrunkenBlockEffects([...rows.values()], seeds);
  }

  private open(): { members: Member[]; rung: number } | null {
    const { halving, together } = this.rules;
    const left = this.budget - this.spent;
    let size = together;
    while (size > 0 && costOfBracket(size, this.rungs, halving) > left) size--;
    if (size === 0) return null;
    const members: Member[] = [];
    // How many can be begun with what is left.
    const remaining = Math.max(
      size,
      Math.floor((left * size) / costOfBracket(size, this.rungs, halving)),
    );
    const state = { ...this.state(remaining), closed: new Set(this.closed) };
    let observations: Observation[] = [...state.observations];
    for (let i = 0; i < size; i++) {
      const now: SearchState = { ...state, observations, remaining: remaining - i };
      const candidate = this.policy.next(now);
      if (candidate === null) break;
      invariant(
        !state.closed.has(candidate) && candidate < this.candidates.length,
        `policy ${this.policy.name} chose candidate ${candidate}, which cannot be trained`,
      );
      const seed = this.begun.get(candidate) ?? 0;
      members.push({ candidate, seed, order: this.chosen++ });
      this.begun.set(candidate, seed + 1);
      if (seed + 1 === this.rules.seeds) state.closed.add(candidate);
      if (i + 1 < size)
        observations = [...observations, { candidate, error: this.policy.expect(now, candidate) }];
    }
    for (const candidate of state.closed) this.closed.add(candidate);
    if (members.length === 0) return null;
    this.brackets += 1;
    return { members, rung: 0 };
  }

  /** Epochs that the members of a rung have behind them. */
  private epochsBefore(rung: number): number {
    return rung === 0 ? 0 : must(this.rungs[rung - 1]);
  }

  /** Ends a rung: the lowest errors go on, the others are stopped. */
  private close(members: readonly (Member & TrainingState)[], until: number): void {
    const { rung } = this.bracket!;
    const bracket = this.brackets - 1;
    this.spent += members.length * (until - this.epochsBefore(rung));
    const failed = members.filter(({ errors }) => errors.length < until);
    for (const member of failed) {
      this.closed.add(member.candidate);
      this.ended.push({ ...member, bracket, outcome: 'failed', epochs: until });
    }
    const last = rung === this.rungs.length - 1;
    const alive = members.filter((member) => !failed.includes(member));
    const effects = this.seedEffects(until, alive);
    const rank = ({ errors, seed }: Member & TrainingState): number =>
      must(errors[until - 1]) - must(effects[seed]);
    // Ties go to the one chosen first.
    const ranked = alive.sort((a, b) => rank(a) - rank(b));
    const going = last ? [] : ranked.slice(0, promoted(ranked.length, this.rules.halving));
    for (const member of ranked.slice(going.length))
      this.ended.push({
        ...member,
        bracket,
        outcome: last ? 'complete' : 'stopped',
        epochs: until,
      });
    this.bracket =
      going.length === 0
        ? null
        : {
            members: going.map(({ candidate, seed, order }) => ({ candidate, seed, order })),
            rung: rung + 1,
          };
  }

  /**
   * What the policy is told: final errors, and forecasts of those of stopped trainings. Failed ones
   * are left out.
   */
  private state(remaining: number): SearchState {
    const { epochs: last } = this.rules;
    const effects = new Map(this.rungs.map((rung) => [rung, this.seedEffects(rung)]));
    const errorAt = ({ errors, seed }: Ended, epoch: number): number =>
      must(errors[epoch - 1]) - must(effects.get(epoch)![seed]);
    const complete = this.ended.filter(({ outcome }) => outcome === 'complete');
    const pairs = new Map<number, Pair[]>(
      this.rungs.map((rung) => [
        rung,
        complete.map((each) => ({ early: errorAt(each, rung), final: errorAt(each, last) })),
      ]),
    );
    const observations = this.ended.flatMap((each) => {
      const { candidate, outcome, epochs } = each;
      if (outcome === 'failed') return [];
      const error = errorAt(each, epochs);
      return [
        { candidate, error: outcome === 'complete' ? error : forecast(error, pairs.get(epochs)!) },
      ];
    });
    return { candidates: this.candidates, observations, remaining };
  }
}
