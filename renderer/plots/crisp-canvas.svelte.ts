import type { Attachment } from 'svelte/attachments';
import { canvasPen } from './canvas-pen.ts';
import { paintQueue } from './paint-queue.ts';
import type { Draw } from '../../main/figures/pen.ts';

/**
 * A canvas that is as sharp as the screen: its backing store follows size and device pixel ratio, and it is drawn again, in its
 * turn among all canvases, when either changes or when state that `draw` reads does.
 */
export function crispCanvas(draw: () => Draw): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let width = $state(0);
    let height = $state(0);
    const observer = new ResizeObserver(([entry]) => {
      width = Math.round(entry?.contentRect.width ?? 0);
      height = Math.round(entry?.contentRect.height ?? 0);
    });
    observer.observe(canvas);
    $effect(() => {
      const paint = draw();
      const size = { width, height };
      if (width > 0 && height > 0) paintQueue.ask(canvas, () => paintOn(canvas, paint, size));
    });
    return () => {
      observer.disconnect();
      paintQueue.forget(canvas);
    };
  };
}

function paintOn(canvas: HTMLCanvasElement, paint: Draw, size: { width: number; height: number }): void {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  // A new backing store costs more than the drawing.
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  paint(canvasPen(context), size.width, size.height);
}
