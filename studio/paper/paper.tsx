import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { StudyEntry } from '../../src/analysis/study-entry.js';
import {
  PUBLISHED,
  PUBLISHED_INTERSECTION,
  type PublishedFigures,
} from '../../src/analysis/findings/published.js';
import { PUBLISHED_MLP } from '../../src/analysis/published-mlp.js';
import { fixed, signed, span } from '../../src/analysis/text.js';
import { cssOf, viridis } from '../draw/colours.js';
import { Axes } from '../explore/plane-marks.js';
import { planeScale, type PlaneScale, toX, toY } from '../explore/plane-scale.js';
import { show, view } from '../state/store.js';
import { ARCHITECTURES } from '../state/types.js';
import { fetchWholeList, list } from '../studies/live.js';
import { percentText } from '../studies/words.js';
import { Command } from '../ui/parts.js';
import { useSize } from '../ui/size.js';

/** What the paper found, and its published results as studies where they have been imported. */
export function PaperPage(): JSX.Element {
  useEffect(() => void fetchWholeList(), []);
  return (
    <div class="studies paper">
      <section class="panel" aria-labelledby="paper-title">
        <div class="panel-head">
          <h1 id="paper-title">The paper</h1>
        </div>
        <p>
          J. You, J. Leskovec, K. He, S. Xie: “Graph Structure of Neural Networks”, ICML 2020 (arXiv
          2007.06559). Networks of six architectures were made from relational graphs, all at the
          cost of the dense network. Their error is a smooth function of C and L, and in a sweet
          spot of the plane it is lower than the dense network’s.
        </p>
        <Claims />
      </section>
      <SpotsFigure />
      <Imported />
    </div>
  );
}

const published = Object.entries(PUBLISHED);

/** The imported study of an architecture, if the server has one. */
function importedOf(arch: string): StudyEntry | null {
  return list.value?.studies.find((study) => study.imported && study.arch === arch) ?? null;
}

function Claims(): JSX.Element {
  return (
    <div class="wide-table" tabIndex={0} role="region" aria-label="What the paper found">
      <table>
        <thead>
          <tr>
            <th scope="col">Architecture</th>
            <th scope="col" class="number">
              Dense
            </th>
            <th scope="col" class="number">
              Best graph
            </th>
            <th scope="col" class="number">
              Difference
            </th>
            <th scope="col">Sweet spot, C and L</th>
            <th scope="col">Imported here</th>
          </tr>
        </thead>
        <tbody>
          {published.map(([arch, figures]) => (
            <Claim key={arch} arch={arch} figures={figures} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Claim({
  arch,
  figures: { baseline, best, sweetSpot },
}: {
  readonly arch: string;
  readonly figures: PublishedFigures;
}): JSX.Element {
  const [c0, c1, l0, l1] = sweetSpot;
  const study = importedOf(arch);
  const known = ARCHITECTURES.find((each) => each === arch);
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          class="link"
          aria-pressed={view.value.arch === arch}
          onClick={() => known !== undefined && show({ arch: known })}
        >
          {arch}
        </button>
      </th>
      <td class="number">{percentText(baseline)}</td>
      <td class="number">{percentText(best)}</td>
      <td class="number">{signed(best - baseline, 2)}</td>
      <td class="number-text">
        {span([c0, c1])}, {span([l0, l1])}
      </td>
      <td>
        {study === null ? (
          <span class="quiet">–</span>
        ) : (
          <button
            type="button"
            class="link"
            onClick={() =>
              show({ page: 'studies', study: study.id, trials: [], cell: null, find: '' })
            }
          >
            {study.name}: {percentText(study.best?.error)} against{' '}
            {percentText(study.baseline?.error)}
          </button>
        )}
      </td>
    </tr>
  );
}

/** Before the page is laid out there is no room for a plane. */
const LEAST_SIDE = 120;

/** The sweet spots of the six architectures, what they share, and the errors of the perceptron. */
function SpotsFigure(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const scale =
    size !== null && size.width > LEAST_SIDE ? planeScale(size.width, size.height, null) : null;
  const { arch } = view.value;
  const shown = PUBLISHED[arch];
  return (
    <figure class="panel plane heat">
      <div class="panel-head">
        <h2>The sweet spots of six architectures</h2>
      </div>
      <div class="square heat-area" ref={box}>
        {scale !== null && (
          <svg
            width={scale.width}
            height={scale.height}
            role="img"
            aria-label={`Sweet spots in the plane of C and L; chosen: ${arch}`}
          >
            <Axes scale={scale} />
            <Errors scale={scale} />
            {published.map(([name, { sweetSpot }]) => (
              <Spot
                key={name}
                scale={scale}
                spot={sweetSpot}
                class={name === arch ? 'spot chosen' : 'spot'}
              />
            ))}
            <Spot scale={scale} spot={PUBLISHED_INTERSECTION} class="spot shared" />
          </svg>
        )}
      </div>
      <figcaption>
        <p class="quiet">
          Rectangles: the sweet spots; filled: what all six share. Points: published test errors of
          52 graphs as a perceptron on CIFAR-10, {fixed(LOW, 1)} % dark to {fixed(HIGH, 1)} % light.
          {shown === undefined
            ? ' The paper has no such network as is chosen now.'
            : ` Strong: that of ${arch}, chosen in the table.`}
        </p>
      </figcaption>
    </figure>
  );
}

function Spot({
  scale,
  spot: [c0, c1, l0, l1],
  class: kind,
}: {
  readonly scale: PlaneScale;
  readonly spot: readonly [number, number, number, number];
  readonly class: string;
}): JSX.Element {
  const [x, right] = [toX(scale, c0), toX(scale, c1)];
  const [y, bottom] = [toY(scale, l1), toY(scale, l0)];
  return <rect class={kind} {...{ x, y }} width={right - x} height={bottom - y} rx="3" />;
}

const LOW = Math.min(...PUBLISHED_MLP.map(([, , , error]) => error));
const HIGH = Math.max(...PUBLISHED_MLP.map(([, , , error]) => error));

function Errors({ scale }: { readonly scale: PlaneScale }): JSX.Element {
  return (
    <g>
      {PUBLISHED_MLP.map(([line, clustering, pathLength, error]) => (
        <circle
          key={line}
          class="error-mark"
          cx={toX(scale, clustering)}
          cy={toY(scale, pathLength)}
          r="4.5"
          fill={cssOf(viridis((error - LOW) / (HIGH - LOW)))}
        />
      ))}
    </g>
  );
}

/** The published results as studies, or how to get them. */
function Imported(): JSX.Element {
  const studies = (list.value?.studies ?? []).filter(({ imported }) => imported);
  return (
    <section class="panel" aria-labelledby="imported-title">
      <div class="panel-head">
        <h2 id="imported-title">The published results as studies</h2>
      </div>
      {studies.length === 0 ? (
        <>
          <p>
            None is here. The results lie in the folder <code>analysis</code> of the repository
            facebookresearch/graph2nn; this turns them into studies, which are then looked at like
            any other:
          </p>
          <p>
            <Command line="npx plexus import graph2nn graph2nn/analysis -o studies/published" />
          </p>
        </>
      ) : (
        <ul class="imported">
          {studies.map(({ id, name }) => (
            <li key={id}>
              <button
                type="button"
                class="link"
                onClick={() => show({ page: 'studies', study: id, trials: [], cell: null })}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p>This checks each of the paper’s claims on them, and draws its figures:</p>
      <p>
        <Command line="npx plexus reproduce graph2nn/analysis --figures figures" />
      </p>
    </section>
  );
}
