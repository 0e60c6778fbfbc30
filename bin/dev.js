#!/usr/bin/env node
// Builds the program from its source, and runs it.
await import('./bundle.js')
await import('./run.js')
