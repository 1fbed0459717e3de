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
  const note = (message: string): void => void problems.push(inWords(message));
  let root: Element | null = null;
  try {
    const errorHandler = { warning: note, error: note, fatalError: note };
    root = new DOMParser({ locator: {}, errorHandler }).parseFromString(text, 'text/xml').documentElement;
  } catch (thrown) {
    note(thrown instanceof Error ? thrown.message : String(thrown));
  }
  if (text.trim() === '') problems.unshift('it is empty');
  if (root === null || problems.length > 0)
    throw new AppError(
      'file-unreadable',
      `The model file «${file}» is not valid XML: ${problems[0] ?? 'it has no element'}.`,
      {
        remedy: 'Correct the file; pynml -validate checks NeuroML.',
        details: { file },
      },
    );
  fileOf.set(root.ownerDocument, file);
  return root;
}

/** «[xmldom error]\tattribute value missed\n@#[line:2,col:1]» as «line 2: attribute value missed». */
function inWords(message: string): string {
  const line = /@#\[line:(\d+)/.exec(message)?.[1];
  const what = message
    .trim()
    .split('\n')[0]!
    .replace(/^\[xmldom \w+\]\s*/, '');
  return line === undefined ? what : `line ${line}: ${what}`;
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
