import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** A name that a module exports, with the declarations of it. */
export interface Exported {
  readonly name: string;
  readonly file: string;
  readonly declarations: readonly ts.Node[];
}

const parsed = new Map<string, ts.SourceFile>();

function sourceOf(file: string): ts.SourceFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  parsed.set(file, source);
  return source;
}

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** What one statement declares: names and the nodes that hold their docstrings. */
function declared(node: ts.Statement): { readonly name: string; readonly node: ts.Node }[] {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => ({ name: name.getText(), node }));
  if (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  )
    return node.name === undefined ? [] : [{ name: node.name.text, node }];
  return [];
}

/** Everything that a module of ours exports, followed to the files that declare it. */
export function exportsOf(file: string): Exported[] {
  const found: Exported[] = [];
  const own = new Map<string, ts.Node[]>();
  for (const statement of sourceOf(file).statements) {
    if (ts.isExportDeclaration(statement)) found.push(...passedOn(file, statement));
    else if (isExported(statement))
      for (const { name, node } of declared(statement))
        own.set(name, [...(own.get(name) ?? []), node]);
  }
  return [...found, ...[...own].map(([name, declarations]) => ({ name, file, declarations }))];
}

const moduleOf = (file: string, specifier: ts.Expression): string =>
  join(dirname(file), (specifier as ts.StringLiteral).text.replace(/\.js$/, '.ts'));

/** The module that a name of this one is imported from; its own where none is. */
function originOf(file: string, name: string): string {
  const imports = sourceOf(file).statements.filter((each) => ts.isImportDeclaration(each));
  const from = imports.find(({ importClause }) => {
    const bindings = importClause?.namedBindings;
    return (
      bindings !== undefined &&
      ts.isNamedImports(bindings) &&
      bindings.elements.some((element) => element.name.text === name)
    );
  });
  return from === undefined ? file : moduleOf(file, from.moduleSpecifier);
}

/** What `export { a, b as c } from` and `export * from` pass on, and `export { a }` of an import. */
function passedOn(
  file: string,
  { moduleSpecifier, exportClause }: ts.ExportDeclaration,
): Exported[] {
  if (exportClause === undefined) return exportsOf(moduleOf(file, moduleSpecifier!));
  if (!ts.isNamedExports(exportClause)) throw new Error(`${file}: a namespace is exported`);
  return exportClause.elements.map(({ name, propertyName }) => {
    const inside = (propertyName ?? name).text;
    const module =
      moduleSpecifier === undefined ? originOf(file, inside) : moduleOf(file, moduleSpecifier);
    const original = exportsOf(module).find((each) => each.name === inside);
    if (original === undefined) throw new Error(`${file}: ${inside} is declared nowhere`);
    return { ...original, name: name.text };
  });
}

/** The text of the docstrings before a declaration. */
export const docstringsOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map((each) => each.getText())
    .join('\n');
