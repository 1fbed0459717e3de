import { parentPort } from 'node:worker_threads';
import { AppError, type WireError } from '../contract/errors.ts';
import type { Inspection, Outline, Reading, UnitFactors } from '../contract/recording.ts';
import { openFile, type OpenFile } from './open-file.ts';
import { hearSignsOfLife } from './sign-of-life.ts';
import type { SampleRange, SweepData } from './sweep-reader.ts';

/** What the reader's thread is asked, and what it answers; `id` joins the two. */
export type ReaderRequest =
  | { id: number; kind: 'open'; path: string; reading: Reading }
  | { id: number; kind: 'summarise' }
  | { id: number; kind: 'read'; sweep: number; range: SampleRange | null };
export type ReaderAnswer =
  | { kind: 'ready' }
  | { kind: 'alive' }
  | { id: number; kind: 'opened'; outline: Outline }
  | { id: number; kind: 'summary'; summary: Inspection; likelyUnits: UnitFactors }
  | { id: number; kind: 'data'; data: SweepData }
  | { id: number; kind: 'failed'; error: WireError };

const port = parentPort!;
let open: OpenFile | null = null;

function opened(): OpenFile {
  if (open === null) throw new Error('A question came before a file was opened.');
  return open;
}

async function answer(request: ReaderRequest): Promise<[ReaderAnswer, ArrayBuffer[]]> {
  const { id } = request;
  switch (request.kind) {
    case 'open': {
      open = await openFile(request.path, request.reading);
      return [{ id, kind: 'opened', outline: open.outline }, []];
    }
    case 'summarise':
      return [{ id, kind: 'summary', ...(await opened().summarise()) }, []];
    case 'read': {
      const data = opened().read(request.sweep, request.range ?? undefined);
      const arrays = data.currentPa ? [data.voltageMv, data.currentPa] : [data.voltageMv];
      return [{ id, kind: 'data', data }, arrays.map((array) => array.buffer as ArrayBuffer)];
    }
  }
}

port.on('message', (request: ReaderRequest) => {
  answer(request).then(
    ([message, transfer]) => port.postMessage(message, transfer),
    (thrown: unknown) =>
      port.postMessage({ id: request.id, kind: 'failed', error: AppError.from(thrown).toWire() }),
  );
});
hearSignsOfLife(() => port.postMessage({ kind: 'alive' } satisfies ReaderAnswer));
port.postMessage({ kind: 'ready' } satisfies ReaderAnswer);
