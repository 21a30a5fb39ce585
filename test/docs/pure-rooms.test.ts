import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Rooms that run in a browser: not even what they import may come to Node's own modules. */
const PURE = [
  'core',
  'stats',
  'graph',
  'network',
  'engine',
  'spikes',
  'data',
  'search',
  'train',
  'study',
  'analysis',
];

/** What a module imports or exports on as values; types are gone when it runs. */
function valueImports(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    return isTypeOnly(statement) ? [] : [moduleSpecifier.text];
  });
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, isTypeOnly: all } = statement;
    const named = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : null;
    return all || (named !== null && named.every((element) => element.isTypeOnly));
  }
  const clause = statement.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

/** The modules from which it is imported until a `node:` module; null where there is none. */
function chainToNode(entry: string): string[] | null {
  const waiting: (readonly string[])[] = [[entry]];
  const seen = new Set([entry]);
  for (const chain of waiting) {
    const file = chain.at(-1)!;
    for (const name of valueImports(file)) {
      if (name.startsWith('node:')) return [...chain.map((each) => relative(SRC, each)), name];
      if (!name.startsWith('.')) continue;
      const target = join(dirname(file), name.replace(/\.js$/, '.ts'));
      expect(existsSync(target), target).toBe(true);
      if (seen.has(target)) continue;
      seen.add(target);
      waiting.push([...chain, target]);
    }
  }
  return null;
}

describe('rooms that run in a browser', () => {
  it.each(PURE)('%s comes to nothing of Node by any chain of imports', (room) => {
    const index = join(SRC, room, 'index.ts');
    const entries = existsSync(index) ? [index] : ts.sys.readDirectory(join(SRC, room), ['.ts']);
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) expect(chainToNode(entry)).toBeNull();
  });

  it('would be told of a chain, the shortest one', () => {
    expect(chainToNode(join(SRC, 'store', 'index.ts'))).toEqual([
      'store/index.ts',
      'store/spec-file.ts',
      'node:path',
    ]);
  });
});
