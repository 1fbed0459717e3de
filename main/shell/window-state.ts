import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}
const stateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400),
  height: z.number().int().min(300),
  maximised: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

/** What the interface is drawn for; the first start has it. */
export const firstSize = { width: 1280, height: 800 } as const;

/**
 * The window's last place.
 * @param workAreas of the screens that are there now
 * @returns null at the first start, and where the window would lie outside every screen (one was unplugged)
 */
export function readWindowState(file: string, workAreas: readonly Rectangle[]): WindowState | null {
  let state: WindowState;
  try {
    state = stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // absent, or damaged: the place of a window is not worth a message
  }
  const grip = 100; // so much of the title bar must be there to be caught
  const visible = workAreas.some(
    (area) =>
      state.x + state.width - grip >= area.x &&
      state.x + grip <= area.x + area.width &&
      state.y >= area.y - 20 &&
      state.y + grip <= area.y + area.height,
  );
  return visible ? state : null;
}

export function writeWindowState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(state));
}
