import type {HubEvent} from '../../hub/session/hub-context.js'
import {renderProgress} from '../render/text/render-progress.js'
import type {TaskList} from './task-list.js'

export interface EventDisplay {
  readonly onEvent: (event: HubEvent) => void
  /** Lets the last line be drawn. */
  close(): Promise<void>
}

export interface Screen {
  readonly isTerminal: boolean
  readonly write: (text: string) => void
}

/** Shows what happens, on standard error: a task list in a terminal, plain lines elsewhere; or only notes and warnings. */
export function showEvents(kind: 'tasks' | 'notes', screen: Screen): EventDisplay {
  const notes = showNotes(screen)
  if (kind === 'notes') return {onEvent: notes, close: () => Promise.resolve()}
  return screen.isTerminal ? showTaskList(notes) : showLines(screen, notes)
}

function showNotes({write}: Screen): (event: HubEvent) => void {
  /** A warning is told once, however often it is met. */
  const told = new Set<string>()
  return (event) => {
    if (event.type === 'warning' && told.has(event.text)) return
    if (event.type === 'warning') told.add(event.text)
    if (event.type === 'note') write(`${event.text}\n`)
    if (event.type === 'warning') write(`Warning: ${event.text}\n`)
    if (event.type === 'undo-failed')
      write(`Warning: "${event.step.title}" could not be undone: ${String(event.error)}\n`)
  }
}

function showLines({write}: Screen, notes: (event: HubEvent) => void): EventDisplay {
  const started = new Map<unknown, number>()
  const close = () => Promise.resolve()
  const onEvent = (event: HubEvent) => {
    switch (event.type) {
      case 'started':
        started.set(event.step, performance.now())
        break
      case 'changed':
        write(
          `done  ${event.step.title} (${((performance.now() - (started.get(event.step) ?? 0)) / 1000).toFixed(1)} s)\n`,
        )
        break
      case 'failed':
        write(`fail  ${event.step.title}\n`)
        break
      case 'undone':
        write(`undo  ${event.step.title}\n`)
        break
      default:
        notes(event)
    }
  }
  return {onEvent, close}
}

/** Events wait until listr2 is loaded, which only long work needs. */
function showTaskList(notes: (event: HubEvent) => void): EventDisplay {
  let list: TaskList | undefined
  /** Words beside a list that is being drawn would be drawn over. */
  const later: HubEvent[] = []
  let drawing: Promise<void> = Promise.resolve()
  const inOrder = (action: () => void | Promise<void>) => {
    drawing = drawing.then(action)
  }
  const onEvent = (event: HubEvent) => {
    inOrder(async () => {
      switch (event.type) {
        case 'planned': {
          // An empty list would be drawn as an empty line.
          if (event.list.length === 0) break
          const {startTaskList} = await import('./task-list.js')
          list = startTaskList(event.list)
          break
        }
        case 'started':
        case 'satisfied':
        case 'changed':
          list?.settle(event.step, event.type)
          break
        case 'progress':
          list?.progress(event.step, renderProgress(event.progress))
          break
        case 'failed':
          list?.fail(event.step, event.error)
          break
        default:
          if (list === undefined) notes(event)
          else later.push(event)
      }
    })
  }
  return {
    onEvent,
    async close() {
      await drawing
      await list?.finish()
      list = undefined
      for (const event of later.splice(0)) notes(event)
    },
  }
}
