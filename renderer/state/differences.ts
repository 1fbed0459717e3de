/** Settings in which two configurations differ: the path of each, and both values as text. */
export function differences(a: unknown, b: unknown): { setting: string; first: string; second: string }[] {
  const [left, right] = [leaves(a), leaves(b)];
  const names = [...new Set([...left.keys(), ...right.keys()])].toSorted();
  return names.flatMap((setting) => {
    const [first, second] = [left.get(setting) ?? '–', right.get(setting) ?? '–'];
    return first === second ? [] : [{ setting, first, second }];
  });
}

function leaves(value: unknown, path = ''): Map<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return new Map([[path, value === null ? 'automatic' : text(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, part]) => [
      ...leaves(part, path === '' ? name : `${path}.${name}`),
    ]),
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ');
}
