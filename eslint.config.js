import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/**
 * The folders of main/ in the order in which data flows. A folder imports only folders before it
 * (numeric/ and contract/ are before all); the renderer imports main/contract and main/figures, and nothing else of main.
 */
const flow = [
  'contract',
  'numeric',
  'figures',
  'recording',
  'features',
  'model',
  'simulate',
  'density',
  'train',
  'inference',
  'diagnostics',
  'history',
  'export',
  'shell',
];

/** inference/ joins the steps: every result ends with the checks of diagnostics/. */
const alsoAllowed = { inference: ['diagnostics'] };

const layers = flow.map((folder, position) => {
  const later = flow.slice(position + 1).filter((name) => !(alsoAllowed[folder] ?? []).includes(name));
  const forbidden = folder === 'contract' ? flow.slice(1) : later;
  const patterns = [
    ...forbidden.map((name) => ({
      group: [`**/${name}/*`],
      message: `main/${folder} may not import main/${name}: data flows ${flow.join(' → ')}.`,
    })),
    { group: ['**/renderer/**'], message: 'main/ does not import the renderer.' },
    ...(folder === 'figures'
      ? [{ group: ['node:*'], message: 'Figures are drawn in the renderer too, without Node.' }]
      : []),
  ];
  const paths =
    folder === 'shell'
      ? []
      : [{ name: 'electron', message: 'Only main/shell/desktop.ts and preload.ts import electron.' }];
  return {
    files: [`main/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns, paths }] },
  };
});

export default ts.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'native/build/', 'test/artefacts/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      'no-undef': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
  },
  { files: ['bench/**', 'bin/**', 'native/*.mjs', 'test/**'], rules: { 'no-console': 'off' } },
  ...layers,
  {
    files: ['main/shell/*.ts'],
    ignores: ['main/shell/desktop.ts', 'main/shell/report-pdf.ts', 'main/shell/preload.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'electron', message: 'Only desktop.ts, report-pdf.ts and preload.ts import electron.' },
          ],
        },
      ],
    },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.svelte'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: 'main/(?!contract/|figures/)',
              message: 'The renderer imports main/contract and main/figures, and nothing else of main.',
            },
            { group: ['node:*', 'electron'], message: 'The renderer runs in a sandbox without Node.' },
          ],
        },
      ],
    },
  },
);
