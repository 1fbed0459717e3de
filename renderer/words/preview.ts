/** Lines and characters of a preview: enough to recognise a file, quick for one of any size. */
const mostLines = 14;
const mostBytes = 16_384;
const mostColumns = 400;

/** A text file's beginning, and how many bytes come after it. */
export function previewLines(bytes: Uint8Array): { lines: string[]; more: number } {
  const text = new TextDecoder().decode(bytes.subarray(0, mostBytes));
  const all = text.split('\n');
  const cut = all.length > mostLines || bytes.length > mostBytes;
  const lines = all.slice(0, mostLines).map((line) => line.slice(0, mostColumns));
  while (lines.at(-1) === '') lines.pop();
  const shown = lines.reduce((sum, line) => sum + line.length + 1, 0);
  return { lines, more: cut ? Math.max(1, bytes.length - shown) : 0 };
}
