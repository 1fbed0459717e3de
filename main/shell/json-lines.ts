/**
 * On which line of a JSON text each key stands, so that a message can send a person there.
 *
 * @param text valid JSON
 * @returns line (from 1) by path; a path is its keys and indices joined by "/" after a leading "/"
 */
export function jsonLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const open: { path: string; array: boolean; index: number; key: string }[] = [];
  let line = 1;
  let at = 0;

  const here = () => {
    const top = open.at(-1);
    if (!top) return '';
    return `${top.path}/${top.array ? top.index : top.key}`;
  };
  const note = () => {
    const path = here();
    if (path !== '' && !lines.has(path)) lines.set(path, line);
  };
  while (at < text.length) {
    const c = text[at]!;
    if (c === '\n') line++;
    if (c === '"') {
      const end = endOfString(text, at);
      const top = open.at(-1);
      if (top && !top.array && /^\s*:/.test(text.slice(end, end + 64))) {
        top.key = JSON.parse(text.slice(at, end)) as string;
        note();
      } else if (top?.array) note();
      at = end;
      continue;
    }
    if (c === '{' || c === '[') {
      if (open.at(-1)?.array) note();
      open.push({ path: here(), array: c === '[', index: 0, key: '' });
    } else if (c === '}' || c === ']') open.pop();
    else if (c === ',' && open.at(-1)?.array) open.at(-1)!.index++;
    else if (/[\d\-tfn]/.test(c) && open.at(-1)?.array) note();
    at++;
  }
  return lines;
}

/** The position after the closing quote. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
