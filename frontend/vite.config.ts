/** Build for Django: django_vite reads `dist/.vite/manifest.json`, whitenoise serves `dist` under /static/. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  base: '/static/',
  plugins: [react()],
  // Workers are modules, as their imports know where they lie.
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    manifest: true,
    target: 'es2022',
    // The first browsers with `light-dark()`: rewritten for older ones, it loses the colours of custom properties.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: URL would need its own entry in the Content-Security-Policy.
    assetsInlineLimit: 0,
    rolldownOptions: { input: 'src/main.tsx' },
  },
  test: {
    // A window costs seconds a file: only those whose first line asks for it have one.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
})
