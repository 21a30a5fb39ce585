import type { JSX } from 'preact';
import { Later } from '../ui/later.js';
import { Controls } from './controls.js';
import { Numbers } from './numbers.js';
import { Picture } from './picture.js';
import { Plane } from './plane.js';

const measures = async () => (await import('./measures.js')).Measures;

/** A graph, its place on the map, and what can be measured of it. */
export function Explore(): JSX.Element {
  return (
    <div class="explore">
      <h1 class="unseen">Explore graphs</h1>
      <Controls />
      <div class="hero">
        <Picture />
        <Plane />
      </div>
      <Numbers />
      <Later load={measures} />
    </div>
  );
}
