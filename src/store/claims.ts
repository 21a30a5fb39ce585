import type { SharedFiles } from './shared-files.js';

/*
 * Who trains what, among processes that share a study's directory and nothing else. A trial's
 * record depends on nothing but the spec, so that two trainings of one trial do no harm: claims save
 * work, and nothing that is right depends on them. Hence no lock and no clock: a claim is a folder,
 * which only one process can make; its holder shows that it lives by writing a file now and then;
 * and how old that is, is told by the clock of whoever keeps the files alone, from the file that the
 * asking process has just written itself.
 */

/** Where claims are, and signs of life, in a study's directory. */
export const CLAIMS_FOLDER = 'claims';
export const ALIVE_FOLDER = 'alive';

export interface ClaimsOptions {
  /** Name of this process among all others, for file names. */
  readonly me: string;
  /** What the file with its signs of life says, as text. */
  readonly about: string;
  /** Seconds without a sign of life after which its holder is taken to have ended. */
  readonly lease: number;
  /**
   * Whether the process that a file of signs of life says it is has ended, where that can be told
   * from here; such a claim need not be waited for.
   */
  readonly hasEnded?: (about: string) => boolean;
}

/** The claims of a study, as one process makes and sees them. */
export interface Claims {
  /** Shows that this process lives: to be called several times in a lease. */
  beat(): Promise<void>;
  /** Takes a trial; false where another process has it that `taken` did not find ended. */
  take(trial: number): Promise<boolean>;
  /**
   * The trials that other processes have. Whether these still live is looked at for some of them at
   * each call, in turn.
   */
  taken(): Promise<ReadonlySet<number>>;
  /** The trial has been recorded, or is left to others: nobody has a claim on it any more. */
  release(trial: number): Promise<void>;
  /** This process ends: what it had is open to all, and it lives no more. */
  leave(): Promise<void>;
  /** Tidies up after processes that ended without leaving: their claims are open at once. */
  bury(): Promise<void>;
  /**
   * Every trial is recorded, so that no claim is of use any more, whoever has it: also those of
   * processes that were killed before they said who they are, and earlier turns of theirs.
   */
  clear(): Promise<void>;
}

/**
 * Claims whose holders are looked at in one call of `taken`: with a thousand workers, most of whom
 * wait for the last trials to end, it is they who keep the file system busy.
 */
const LOOKED_AT = 16;

/** A claim as the name of its folder tells it: the trial and how often it was taken before. */
interface Claim {
  readonly trial: number;
  readonly turn: number;
}

const nameOf = ({ trial, turn }: Claim): string => `${trial}.${turn}`;

/** Names that are no claims, as of files that a system leaves, are passed over. */
function claimOf(name: string): Claim | null {
  const [, trial, turn] = /^(\d+)\.(\d+)$/.exec(name) ?? [];
  return trial === undefined ? null : { trial: Number(trial), turn: Number(turn) };
}

/** Signs of life of processes, as one of them gives and sees them. */
interface Life {
  beat(): Promise<void>;
  /** The time by the clock of whoever keeps the files. */
  now(): Promise<number | null>;
  /** Whether something was written longer ago than a lease. What is gone was given up. */
  past(path: string, time: number | null): Promise<boolean>;
  /** Whether a process shows no sign of life any more; null where it never gave one, or left. */
  silent(holder: string, time: number | null): Promise<boolean | null>;
}

const aliveFile = (name: string): string => `${ALIVE_FOLDER}/${name}`;

function lifeOf(
  files: SharedFiles,
  { me, about, lease, hasEnded = () => false }: ClaimsOptions,
): Life {
  const text = new TextEncoder().encode(about);
  const beat = (): Promise<void> => files.write(aliveFile(me), text);
  const past: Life['past'] = async (path, time) => {
    const then = await files.modified(path);
    return time !== null && then !== null && time - then > lease;
  };
  return {
    beat,
    past,
    now: async () => {
      await beat();
      return files.modified(aliveFile(me));
    },
    silent: async (holder, time) => {
      const said = await files.read(aliveFile(holder));
      if (said === null) return null;
      return hasEnded(new TextDecoder().decode(said)) || past(aliveFile(holder), time);
    },
  };
}

const folderOf = (claim: Claim): string => `${CLAIMS_FOLDER}/${nameOf(claim)}`;

/** The last claim on each trial. */
async function latestClaims(files: SharedFiles): Promise<ReadonlyMap<number, Claim>> {
  const found = new Map<number, Claim>();
  for (const name of await files.list(CLAIMS_FOLDER)) {
    const claim = claimOf(name);
    if (claim && claim.turn >= (found.get(claim.trial)?.turn ?? 0)) found.set(claim.trial, claim);
  }
  return found;
}

/** Claims of processes that ended, of which some are looked for at a time, in turn. */
function lapsesOf(expired: (claim: Claim, time: number | null) => Promise<boolean>): {
  readonly look: (claims: readonly Claim[], time: number | null) => Promise<void>;
  readonly has: (claim: Claim) => boolean;
} {
  const lapsed = new Set<string>();
  let looked = 0;
  return {
    has: (claim) => lapsed.has(nameOf(claim)),
    look: async (claims, time) => {
      lapsed.clear();
      const most = Math.min(LOOKED_AT, claims.length);
      const from = looked % Math.max(1, claims.length);
      for (const claim of [...claims, ...claims].slice(from, from + most))
        if (await expired(claim, time)) lapsed.add(nameOf(claim));
      looked += most;
    },
  };
}

/** Claims of a study for one process. */
export function claimsOf(files: SharedFiles, options: ClaimsOptions): Claims {
  const { me } = options;
  const life = lifeOf(files, options);
  const mine = new Set<number>();
  const holderOf = async (claim: Claim): Promise<string | undefined> =>
    (await files.list(folderOf(claim)))[0];
  /** Whether the holder of a claim shows no sign of life any more. */
  const expired = async (claim: Claim, time: number | null): Promise<boolean> => {
    const holder = await holderOf(claim);
    if (holder === me) return false;
    // Without a holder it was killed before it said who it is, or is just about to.
    const gone = holder === undefined ? null : await life.silent(holder, time);
    return gone ?? life.past(folderOf(claim), time);
  };
  const lapses = lapsesOf(expired);
  /** Gives up what a process has that is not recorded. */
  const free = async (holder: string): Promise<void> => {
    for (const claim of (await latestClaims(files)).values())
      if ((await holderOf(claim)) === holder) await files.remove(folderOf(claim));
  };

  return {
    beat: () => life.beat(),
    take: async (trial) => {
      const last = (await latestClaims(files)).get(trial);
      if (last !== undefined) {
        if (!lapses.has(last) || !(await expired(last, await life.now()))) return false;
      }
      const claim = { trial, turn: (last?.turn ?? 0) + 1 };
      if (!(await files.makeFolder(folderOf(claim)))) return false;
      // A folder, as a file would have to be flushed, which takes longer than all else of a claim.
      await files.makeFolder(`${folderOf(claim)}/${me}`);
      mine.add(trial);
      return true;
    },
    taken: async () => {
      const claims = [...(await latestClaims(files)).values()].filter(
        ({ trial }) => !mine.has(trial),
      );
      await lapses.look(claims, claims.length === 0 ? null : await life.now());
      return new Set(claims.filter((claim) => !lapses.has(claim)).map(({ trial }) => trial));
    },
    release: async (trial) => {
      mine.delete(trial);
      for (const name of await files.list(CLAIMS_FOLDER))
        if (claimOf(name)?.trial === trial) await files.remove(`${CLAIMS_FOLDER}/${name}`);
    },
    leave: async () => {
      await free(me);
      await files.remove(aliveFile(me));
    },
    bury: async () => {
      const time = await life.now();
      for (const holder of await files.list(ALIVE_FOLDER)) {
        if (holder === me || (await life.silent(holder, time)) !== true) continue;
        await free(holder);
        await files.remove(aliveFile(holder));
      }
    },
    clear: async () => {
      for (const name of await files.list(CLAIMS_FOLDER))
        if (claimOf(name) !== null) await files.remove(`${CLAIMS_FOLDER}/${name}`);
    },
  };
}
