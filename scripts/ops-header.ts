import { COMMANDS, GROUPS, type OperandKind } from '../src/engine/backends/cpu/commands.js';

const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const pascal = (name: string): string => name[0].toUpperCase() + name.slice(1);

function fieldOf(name: string, kind: OperandKind): string {
  const field = snake(name);
  switch (kind) {
    case 'windows':
    case 'shape':
      return `${pascal(kind)}Args ${field};`;
    case 'float':
      return `float ${field};`;
    case 'double':
      return `int32_t ${field}[2]; /* the words of a double, which may lie at any word */`;
    case 'memory':
      return `int32_t ${field}; /* offset */`;
    case 'memory or none':
      return `int32_t ${field}; /* offset or -1 */`;
    case 'table':
      return `int32_t ${field}; /* offset of a table */`;
    case 'int':
      return `int32_t ${field};`;
    default:
      return kind satisfies never;
  }
}

function structOf(name: string, operands: Readonly<Record<string, OperandKind>>): string {
  const fields = Object.entries(operands).map(([operand, kind]) => `  ${fieldOf(operand, kind)}`);
  return `typedef struct {\n${fields.join('\n')}\n} ${pascal(name)}Args;`;
}

/** native/ops.gen.h: opcodes and operands of the C kernels, from the table of commands. */
export function opsHeader(): string {
  const opcodes = Object.keys(COMMANDS).map(
    (name, i) => `  OP_${snake(name).toUpperCase()} = ${i + 1},`,
  );
  const structs = [...Object.entries(GROUPS), ...Object.entries(COMMANDS)].map(([name, operands]) =>
    structOf(name, operands),
  );
  return `/* Made by scripts/make-ops-header.ts from src/engine/backends/cpu/commands.ts: change that. */
#pragma once
#include <stdint.h>

/* clang-format off */
enum {
${opcodes.join('\n')}
};

${structs.join('\n\n')}
/* clang-format on */
`;
}
