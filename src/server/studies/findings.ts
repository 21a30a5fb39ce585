import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError, visible } from '../../core/errors.js';
import type { LiveStudy } from './live.js';

/** Milliseconds that drawing the findings of one study may take. */
const PATIENCE = 300_000;
/** Characters of what a command says that are kept. */
const MOST_SAID = 2000;

/** Figures by the names that `plexus study compare --figures` gives them, without what ends them. */
type Figures = ReadonlyMap<string, string>;

/**
 * The figures of the paper's questions, asked of one study. They take seconds to minutes, so that the
 * command draws them in a process of its own, one study at a time, all at once, and they are kept
 * until the study changes.
 */
export class FindingFigures {
  private readonly drawn = new WeakMap<
    LiveStudy,
    { readonly version: number; readonly figures: Promise<Figures> }
  >();
  private turn: Promise<unknown> = Promise.resolve();
  private running: ChildProcess | null = null;
  private closed = false;

  /** @param program the words of a command line that call Plexus */
  constructor(
    private readonly program: readonly string[],
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /**
   * One figure, as SVG; null where there is none of that name.
   *
   * @param name e.g. `surface`, `held-out`
   * @throws UserError where the command refuses, in its words
   */
  async figure(study: LiveStudy, name: string): Promise<string | null> {
    const known = this.drawn.get(study);
    if (known?.version === study.version) return (await known.figures).get(name) ?? null;
    const figures = this.turn.then(() => this.draw(study.directory));
    this.turn = figures.catch(() => undefined);
    this.drawn.set(study, { version: study.version, figures });
    try {
      return (await figures).get(name) ?? null;
    } catch (error) {
      if (this.drawn.get(study)?.figures === figures) this.drawn.delete(study);
      throw error;
    }
  }

  /** Ends what is being drawn. */
  close(): void {
    this.closed = true;
    this.running?.kill();
  }

  private async draw(directory: string): Promise<Figures> {
    if (this.closed) throw new UserError('the studio is ending');
    const folder = mkdtempSync(join(tmpdir(), 'plexus-findings-'));
    try {
      await this.compare(directory, folder);
      return new Map(
        readdirSync(folder).map((file) => [
          // There is one study, whose name ends the names of its own figures.
          file.replace(/^(map|cuts|choice|surface|strata|biological|pair)-.*|\.svg$/, '$1'),
          readFileSync(join(folder, file), 'utf8'),
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private compare(directory: string, folder: string): Promise<void> {
    const [name = '', ...before] = this.program;
    const words = ['study', 'compare', '--figures', folder, '--', directory];
    const child = spawn(name, [...before, ...words], {
      env: { ...this.env },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: PATIENCE,
    });
    this.running = child;
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-MOST_SAID);
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => {
        this.running = null;
        if (status === 0) resolve();
        else
          reject(
            new UserError(
              visible(said.trim()) ||
                `the figures were not drawn within ${PATIENCE / 1000} seconds`,
            ),
          );
      });
    });
  }
}
