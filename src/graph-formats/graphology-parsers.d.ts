/**
 * The parsers inside graphology's packages, which take any DOM; their public faces bring one of
 * their own.
 */
declare module 'graphology-graphml/common/parser.js' {
  import type { AbstractGraph } from 'graphology-types';
  type Parse = (
    constructor: new (options: { type: 'directed' | 'undirected' | 'mixed' }) => AbstractGraph,
    document: object,
  ) => AbstractGraph;
  const createParser: (domParser: unknown, documentClass: unknown) => Parse;
  export default createParser;
}

declare module 'graphology-gexf/common/parser.js' {
  export { default } from 'graphology-graphml/common/parser.js';
}

declare module 'graphology-gexf/common/writer.js' {
  import type { AbstractGraph } from 'graphology-types';
  const write: (graph: AbstractGraph) => string;
  export default write;
}
