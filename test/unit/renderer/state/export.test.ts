import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/contract/errors.ts';
import { ExportState } from '../../../../renderer/state/export.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';

const file = (name: string) => ({ name, mime: 'text/html', bytes: Uint8Array.of(60) });

describe('what an export will write', () => {
  it('is that of the format chosen last, however late an earlier one comes', async () => {
    const slow = Promise.withResolvers<undefined>();
    const transport = new FakeTransport({
      'export.render': async ({ format }) => {
        if (format === 'nwb') await slow.promise;
        return { files: [file(format)] };
      },
    });
    const state = new ExportState(transport);
    const earlier = state.render('r', 'nwb');
    await state.render('r', 'csv');
    slow.resolve(undefined);
    await earlier;
    expect(state.files.map(({ name }) => name)).toEqual(['csv']);
  });

  it('gives way to the reason where a format cannot be written', async () => {
    const state = new ExportState(
      new FakeTransport({
        'export.render': ({ format }) => {
          if (format === 'csv') return { files: [file('csv')] };
          throw new AppError('input-invalid', 'It has no equations.', { remedy: 'Export csv.' });
        },
      }),
    );
    await state.render('r', 'csv');
    await state.render('r', 'neuron');
    expect(state.files).toEqual([]);
    expect(state.error).toMatchObject({ code: 'input-invalid', remedy: 'Export csv.' });
  });

  it('lets every format be tried where it is not known what cannot be written', async () => {
    const state = new ExportState(
      new FakeTransport({
        'export.refusals': () => {
          throw new AppError('not-found', 'There is no such run.', { remedy: 'Choose another.' });
        },
      }),
    );
    await state.look('r');
    expect(state.refusals).toEqual({ formats: {}, intoCopy: null });
  });

  it('saves a report as PDF under its own name, and says where, or nothing where the dialog was closed', async () => {
    const asked: string[] = [];
    let place: { path: string } | null = { path: '/lab/r-report.pdf' };
    const state = new ExportState(
      new FakeTransport({
        'file.savePdf': ({ name, html }) => {
          asked.push(`${name} ${html.length}`);
          return place;
        },
      }),
    );
    await state.savePdf(file('r-report.html'));
    expect(state.saved).toBe('Saved as /lab/r-report.pdf.');
    place = null;
    await state.savePdf(file('r-report.html'));
    expect(state.saved).toBe('');
    expect(asked).toEqual(['r-report.pdf 1', 'r-report.pdf 1']);
  });
});
