import { printable, type UserError } from '../core/errors.js';
import { readError } from './collect.js';

/** A format of graphs or tables that is known by name and not read. */
interface ForeignFormat {
  readonly name: string;
  /** Ends of file names that no format here has. */
  readonly extensions: readonly string[];
  /** What the text begins with, behind blank lines; absent where nothing marks it. */
  readonly begins?: RegExp;
  /** What the bytes begin with. */
  readonly magic?: readonly number[];
  /** What to do, without the closing stop. */
  readonly remedy: string;
}

const networkx = (call: string): string =>
  `convert it with networkx: import networkx as nx; nx.write_graphml(${call}, "graph.graphml")`;
const GEPHI = 'open it in Gephi and export it as GEXF or GraphML';
const TABLE = 'write a line "source,target" and then one edge a line, as CSV';
const SQUARE = 'export the connectivity matrix as .csv or .npy';
const PANDAS = (reader: string): string =>
  `save it as CSV with pandas: pandas.${reader}(PATH).to_csv("graph.csv", index=False)`;

/** Formats that are text, told by what they begin with or by their extension alone. */
const TEXTS: readonly ForeignFormat[] = [
  {
    name: 'Graphviz DOT',
    extensions: ['.dot', '.gv'],
    begins:
      /^(?:(?:\/\/|#)[^\n]*\n\s*|\/\*[^]*?\*\/\s*)*(?:strict\s+)?(?:di)?graph\b[^\n[{]*\s*\{/i,
    remedy: networkx('nx.Graph(nx.nx_pydot.read_dot(PATH))'),
  },
  { name: 'GDF (GUESS)', extensions: ['.gdf'], begins: /^nodedef\s*>/i, remedy: GEPHI },
  {
    name: 'METIS',
    extensions: ['.graph', '.metis'],
    remedy:
      'leave out its first line and write one edge a line, or convert it with NetworKit: ' +
      'networkit.writeGraph(networkit.readGraph(PATH, networkit.Format.METIS), "graph.gml", ' +
      'networkit.Format.GML)',
  },
  {
    name: 'LGL',
    extensions: ['.lgl'],
    remedy:
      'convert it with igraph: import igraph; igraph.Graph.Read_Lgl(PATH).write_graphml' +
      '("graph.graphml")',
  },
  {
    name: 'DIMACS',
    extensions: ['.col', '.clq', '.dimacs', '.gr', '.max', '.min'],
    begins: /^(?:c(?:[^\S\n][^\n]*)?\n\s*)*p[^\S\n]+[a-z]+[^\S\n]+\d+[^\S\n]+\d+/i,
    remedy: `keep the two numbers of its lines that begin with e or a: ${TABLE}`,
  },
  {
    name: 'a Pajek project',
    extensions: ['.paj'],
    remedy: 'save its network alone, as a .net file, in Pajek',
  },
  {
    name: 'UCINET DL',
    extensions: ['.dl'],
    begins: /^dl(?:\s+(?:n|nr|format)\s*=|\s*$|\s*\n)/i,
    remedy:
      'convert it with igraph: import igraph; igraph.Graph.Read_DL(PATH).write_graphml' +
      '("graph.graphml")',
  },
  { name: 'UCINET', extensions: ['.##h', '.##d'], remedy: 'export it as Pajek .net in UCINET' },
  {
    name: 'VNA (NetDraw)',
    extensions: ['.vna'],
    begins: /^\*(?:node data|node properties|tie data)\b/i,
    remedy: GEPHI,
  },
  { name: 'Tulip TLP', extensions: ['.tlp'], begins: /^\(tlp\b/i, remedy: GEPHI },
  {
    name: 'Cytoscape SIF',
    extensions: ['.sif', '.nnf'],
    remedy: 'export the network as GraphML in Cytoscape, or leave out the middle column',
  },
  {
    name: "Octave's text of a sparse matrix",
    extensions: [],
    begins: /^(?:#[^\n]*\n\s*)*# type: sparse\b/,
    remedy: 'save it in Octave with save -v7 graph.mat A',
  },
  { name: 'TGF (Trivial Graph Format)', extensions: ['.tgf'], remedy: TABLE },
  {
    name: 'a multiline adjacency list',
    extensions: ['.multiline_adjlist'],
    remedy: networkx('nx.read_multiline_adjlist(PATH)'),
  },
  {
    name: 'LEDA',
    extensions: ['.lgr', '.leda', '.gw'],
    begins: /^LEDA\.GRAPH\b/,
    remedy: networkx('nx.read_leda(PATH)'),
  },
  { name: 'GraphStream DGS', extensions: ['.dgs'], begins: /^DGS00\d\b/, remedy: TABLE },
  {
    name: 'Cytoscape CX',
    extensions: ['.cx', '.cx2', '.cyjs', '.cys'],
    remedy: 'export the network as GraphML in Cytoscape',
  },
  {
    name: 'RDF',
    extensions: ['.rdf', '.ttl', '.nt', '.n3', '.owl'],
    begins: /^@prefix\s/i,
    remedy: TABLE,
  },
  {
    name: 'YAML',
    extensions: ['.yaml', '.yml'],
    begins: /^(?:---\s|!!python)/,
    remedy: networkx('yaml.load(open(PATH), yaml.Loader)'),
  },
  {
    name: 'Newick',
    extensions: ['.nwk', '.newick'],
    begins: /^\([^\n]*\)[^\n]*;\s*$/,
    remedy: TABLE,
  },
  {
    name: 'Harwell-Boeing',
    extensions: ['.rua', '.rsa', '.pua', '.psa', '.rb', '.hb'],
    remedy: 'convert it with SciPy: scipy.io.mmwrite("graph.mtx", scipy.io.hb_read(PATH))',
  },
  { name: 'SWC (the shape of a neuron)', extensions: ['.swc'], remedy: TABLE },
  {
    name: 'a web page',
    extensions: ['.html', '.htm'],
    begins: /^<(?:!doctype\s+html|html)\b/i,
    remedy: 'download the file itself, not the page that shows it',
  },
  {
    name: 'XML that is neither GraphML nor GEXF',
    extensions: ['.xgmml', '.gxl', '.gii', '.xml'],
    begins: /^<(?:\?xml\s|!doctype\s|xgmml\b|gxl\b|GIFTI\b|svg\b)/i,
    remedy: 'export the graph as GraphML from the program that wrote it',
  },
  {
    name: 'JSON that is neither node-link nor graphology',
    extensions: ['.jsonl', '.ndjson'],
    begins: /^[{[]\s*["{[\]}]/,
    remedy: 'save it as node-link JSON: json.dump(networkx.node_link_data(graph), file)',
  },
];

const bytesOf = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const GZIP = [0x1f, 0x8b];

/** Formats that are no text, told by their first bytes or by their extension alone. */
const BINARIES: readonly ForeignFormat[] = [
  { name: 'NIfTI or CIFTI', extensions: ['.nii', '.nii.gz'], remedy: SQUARE },
  {
    name: 'R data',
    extensions: ['.rds', '.rda', '.rdata'],
    remedy: 'save the matrix in R: write.csv(as.matrix(A), "graph.csv")',
  },
  {
    name: 'a gzip file',
    extensions: ['.gz', '.tgz'],
    magic: GZIP,
    remedy: 'unpack it with gunzip',
  },
  {
    name: 'a bzip2 file',
    extensions: ['.bz2'],
    magic: bytesOf('BZh'),
    remedy: 'unpack it with bunzip2',
  },
  {
    name: 'an xz file',
    extensions: ['.xz'],
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    remedy: 'unpack it with unxz',
  },
  {
    name: 'a zstd file',
    extensions: ['.zst'],
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    remedy: 'unpack it with unzstd',
  },
  {
    name: 'a 7-zip file',
    extensions: ['.7z'],
    magic: [0x37, 0x7a, 0xbc, 0xaf],
    remedy: 'unpack it',
  },
  {
    name: 'an Excel or spreadsheet file',
    extensions: ['.xlsx', '.xlsm', '.xls', '.ods'],
    magic: [0xd0, 0xcf, 0x11, 0xe0],
    remedy: 'save the sheet as CSV',
  },
  {
    name: 'a ZIP archive',
    extensions: ['.zip'],
    magic: [0x50, 0x4b, 3, 4],
    remedy: 'unpack it; a spreadsheet is saved as CSV',
  },
  {
    name: 'HDF5',
    extensions: ['.h5', '.hdf5', '.hdf', '.nwb'],
    magic: [0x89, ...bytesOf('HDF')],
    remedy:
      'save its matrix as .npy: import h5py, numpy; numpy.save("graph.npy", h5py.File(PATH)[NAME][()])',
  },
  {
    name: 'Feather or Arrow',
    extensions: ['.feather', '.arrow', '.ipc'],
    magic: bytesOf('ARROW1'),
    remedy: PANDAS('read_feather'),
  },
  { name: 'Feather', extensions: [], magic: bytesOf('FEA1'), remedy: PANDAS('read_feather') },
  {
    name: 'Parquet',
    extensions: ['.parquet', '.pq'],
    magic: bytesOf('PAR1'),
    remedy: PANDAS('read_parquet'),
  },
  {
    name: 'a Python pickle',
    extensions: ['.pkl', '.pickle', '.gpickle', '.joblib'],
    magic: [0x80],
    remedy: networkx('pickle.load(open(PATH, "rb"))'),
  },
  {
    name: 'graph-tool',
    extensions: ['.gt'],
    magic: [0xe2, 0x9b, 0xbe, 0x20, 0x67, 0x74],
    remedy: 'save it from graph-tool: graph.save("graph.graphml")',
  },
  {
    name: 'PyTorch',
    extensions: ['.pt', '.pth'],
    remedy: 'save the adjacency matrix: numpy.save("graph.npy", A.numpy())',
  },
  {
    name: 'safetensors',
    extensions: ['.safetensors'],
    remedy: 'save the adjacency matrix with numpy.save',
  },
  {
    name: 'SQLite',
    extensions: ['.sqlite', '.sqlite3', '.db'],
    magic: bytesOf('SQLite format 3'),
    remedy: TABLE,
  },
  { name: 'PDF', extensions: ['.pdf'], magic: bytesOf('%PDF'), remedy: TABLE },
  {
    name: 'a picture',
    extensions: ['.png', '.jpg', '.jpeg', '.gif', '.svg'],
    magic: [0x89, ...bytesOf('PNG')],
    remedy: TABLE,
  },
];

/** Enough to tell a format by its beginning. */
const LOOKED_AT = 65_536;

/**
 * The refusal of a file whose contents are those of a known format that is not read, or null. Of
 * XML, JSON and tables the readers are asked first.
 */
export function foreignContents(bytes: Uint8Array): UserError | null {
  const binary = BINARIES.find(({ magic }) => magic?.every((byte, at) => bytes[at] === byte));
  if (binary) return refusal('byte 0', `the file is ${binary.name}`, binary.remedy);
  if (isNifti(bytes)) return refusal('byte 0', 'the file is NIfTI or CIFTI', SQUARE);
  const start = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT)).trimStart();
  const text = TEXTS.find(({ begins }) => begins?.test(start));
  return text
    ? refusal('line 1', `the file looks like ${text.name}, which is not read`, text.remedy)
    : null;
}

/** The refusal of a file whose extension is that of a known format that is not read, or null. */
export function foreignExtension(path: string): UserError | null {
  const lower = path.toLowerCase();
  const found = [...BINARIES, ...TEXTS].find(({ extensions }) =>
    extensions.some((extension) => lower.endsWith(extension)),
  );
  return found
    ? refusal(
        'whole file',
        `the ending ${printable(endingOf(lower))} is that of ${found.name}, which is not read`,
        `${found.remedy}; if it is of another format, name that with format=NAME`,
      )
    : null;
}

function refusal(place: string, what: string, remedy: string): UserError {
  return readError(
    place,
    `${what}${what.includes('not read') ? '' : ', which is not read'}; ${remedy}`,
  );
}

/** The size of its header and the letters n+1, n+2 or ni1 behind it. */
function isNifti(bytes: Uint8Array): boolean {
  const at = (place: number): string => String.fromCharCode(...bytes.subarray(place, place + 2));
  const [first, second] = [bytes[0] ?? 0, bytes[1] ?? 0];
  const [head] = [first + 256 * second];
  return (head === 348 && /^n[+i]$/.test(at(344))) || (head === 540 && at(4) === 'n+');
}

/** The last ending of a path with its dot; none of a name that begins with its only dot. */
function endingOf(path: string): string {
  return /[^/\\](\.[^./\\]*)$/.exec(path)?.[1] ?? '';
}
