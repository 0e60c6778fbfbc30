import path from 'node:path'
import {shellWord} from '../../hub-spec/shell-word.js'
import type {TljhHome} from '../../hub-spec/import/tljh-people.js'

/**
 * What copies homes to `place` on the machine, once each server was started there: the home and its account are made by that. Files are
 * read as root and written as the person, so that root follows no link in a home.
 */
export function renderHomeCopies(homes: readonly TljhHome[], place: string): string {
  if (homes.length === 0) return ''
  const copies = homes.map(({from, account}) => `copy ${shellWord(from)} ${shellWord(path.posix.join(place, account))}`)
  return ["sudo sh -eu <<'END'", copyFunction, ...copies, 'END'].join('\n')
}

const copyFunction = `copy() {
  [ -d "$1" ] || { echo "no $1"; return 0; }
  [ -d "$2" ] || { echo "no $2 yet: start the server once"; return 0; }
  tar -C "$1" -c . | runuser -u "$(stat -c %U "$2")" -- tar -C "$2" -x --no-overwrite-dir && echo "copied $1" ||
    echo "NOT copied: $1"
}`
