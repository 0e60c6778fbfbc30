import tseslint from 'typescript-eslint'

export default tseslint.config(
  {ignores: ['dist/', 'node_modules/', '**/*.cjs', '**/*.mjs', 'bin/', 'vitest*.config.ts']},
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {parserOptions: {projectService: true}},
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: false}],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        {ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true},
      ],
      '@typescript-eslint/require-await': 'off',
      'no-empty': ['error', {allowEmptyCatch: false}],
      'max-lines': ['error', {max: 250, skipBlankLines: true, skipComments: true}],
      'max-lines-per-function': ['error', {max: 80, skipBlankLines: true, skipComments: true}],
    },
  },
  {
    // Each tells the story of its engine: one object, and the order of `up` in one array.
    files: ['src/engines/vm/vm-engine.ts', 'src/engines/kubernetes/kubernetes-engine.ts'],
    rules: {'max-lines-per-function': 'off'},
  },
  {
    files: ['commands/**/*.ts'],
    rules: {
      'max-lines': ['error', {max: 60, skipBlankLines: true, skipComments: true}],
      'no-restricted-syntax': [
        'error',
        {selector: 'TryStatement', message: 'Errors are translated below the command and shown by HubCommand.'},
      ],
    },
  },
  {
    // A machine or a cluster states facts about itself, so that a new one is a new file and not a new case everywhere.
    files: ['src/**/*.ts'],
    ignores: ['src/**/choose-*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['BinaryExpression[operator=/^[!=]==?$/] > Literal', 'SwitchCase > Literal.test'].map((selector) => ({
          selector: `${selector}[value=/^(docker|host|process|ssh|kind|docker-desktop|context)$/]`,
          message: 'Only choose-*.ts compare names of machines and clusters: ask the machine or cluster for a fact.',
        })),
        {
          selector:
            'SpreadElement > ConditionalExpression[test.right.type="Identifier"][test.right.name="undefined"] > ObjectExpression.alternate[properties.length=1] > Property[shorthand=true]',
          message: 'definedOnly({x}) leaves out what is undefined.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'no-restricted-properties': [
        'error',
        {object: 'vi', property: 'mock', message: 'Pass the port: a fake that behaves, not a mock of our own modules.'},
      ],
    },
  },
)
