import { describe, expect, it } from 'vitest';
import { planArena } from '../../src/engine/backends/cpu/arena.js';
import { compile } from '../../src/engine/compile.js';
import { programBytes } from '../../src/engine/memory.js';
import { parseGraphSpec } from '../../src/graph/index.js';
import { architectures, baselineNetwork, matchBudget } from '../../src/network/index.js';

describe('the memory that is said of a program', () => {
  it.each(architectures.map(({ name }) => name))(
    'is near what the cpu backend takes (%s)',
    (name) => {
      for (const network of [
        baselineNetwork(name),
        matchBudget(name, parseGraphSpec('ws-flex:n=16,k=4,p=0.2,seed=1')),
      ]) {
        const program = compile(network, { batch: 128 });
        const taken = 4 * planArena(program, 1).end;
        const said = programBytes(program).total;
        expect(Math.abs(said / taken - 1), `${said} said, ${taken} taken`).toBeLessThan(0.1);
      }
    },
  );
});
