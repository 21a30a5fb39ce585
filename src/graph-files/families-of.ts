/** The families that read files; their parsers take a while to load. */
const READING = /\b(?:file|connectome):/;

/** Makes the families known that the specs in a text need, if it names one that reads files. */
export async function registerFamiliesOf(text: string): Promise<void> {
  if (READING.test(text)) await import('./register.js');
}
