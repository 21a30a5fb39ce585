/** Where this tab keeps the token that the server gave with its address. */
const KEY = 'plexus-token';

let held: string | null = null;

/**
 * Takes the token out of the address that the server printed. It belongs to this tab: links that are
 * copied from it do not have it.
 */
export function takeToken(): void {
  const given = new URLSearchParams(location.search).get('token');
  try {
    if (given !== null) sessionStorage.setItem(KEY, given);
    held = given ?? sessionStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing: the token lasts as long as the page.
    held = given;
  }
  if (given !== null) history.replaceState(history.state, '', location.pathname + location.hash);
}

/** The token, where the page was opened with one. */
export function token(): string | null {
  return held;
}
