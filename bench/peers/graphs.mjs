// networkx and python-igraph (graph_measures.py) as contestants of bench/graphs.mjs, in one Python
// process.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('graph_measures.py', import.meta.url));
const LIBRARIES = ['igraph', 'networkx'];

/** The graph as graph_measures.py reads it. */
function describe({ nodes, edges, offsets, targets }) {
  const pairs = new Int32Array(2 * edges);
  let filled = 0;
  for (let u = 0; u < nodes; u++) {
    for (let at = offsets[u]; at < offsets[u + 1]; at++) {
      if (targets[at] <= u) continue;
      pairs[filled++] = u;
      pairs[filled++] = targets[at];
    }
  }
  return { nodes, edges: Buffer.from(pairs.buffer).toString('base64') };
}

/**
 * A Python process that answers each line of JSON with one; null where there is no such Python or
 * it has neither library.
 */
async function start(python) {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  // A Python that is not there, or goes away, ends the lines below; that is all that has to be
  // known.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    return done ? null : JSON.parse(value);
  };
  const stop = () => child.stdin.end();
  const versions = await answer();
  const libraries = LIBRARIES.filter((name) => versions?.[name]);
  if (libraries.length === 0) {
    stop();
    return null;
  }
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const reply = await answer();
    if (reply === null) throw new Error(`${SCRIPT} ended too early; its own message is above`);
    return reply;
  };
  return {
    libraries,
    description: libraries.map((name) => `${name} ${versions[name]}`).join(', '),
    /** Hands over the graphs that `measure` measures from now on. */
    load: (graphs) => ask({ load: graphs.map(describe) }),
    /** Measures them all; what comes back is in graph_measures.py. */
    measure: (library, measure, seconds) => ask({ library, measure, seconds }),
    stop,
  };
}

/**
 * The first Python that has both libraries, else one that has one of them; null where none has any.
 */
export async function startGraphPeers() {
  let best = null;
  for (const python of process.env.PYTHON
    ? [process.env.PYTHON]
    : ['python3', '/usr/bin/python3']) {
    const found = await start(python);
    const better = found !== null && found.libraries.length > (best?.libraries.length ?? 0);
    (better ? best : found)?.stop();
    if (better) best = found;
    if (best?.libraries.length === LIBRARIES.length) break;
  }
  return best;
}

export const HOW_TO_GET_PEERS =
  'Install them (Debian: apt install python3-networkx python3-igraph; elsewhere: pip ' +
  'install networkx igraph) or name a Python that has them with PYTHON=/path/to/python3.';
