import type { FunctionComponent, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/**
 * A part of the page whose code is fetched when it is first shown, so that the first view is there
 * sooner. Says so where the code does not come.
 */
export function Later({ load }: { readonly load: () => Promise<FunctionComponent> }): JSX.Element {
  const [state, setState] = useState<{ part: FunctionComponent } | 'coming' | 'failed'>('coming');
  useEffect(() => {
    let gone = false;
    setState('coming');
    load().then(
      (part) => gone || setState({ part }),
      () => gone || setState('failed'),
    );
    return () => {
      gone = true;
    };
  }, [load]);
  if (state === 'coming') return <div class="coming" aria-busy="true" />;
  if (state === 'failed')
    return (
      <p class="error" role="alert">
        A part of the page could not be fetched: is the server still there? Reload the page.
      </p>
    );
  return <state.part />;
}
