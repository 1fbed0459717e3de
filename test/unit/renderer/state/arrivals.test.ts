import { describe, expect, it } from 'vitest';
import { workspace } from './open-workspace.ts';

describe('files that come in', () => {
  it('opens the example as a new document with the sweep and the configuration of the demonstration', async () => {
    const { workspace: space } = await workspace();
    await space.arrivals.openExample();
    expect(space.place).toBe('recording');
    expect(space.title).toBe('a.nwb · sweep 3');
    expect(space.source).toEqual({ recording: '/data/example.nwb', sha256: null, sweep: 3 });
    expect(space.fit.liquidJunctionMv).toBe(-14);
    expect(space.canRun).toBe(true);
  });

  it('puts a failure that belongs to no place into a notice', async () => {
    const { transport, workspace: space } = await workspace();
    delete transport.answers['recording.example'];
    await space.arrivals.openExample();
    expect(space.notices.list).toHaveLength(1);
  });

  it('opens the first of several dropped files and lists them all', async () => {
    const { workspace: space } = await workspace();
    await space.arrivals.receive([new File([], 'a.nwb'), new File([], 'b.nwb')]);
    expect(space.recording.path).toBe('/received/a.nwb');
    expect(space.recents.list.map(({ name }) => name)).toEqual(['a.nwb', 'b.nwb']);
    expect(space.arrivals.receiving).toBeNull();
  });
});
