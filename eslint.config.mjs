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
    },
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
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'no-restricted-properties': [
        'error',
        {object: 'vi', property: 'mock', message: 'Pass the port: a fake that behaves, not a mock of our own modules.'},
      ],
    },
  },
)
