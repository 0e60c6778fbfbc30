import type {CollectedPerson, CollectResult} from '../../../hub/files/collect.js'
import type {ListedHome, ListFilesResult} from '../../../hub/files/list-files.js'
import type {PersonSentTo, SendResult, SentFile} from '../../../hub/files/send.js'
import {shownName} from '../../../hub/files/local/shown-name.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import {shellWord} from '../../../hub-spec/shell-word.js'
import {renderTable} from '../text/render-table.js'
import {renderMoment} from '../user/render-users.js'
import type {PushResult} from '../../../hub/files/push.js'

/** Shows who handed in what, and where it is. */
export function renderCollect({outcome, directory, people}: CollectResult): string {
  const without = (state: CollectedPerson['state']) =>
    people.flatMap((each) => (each.state === state ? [each.login] : []))
  const [nothing, homeless, unfinished] = [without('nothing'), without('no home'), without('not finished')]
  const counted = people.map(({files}) =>
    files.filter(({state}) => state !== 'changed' && (outcome === 'collected' || state !== 'here')),
  )
  const count = counted.reduce((total, files) => total + files.length, 0)
  const handedIn = counted.filter((files) => files.length > 0)
  const isNew = people.some(({files}) => files.some(({state}) => state === 'new' || state === 'beside'))
  const beside = people.flatMap(({files}) => files.filter(({state}) => state === 'beside'))
  const skipped = people.flatMap((each) =>
    each.skipped.map(({path, why}) => `${each.login}: ${shownName(path)}: ${why}`),
  )
  const verb = outcome === 'dry run' ? 'Would collect' : isNew || count === 0 ? 'Collected' : 'Already here:'
  return [
    renderTable(
      ['login', 'files', 'size', 'last changed', 'note'],
      people.map((person) => [
        person.login,
        String(person.files.length),
        renderSize(person.files.reduce((total, {sizeBytes}) => total + sizeBytes, 0)),
        renderMoment(newest(person.files.map(({changed}) => changed))),
        noteOf(person),
      ]),
    ),
    `${verb} ${plural(count, 'file')} from ${plural(handedIn.length, 'person', 'people')} in ${directory}`,
    ...(nothing.length === 0 ? [] : [`No matching file: ${listNames(nothing)}`]),
    ...(homeless.length === 0 ? [] : [`Never had a server: ${listNames(homeless)}`]),
    ...(unfinished.length === 0
      ? []
      : [`Ended before these were done; run the same command again to continue with them: ${listNames(unfinished)}`]),
    ...(beside.length === 0
      ? []
      : [`${plural(beside.length, 'file')} changed since the last time; the new ones have their time in the name.`]),
    ...(skipped.length === 0 ? [] : ['Not read:', ...skipped.slice(0, 10).map((line) => `  ${line}`)]),
  ].join('\n')
}

/** Where the table is. */
export function renderCsvPlace(csv: string): string {
  return `Who handed in what, and when: ${shellWord(csv)}`
}

function noteOf({files, problem, skipped}: CollectedPerson): string {
  if (problem !== undefined) return problem
  const changed = files.filter(({state}) => state === 'beside').length
  const notes = [
    ...(changed === 0 ? [] : [plural(changed, 'new version')]),
    ...(skipped.length === 0 ? [] : [`${String(skipped.length)} not read`]),
  ]
  return notes.join(', ')
}

/** What everybody got, and under which name where it is another. */
export function renderSend({outcome, people, leftOut}: SendResult): string {
  const isWritten = ({state}: SentFile) => state === 'sent' || state === 'beside'
  const written = new Set(people.flatMap(({files}) => files.filter(isWritten).map(({path}) => path)))
  const reached = people.filter(({files}) => files.some(isWritten))
  const there = people.filter(({files}) => files.length > 0 && files.every(({state}) => state === 'there'))
  const beside = people.flatMap(({login, files}) =>
    files.flatMap(({state, path, as}) =>
      state === 'beside' ? [`  ${login}: ${shownName(path)} as ${shownName(as)}`] : [],
    ),
  )
  const verb = outcome === 'dry run' ? 'Would send' : 'Sent'
  return [
    ...(written.size === 0
      ? ['Nothing to change.']
      : [`${verb} ${plural(written.size, 'file')} to ${plural(reached.length, 'person', 'people')}.`]),
    ...(there.length === 0 ? [] : [`Already have it: ${listNames(there.map(({login}) => login))}`]),
    ...(beside.length === 0
      ? []
      : ['Had another file of that name, so theirs stayed and the new one is beside it:', ...shortened(beside)]),
    ...(leftOut.length === 0 ? [] : [`Left out (hidden, a link, or not a file): ${listNames(leftOut.map(shownName))}`]),
    ...shortened(people.flatMap(problemsOf)),
  ].join('\n')
}

/** What people see of the materials now. */
export function renderPush({directory, outcome, changes}: PushResult): string {
  if (changes.length === 0) return 'Nothing to change.'
  if (outcome === 'planned') return changes.map(({summary}) => `Would ${summary}`).join('\n')
  return `The materials are now those in ${directory}.`
}

/** One line for each person or file that failed. */
export function problemsOf({login, problem, files}: PersonSentTo): readonly string[] {
  if (problem !== undefined) return [`${login}: ${problem}`]
  return files.flatMap(({path, problem: why}) => (why === undefined ? [] : [`${login}: ${shownName(path)}: ${why}`]))
}

/** The homes with their sizes, or the files of one. */
export function renderFileList({homes}: ListFilesResult): string {
  const [only] = homes
  if (homes.length === 1 && only?.files != null) return renderHome(only)
  return renderTable(
    ['login', 'files', 'size', 'last changed', 'note'],
    homes.map(({login, files, hasMore, problem}) => [
      login,
      files === null ? '' : `${String(files.length)}${hasMore ? '+' : ''}`,
      files === null ? '' : renderSize(files.reduce((total, {sizeBytes}) => total + sizeBytes, 0)),
      renderMoment(newest((files ?? []).map(({changed}) => changed))),
      problem ?? (files === null ? 'never had a server' : ''),
    ]),
  )
}

function renderHome({login, files, hasMore}: ListedHome): string {
  if (files === null || files.length === 0) return `${login} has no files.`
  const table = renderTable(
    ['size', 'last changed', 'file'],
    files.map(({path, sizeBytes, changed}) => [renderSize(sizeBytes), renderMoment(changed), shownName(path)]),
  )
  return hasMore
    ? `${table}\nThere are more files. Give a pattern: jhub files list ${login} --pattern 'homework/*'`
    : table
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= 12 ? lines : [...lines.slice(0, 10), `  and ${String(lines.length - 10)} more`]
}

function newest(moments: readonly string[]): string | null {
  return moments.reduce<string | null>((latest, each) => (latest === null || each > latest ? each : latest), null)
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`
}

/** `812 B`, `3.4 K`, `1.2 G`. */
export function renderSize(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 1024 && unit < 4) [value, unit] = [value / 1024, unit + 1]
  return unit === 0 ? `${String(bytes)} B` : `${value.toFixed(1)} ${'KMGT'[unit - 1] ?? ''}`
}
