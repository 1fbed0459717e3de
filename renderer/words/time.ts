import { fixed, quantity } from '../../main/figures/number.ts';

/** A remaining or elapsed time as a clock: «0:07», «1:02:30». */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** How long a run took: seconds below two minutes, then a clock. */
export function span(seconds: number): string {
  return seconds < 120 ? quantity(fixed(seconds, 1), 's') : clock(seconds);
}

/** Making one takes far longer than using it, and a history has many lines. */
const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** When a run was made, for its line in the history: the time today, else the day. */
export function moment(iso: string, now: Date): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return '';
  const sameDay = then.toDateString() === now.toDateString();
  if (sameDay) return timeOfDay.format(then);
  return (then.getFullYear() === now.getFullYear() ? day : dayAndYear).format(then);
}
