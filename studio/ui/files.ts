/** Hands a file to the browser to be saved. */
export function saveFile(name: string, content: string | Uint8Array | Blob, type = ''): void {
  const blob = content instanceof Blob ? content : new Blob([content as BlobPart], { type });
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it when the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
