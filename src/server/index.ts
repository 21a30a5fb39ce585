/** HTTP for the studio: its pages, and the studies of a directory. */
export {
  serveStudio,
  type StudiesOptions,
  type StudioOptions,
  type StudioServer,
} from './server.js';
