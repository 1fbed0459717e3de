import { expect, it } from 'vitest';
import { PaintQueue } from '../../../../renderer/plots/paint-queue.ts';

function queue() {
  let now = 0;
  const frames: (() => void)[] = [];
  const painted: string[] = [];
  const made = new PaintQueue(
    (flush) => frames.push(flush),
    () => now,
  );
  const ask = (name: string, panel: object) => made.ask(panel, () => (painted.push(name), (now += 6)));
  return { made, frames, painted, ask, frame: () => frames.shift()?.() };
}

it('paints for a part of a frame and goes on in the next, in the order of asking', () => {
  const { frames, painted, ask, frame } = queue();
  for (const name of ['a', 'b', 'c']) ask(name, { name });
  expect(frames).toHaveLength(1);
  frame();
  expect(painted).toEqual(['a', 'b']);
  frame();
  expect(painted).toEqual(['a', 'b', 'c']);
  expect(frames).toHaveLength(0);
});

it('paints what a panel wanted last, once, and nothing of a panel that is gone', () => {
  const { made, painted, ask, frame } = queue();
  const [kept, gone] = [{}, {}];
  ask('old', kept);
  ask('gone', gone);
  ask('new', kept);
  made.forget(gone);
  frame();
  frame();
  expect(painted).toEqual(['new']);
});
