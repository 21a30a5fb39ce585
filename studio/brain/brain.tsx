import '../styles/brain.css';
import type { JSX } from 'preact';
import { Controls } from '../explore/controls.js';
import { Picture } from '../explore/picture.js';
import { Best } from './best.js';
import { Connectomes } from './connectomes.js';
import { NullTable } from './null-table.js';
import { BrainPlane } from './plane.js';

/** A brain, or any graph, beside random graphs that share something with it, and the best networks. */
export function BrainPage(): JSX.Element {
  return (
    <div class="explore">
      <h1 class="unseen">A graph beside random graphs</h1>
      <Controls />
      <Connectomes />
      <div class="hero">
        <Picture />
        <BrainPlane />
      </div>
      <NullTable />
      <Best />
    </div>
  );
}
