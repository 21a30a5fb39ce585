/** HTTP for the studio. Read only; nothing but the program's own pages may ask. */
export { serveStudio, type StudioOptions, type StudioServer } from './server.js';
