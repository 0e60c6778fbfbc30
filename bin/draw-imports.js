// Draws which room imports which into docs/architecture.md, from the imports themselves; `--check` only compares.
import {readFile, writeFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = `${root}/docs/architecture.md`
const rooms =
  '^(bin|commands|src/(cli|hub-spec|hub|jupyterhub|findings|load|bundle|steps|host)|src/engines/(images|homes|sign-in)|src/engines/(vm|kubernetes))'

const {stdout} = await execa(
  'depcruise',
  [
    ...['bin', 'commands', 'src', '--config', '.dependency-cruiser.mjs', '--include-only', '^(bin|commands|src)/'],
    ...['--output-type', 'mermaid', '--collapse', rooms],
  ],
  {cwd: root, preferLocal: true},
)
const text = await readFile(page, 'utf8')
const drawn = text.replace(/```mermaid\n[\s\S]*?```/, `\`\`\`mermaid\n${stdout.trim()}\n\`\`\``)
if (!process.argv.includes('--check')) await writeFile(page, drawn)
else if (drawn !== text) {
  process.stderr.write('docs/architecture.md shows older imports: npm run draw-imports\n')
  process.exit(1)
}
