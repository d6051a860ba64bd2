import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', '.evenkeel/', 'node_modules/', '.venv-peers/', '**/*.mjs', '**/*.cjs', 'bin/', 'eslint.config.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['src/simulator/**'],
    rules: Object.fromEntries(
      [
        'no-unsafe-assignment',
        'no-unsafe-member-access',
        'no-unsafe-argument',
        'no-unsafe-call',
        'no-unsafe-return',
      ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
    ),
  },
  {
    files: ['test/**', 'vitest*.config.ts'],
    rules: {
      'no-restricted-exports': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      ...Object.fromEntries(
        [
          'no-unsafe-assignment',
          'no-unsafe-member-access',
          'no-unsafe-argument',
          'no-unsafe-call',
          'no-unsafe-return',
        ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
      ),
    },
  },
);
