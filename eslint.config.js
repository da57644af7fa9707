import tseslint from 'typescript-eslint';

/** Layers from the bottom to the top: a folder imports from its own layer's list only. */
const below = {
  lab: [],
  plan: ['lab'],
  project: ['plan', 'lab'],
  engine: [],
  probe: ['engine', 'plan', 'lab'],
  checks: ['probe', 'engine', 'plan', 'lab'],
  why: ['checks', 'probe', 'engine', 'plan', 'lab'],
  traffic: ['checks', 'probe', 'engine', 'plan', 'lab'],
  faults: ['checks', 'probe', 'engine', 'project', 'plan', 'lab'],
  life: ['faults', 'checks', 'probe', 'engine', 'project', 'plan', 'lab'],
  drill: ['life', 'faults', 'traffic', 'checks', 'probe', 'engine', 'project', 'plan', 'lab'],
  report: ['checks', 'engine', 'plan', 'lab', 'life', 'project', 'why', 'traffic', 'faults', 'drill', 'grade'],
  grade: ['drill', 'life', 'faults', 'checks', 'probe', 'engine', 'project', 'plan', 'lab'],
  demo: ['report', 'drill', 'life', 'checks', 'probe', 'engine', 'project', 'plan', 'lab'],
};

const folders = [...Object.keys(below), 'cli'];

function importsOneWay(folder) {
  const forbidden = folders.filter((other) => other !== folder && !below[folder].includes(other));
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...forbidden.map((other) => ({
              group: [`../${other}/*`, `../../${other}/*`, `**/${other}/**`],
              message: `src/${folder}/ does not import from src/${other}/: imports point one way.`,
            })),
            ...(folder === 'lab' || folder === 'plan'
              ? [
                  {
                    group: ['node:*', 'execa', 'dockerode'],
                    message: `src/${folder}/ is pure: no files, clock, chance, environment or engine.`,
                  },
                ]
              : []),
          ],
        },
      ],
    },
  };
}

const pure = {
  files: ['src/lab/**/*.ts', 'src/plan/**/*.ts'],
  rules: {
    'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'performance', 'crypto'],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'Planning does not know the time.' },
      { object: 'Math', property: 'random', message: 'The same input gives the same plan.' },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: "NewExpression[callee.name='Date']", message: 'Planning does not know the time.' },
    ],
  },
};

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', '.lab/', 'images/*/dist/', 'docs/'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  ...Object.keys(below).map(importsOneWay),
  pure,
  { files: ['test/**/*.ts'], rules: { 'no-console': 'off' } },
);
