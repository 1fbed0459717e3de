import type {
  FitStore,
  PilotRecord,
  PreparedRecord,
  ReplayRecord,
  ResultRecord,
  RoundRecord,
} from './fit-store.ts';

/** A FitStore without a disk: for fits whose result is all that is wanted of them. */
export class MemoryStore implements FitStore {
  private readonly preparedById = new Map<string, PreparedRecord>();
  private readonly replays = new Map<string, ReplayRecord>();
  private readonly pilots = new Map<string, PilotRecord>();
  private readonly roundsById = new Map<string, RoundRecord[]>();
  private readonly results = new Map<string, ResultRecord>();

  prepared(id: string): PreparedRecord | null {
    return this.preparedById.get(id) ?? null;
  }
  savePrepared(id: string, record: PreparedRecord): void {
    this.preparedById.set(id, record);
  }
  replay(id: string): ReplayRecord | null {
    return this.replays.get(id) ?? null;
  }
  saveReplay(id: string, record: ReplayRecord): void {
    this.replays.set(id, record);
  }
  pilot(id: string): PilotRecord | null {
    return this.pilots.get(id) ?? null;
  }
  savePilot(id: string, record: PilotRecord): void {
    this.pilots.set(id, record);
  }
  rounds(id: string): RoundRecord[] {
    return [...(this.roundsById.get(id) ?? [])];
  }
  saveRound(id: string, record: RoundRecord): void {
    this.roundsById.set(id, [...this.rounds(id), record]);
  }
  result(id: string): ResultRecord | null {
    return this.results.get(id) ?? null;
  }
  saveResult(id: string, record: ResultRecord): void {
    this.results.set(id, record);
  }
}
