import type { Attachment } from 'svelte/attachments';

/** Draws into width × height CSS pixels; the context is already scaled to the device's pixels. */
export type Draw = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/**
 * A canvas that is as sharp as the screen: its backing store follows size and device pixel ratio, and it is drawn again
 * when either changes or when state that `draw` reads does.
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
      if (width === 0 || height === 0) return;
      const ratio = window.devicePixelRatio || 1;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const context = canvas.getContext('2d');
      if (context === null) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      paint(context, width, height);
    });
    return () => observer.disconnect();
  };
}
