/** Runs in the browser. Everything is written as text: names and last words of servers come from others. */
export const script = `
const find = (id) => document.getElementById(id)
const make = (name, text) => { const made = document.createElement(name); made.textContent = text; return made }
let chosen = null
let last = null
const compare = (column, down) => (one, other) => {
  const [a, b] = [one.cells[column], other.cells[column]]
  const order = a.value === undefined && b.value === undefined ? a.text.localeCompare(b.text) : (a.value ?? -2) - (b.value ?? -2)
  return down ? -order : order
}
const choose = (column) => {
  const isText = last.rows.every((row) => row.cells[column].value === undefined)
  chosen = chosen?.column === column ? {column, down: !chosen.down} : {column, down: !isText || column === last.heads.length - 1}
  draw()
}
const drawHeads = () => find('heads').replaceChildren(...last.heads.map((text, column) => {
  const head = document.createElement('th')
  head.scope = 'col'
  if (last.rows.some((row) => row.cells[column].value !== undefined)) head.className = 'number'
  if (chosen?.column === column) head.ariaSort = chosen.down ? 'descending' : 'ascending'
  const button = make('button', text)
  button.type = 'button'
  button.addEventListener('click', () => choose(column))
  head.append(button)
  return head
}))
const drawRow = ({cells, level}) => {
  const row = document.createElement('tr')
  row.className = level
  row.append(...cells.map(({text, value}, column) => {
    const cell = make('td', text)
    cell.dataset.head = last.heads[column]
    if (value !== undefined) cell.className = 'number'
    return cell
  }))
  return row
}
const draw = () => {
  find('title').textContent = last.title
  document.title = 'jhub top: ' + last.title
  const focused = [...find('heads').querySelectorAll('button')].indexOf(document.activeElement)
  drawHeads()
  if (focused >= 0) find('heads').querySelectorAll('button')[focused]?.focus()
  const rows = chosen === null ? last.rows : last.rows.toSorted(compare(chosen.column, chosen.down))
  find('rows').replaceChildren(...rows.map(drawRow))
  find('notes').textContent = last.notes.join('\\n')
}
const say = (text, isLost) => { const at = find('at'); if (at.textContent !== text) at.textContent = text; at.className = isLost ? 'lost' : '' }
const look = async () => {
  try {
    const answer = await fetch('data', {cache: 'no-store'})
    if (!answer.ok) throw new Error(String(answer.status))
    const said = await answer.json()
    if (said !== null) { last = said; draw(); say(said.at, false) }
  } catch {
    say(last === null ? 'jhub top has ended.' : 'jhub top has ended. This is how it was at ' + last.at + '.', true)
  }
  setTimeout(look, 2000)
}
look()
`
