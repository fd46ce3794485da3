/** Toasts: what was done, and what could not be. */
import { notifications } from '@mantine/notifications'
import { errorText } from '../api/errors'

export function notifyDone(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 4000 })
}

export function notifyError(error: unknown): void {
  notifications.show({ message: errorText(error), color: 'red', autoClose: 8000 })
}
