import { fixed, quantity } from './number.ts';

/** A remaining or elapsed time as a clock: «0:07», «1:02:30». */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** A sweep's or a run's length: ms below 10 s, then s, then a clock. */
export function span(ms: number): string {
  if (ms < 10_000) return quantity(fixed(ms, ms < 10 ? 2 : 0), 'ms');
  if (ms < 120_000) return quantity(fixed(ms / 1000, 1), 's');
  return clock(ms / 1000);
}

/** When a run was made, for its line in the history: the time today, else the day. */
export function moment(iso: string, now: Date): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return '';
  const sameDay = then.toDateString() === now.toDateString();
  if (sameDay) return then.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const year = then.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year });
}
