import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');

interface Example {
  readonly title: string;
  readonly code: string;
  /** What it must print; null where the page does not say. */
  readonly output: string | null;
}

/** The blocks marked `ts runnable`, each with the `text` block that follows it directly. */
function examplesOf(page: string): Example[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const pattern = /^```ts runnable[^\n]*\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const heading =
      text
        .slice(0, match.index)
        .match(/^#+ .*$/gm)
        ?.at(-1) ?? page;
    return {
      title:
        `${page}: ${heading.replace(/^#+ /, '')}, line ` +
        text.slice(0, match.index).split('\n').length,
      code: match[1],
      output: match[2] ?? null,
    };
  });
}

const examples = ['docs/library.md', 'README.md'].flatMap(examplesOf);
let scratch = '';
let printed: readonly string[] = [];

// Inside the package, where its own name can be imported, and where git does not look.
beforeAll(() => {
  if (!existsSync(join(DIST, 'engine', 'index.js')))
    throw new Error('dist is missing: run npm run build');
  mkdirSync(DIST, { recursive: true });
  scratch = mkdtempSync(join(DIST, '.docs-'));
  for (const name of ['weights', 'batches'])
    copyFileSync(
      join(ROOT, `test/golden/docs-pytorch-${name}.safetensors`),
      join(scratch, `${name}.safetensors`),
    );
  examples.forEach(({ code }, i) => {
    writeFileSync(join(scratch, `${i}.mts`), code);
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(scratch, `${i}.mjs`), outputText);
  });
  printed = outputs();
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What each example prints, run one after the other in a process of their own. */
function outputs(): readonly string[] {
  const runner = `
    import { format } from 'node:util';
    const printed = [];
    const log = console.log;
    for (let i = 0; i < ${examples.length}; i++) {
      let text = '';
      console.log = (...words) => { text += format(...words) + '\\n'; };
      await import(\`./\${i}.mjs\`).catch((error) => { text += error.stack; });
      printed.push(text);
    }
    log(JSON.stringify(printed));`;
  writeFileSync(join(scratch, 'run.mjs'), runner);
  const options = { cwd: scratch, encoding: 'utf8', timeout: 120_000 } as const;
  return JSON.parse(execFileSync(process.execPath, ['run.mjs'], options)) as string[];
}

describe('the examples of the documentation', () => {
  it('there are some, and each says what it prints', () => {
    expect(examples.length).toBeGreaterThan(8);
    for (const { title, output } of examples) expect(output, title).not.toBeNull();
  });

  it.each(examples.map(({ title, output }, i) => ({ title, output, i })))(
    '$title',
    ({ output, i }) => {
      expect(printed[i]).toBe(output);
    },
  );

  it('pass the type checker', () => {
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    };
    const program = ts.createProgram(
      examples.map((_, i) => join(scratch, `${i}.mts`)),
      options,
    );
    const problems = ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
      const place =
        file && start !== undefined
          ? `${file.fileName.slice(scratch.length)}:${file.getLineAndCharacterOfPosition(start).line + 1} `
          : '';
      return place + ts.flattenDiagnosticMessageText(messageText, '\n');
    });
    expect(problems).toEqual([]);
  });
});

describe('the PyTorch example', () => {
  const expected = JSON.parse(
    readFileSync(join(ROOT, 'test/golden/docs-pytorch.json'), 'utf8'),
  ) as {
    losses: number[];
    evaluation: { loss: number; logits: number[] };
    head: number[];
  };

  it('prints what PyTorch computed, on both backends', () => {
    const i = examples.findIndex(({ code }) => code.includes('weights.safetensors'));
    const fixed = (values: readonly number[], digits: number): string =>
      values.map((value) => value.toFixed(digits)).join(' ');
    const { losses, evaluation, head } = expected;
    const lines = [
      `losses ${fixed(losses, 4)}`,
      `evaluation: loss ${fixed([evaluation.loss], 4)}, first logits ` +
        fixed(evaluation.logits, 3),
      `head ${fixed(head, 4)}`,
    ];
    expect(printed[i].trimEnd().split('\n')).toEqual([...lines, ...lines]);
  });
});
