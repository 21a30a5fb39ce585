import { render } from 'preact';
import './styles/base.css';
import './styles/parts.css';
import './styles/explore.css';
import './styles/network.css';
import { App } from './app.js';
import { followAddress } from './state/store.js';
import { applyTheme } from './ui/theme.js';

applyTheme();
followAddress();
const root = document.getElementById('studio');
if (root !== null) render(<App />, root);
