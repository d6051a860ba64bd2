import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,plans,conformance,simulation,e2e}/**/*.test.ts', 'test/contract/*/simulator.test.ts'],
    // Otherwise one of two cores is left idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
      // Seconds and hundreds of megabytes for each file that plans something new; the tests that are about the rules turn them on.
      EVENKEEL_TEMPLATE_RULES: 'off',
    },
  },
});
