import { render } from 'preact';
import './styles/base.css';
import './styles/parts.css';
import './styles/explore.css';
import './styles/network.css';
import './styles/studies.css';
import { App } from './app.js';
import { fetchFamilies } from './graph/further.js';
import { followAddress } from './state/store.js';
import { takeToken } from './state/token.js';
import { applyTheme } from './ui/theme.js';

applyTheme();
takeToken();
followAddress(() => {
  const root = document.getElementById('studio');
  if (root !== null) render(<App />, root);
  // What does not come now comes, or is missed and said, when it is asked for.
  fetchFamilies().catch(() => undefined);
});
