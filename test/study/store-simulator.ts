import { RandomStream } from '../../src/core/random/index.js';
import { FileReplaced, type SharedFiles } from '../../src/store/shared-files.js';

/** One state of a path: when it came, from whom, and its bytes; null of a folder, absent: gone. */
interface Version {
  readonly at: number;
  readonly by: string;
  readonly what: Uint8Array | 'folder' | 'gone';
  readonly time: number;
}

interface Turn {
  readonly client: string;
  readonly run: () => void;
  /** What is left of the operation when its client dies in the middle of it. */
  readonly torn?: (() => void) | undefined;
}

/** How likely each mishap is, at every step. */
export interface Mishaps {
  readonly crash: number;
  readonly pause: number;
  readonly jump: number;
  /** Steps that what others did may stay unseen. */
  readonly lag: number;
}

/**
 * A directory on a file server with several clients, whose operations happen one at a time in an
 * order drawn by a seed. Clients die in the middle of an operation, stand still for longer than any
 * lease, and see late what others wrote; the server's clock jumps. Making a folder is atomic on the
 * server, as on NFS.
 */
export class StoreSimulator {
  readonly random: RandomStream;
  private readonly paths = new Map<string, Version[]>();
  private readonly turns: Turn[] = [];
  private readonly seen = new Map<string, number>();
  private readonly dead = new Set<string>();
  private readonly asleep = new Map<string, number>();
  private at = 0;
  private time = 1000;
  crashes = 0;

  constructor(
    seed: number,
    private mishaps: Mishaps,
  ) {
    this.random = new RandomStream('store simulator', seed);
  }

  /** Operations that happened. */
  get steps(): number {
    return this.at;
  }

  /** What a client does with the directory. */
  client(name: string): SharedFiles {
    this.seen.set(name, this.at);
    const now = (path: string): Version | undefined => this.paths.get(path)?.at(-1);
    const visible = (path: string): Version | undefined =>
      this.paths
        .get(path)
        ?.findLast(({ at, by }) => by === name || at <= (this.seen.get(name) ?? 0));
    const put = (path: string, what: Version['what']): void => {
      const versions = this.paths.get(path) ?? [];
      versions.push({ at: this.at, by: name, what, time: this.time });
      this.paths.set(path, versions.slice(-40));
    };
    const drop = (path: string): void => {
      for (const each of this.paths.keys())
        if ((each === path || each.startsWith(`${path}/`)) && now(each)?.what !== 'gone')
          put(each, 'gone');
    };
    return {
      list: (folder) =>
        this.turn(name, () =>
          [...this.paths.keys()]
            .filter((path) => path.startsWith(`${folder}/`))
            .map((path) => path.slice(folder.length + 1))
            .filter((rest) => !rest.includes('/'))
            .filter((rest) => (visible(`${folder}/${rest}`)?.what ?? 'gone') !== 'gone')
            .toSorted(),
        ),
      read: (path, from = 0) =>
        this.turn(name, () => {
          const what = visible(path)?.what;
          return what instanceof Uint8Array ? what.slice(from) : null;
        }),
      makeFolder: (path) =>
        this.turn(name, () => {
          if ((now(path)?.what ?? 'gone') !== 'gone') return false;
          put(path, 'folder');
          return true;
        }),
      write: (path, bytes) => this.turn(name, () => put(path, bytes)),
      place: (path, bytes) => this.turn(name, () => put(path, bytes)),
      append: (path, bytes, length) => {
        const add = (part: Uint8Array): void => {
          const what = now(path)?.what;
          const old = what instanceof Uint8Array ? what : new Uint8Array();
          if (old.length < length) throw new FileReplaced(`${path} is not what it was`);
          const whole = new Uint8Array(length + part.length);
          whole.set(old.subarray(0, length));
          whole.set(part, length);
          put(path, whole);
        };
        return this.turn(
          name,
          () => add(bytes),
          () => {
            const what = now(path)?.what;
            if (length === 0 || (what instanceof Uint8Array && what.length >= length))
              add(bytes.slice(0, this.random.below(bytes.length)));
          },
        );
      },
      remove: (path) => this.turn(name, () => drop(path)),
      removeEmpty: () => this.turn(name, () => undefined),
      modified: (path) =>
        this.turn(name, () => {
          const version = now(path);
          return version === undefined || version.what === 'gone' ? null : version.time;
        }),
    };
  }

  /** A moment in which a client does something that is none of the store's business. */
  pass(client: string): Promise<void> {
    return this.turn(client, () => undefined);
  }

  /** From here on nothing goes wrong. */
  calm(): void {
    this.mishaps = { crash: 0, pause: 0, jump: 0, lag: 0 };
  }

  isDead(client: string): boolean {
    return this.dead.has(client);
  }

  private turn<T>(client: string, run: () => T, torn?: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      this.turns.push({
        client,
        torn,
        run: () => {
          try {
            resolve(run());
          } catch (error) {
            reject(error as Error);
          }
        },
      });
    });
  }

  /** Lets one operation happen, and perhaps a mishap; false where nobody wants to do anything. */
  step(): boolean {
    const awake = this.turns.filter(({ client }) => (this.asleep.get(client) ?? 0) <= this.at);
    const choice = awake.length > 0 ? awake : this.turns;
    const next = choice[this.random.below(Math.max(1, choice.length))];
    if (next === undefined) return false;
    this.turns.splice(this.turns.indexOf(next), 1);
    this.at += 1;
    this.time += this.random.uniform();
    const { crash, pause, jump, lag } = this.mishaps;
    if (this.random.uniform() < jump) this.time += 200 * (this.random.uniform() - 0.3);
    // What others did is seen at once mostly, and late now and then, but never backwards.
    const seen = this.at - (this.random.uniform() < 0.3 ? this.random.below(lag + 1) : 0);
    this.seen.set(next.client, Math.max(seen, this.seen.get(next.client) ?? 0));
    if (this.random.uniform() < crash) {
      next.torn?.();
      this.dead.add(next.client);
      this.crashes += 1;
      for (let i = this.turns.length - 1; i >= 0; i--)
        if (this.turns[i]!.client === next.client) this.turns.splice(i, 1);
      return true;
    }
    if (this.random.uniform() < pause) {
      this.asleep.set(next.client, this.at + this.random.below(200));
      this.time += this.random.below(3) === 0 ? 60 : 0;
    }
    next.run();
    return true;
  }
}
