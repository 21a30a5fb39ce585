import { computed, signal } from '@preact/signals';
import { readPalette } from '../draw/colours.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Where the choice is kept: it belongs to the reader, not to the view, so no address has it. */
const KEY = 'plexus-theme';

function remembered(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    // A browser that keeps nothing.
    return 'system';
  }
}

export const theme = signal<Theme>('system');
/** Counts changes of colours, so that canvases are drawn anew. */
const changes = signal(0);

/** The colours that canvases draw with. */
export const palette = computed(() => {
  void changes.value;
  return readPalette();
});

/** Takes the remembered choice, and follows the system's. */
export function applyTheme(): void {
  setTheme(remembered());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => changes.value++);
}

/** Chooses the colours, and remembers it where the browser can. */
export function setTheme(next: Theme): void {
  theme.value = next;
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
  changes.value++;
}
