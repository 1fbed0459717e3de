import { DOMParser } from '@xmldom/xmldom';
import { AppError } from '../contract/errors.ts';

/** Which file a document was read from: an included one has lines of its own. */
const fileOf = new WeakMap<Document, string>();

/** A refusal of a NeuroML file. @param element names the line, and the file where it is an included one */
export function neuromlError(
  file: string,
  element: Element | null,
  message: string,
  remedy: string,
): AppError {
  const own = (element && fileOf.get(element.ownerDocument)) ?? file;
  const line = (element as (Element & { lineNumber?: number }) | null)?.lineNumber;
  const place = line === undefined ? own : `${own}, line ${line}`;
  return new AppError('model-invalid', `${place}: ${message}.`, {
    remedy,
    details: { file: own, line: line ?? null },
  });
}

/** The root element of a NeuroML document. */
export function parseXml(text: string, file: string): Element {
  const problems: string[] = [];
  const note = (message: string): void => void problems.push(message.trim().split('\n')[0]!);
  let root: Element | null = null;
  try {
    const errorHandler = { warning: note, error: note, fatalError: note };
    root = new DOMParser({ locator: {}, errorHandler }).parseFromString(text, 'text/xml').documentElement;
  } catch (thrown) {
    note(thrown instanceof Error ? thrown.message : String(thrown));
  }
  if (root === null || problems.length > 0)
    throw new AppError(
      'file-unreadable',
      `The model file «${file}» is not valid XML: ${problems[0] ?? 'it is empty'}.`,
      {
        remedy: 'Correct the file; pynml -validate checks NeuroML.',
        details: { file },
      },
    );
  fileOf.set(root.ownerDocument, file);
  return root;
}

export const tag = (element: Element): string => element.localName || element.tagName;

/** The child elements, or those of some names. */
export function children(element: Element, ...names: string[]): Element[] {
  const all = Array.from(element.childNodes).filter((node): node is Element => node.nodeType === 1);
  return names.length === 0 ? all : all.filter((child) => names.includes(tag(child)));
}
/** All elements of some names, at any depth. */
export function descendants(element: Element, ...names: string[]): Element[] {
  return children(element).flatMap((child) => [
    ...(names.includes(tag(child)) ? [child] : []),
    ...descendants(child, ...names),
  ]);
}
export const attribute = (element: Element, name: string): string | null =>
  element.hasAttribute(name) ? element.getAttribute(name) : null;

/** The text of an element's notes. */
export const notesOf = (element: Element): string =>
  children(element, 'notes')
    .map((notes) => notes.textContent?.trim().replace(/\s+/g, ' ') ?? '')
    .join(' ');

/** Factors to mV, ms, mS, µF, cm, µA, and for °C an offset. */
const units: Record<string, readonly [factor: number, offset?: number]> = {
  '': [1],
  mV: [1],
  V: [1e3],
  ms: [1],
  s: [1e3],
  us: [1e-3],
  per_ms: [1],
  per_s: [1e-3],
  Hz: [1e-3],
  degC: [1],
  K: [1, -273.15],
  mS_per_cm2: [1],
  S_per_cm2: [1e3],
  S_per_m2: [0.1],
  uF_per_cm2: [1],
  F_per_m2: [100],
  um: [1e-4],
  cm: [1],
  m: [100],
  pS: [1e-9],
  nS: [1e-6],
  uS: [1e-3],
  mS: [1],
  S: [1e3],
  per_mV: [1],
  per_V: [1e-3],
};

/** A quantity such as «-54.387mV» or «0.3 mS_per_cm2» in the units of models. */
export function quantity(text: string, element: Element, file: string): number {
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\w*)\s*$/.exec(text);
  const unit = match ? units[match[2]!] : undefined;
  if (!match || !unit)
    throw neuromlError(
      file,
      element,
      `«${text}» is not a quantity in a unit that is known here (${Object.keys(units).filter(Boolean).join(', ')})`,
      'Write the quantity in one of these units.',
    );
  // 0.12 S_per_cm2 is 120 and not 119.99999999999999.
  return Number((Number(match[1]) * unit[0] + (unit[1] ?? 0)).toPrecision(15));
}
/** A quantity that an element must have. */
export function required(element: Element, name: string, file: string): number {
  const text = attribute(element, name);
  if (text === null)
    throw neuromlError(file, element, `<${tag(element)}> has no attribute «${name}»`, 'Add the attribute.');
  return quantity(text, element, file);
}
