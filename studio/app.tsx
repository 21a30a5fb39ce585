import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Explore } from './explore/explore.js';
import { announcement } from './graph/current.js';
import { fetchFamilies } from './graph/further.js';
import { saveView } from './graph/save-view.js';
import {
  addressOf,
  canRedo,
  canUndo,
  problems,
  redo,
  tooLarge,
  undo,
  view,
} from './state/store.js';
import { PAGES, type ViewState } from './state/types.js';
import { Later } from './ui/later.js';
import { PAGE_NAMES } from './ui/page-names.js';
import { CopyButton } from './ui/parts.js';
import { setTheme, theme, THEMES } from './ui/theme.js';
import { ViewLink } from './ui/view-link.js';

/** Pages whose code is fetched when they are first shown. */
const LATER = {
  network: async () => (await withAll(import('./network/network.js'))).NetworkPage,
  train: async () => (await withAll(import('./train/train.js'))).TrainPage,
  studies: async () => (await withAll(import('./studies/studies.js'))).StudiesPage,
  brain: async () => (await withAll(import('./brain/brain.js'))).BrainPage,
  paper: async () => (await withAll(import('./paper/paper.js'))).PaperPage,
  gallery: async () => (await withAll(import('./gallery/gallery.js'))).GalleryPage,
} as const;

/** A page that shows graphs of every family. */
async function withAll<T>(page: Promise<T>): Promise<T> {
  await fetchFamilies();
  return page;
}

/** The studio: its head, what of the address it did not understand, and the page. */
export function App(): JSX.Element {
  useEffect(() => {
    addEventListener('keydown', undoByKey);
    return () => removeEventListener('keydown', undoByKey);
  }, []);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the page
      </a>
      <Head />
      <Problems />
      <main id="main" tabIndex={-1}>
        <Shown page={view.value.page} />
      </main>
      <div class="unseen" role="status" aria-live="polite">
        {announcement}
      </div>
    </>
  );
}

function Shown({ page }: { readonly page: ViewState['page'] }): JSX.Element {
  return page === 'explore' ? <Explore /> : <Later key={page} load={LATER[page]} />;
}

/** An address is a view here, so a link within the page must not change it. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function undoByKey(event: KeyboardEvent): void {
  const typing = event.target instanceof HTMLInputElement && event.target.type === 'text';
  if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
  event.preventDefault();
  if (event.shiftKey) redo();
  else undo();
}

function Head(): JSX.Element {
  return (
    <header class="head">
      <span class="brand">
        <img src="./icon.svg" width="22" height="22" alt="" />
        Plexus
      </span>
      <nav aria-label="Pages">
        {PAGES.map((page) => (
          <ViewLink
            key={page}
            change={{ page }}
            href={addressOf(page)}
            current={view.value.page === page}
          >
            {PAGE_NAMES[page]}
          </ViewLink>
        ))}
      </nav>
      <div class="head-tools">
        <button type="button" class="button plain" onClick={undo} disabled={!canUndo.value}>
          Undo
        </button>
        <button type="button" class="button plain" onClick={redo} disabled={!canRedo.value}>
          Redo
        </button>
        <ThemeButton />
        {tooLarge.value ? (
          <button type="button" class="button" onClick={() => void saveView()}>
            Save view as file
          </button>
        ) : (
          <CopyButton text={() => location.href} label="Copy link" />
        )}
      </div>
    </header>
  );
}

const SIGNS = { system: 'Auto', light: 'Light', dark: 'Dark' } as const;

function ThemeButton(): JSX.Element {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
  return (
    <button
      type="button"
      class="button plain"
      aria-label={`Colours: ${SIGNS[theme.value]}. Change to ${SIGNS[next]}`}
      title="Colours of the page"
      onClick={() => setTheme(next)}
    >
      {SIGNS[theme.value]}
    </button>
  );
}

function Problems(): JSX.Element | null {
  if (problems.value.length === 0) return null;
  return (
    <section class="problems" aria-label="The link">
      <p>
        <strong>This link is not understood in full.</strong> What is missing is shown with its
        default; the link stays as it is until you change something.
      </p>
      <ul>
        {problems.value.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </section>
  );
}
