/** Who may import whom. Imports go one way: bin, commands, cli, hub, load and engines, jupyterhub, then findings, steps, host, hub-spec, then errors. */
const roots = ['src/errors.ts', 'src/defined-only.ts']
const forEngines = ['src/bundle', 'src/findings', 'src/jupyterhub', 'src/steps', 'src/host', 'src/hub-spec', ...roots]
const forHub = ['src/load', 'src/engines', ...forEngines]

/** Each room, and what it may import besides itself. */
const layers = [
  ['src/cli', ['src/hub', ...forHub]],
  ['src/hub', forHub],
  ['src/load', ['src/jupyterhub', 'src/host', ...roots]],
  ['src/engines', forEngines],
  ['src/bundle', ['src/host', ...roots]],
  ['src/findings', ['src/host', 'src/hub-spec', ...roots]],
  ['src/jupyterhub', ['src/steps', 'src/host', 'src/hub-spec', ...roots]],
  ['src/steps', roots],
  ['src/host', roots],
  ['src/hub-spec', roots],
]

const only = (name, comment, library, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: {path: '^(src|commands)/', pathNot: allowed},
  to: {path: library},
})

export default {
  forbidden: [
    ...layers.map(([room, allowed]) => ({
      name: `one-way-${room.replace('src/', '')}`,
      comment: `${room} may only look to its right: a room that knows its callers cannot be used by anybody else.`,
      severity: 'error',
      from: {path: `^${room}/`},
      to: {
        path: '^(src|commands|bin|test)/',
        pathNot: [room, ...allowed].map((path) => `^${path.replace('.', '\\.')}`),
      },
    })),
    {
      name: 'roots-import-nothing',
      comment: 'Everybody imports the errors and definedOnly, so they can import nobody.',
      severity: 'error',
      from: {path: '^src/(errors|defined-only)\\.ts$'},
      to: {path: '^(src|commands|bin|test)/'},
    },
    {
      name: 'engines-apart',
      comment:
        'An engine that borrows from another cannot be changed or removed alone; what both need stands beside them.',
      severity: 'error',
      from: {path: '^src/engines/(vm|kubernetes)/'},
      to: {path: '^src/engines/(vm|kubernetes)/', pathNot: '^src/engines/$1/'},
    },
    {
      name: 'hub-knows-no-engine',
      comment: 'A use case asks an engine by its interface alone: then it runs on every engine.',
      severity: 'error',
      from: {path: '^src/(hub|cli)/'},
      to: {path: '^src/engines/', pathNot: '^src/engines/(engine|choose-engine)\\.ts$'},
    },
    {
      name: 'images-of-no-engine',
      comment: 'What both engines know of images must not know one of them.',
      severity: 'error',
      from: {path: '^src/engines/images/'},
      to: {path: '^src/engines/(vm|kubernetes)/'},
    },
    {
      name: 'nobody-imports-commands',
      comment: 'A command is an entry: what two of them need is a use case in src/hub or a renderer in src/cli.',
      severity: 'error',
      from: {path: '^(src|commands)/'},
      to: {path: '^commands/'},
    },
    {
      name: 'no-test-in-product',
      comment: 'The product must not depend on its tests.',
      severity: 'error',
      from: {path: '^(src|commands|bin)/'},
      to: {path: '^test/'},
    },
    {
      name: 'no-circular',
      comment: 'A circle has no order of loading and no layer.',
      severity: 'error',
      from: {},
      to: {circular: true},
    },
    {
      name: 'no-dumping-ground',
      comment: 'A file is named for the one thing it holds.',
      severity: 'error',
      from: {},
      to: {path: '(^|/)(utils?|helpers?|common|misc|manager)\\.ts$', pathNot: 'node_modules'},
    },
    only(
      'terminal-in-cli',
      'Only the cli room talks to people, so that use cases run anywhere.',
      'node_modules/(@oclif|listr2|@inquirer|cli-table3|open|uqr)/',
      '^(commands|src/cli)/',
    ),
    only(
      'world-in-host',
      'The outside world is behind the ports of src/host, so that everything else runs on fakes.',
      '^(node:)?(fs|fs/promises|child_process|net|os|sqlite)$|node_modules/(execa|dockerode)/',
      '^src/(host|cli)/',
    ),
    only(
      'kubernetes-in-its-engine',
      'The Kubernetes client is large and belongs to one engine.',
      'node_modules/@kubernetes/',
      '^src/engines/kubernetes/',
    ),
    only(
      'browsers-in-load',
      'Cookies and websockets are for playing people; jhub itself speaks to the hub by its API.',
      'node_modules/(ws|tough-cookie)/',
      '^src/load/',
    ),
    only(
      'encodings-in-cli',
      'Text is decoded where it comes in; everything else reads strings.',
      'node_modules/(iconv-lite|chardet|csv-parse|read-excel-file)/',
      '^src/cli/',
    ),
    only(
      'yaml-in-spec',
      'YAML and its schema are known in one room.',
      'node_modules/(yaml|zod|fastest-levenshtein)/',
      '^src/(hub-spec|bundle)/',
    ),
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    tsConfig: {fileName: 'tsconfig.json'},
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
