import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Who works on a run. A process number alone is not enough: after a crash or a restart the number may belong to another
 * program. The time at which the process started tells them apart; the host name guards a history on a network drive.
 */
export interface ProcessIdentity {
  host: string;
  pid: number;
  /** An opaque mark of the start time; null where the system does not tell. */
  start: string | null;
}

let own: ProcessIdentity | null = null;

export function ownIdentity(): ProcessIdentity {
  own ??= { host: hostname(), pid: process.pid, start: startMark(process.pid) };
  return own;
}

/**
 * Whether the process is still there. Of another host nothing can be known: it counts as alive, so that its work is not
 * disturbed.
 */
export function isAlive(identity: ProcessIdentity): boolean {
  const self = ownIdentity();
  if (identity.host !== self.host) return true;
  if (identity.pid === self.pid) return identity.start === self.start;
  if (!numberInUse(identity.pid)) return false;
  const start = startMark(identity.pid);
  return start === null || identity.start === null || start === identity.start;
}

function numberInUse(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startMark(pid: number): string | null {
  try {
    if (process.platform === 'linux') return linuxStart(pid);
    if (process.platform === 'win32') {
      const question = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
      return ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', question]);
    }
    return ask('ps', ['-o', 'lstart=', '-p', String(pid)]);
  } catch {
    return null; // no such process, or a system without these tools: judged by its number alone
  }
}

/**
 * Clock ticks since boot, with the boot's own mark. A killed process that its parent has not yet collected (state Z) is
 * as dead as one that is gone.
 */
function linuxStart(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name in brackets and may hold spaces: count from the last bracket (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${fields[19]}`;
}

function ask(program: string, parameters: string[]): string {
  return execFileSync(program, parameters, {
    encoding: 'utf8',
    timeout: 10_000,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
