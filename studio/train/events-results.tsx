import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { fixed, grouped, signed } from '../../src/analysis/text.js';
import { must } from '../../src/core/errors.js';
import { ENERGY_NOTE, ENERGY_TABLES } from '../../src/spikes/energy.js';
import type { Measured } from '../../src/spikes/measured.js';
import type { Mesh } from '../../src/spikes/mesh.js';
import { cssOf, viridis } from '../draw/colours.js';
import type { EventsPart } from './events.js';

/** The code whose nodes and energies are shown. */
const chosen = signal('qcfs:16');

const nameOf = ({ code, steps }: Measured): string => `${code}:${steps}`;

/** What the codes came to, and one of them on its mesh. */
export function EventsResults({
  parts,
  error,
  mesh,
}: {
  readonly parts: readonly EventsPart[];
  /** Of the float network, %. */
  readonly error: number;
  readonly mesh: Mesh;
}): JSX.Element {
  const part = parts.find(({ measured }) => nameOf(measured) === chosen.value) ?? parts[0];
  return (
    <>
      <CodeTable {...{ parts, error, shown: part }} />
      {part !== undefined && (
        <div class="events-more">
          <MeshPicture part={part} mesh={mesh} />
          <Energies measured={part.measured} />
        </div>
      )}
    </>
  );
}

function CodeTable({
  parts,
  error,
  shown,
}: {
  readonly parts: readonly EventsPart[];
  readonly error: number;
  readonly shown: EventsPart | undefined;
}): JSX.Element {
  const { images } = must(parts[0]).measured;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="What each code came to">
      <table>
        <caption class="quiet">
          {images} test images; the float network errs {fixed(error, 2)} %. Operations, energy (an
          estimate), packets and hops are an image’s.
        </caption>
        <thead>
          <tr>
            {['code', 'error %', '− float', 'active %', 'operations', '45 nm nJ', 'packets'].map(
              (title) => (
                <th scope="col" key={title}>
                  {title}
                </th>
              ),
            )}
            <th scope="col">multicast hops</th>
            <th scope="col">unicast hops</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <CodeRow key={nameOf(part.measured)} {...{ part, error, isShown: part === shown }} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const count = (value: number | undefined): string =>
  value === undefined ? '–' : grouped(Math.round(value));

function CodeRow({
  part: { measured },
  error,
  isShown,
}: {
  readonly part: EventsPart;
  readonly error: number;
  readonly isShown: boolean;
}): JSX.Element {
  const { figures, energy, traffic } = measured;
  const name = nameOf(measured);
  return (
    <tr class={isShown ? 'chosen' : ''}>
      <th scope="row">
        <button
          type="button"
          class="link"
          aria-pressed={isShown}
          onClick={() => (chosen.value = name)}
        >
          {name}
        </button>
      </th>
      {[
        fixed(measured.error, 2),
        signed(measured.error - error, 2),
        fixed(100 * (1 - figures.activationSparsity), 1),
        count(figures.effectiveMacs + figures.effectiveAcs),
        count(energy['45 nm CMOS']),
        count(traffic?.packets),
        count(traffic?.hops),
        count(traffic?.unicastHops),
      ].map((text, at) => (
        <td class="number" key={at}>
          {text}
        </td>
      ))}
    </tr>
  );
}

const CELL = 34;

/** Each node on its core, coloured by how often it fires. */
function MeshPicture({
  part: { measured, byNode },
  mesh,
}: {
  readonly part: EventsPart;
  readonly mesh: Mesh;
}): JSX.Element | null {
  const placement = measured.traffic?.placement;
  if (placement === undefined) return null;
  const [least, most] = [Math.min(...byNode), Math.max(...byNode)];
  const share = (events: number): number =>
    most > least ? (events - least) / (most - least) : 0.5;
  const [width, height] = [mesh.columns * CELL, mesh.rows * CELL];
  const busiest = byNode.indexOf(most);
  return (
    <figure class="mesh">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={
          `${nameOf(measured)}: ${placement.length} nodes on ${mesh.rows} x ${mesh.columns} cores; ` +
          `node ${busiest} fires most, ${fixed(most, 1)} events an image`
        }
      >
        {Array.from({ length: mesh.rows * mesh.columns }, (_, core) => (
          <rect
            key={core}
            class="core"
            x={(core % mesh.columns) * CELL + 1}
            y={Math.floor(core / mesh.columns) * CELL + 1}
            width={CELL - 2}
            height={CELL - 2}
          />
        ))}
        {placement.map((core, node) => (
          <Core key={node} {...{ core, node, mesh }} share={share(byNode[node] ?? 0)} />
        ))}
      </svg>
      <figcaption class="quiet">
        {nameOf(measured)}: each node on a core of its own, placed by annealing over multicast hops.
        Colour: events an image, <span class="number">{fixed(least, 1)}</span> (dark) to{' '}
        <span class="number">{fixed(most, 1)}</span> (light).
      </figcaption>
    </figure>
  );
}

function Core({
  core,
  node,
  mesh,
  share,
}: {
  readonly core: number;
  readonly node: number;
  readonly mesh: Mesh;
  readonly share: number;
}): JSX.Element {
  const [x, y] = [(core % mesh.columns) * CELL, Math.floor(core / mesh.columns) * CELL];
  return (
    <g>
      <rect
        x={x + 2}
        y={y + 2}
        width={CELL - 4}
        height={CELL - 4}
        rx="3"
        fill={cssOf(viridis(share))}
      />
      <text
        x={x + CELL / 2}
        y={y + CELL / 2}
        dy="0.35em"
        text-anchor="middle"
        fill={share > 0.55 ? '#000000' : '#ffffff'}
      >
        {node}
      </text>
    </g>
  );
}

function Energies({ measured: { energy } }: { readonly measured: Measured }): JSX.Element {
  return (
    <div class="energies">
      <h3>Energy an image, estimates</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">by the table of</th>
            <th scope="col">nJ</th>
          </tr>
        </thead>
        <tbody>
          {ENERGY_TABLES.map(({ name }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{count(energy[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">Energies are {ENERGY_NOTE}.</p>
      <details>
        <summary>Sources</summary>
        {[...new Set(ENERGY_TABLES.map(({ source }) => source))].map((source) => (
          <p class="quiet" key={source}>
            {source}
          </p>
        ))}
      </details>
    </div>
  );
}
