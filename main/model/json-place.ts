/**
 * The line, from 1, on which a value of a JSON document begins; that of the nearest value around it where there is no such key.
 * @param text valid JSON
 * @param key names and indices joined by points: channels.0.gates.1.alpha
 */
export function lineOfKey(text: string, key: string): number {
  const wanted = key === '' ? [] : key.split('.');
  let best = { depth: 0, at: 0 };
  let at = 0;
  const space = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const string = (): string => {
    const from = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at++;
    return JSON.parse(text.slice(from, at)) as string;
  };
  /** @param depth how many keys of the wanted path lead here; −1 = it does not lead here */
  function value(depth: number): void {
    space();
    if (depth > best.depth) best = { depth, at };
    const inside = (name: string): number => (depth >= 0 && wanted[depth] === name ? depth + 1 : -1);
    if (text[at] === '"') string();
    else if (text[at] === '{' || text[at] === '[') {
      const isObject = text[at] === '{';
      at++;
      for (let i = 0; ; i++) {
        space();
        if (text[at] === '}' || text[at] === ']') break;
        if (text[at] === ',') {
          at++;
          space();
        }
        let name = String(i);
        if (isObject) {
          name = string();
          space();
          at++;
        }
        value(inside(name));
      }
      at++;
    } else while (/[^\s,\]}]/.test(text[at] ?? ' ')) at++;
  }
  value(0);
  return text.slice(0, best.at).split('\n').length;
}
