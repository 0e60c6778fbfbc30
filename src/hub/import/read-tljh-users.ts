import path from 'node:path'
import {JhubError} from '../../errors.js'
import type {Host} from '../../host/host.js'
import type {TljhUser} from '../../hub-spec/import/tljh-people.js'

export interface TljhUsersFound {
  readonly users: readonly TljhUser[]
  /** Why there are none, where they could not be read. */
  readonly note?: string
}

/** Read only. A database that keeps a log beside it (WAL) would be written to by merely opening it, unless it is told to be immutable. */
const program = `
import json, sqlite3, sys
from pathlib import Path
database = Path(sys.argv[1])
with database.open("rb") as file:
    keeps_log = file.read(20)[18:19] == b"\\x02"
address = database.resolve().as_uri() + "?mode=ro" + ("&immutable=1" if keeps_log else "")
rows = sqlite3.connect(address, uri=True).execute("select name, admin from users order by name")
json.dump([{"name": name, "admin": bool(admin)} for name, admin in rows], sys.stdout)
`

/** The users in the database of TLJH's hub, read by the hub's own Python, which leaves no compiled file behind. */
export async function readTljhUsers({files, commands}: Host, directory: string): Promise<TljhUsersFound> {
  const database = path.join(directory, 'state', 'jupyterhub.sqlite')
  const python = path.join(directory, 'hub', 'bin', 'python3')
  const without = (why: string): TljhUsersFound => ({
    users: [],
    note: `${why}: only the people in config.yaml are imported.`,
  })
  if ((await files.stat(database)) === undefined) return without(`There is no ${database}`)
  if ((await files.stat(python)) === undefined)
    return without(`${database} was not read, because there is no ${python}`)
  try {
    const {stdout} = await commands.run([python, '-I', '-S', '-B', '-c', program, database], {timeoutMs: 30_000})
    return {users: JSON.parse(stdout) as readonly TljhUser[]}
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    const [why = error.message] = (error.cause instanceof Error ? error.cause.message : '').split('\n').slice(-1)
    return without(`${database} could not be read (${why === '' ? error.message : why})`)
  }
}
