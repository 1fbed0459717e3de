import type { Browser, Page } from 'playwright-core';

/** A task of the page's main thread. */
export interface Task {
  /** From its beginning to its end, with what the machine did meanwhile for others. */
  wallMs: number;
  /** What the thread itself computed. */
  threadMs: number;
  /** The longest named piece inside it. */
  longest: string;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args: { name?: string; data?: Record<string, unknown> };
}

const categories = [
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'v8',
  '__metadata',
];
/** Shorter ones hold nobody up; what is told of them is the longest alone. */
const longMs = 50;

/**
 * The tasks of the page's main thread while something is done, the longest first, as Chromium's own tracing has them. Processor time
 * tells a long task on a machine that others use too; the wall clock is what a person would have felt here.
 */
export async function tasksOf(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<Task[]> {
  await browser.startTracing(page, { categories });
  let events: TraceEvent[];
  try {
    await work();
  } finally {
    const buffer = await browser.stopTracing();
    events = (JSON.parse(buffer.toString('utf8')) as { traceEvents: TraceEvent[] }).traceEvents;
  }
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const ofMain = new Set(mains.map(({ pid, tid }) => `${pid}/${tid}`));
  const onMain = events.filter(({ pid, tid, ph }) => ph === 'X' && ofMain.has(`${pid}/${tid}`));
  const tasks = onMain.filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask');
  const outer = tasks.filter((task) => !tasks.some((other) => other !== task && holds(other, task)));
  return outer
    .map((task) => ({
      wallMs: (task.dur ?? 0) / 1000,
      threadMs: (task.tdur ?? task.dur ?? 0) / 1000,
      longest: longestInside(task, onMain),
    }))
    .sort((a, b) => b.threadMs - a.threadMs);
}

/** «3 above 50 ms of processor time: 120 (wall 133, EvaluateScript), …», or the longest where none is. */
export function summary(tasks: readonly Task[]): string {
  const words = ({ threadMs, wallMs, longest }: Task) =>
    `${threadMs.toFixed(0)} ms (wall ${wallMs.toFixed(0)}, ${longest})`;
  const long = tasks.filter(({ threadMs }) => threadMs > longMs);
  const late = tasks.filter(({ wallMs }) => wallMs > longMs);
  const longest = tasks[0];
  const told = long.length > 0 ? long.map(words).join('; ') : `longest ${longest ? words(longest) : 'none'}`;
  return `${long.length} above ${longMs} ms of processor time, ${late.length} by the clock; ${told}`;
}

function holds(outer: TraceEvent, inner: TraceEvent): boolean {
  return (
    outer.pid === inner.pid &&
    outer.tid === inner.tid &&
    outer.ts <= inner.ts &&
    outer.ts + (outer.dur ?? 0) >= inner.ts + (inner.dur ?? 0) &&
    (outer.dur ?? 0) > (inner.dur ?? 0)
  );
}

/** What a task mostly was: from its longest named piece down to where no single piece makes up half. */
function longestInside(task: TraceEvent, events: readonly TraceEvent[]): string {
  if ((task.dur ?? 0) < 10_000) return 'short';
  const inside = events.filter((event) => !event.name.includes('RunTask') && holds(task, event));
  const path: string[] = [];
  for (let within = task; ;) {
    let longest: TraceEvent | null = null;
    for (const event of inside) {
      if (holds(within, event) && (event.dur ?? 0) > (longest?.dur ?? 0)) longest = event;
    }
    if (longest === null || (longest.dur ?? 0) < (within.dur ?? 0) / 2) break;
    path.push(nameOf(longest));
    within = longest;
  }
  return path.join(' › ') || 'many pieces';
}

function nameOf({ name, args }: TraceEvent): string {
  const { functionName, type } = args.data ?? {};
  const detail = [functionName, type].filter((word) => typeof word === 'string' && word !== '').join(' ');
  return detail === '' ? name : `${name} ${detail}`;
}
