import type {
  AbfFixture,
  AbfFixtureChannel,
  AbfFixtureEpoch,
  AbfFixtureOutput,
} from '../unit/recording/abf-fixture.ts';

/** Numbers in [0, 1) from a seed (mulberry32, Tommy Ettinger 2017, public domain), so that every run writes the same files. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const RANDOM_FILES = 60;

/** Files that differ in what real ones differ in: named cases, and many drawn at random. */
export function variants(version: 'ABF 1' | 'ABF 2'): [string, AbfFixture][] {
  return [
    ...versions(version),
    ...modes(version),
    ...(version === 'ABF 2' ? trains() : []),
    ...Array.from({ length: RANDOM_FILES }, (_, i): [string, AbfFixture] => [
      `random ${i}`,
      drawn(version, i),
    ]),
  ];
}

const samples = (count: number) =>
  Int16Array.from({ length: count }, (_, i) => ((i * 7919) % 20_001) - 10_000);
const step: AbfFixtureOutput = { epochs: [{ type: 1, level: 40, levelStep: 20, duration: 500 }] };

function versions(version: 'ABF 1' | 'ABF 2'): [string, AbfFixture][] {
  const numbers =
    version === 'ABF 1'
      ? [1.3, 1.5, 1.6, 1.65, 1.8, 1.83, 1.84]
      : [2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 2.9];
  return numbers.map((number) => [
    `version ${number}`,
    {
      version: number,
      episodes: 4,
      channels: [{ name: 'Vm', unit: 'mV' }],
      outputs: [step],
      data: samples(8000),
    },
  ]);
}

function modes(version: 'ABF 1' | 'ABF 2'): [string, AbfFixture][] {
  const held: AbfFixtureOutput[] = [
    { holding: -20, enable: 0 },
    { holding: 3, enable: 0 },
  ];
  const pair: AbfFixtureChannel[] = [
    { name: 'Vm', unit: 'mV', telegraph: { instrument: 24, mode: 1, gain: 5 } },
    { name: 'Im', unit: 'nA', instrumentScale: 0.5 },
  ];
  const gapFree: AbfFixture = {
    mode: 3,
    episodes: 0,
    channels: pair.slice(0, 1),
    outputs: held,
    data: samples(9000),
  };
  const events: [string, AbfFixture][] = [
    [
      'events of different lengths',
      {
        mode: 1,
        episodes: 3,
        channels: pair,
        outputs: held,
        data: samples(6000),
        synchUnitUs: 50,
        synch: [
          [0, 1000],
          [9000, 2000],
          [30_000, 3000],
        ],
      },
    ],
  ];
  return [
    ['gap-free', gapFree],
    [
      'gap-free with tags in samples',
      {
        ...gapFree,
        tags: [
          [4000, 'drug in'],
          [8000, 'µ drug out'],
        ].map(plainTag),
      },
    ],
    [
      'high-speed oscilloscope',
      { mode: 4, episodes: 5, channels: pair, outputs: held, data: samples(10_000) },
    ],
    ['events of one length', { mode: 2, episodes: 5, channels: pair, outputs: held, data: samples(10_000) }],
    // pyABF looks for the lengths in ABF 2 alone
    ...(version === 'ABF 2' ? events : []),
  ];
}

/** pyABF drops what is not ASCII. */
function plainTag(tag: (string | number)[]): [number, string] {
  return [
    Number(tag[0]),
    String(tag[1])
      .replace(/[^ -~]/g, '')
      .trim(),
  ];
}

/** Trains are compared in ABF 2 alone: pyABF takes those of ABF 1 for constant levels. */
function trains(): [string, AbfFixture][] {
  return [3, 4, 5, 7].flatMap((type) =>
    [0, 137].map((rest): [string, AbfFixture] => {
      const train: AbfFixtureEpoch = {
        type,
        level: 90,
        levelStep: 15,
        duration: 2000 + rest,
        period: 200,
        width: 81,
      };
      const after: AbfFixtureEpoch = { type: 2, level: -30, duration: 700 };
      const epochs = [{ type: 1, level: 10, duration: 100 }, train, after];
      return [
        `train ${type} with ${rest} samples left`,
        { episodes: 3, channels: [{}], outputs: [{ holding: -5, epochs }], data: samples(15_000) },
      ];
    }),
  );
}

/** Every choice at random: channels and their inputs, gains, offsets, telegraphs, epochs, their steps, holding, tags. */
function drawn(version: 'ABF 1' | 'ABF 2', seed: number): AbfFixture {
  const random = randomNumbers(seed + 1);
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const one = <T>(of: readonly T[]): T => of[whole(0, of.length - 1)]!;
  const number = (from: number, to: number) => Math.fround(from + random() * (to - from));
  const episodes = whole(1, 5);
  const perSweep = whole(3000, 6000);
  const inputs = Array.from({ length: whole(1, version === 'ABF 1' ? 2 : 4) }, (_, i) => i);
  const channels = inputs.map((i): AbfFixtureChannel => ({
    number: 3 * i + whole(0, 2),
    name: one(['Vm', 'IN 0', '10_Vm', 'Im scaled']),
    unit: one(['mV', 'pA', 'nA', 'V', 'uV']),
    instrumentScale: one([0.0005, 0.01, 0.1, 1, -0.1]),
    instrumentOffset: one([0, number(-5, 5)]),
    signalGain: one([1, 2, 10, number(0.5, 3)]),
    signalOffset: one([0, number(-5, 5)]),
    programmableGain: one([1, 2, 4, 8]),
    ...(random() < 0.5
      ? { telegraph: { instrument: one([15, 24]), mode: whole(0, 2), gain: one([0.5, 1, 2, 5, 10, 100]) } }
      : {}),
  }));
  const outputs = Array.from({ length: version === 'ABF 1' ? 2 : inputs.length }, (): AbfFixtureOutput => {
    const kinds = version === 'ABF 1' ? [0, 1, 1, 2] : [0, 1, 1, 2, 3, 5, 7];
    const epochs = Array.from({ length: whole(1, 5) }, (): AbfFixtureEpoch => {
      const period = whole(20, 90);
      return {
        type: one(kinds),
        level: number(-200, 300),
        levelStep: one([0, 10, number(-20, 20)]),
        duration: whole(100, 400),
        durationStep: one([0, 0, whole(-20, 30)]),
        period,
        width: whole(1, period - 1),
      };
    });
    return {
      name: one(['Cmd 0', 'OUT 1', 'current']),
      unit: one(['pA', 'nA', 'mV']),
      holding: one([0, number(-80, 40)]),
      enable: one([1, 1, 0]),
      interEpisode: one([0, 0, 1]),
      epochs,
    };
  });
  const total = episodes * perSweep * channels.length;
  const floats = version === 'ABF 2' && random() < 0.25;
  return {
    version: version === 'ABF 1' ? one([1.6, 1.65, 1.8, 1.83]) : one([2, 2.3, 2.6, 2.9]),
    episodes,
    intervalUs: one([20, 50, 100, 200, 500]) * (version === 'ABF 1' ? channels.length : 1),
    channels,
    outputs,
    data: floats ? Float32Array.from(samples(total), (value) => Math.fround(value / 77)) : samples(total),
    synchUnitUs: one([12.5, 50]),
    synch: Array.from({ length: episodes }, (_, i) => [i * 40_000, perSweep * channels.length]),
    protocol: one(['', String.raw`C:\Params\steps 50 pA.pro`, '(untitled)']),
  };
}
