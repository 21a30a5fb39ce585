import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Command } from '../ui/parts.js';
import { study } from './chosen.js';
import { StudyListPage } from './list.js';
import { followStudy, silentSince, trouble } from './live.js';
import { StudyPage } from './study.js';

/** The studies of the local server: all of them, or one. */
export function StudiesPage(): JSX.Element {
  const id = study.value;
  return (
    <div class="studies">
      <Trouble />
      {id === '' ? <StudyListPage /> : <OneStudy key={id} id={id} />}
    </div>
  );
}

function OneStudy({ id }: { readonly id: string }): JSX.Element {
  useEffect(() => followStudy(id), [id]);
  return <StudyPage id={id} />;
}

/** What is wrong with the server, if anything: what is shown stays. */
function Trouble(): JSX.Element | null {
  const since = silentSince.value;
  const wrong = trouble.value;
  if (wrong?.kind === 'absent')
    return (
      <section class="panel absent">
        <h1>Studies need the local server</h1>
        <p>
          These pages were opened from a web host that has no studies behind it. On the machine
          where your studies are, in the folder that holds them, run
        </p>
        <p>
          <Command line="npx plexus studio" />
        </p>
        <p class="quiet">Explore and Network work here as they are.</p>
      </section>
    );
  if (since !== null)
    return (
      <p class="error banner" role="status">
        The server does not answer since {since.toLocaleTimeString()}: what is shown is as it was
        then. It is asked again every few seconds; <code>npx plexus studio</code> starts it.
      </p>
    );
  if (wrong !== null)
    return (
      <p class="error banner" role="alert">
        {wrong.message}
      </p>
    );
  return null;
}
